"""The dialog that turns handwriting into a data set: a sheet to print, its photographs, digits drawn here.

It knows no training: whoever listens to ``chosen`` begins with the folder that it carries.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QDialogButtonBox, QLabel, QPushButton, QWidget

from engine.i18n import again, joined, tr, trn
from engine.job import Progress
from engine.pictures import tile
from studio import theme
from studio.help.help_button import HelpButton
from studio.services import sheets
from studio.services.sheets import DrawnDigit, ReadSheets
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.dialogs.dialogs import FileDialog, MessageBox
from studio.widgets.layouts.stacked import beside
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.message_place import MessagePlace
from studio.widgets.messages.work_bar import WorkBar
from studio.widgets.pictures.image_view import ImageView
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

_COLUMNS = 26
_DIMMED = 0.35  # what the judge reads otherwise, while it is left out


class OwnHandwritingDialog(Dialog):
    """``chosen`` carries a folder of own pictures when the person wants to train on what was cut out."""

    chosen = Signal(str)
    draw_requested = Signal(tuple)
    """What was drawn so far: a tuple of ``DrawnDigit``."""

    def __init__(self, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__("own_handwriting_dialog", parent, Buttons.Cancel)
        self._jobs = jobs
        self._job: RunningJob[Any, Any] | None = None
        self._saving: RunningJob[Any, Any] | None = None
        self._read = ReadSheets()
        self._drawn: tuple[DrawnDigit, ...] = ()
        self._name = ""
        self._steps = QLabel(wordWrap=True)
        self.sheet = set_object_name(QPushButton(autoDefault=False), "save_sheet_button")
        self.read = set_object_name(QPushButton(autoDefault=False), "read_photographs_button")
        self.draw = set_object_name(QPushButton(autoDefault=False), "draw_digits_button")
        self.message = MessageBar()
        self.work = WorkBar(heir=self.read)
        self.picture = set_object_name(ImageView(), "handwriting_picture")
        self.told = set_object_name(QLabel(wordWrap=True), "handwriting_told")
        self.leave_out = set_object_name(QCheckBox(), "leave_out_odd")
        self.train = set_object_name(QPushButton(), "train_handwriting_button")
        self.buttons.addButton(self.train, QDialogButtonBox.ButtonRole.AcceptRole)
        self.main_button = self.train
        self._lay_out()
        self.sheet.clicked.connect(self._ask_for_sheet)
        self.read.clicked.connect(self._ask_for_photographs)
        self.draw.clicked.connect(lambda: self.draw_requested.emit(self._drawn))
        self.work.canceled.connect(self._end_reading)
        self.leave_out.toggled.connect(self._show)
        self.sheet.setFocus()
        self.retranslate()

    def show_drawn(self, drawn: tuple[DrawnDigit, ...]) -> None:
        """Show all that was drawn, beside what was cut out of photographs."""
        self._drawn = drawn
        self._show()

    def read_photographs(self, paths: Sequence[Path]) -> None:
        """Cut the digits out of the photographs ``paths``; what was cut out of others before makes room for them."""
        self._end_reading()
        self.message.dismiss()
        self.work.set_working(True)
        listeners: Listeners[Progress, ReadSheets] = Listeners(
            event=self._on_progress,
            result=partial(self._on_read, paths[0].stem),
            failed=self._warn,
            end=partial(self.work.set_working, False),
        )
        self._job = self._jobs.start("handwriting", partial(sheets.read_photographs, paths), listeners)

    def take(self) -> bool:
        """Keep the digits; once that is done the dialog goes."""
        self.train.setEnabled(False)
        found = self._found.without_odd() if self.leave_out.isChecked() else self._found
        listeners: Listeners[None, Path] = Listeners(result=self._on_kept, failed=self._on_not_kept)
        work = partial(sheets.keep_digits, found, self._name or tr("drawn"))
        self._job = self._jobs.do("keeping handwriting", work, listeners)
        return False

    def reject(self) -> None:
        """What was drawn is kept nowhere else yet, so it is not thrown away unasked."""
        if not self._drawn:
            super().reject()
            return
        count = len(self._drawn)
        box = MessageBox(
            self,
            tr("Own handwriting"),
            trn("Throw away {count} digit that you drew?", "Throw away {count} digits that you drew?", count),
            tr("They become a data set with “Train on them…”."),
        )
        box.add(tr("Throw away"), MessageBox.ButtonRole.DestructiveRole).clicked.connect(super().reject)
        box.add(tr("Go on"), MessageBox.ButtonRole.RejectRole)
        box.open()

    def done(self, result: int) -> None:
        """Whatever is under way tells a dialog that goes nothing more."""
        self._end_reading()
        if self._saving is not None:
            self._saving.cancel(silently=True)  # it is saved all the same
        super().done(result)

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Own handwriting"))
        self._steps.setText(
            tr(
                "Print the sheet, let the class write digits on it, and take a photograph of each whole sheet. The "
                "digits are cut out, centered as MNIST's are, and labeled by their lines. Or draw them here."
            )
        )
        self.draw.setText(tr("Draw digits…"))
        self.sheet.setText(tr("Save the sheet to print…"))
        self.read.setText(tr("Read photographs…"))
        self.work.name_it(tr("Reading photographs"))
        self.picture.placeholder = tr("What is cut out of photographs, or drawn, appears here.")
        self.picture.setAccessibleName(tr("Digits of the own handwriting"))
        self.train.setText(tr("Train on them…"))
        self.buttons.button(Buttons.Cancel).setText(tr("Cancel"))
        self._show()

    # --- inside

    def _lay_out(self) -> None:
        column = self.column()
        column.addLayout(beside(self._steps, HelpButton("handwriting_sheet", self)))
        buttons = WrappingLayout(spacing=theme.SPACING)
        for button in (self.sheet, self.read, self.draw):
            buttons.addWidget(button)
        column.addLayout(buttons)
        column.addWidget(MessagePlace(self.message))
        column.addWidget(self.work)
        column.addWidget(self.picture, 1)
        column.addWidget(self.told)
        column.addWidget(self.leave_out)
        column.addWidget(self.buttons)
        self.leave_out.setChecked(True)
        self.picture.setMinimumHeight(38 * theme.SPACING)
        self.resize(104 * theme.SPACING, 80 * theme.SPACING)

    def _ask_for_sheet(self) -> None:
        dialog = FileDialog(self, tr("Save the sheet to print"))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(".pdf")
        dialog.setNameFilters(["*.pdf", "*.png"])
        dialog.selectFile(tr("duelo-sheet.pdf"))
        dialog.fileSelected.connect(self._save_sheet)
        dialog.open()

    def _save_sheet(self, file: str) -> None:
        listeners: Listeners[None, Path] = Listeners(
            result=lambda path: self.message.tell(lambda: tr("The sheet is in “{path}”: print it.", path=path)),
            failed=self._warn,
        )
        self._saving = self._jobs.keep("saving the sheet", partial(sheets.save_empty_sheet, Path(file)), listeners)

    def _ask_for_photographs(self) -> None:
        dialog = FileDialog(self, tr("Photographs of written sheets"))
        dialog.setFileMode(FileDialog.FileMode.ExistingFiles)
        dialog.filesSelected.connect(lambda files: self.read_photographs([Path(file) for file in files]))
        dialog.open()

    @property
    def _found(self) -> ReadSheets:
        return self._read.united(self._drawn)

    def _end_reading(self) -> None:
        if self._job is not None:
            self._job.cancel(silently=True)
            self._job = None
        self.work.set_working(False)

    def _on_progress(self, progress: Progress) -> None:
        self.work.show_count(progress.done, progress.total, again(progress.what).replace("%", "%%"))

    def _on_read(self, name: str, found: ReadSheets) -> None:
        self._job = None
        if len(found.labels):  # or what was read before stays
            self._read, self._name = found, name
        for error in found.refused:
            self.message.warn(error.message, error.hint)
        self._show()

    def _on_kept(self, folder: Path) -> None:
        self._drawn = ()
        self.chosen.emit(str(folder))
        self.accept()

    def _on_not_kept(self, failed: Failure) -> None:
        self._warn(failed)
        self._show()

    def _warn(self, failed: Failure) -> None:
        self.message.warn(failed.message, failed.hint, failed.details)

    def _show(self) -> None:
        found = self._found
        odd = found.odd
        order = np.concatenate([odd, np.flatnonzero(found.labels == found.read_as)])
        images = found.images[order].copy()
        if self.leave_out.isChecked():
            images[: len(odd)] = images[: len(odd)] * _DIMMED
        self.picture.set_picture(tile(images, _COLUMNS) if len(images) else None)
        self.leave_out.setVisible(len(odd) > 0)
        self.leave_out.setText(
            trn(
                "Leave out {count} that the judge reads otherwise (the first above)",
                "Leave out {count} that the judge reads otherwise (the first above)",
                len(odd),
            )
        )
        left = len(images) - (len(odd) if self.leave_out.isChecked() else 0)
        self.told.setText(_told(found) if len(images) else "")
        self.told.setAlignment(Qt.AlignmentFlag.AlignLeft)
        self.train.setEnabled(left > 0)


def _told(found: ReadSheets) -> str:
    counts = np.bincount(found.labels, minlength=10)
    each = "  ".join(f"{label}: {count}" for label, count in enumerate(counts) if count)
    return joined(trn("{count} digit", "{count} digits", len(found.labels)), each, between=" · ")
