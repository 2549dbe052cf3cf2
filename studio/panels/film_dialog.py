"""The dialog that saves the film of a run or its contact sheet. It knows no training, which may go on meanwhile."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QLineEdit,
    QProgressBar,
    QPushButton,
    QWidget,
)

from engine import files
from engine.export.options import KINDS, MOST_FRAMES_PER_SECOND, ExportOptions, seconds_of
from engine.i18n import number, tr, trn
from studio import theme
from studio.help.help_button import HelpButton
from studio.services.film_maker import FilmMaker
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.layouts.stacked import beside
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.run_status import clock
from studio.widgets.pictures.image_view import ImageView
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner

_ROOM = (80 * theme.SPACING, 50 * theme.SPACING)
_SHEET = ".png"


class FilmDialog(Dialog):
    """Shows a picture of the film of the run in ``run``, saves the whole where the person wants it."""

    def __init__(self, run: Path, jobs: JobRunner, parent: QWidget | None = None) -> None:
        super().__init__("film_dialog", parent, Buttons.Close)
        self._epoch_count = 0
        self._is_saving = False
        self._taken: Path | None = None  # where something lies already
        self._left: tuple[int, int, float | None] = (0, 0, None)
        self._maker = FilmMaker(run, jobs, self)
        self._build()
        self._connect()
        self._maker.find_place(self._chosen_kind)
        self.retranslate()

    def done(self, result: int) -> None:
        """Cancel what is being saved before the dialog goes."""
        self._maker.leave()
        super().done(result)

    # --- building

    def _build(self) -> None:
        self._message = MessageBar()
        self._preview = set_object_name(ImageView(), "film_preview")
        self._preview.setMinimumSize(*_ROOM)
        self._kind = set_object_name(ElidingComboBox(), "film_kind")
        for kind in KINDS:
            self._kind.addItem("", kind)
        self._speed = set_object_name(NumberBox(0, MOST_FRAMES_PER_SECOND, whole=True), "film_speed")
        self._dark = set_object_name(QCheckBox(), "film_dark")
        self._dark.setChecked(theme.is_dark())
        self._path = set_object_name(QLineEdit(), "film_path")
        self._browse = set_object_name(QPushButton(autoDefault=False), "choose_film_path_button")
        self._summary = set_object_name(QLabel(wordWrap=True), "film_summary")
        self._progress = set_object_name(QProgressBar(), "film_progress")
        self._stop = set_object_name(QPushButton(autoDefault=False), "stop_film_button")
        for part in (self._progress, self._stop):
            policy = part.sizePolicy()
            policy.setRetainSizeWhenHidden(True)
            part.setSizePolicy(policy)
        self._save = set_object_name(QPushButton(), "save_film_button")
        self.buttons.addButton(self._save, QDialogButtonBox.ButtonRole.ActionRole)
        self._form = QFormLayout()
        self._form.setSpacing(theme.SPACING)
        self._labels = [QLabel() for _ in range(3)]
        for label, field in zip(self._labels, (self._kind, self._speed, self._path), strict=True):
            label.setBuddy(field)
        self._form.addRow(self._labels[0], beside(self._kind, HelpButton("film", self)))
        self._form.addRow(self._labels[1], beside(self._speed, self._dark))
        self._form.addRow("", self._speed.note)
        self._form.addRow(self._labels[2], beside(self._path, self._browse))
        whole = self.column()
        whole.addWidget(self._message)
        whole.addWidget(self._preview, 1)
        whole.addLayout(self._form)
        whole.addWidget(self._summary)
        whole.addLayout(beside(self._progress, self._stop))
        whole.addWidget(self.buttons)
        self._save.setDefault(True)  # only now does it belong to the dialog
        self._kind.setFocus()

    def _connect(self) -> None:
        self._kind.currentIndexChanged.connect(self._on_kind_chosen)
        self._speed.valueChanged.connect(self._show_state)
        self._speed.problem_changed.connect(self._show_state)
        self._dark.toggled.connect(self._look)
        self._path.textChanged.connect(self._look_at_place)
        self._path.editingFinished.connect(self._follow_ending)
        self._browse.clicked.connect(self._choose)
        self._save.clicked.connect(self._on_save)
        self._stop.clicked.connect(self._on_stop)
        self._maker.preview_ready.connect(self._on_preview_ready)
        self._maker.progressed.connect(self._on_progressed)
        self._maker.saved.connect(self._on_saved)
        self._maker.place_found.connect(self._on_place_found)
        self._maker.place_looked_at.connect(self._on_place_looked_at)
        self._maker.failed.connect(self._on_failed)

    # --- what the person wants

    @property
    def _chosen_kind(self) -> str:
        return str(self._kind.currentData())

    @property
    def _wish(self) -> ExportOptions:
        return ExportOptions(self._speed.value() or None, dark=self._dark.isChecked())

    def _chosen_path(self) -> Path:
        """Return where to save, with the ending of the kind chosen."""
        path = files.typed(self._path.text().strip())
        if path.suffix.lower() == self._chosen_kind or not path.name:
            return path
        known = path.suffix.lower() in KINDS
        return path.with_name((path.stem if known else path.name) + self._chosen_kind)

    def _look(self) -> None:
        """Draw another preview, unless a file is being saved: its words stay as they are."""
        if not self._is_saving:
            self._maker.preview(self._chosen_kind, self._wish, _ROOM)

    def _look_at_place(self) -> None:
        """Another name may be taken already."""
        self._show_state()
        if self._path.text().strip():
            self._maker.look_at_place(self._chosen_path())

    def _on_place_found(self, path: Path) -> None:
        if not self._path.text():
            self._path.setText(str(path.with_suffix(self._chosen_kind)))

    def _on_place_looked_at(self, path: Path, is_taken: bool) -> None:
        if path == self._chosen_path():
            self._taken = path if is_taken else None
            self._show_state()

    def _on_kind_chosen(self) -> None:
        if self._path.text():
            self._path.setText(str(self._chosen_path()))
        self._look_at_place()  # the ending may have been typed
        self._look()

    def _follow_ending(self) -> None:
        """A typed ending chooses the kind."""
        index = self._kind.findData(Path(self._path.text().strip()).suffix.lower())
        if index >= 0:
            self._kind.setCurrentIndex(index)

    def _choose(self) -> None:
        dialog = FileDialog(self, tr("Save film"), str(self._chosen_path()))
        dialog.setAcceptMode(FileDialog.AcceptMode.AcceptSave)
        dialog.setFileMode(FileDialog.FileMode.AnyFile)
        dialog.setDefaultSuffix(self._chosen_kind)
        dialog.fileSelected.connect(self._path.setText)
        dialog.fileSelected.connect(self._follow_ending)
        dialog.open()

    def _on_save(self) -> None:
        self._speed.finish()
        if self._speed.problem:
            return
        path = self._chosen_path()
        self._path.setText(str(path))
        self._message.dismiss()
        self._is_saving, self._left = True, (0, 0, None)
        self._show_state()
        self._stop.setFocus()
        self._maker.save(path, self._wish)

    def _on_stop(self) -> None:
        self._maker.cancel()
        self._end_saving()

    # --- what the thread says

    def _on_preview_ready(self, picture: NDArray[np.uint8], epoch_count: int) -> None:
        self._epoch_count = epoch_count
        self._preview.set_picture(picture)
        self._show_state()

    def _on_progressed(self, done: int, total: int, seconds_left: float | None) -> None:
        self._left = (done, total, seconds_left)
        self._show_progress()

    def _on_saved(self, path: Path) -> None:
        self._end_saving()
        self._message.tell(
            lambda: tr("Saved as “{path}”.", path=path), lambda: tr("Show in its folder"), _shower(path.parent)
        )

    def _on_failed(self, failure: Failure) -> None:
        self._end_saving()
        self._message.warn(failure.message, failure.hint, failure.details)

    def _end_saving(self) -> None:
        had_focus = self._stop.hasFocus()
        self._is_saving = False
        self._look_at_place()
        if had_focus:
            self._save.setFocus()

    # --- showing

    def _show_state(self) -> None:
        free = not self._is_saving
        is_film = self._chosen_kind != _SHEET
        for part in (self._kind, self._dark, self._path, self._browse):
            part.setEnabled(free)
        self._speed.setEnabled(free and is_film)
        can_save = self._epoch_count > 0 and bool(self._path.text().strip()) and not self._speed.problem
        self._save.setEnabled(free and can_save)
        self._progress.setVisible(self._is_saving)
        self._stop.setVisible(self._is_saving)
        self._summary.setText(" · ".join(self._summary_parts()))
        self._show_progress()

    def _summary_parts(self) -> list[str]:
        if not self._epoch_count:
            return []
        parts = [trn("{count} epoch", "{count} epochs", self._epoch_count)]
        if self._chosen_kind != _SHEET:
            seconds = seconds_of(self._epoch_count, self._wish)
            parts.append(tr("lasts {seconds} s", seconds=number(seconds, ".1f")))
        if self._path.text().strip() and not self._is_saving and self._chosen_path() == self._taken:
            parts.append(tr("the file exists and will be replaced"))
        return parts

    def _show_progress(self) -> None:
        done, total, seconds_left = self._left
        self._progress.setRange(0, total)
        self._progress.setValue(done)
        words = [tr("{done} of {total}", done=number(done), total=number(total))] if total else []
        if seconds_left is not None:
            words.append(tr("{time} left", time=clock(seconds_left)))
        self._progress.setFormat(" · ".join(words))

    def retranslate(self) -> None:
        """Set every text in the current language; the words of the film change, too."""
        self.setWindowTitle(tr("Save film"))
        for index, text in enumerate(KINDS.values()):
            self._kind.setItemText(index, tr(text))
        names = (tr("Kind"), tr("Epochs per second"), tr("File"))
        for label, field, name in zip(self._labels, (self._kind, self._speed, self._path), names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
        self._speed.setSpecialValueText(tr("chosen for you"))
        self._dark.setText(tr("Dark background"))
        self._browse.setText(tr("Choose…"))
        self._browse.setAccessibleName(tr("Choose where to save"))
        self._preview.setAccessibleName(tr("A picture of what is saved"))
        self._preview.placeholder = tr("Drawing…")
        self._progress.setAccessibleName(tr("Saving the film"))
        self._stop.setText(tr("Cancel saving"))
        self._save.setText(tr("Save"))
        self.buttons.button(Buttons.Close).setText(tr("Close"))
        self._show_state()
        self._look()


def _shower(folder: Path) -> Callable[[], object]:
    return lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))


def _show() -> None:
    """Show the dialog for the run folder named on the command line."""
    import sys

    from PySide6.QtWidgets import QApplication

    app = QApplication(sys.argv)
    dialog = FilmDialog(Path(sys.argv[1]), JobRunner(app))
    dialog.show()
    app.exec()


if __name__ == "__main__":
    _show()
