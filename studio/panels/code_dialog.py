"""The window in which the code of a run is read, copied and saved. It knows no training, which may go on meanwhile."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QDialogButtonBox, QHBoxLayout, QLabel, QPushButton, QWidget

from engine.i18n import again, joined, tr
from studio.help.help_button import HelpButton
from studio.services.code import RunCode, read_code, save_code
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.code_view import CodeView
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.message_place import MessagePlace
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

_ROLE = QDialogButtonBox.ButtonRole.ActionRole


class CodeDialog(Dialog):
    """Shows the script of the run in ``run``, which is written anew in another language."""

    def __init__(self, run: Path, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__("code_dialog", parent, Buttons.Close)
        self._run, self._jobs = run, jobs
        self._code: RunCode | None = None
        self._reading: RunningJob[None, RunCode] | None = None
        self._message = MessageBar()
        self._left_out = set_object_name(QLabel(wordWrap=True), "code_left_out")
        self._view = set_object_name(CodeView(), "code_view")
        self._copy = set_object_name(QPushButton(autoDefault=False), "copy_code_button")
        self._save = set_object_name(QPushButton(autoDefault=False), "save_code_button")
        for button in (self._copy, self._save):
            self.buttons.addButton(button, _ROLE)
        head = QHBoxLayout()
        head.addWidget(self._left_out, 1)
        head.addWidget(HelpButton("code", self))
        column = self.column()
        column.addWidget(MessagePlace(self._message))
        column.addLayout(head)
        column.addWidget(self._view, 1)
        column.addWidget(self.buttons)
        self._copy.clicked.connect(self._on_copy)
        self._save.clicked.connect(self._ask_where)
        self.retranslate()
        self.resize(116 * SPACING, 84 * SPACING)
        self._view.setFocus()

    def done(self, result: int) -> None:
        """Expect nothing more of what is still being written."""
        if self._reading is not None:
            self._reading.cancel(silently=True)
        super().done(result)

    # --- what the person wants

    def _on_copy(self) -> None:
        if self._code is not None:
            QGuiApplication.clipboard().setText(self._code.script.text)
            self._message.tell(lambda: tr("The code is in the clipboard."))

    def _ask_where(self) -> None:
        dialog = FileDialog(self, tr("Save the code"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setNameFilters(["*.py"])
        dialog.setDefaultSuffix("py")
        dialog.selectFile(f"{self._run.name}.py")
        dialog.fileSelected.connect(lambda file: self._on_place_chosen(Path(file)))
        dialog.open()

    def _on_place_chosen(self, path: Path) -> None:
        if self._code is not None:
            listeners: Listeners[None, Path] = Listeners(result=self._on_saved, failed=self._on_failed)
            self._jobs.keep("saving code", partial(save_code, self._code, path), listeners)

    # --- what the jobs say

    def _read(self) -> None:
        if self._reading is not None:
            self._reading.cancel(silently=True)
        listeners: Listeners[None, RunCode] = Listeners(result=self._on_read, failed=self._on_failed)
        self._reading = self._jobs.do("writing code", partial(read_code, self._run), listeners)

    def _on_read(self, code: RunCode) -> None:
        place = self._view.verticalScrollBar().value()
        self._code = code
        self._view.setPlainText(code.script.text)
        self._view.verticalScrollBar().setValue(place)
        self._show_state()

    def _on_saved(self, path: Path) -> None:
        self._message.tell(lambda: tr("Saved as “{path}”.", path=path))

    def _on_failed(self, failed: Failure) -> None:
        self._message.warn(failed.message, failed.hint, failed.details)

    # --- showing

    def _show_state(self) -> None:
        for button in (self._copy, self._save):
            button.setEnabled(self._code is not None)
        self._left_out.setText(joined(*map(again, self._code.script.left_out)) if self._code else "")

    def retranslate(self) -> None:
        """Set every text in the current language; the comments of the code change, too."""
        self.setWindowTitle(tr("The code of this run, in plain PyTorch"))
        self._view.setAccessibleName(tr("The code of this run"))
        self._view.setPlaceholderText(tr("Writing…"))
        self._copy.setText(tr("Copy"))
        self._copy.setAccessibleName(tr("Copy the code"))
        self._save.setText(tr("Save…"))
        self._save.setAccessibleName(tr("Save the code"))
        self.buttons.button(Buttons.Close).setText(tr("Close"))
        self._show_state()
        self._read()
