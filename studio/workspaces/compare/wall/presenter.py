"""What the class wall shows, and with which one the runs of this computer are shared."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtWidgets import QPushButton

from engine import files
from engine.i18n import again, joined, tr
from engine.wall.places import check_wall, student_folder
from studio.context import Context
from studio.model.messages import Subject
from studio.services.class_wall import ClassWallService
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.dialogs.share_dialog import ShareDialog
from studio.workers.failure import Failure
from studio.workers.job_runner import Listeners
from studio.workspaces.compare.wall.commands import BUTTONS
from studio.workspaces.compare.wall.page import WallPage

_NEWS_MS = 3000  # between two looks, while somebody sees the page


class WallPresenter(QObject):
    """Feeds ``page``, and remembers in the settings what was chosen."""

    chosen = Signal()
    """Another wall is looked at, and wants to be seen."""

    def __init__(self, page: WallPage, context: Context) -> None:
        super().__init__(page)
        self._page, self._context = page, context
        self.service = ClassWallService(context.services.jobs, context.services.training, self)
        self._settings = context.settings
        self._dialog: ShareDialog | None = None
        buttons = {name: set_object_name(QPushButton(), called) for name, called in BUTTONS.items()}
        for name, button in buttons.items():
            context.commands.bind(button, name)
        page.add_buttons(buttons.values())
        self._choose_button = buttons["choose_wall"]
        self._news = QTimer(self, interval=_NEWS_MS)
        self._news.timeout.connect(self.service.look)
        page.looked_at.connect(self._watch)
        self.service.changed.connect(self._show)
        self.service.out_of_reach.connect(self._on_out_of_reach)
        self.service.shared.connect(partial(context.messages.retract, Subject.CLASS))
        if self._settings.shared_with:
            self.service.share_with(Path(self._settings.shared_with), self._settings.student)
        self._show()

    def _watch(self, is_looked_at: bool) -> None:
        """Look at the wall that was looked at last, again and again, while somebody sees the page."""
        if not is_looked_at:
            self._news.stop()
            return
        if self.service.wall is None and self._settings.wall:
            self.service.open(Path(self._settings.wall))
        else:
            self.service.look()
        self._news.start()

    def choose(self) -> None:
        """Let the person choose the folder of the wall."""
        start = self._settings.wall or self._settings.shared_with
        dialog = FileDialog(self._page.window(), tr("A folder that the whole class can reach"), start)
        dialog.setFileMode(FileDialog.FileMode.Directory)
        dialog.fileSelected.connect(self._open)
        dialog.open()

    def ask_to_share(self) -> None:
        """Ask under which name and with which wall this person's runs are shared."""
        where = self._settings.shared_with or self._settings.wall
        self._dialog = ShareDialog(where, self._settings.student, self._page.window())
        self._dialog.chosen.connect(self._share)
        self._dialog.open()

    def _open(self, folder: str) -> None:
        self._settings.wall = folder
        self.service.open(Path(folder))
        self.chosen.emit()
        self._choose_button.setFocus()  # there are no cards yet, and Qt would go to the first part that there is

    def _show(self) -> None:
        service = self.service
        problem = joined(service.problem.message, service.problem.hint) if service.problem else ""
        folder = str(service.wall) if service.wall else ""
        self._page.show_cards(folder, service.cards, service.is_read, problem)

    # --- sharing

    def _share(self, folder: str, student: str) -> None:
        """Share with ``folder`` once it is seen to be a wall; with none, share no more."""
        if not folder:
            self._keep("", student)
            return
        wall = files.typed(folder)

        def look() -> None:
            student_folder(wall, student)
            check_wall(wall)

        listeners: Listeners[None, None] = Listeners(
            result=lambda _: self._keep(str(wall), student), failed=self._refuse
        )
        looking = self._context.services.jobs.do("looking for the class wall", look, listeners)
        if self._dialog is not None:  # whoever cancels it while a slow network is waited for shares nothing
            self._dialog.rejected.connect(partial(looking.cancel, silently=True))

    def _keep(self, folder: str, student: str) -> None:
        self._settings.shared_with, self._settings.student = folder, student
        self.service.share_with(Path(folder) if folder else None, student)
        if self._dialog is not None:
            self._dialog.accept()
        self._context.messages.tell(
            (lambda: tr("Your runs hang on the class wall from now on, as “{student}”.", student=student))
            if folder
            else (lambda: tr("Your runs are shared no more; what hangs on the class wall stays there."))
        )

    def _refuse(self, failed: Failure) -> None:
        if self._dialog is not None:
            self._dialog.refuse(joined(failed.message, failed.hint))

    def _on_out_of_reach(self, failed: Failure) -> None:
        self._context.messages.warn(
            lambda: again(failed.message),
            lambda: tr(
                "The training goes on, and all that it makes stays on this computer. It is shared once that works."
            ),
            about=Subject.CLASS,
        )
