"""The dialog that saves the film of a run or its contact sheet. It knows no training, which may go on meanwhile."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import (
    QCheckBox,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QPushButton,
    QWidget,
)

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
from studio.widgets.fields.save_place import SavePlace
from studio.widgets.layouts.stacked import beside
from studio.widgets.messages.message_bar import MessageBar
from studio.widgets.messages.message_place import MessagePlace
from studio.widgets.messages.opening import open_folder
from studio.widgets.messages.run_status import clock
from studio.widgets.messages.work_bar import WorkBar
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
        self._left: tuple[int, int, float | None] = (0, 0, None)
        self._maker = FilmMaker(run, jobs, self)
        self._build()
        self._connect()
        self._maker.find_place(self._chosen_kind, FileDialog.last_folder)
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
        self._place = SavePlace("film", KINDS)
        self._summary = set_object_name(QLabel(wordWrap=True), "film_summary")
        self._save = set_object_name(QPushButton(), "save_film_button")
        self._work = WorkBar(keeps_room=True, heir=self._save)
        self._work.bar.setObjectName("film_progress")
        self._work.button.setObjectName("stop_film_button")
        self.buttons.addButton(self._save, QDialogButtonBox.ButtonRole.ActionRole)
        self._form = QFormLayout()
        self._form.setSpacing(theme.SPACING)
        self._labels = [QLabel() for _ in range(3)]
        for label, field in zip(self._labels, (self._kind, self._speed, self._place.edit), strict=True):
            label.setBuddy(field)
        self._form.addRow(self._labels[0], beside(self._kind, HelpButton("film", self)))
        self._form.addRow(self._labels[1], beside(self._speed, self._dark))
        self._form.addRow("", self._speed.note)
        self._form.addRow(self._labels[2], self._place)
        whole = self.column()
        whole.addWidget(MessagePlace(self._message))
        whole.addWidget(self._preview, 1)
        whole.addLayout(self._form)
        whole.addWidget(self._summary)
        whole.addWidget(self._work)
        whole.addWidget(self.buttons)
        self.main_button = self._save
        self._kind.setFocus()

    def _connect(self) -> None:
        self._kind.currentIndexChanged.connect(self._on_kind_chosen)
        self._speed.valueChanged.connect(self._show_state)
        self._speed.problem_changed.connect(self._show_state)
        self._dark.toggled.connect(self._look)
        self._place.changed.connect(self._show_state)
        self._place.asked.connect(self._maker.look_at_place)
        self._place.ending_typed.connect(self._on_ending_typed)
        self._save.clicked.connect(self._on_save)
        self._work.canceled.connect(self._on_stop)
        self._maker.preview_ready.connect(self._on_preview_ready)
        self._maker.progressed.connect(self._on_progressed)
        self._maker.saved.connect(self._on_saved)
        self._maker.place_found.connect(self._on_place_found)
        self._maker.place_looked_at.connect(self._place.show_taken)
        self._maker.failed.connect(self._on_failed)

    # --- what the person wants

    @property
    def _chosen_kind(self) -> str:
        return str(self._kind.currentData())

    @property
    def _wish(self) -> ExportOptions:
        return ExportOptions(self._speed.value() or None, dark=self._dark.isChecked())

    def _look(self) -> None:
        """Draw another preview, unless a file is being saved: its words stay as they are."""
        if not self._is_saving:
            self._maker.preview(self._chosen_kind, self._wish, _ROOM)

    def _on_place_found(self, path: Path) -> None:
        self._place.suggest(path.with_suffix(self._chosen_kind))

    def _on_kind_chosen(self) -> None:
        self._place.set_ending(self._chosen_kind)
        self._look()

    def _on_ending_typed(self, ending: str) -> None:
        self._kind.setCurrentIndex(self._kind.findData(ending))

    def _on_save(self) -> None:
        self._speed.finish()
        if self._speed.problem:
            return
        path = self._place.settled()
        self._message.dismiss()
        self._is_saving, self._left = True, (0, 0, None)
        self._show_state()
        self._work.button.setFocus()
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
            lambda: tr("Saved as “{path}”.", path=path),
            lambda: tr("Show in its folder"),
            partial(open_folder, path.parent, self._message),
        )

    def _on_failed(self, failure: Failure) -> None:
        self._end_saving()
        self._message.warn(failure.message, failure.hint, failure.details)

    def _end_saving(self) -> None:
        self._is_saving = False
        self._place.look()

    # --- showing

    def _show_state(self) -> None:
        free = not self._is_saving
        is_film = self._chosen_kind != _SHEET
        for part in (self._kind, self._dark, self._place):
            part.setEnabled(free)
        self._speed.setEnabled(free and is_film)
        can_save = self._epoch_count > 0 and self._place.is_said and not self._speed.problem
        self._save.setEnabled(free and can_save)
        self._work.set_working(self._is_saving)
        self._summary.setText(" · ".join(self._summary_parts()))
        self._show_progress()

    def _summary_parts(self) -> list[str]:
        if not self._epoch_count:
            return []
        parts = [trn("{count} epoch", "{count} epochs", self._epoch_count)]
        if self._chosen_kind != _SHEET:
            seconds = seconds_of(self._epoch_count, self._wish)
            parts.append(tr("lasts {seconds} s", seconds=number(seconds, ".1f")))
        if not self._is_saving and (replaced := self._place.replaced_told()):
            parts.append(replaced)
        return parts

    def _show_progress(self) -> None:
        done, total, seconds_left = self._left
        words = [tr("{done} of {total}", done=number(done), total=number(total))] if total else []
        if seconds_left is not None:
            words.append(tr("{time} left", time=clock(seconds_left)))
        self._work.show_count(done, total, " · ".join(words))

    def retranslate(self) -> None:
        """Set every text in the current language; the words of the film change, too."""
        self.setWindowTitle(tr("Save film"))
        for index, text in enumerate(KINDS.values()):
            self._kind.setItemText(index, tr(text))
        names = (tr("Kind"), tr("Epochs per second"), tr("File"))
        for label, field, name in zip(self._labels, (self._kind, self._speed, self._place.edit), names, strict=True):
            label.setText(name)
            field.setAccessibleName(name)
        self._speed.setSpecialValueText(tr("chosen for you"))
        self._dark.setText(tr("Dark background"))
        self._preview.setAccessibleName(tr("A picture of what is saved"))
        self._preview.placeholder = tr("Drawing…")
        self._work.name_it(tr("Saving the film"), cancel=tr("Cancel saving"))
        self._save.setText(tr("Save"))
        self.buttons.button(Buttons.Close).setText(tr("Close"))
        self._show_state()
        self._look()


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
