"""The window in a class that a teacher made: what is planned, opened, locked and hidden, and back to the first state.

Resetting forgets what was set, not what was made: runs are never touched, and what was reached in lessons is put aside.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Qt, QTimer
from PySide6.QtWidgets import QApplication, QWidget
from shiboken6 import isValid

from engine import class_file, double_click, i18n
from engine.class_file import ENDING, ClassFile
from engine.errors import UserError
from engine.i18n import joined, mark, tr, trn
from studio import language
from studio.commands import Command
from studio.context import Context
from studio.learn.presenter import Learning
from studio.model.messages import Subject
from studio.presenters.left_out import tell_all
from studio.presenters.plans import Plans
from studio.text.kept import class_kept_told
from studio.widgets.dialogs.dialogs import FileDialog, MessageBox
from studio.workers.failure import Failure
from studio.workers.job_runner import Listeners

if TYPE_CHECKING:
    from studio.class_door import ClassDoor

_MINUTE_MS = 60_000


class Classroom(QObject):
    """Enters a class, makes class files, and brings a computer back to its first state.

    For that the window is closed by ``close``; where it ``begins_anew``, another one is to follow.
    """

    def __init__(
        self,
        context: Context,
        plans: Plans,
        learning: Learning,
        close: Callable[[], object],
        place: QWidget,
    ) -> None:
        super().__init__(place)
        self._jobs, self._plan, self._settings = context.services.jobs, context.plan, context.settings
        self._messages, self._plans, self._place = context.messages, plans, place
        self._learning, self._close, self.begins_anew = learning, close, False
        self._class: ClassFile | None = None
        self._door: ClassDoor | None = None
        self._services = context.services
        plans.class_dropped.connect(self.open)
        self._clock = QTimer(self, singleShot=True)
        self._clock.timeout.connect(self._on_time_over)

    def commands(self) -> Iterable[Command]:
        """Return what a teacher prepares a class with, and what enters one and leaves it."""

        def busy() -> str:
            return tr("Stop the training first.") if self._services.training.is_busy else ""

        def not_in_class() -> str:
            return "" if self._class is not None else tr("You are in no class.")

        tip = mark("Enter a class that a teacher made: its options, its lesson, its language")
        yield Command("open_class", "File", mark("Ope&n a class…"), self.ask_for_class, tip=tip, why_not=busy)
        tip = mark("Every option can be set again; all stays as it is otherwise")
        yield Command("leave_class", "File", mark("Lea&ve the class"), self.leave_class, tip=tip, why_not=not_in_class)
        tip = mark("Fix recipe, options, lesson, language and time for a class, in one file")
        yield Command("make_class", "File", mark("Make a &class file…"), self.make, tip=tip)
        tip = mark("Let a double click on a class file open Duelo on this computer, or no longer")
        title, ask = mark("Double clic&k on class files…"), self.ask_about_double_click
        yield Command("double_click", "File", title, ask, tip=tip)
        tip = mark("Options, language, layout and lessons as at the first start; all runs are kept")
        title = mark("&Reset this computer…")
        yield Command("reset_computer", "File", title, self.ask_to_reset, tip=tip, why_not=busy)

    # --- in a class

    def ask_for_class(self) -> None:
        """Let the person choose a class file."""
        dialog = FileDialog(self._place.window(), tr("Open a class"))
        dialog.setFileMode(FileDialog.FileMode.ExistingFile)
        dialog.setNameFilter(tr("Class files ({pattern})", pattern=f"*{ENDING}"))
        dialog.fileSelected.connect(self.open)
        dialog.open()

    def open(self, path: str) -> None:
        """Enter the class in the file ``path``, unless something is being trained."""
        if self._services.training.is_busy:
            self._messages.tell(lambda: tr("Stop the training first."), about=Subject.BUSY)
            return
        listeners: Listeners[None, ClassFile | UserError] = Listeners(result=self.enter, failed=self._on_failed)
        self._jobs.do("reading a class file", partial(class_file.read_or_tell, Path(path)), listeners)

    def enter(self, found: ClassFile | UserError, door: ClassDoor | None = None) -> None:
        """Be the window of this class, or say why it cannot be had; a class that was entered before is left then.

        ``door`` is that of the class, where this process stands at it already.
        """
        if isinstance(found, UserError):
            tell_all(
                self._messages,
                lambda count: trn("{count} mistake in the class file:", "{count} mistakes in the class file:", count),
                found.each,
                Subject.CLASS_FILE,
            )
            return
        self._messages.retract(Subject.CLASS_FILE)
        self._class = found
        self._stand_at(found, door)
        if found.language and found.language != i18n.language():
            language.switch(found.language)
        self._plans.show_config(found.config(), opens_locks=True)
        self._plans.undo.forget()
        self._plan.restrict(found.locked_options(), found.hidden_options())
        self._learning.leave_class()
        if found.lesson:
            self._learning.open(found.lesson, is_of_class=True)
        self._clock.stop()
        if found.minutes:
            self._clock.start(found.minutes * _MINUTE_MS)
        self._messages.tell(partial(_welcome, found), about=Subject.CLASS_FILE)

    def leave_class(self) -> None:
        """Be a window in no class again: nothing is locked, hidden or timed any more, and nothing else changes."""
        found, self._class = self._class, None
        if found is None:
            return
        self.leave()
        self._clock.stop()
        self._learning.leave_class()
        self._plan.restrict(frozenset(), frozenset())
        self._messages.tell(partial(_farewell, found), about=Subject.CLASS_FILE)

    def _stand_at(self, found: ClassFile, door: ClassDoor | None) -> None:
        """Let whoever opens the class again find this window, unless another one is open in it."""
        from studio.class_door import ClassDoor  # late: most windows are in no class

        self.leave()
        door = door or ClassDoor(found)
        if door.take():
            door.answer(self._come_to_front)
            self.destroyed.connect(door.close)
            self._door = door

    def leave(self) -> None:
        """Stand at the door of no class any more: its file opens a window of its own from now on."""
        if self._door is not None:
            self._door.close()
        self._door = None

    def _come_to_front(self) -> None:
        window = self._place.window()
        window.setWindowState(window.windowState() & ~Qt.WindowState.WindowMinimized)
        window.raise_()
        window.activateWindow()
        QApplication.alert(window)  # where no program may put itself in front

    def _on_time_over(self) -> None:
        self._messages.warn(  # instead of how many minutes there are
            lambda: tr("The time of this class is over."),
            lambda: tr("What you trained is kept; finish and compare."),
            about=Subject.CLASS_FILE,
        )

    # --- making one

    def make(self) -> None:
        """Ask what a class shall fix, beginning with the options that are planned."""
        from studio.widgets.dialogs.class_dialog import ClassDialog  # late: few make classes

        dialog = ClassDialog(self._plan.finish(), self._place.window())
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.made.connect(self._ask_where)
        lessons = self._learning.service

        def offer() -> None:
            if isValid(dialog):
                dialog.offer_lessons(lessons.lessons())

        lessons.listed.connect(offer, Qt.ConnectionType.SingleShotConnection)
        lessons.list_lessons()
        dialog.open()

    def _ask_where(self, found: ClassFile) -> None:
        dialog = FileDialog(self._place.window(), tr("Save the class file"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilter(tr("Class files ({pattern})", pattern=f"*{ENDING}"))
        dialog.setDefaultSuffix(ENDING.removeprefix("."))
        dialog.selectFile(f"{found.title or tr('class')}{ENDING}")
        dialog.fileSelected.connect(lambda file: self._write(found, Path(file)))
        dialog.open()

    def _write(self, found: ClassFile, path: Path) -> None:
        own = found.options.get("data_root", "")

        def said(saved: Path) -> str:
            also = tr("On each computer its data must lie in “{path}”, as they do here.", path=own) if own else ""
            return joined(tr("Class saved as “{path}”.", path=saved), also)

        def tell(saved: Path) -> None:
            self._messages.tell(
                lambda: said(saved),
                lambda: tr("Let a double click open it…"),
                self.ask_about_double_click,
            )

        listeners: Listeners[None, Path] = Listeners(result=tell, failed=self._on_failed)
        self._jobs.keep("writing a class file", partial(class_file.write, found, path), listeners)

    def ask_about_double_click(self) -> None:
        """Ask whether a double click shall open class files, or no longer."""
        box = MessageBox(
            self._place.window(),
            tr("Double click on class files"),
            tr("Shall a double click on a class file open Duelo?"),
            tr("This is told to the system for you alone, and can be taken back here. Class files are not changed."),
        )
        for text, is_registered in ((tr("Open Duelo"), True), (tr("No longer"), False)):
            button = box.add(text, MessageBox.ButtonRole.ActionRole)
            button.clicked.connect(partial(self._tell_system, is_registered=is_registered))
        box.add(tr("Cancel"), MessageBox.ButtonRole.RejectRole)
        box.open()

    def _tell_system(self, *_clicked: bool, is_registered: bool) -> None:
        def tell(_done: None) -> None:
            self._messages.tell(lambda: double_click.told(is_registered=is_registered))

        work = double_click.register if is_registered else double_click.unregister
        listeners: Listeners[None, None] = Listeners(result=tell, failed=self._on_failed)
        self._jobs.keep("telling the system of class files", work, listeners)

    def _on_failed(self, failed: Failure) -> None:
        self._messages.warn(failed.message, failed.hint, failed.details, about=Subject.ASKED)

    # --- back to the first state

    def ask_to_reset(self) -> None:
        """Ask whether this computer shall be as at the first start."""
        box = MessageBox(
            self._place.window(),
            tr("Reset this computer"),
            tr("Bring everything back to the first start?"),
            joined(
                tr(
                    "Options, language, text size and layout are forgotten, and window and lessons begin anew. Runs, "
                    "recipes and pictures are kept; what was reached in lessons is put into a file of its own, "
                    "for reports."
                ),
                tr("The class is left, too; its file opens it again.") if self._class is not None else "",
            ),
        )
        box.add(tr("Reset"), MessageBox.ButtonRole.DestructiveRole).clicked.connect(self.reset)
        box.add(tr("Cancel"), MessageBox.ButtonRole.RejectRole)
        box.open()

    def reset(self) -> None:
        """Do so, once what was reached in lessons is put aside; where it cannot be, all stays as it is."""
        self._learning.service.put_aside(self._begin_anew, self._on_failed)

    def _begin_anew(self) -> None:
        self._settings.forget()
        self.begins_anew = True
        self.leave()
        self._close()

    def tell_of_reset(self) -> None:
        """Say in the new window what it is."""
        self._messages.tell(lambda: tr("As at the first start. All runs are kept."))


def _welcome(found: ClassFile) -> str:
    words = [tr("Class “{title}”.", title=found.title) if found.title else tr("You are in a class.")]
    if found.minutes:
        words.append(trn("You have {count} minute.", "You have {count} minutes.", found.minutes))
    return joined(*words, class_kept_told(found))


def _farewell(found: ClassFile) -> str:
    left = tr("You left the class “{title}”.", title=found.title) if found.title else tr("You left the class.")
    return joined(left, tr("Its file opens it again."))
