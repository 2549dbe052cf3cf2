"""A dialog that asks how long a run shall train on, and whether its schedule follows. It knows no training."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QRadioButton, QWidget

from engine.config import OPTIONS
from engine.i18n import number, tr
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.training_dialog import TrainingDialog
from studio.widgets.fields.number_box import NumberBox


class LongerDialog(TrainingDialog):
    """``chosen`` carries the epochs in all, "stretch" or "hold", and whether it shall be lined up only.

    ``done`` epochs of ``planned`` are trained. ``why_not`` says why it cannot be trained at once, or nothing.
    """

    chosen = Signal(int, str, bool)

    def __init__(self, name: str, done: int, planned: int, why_not: str = "", parent: QWidget | None = None) -> None:
        super().__init__("longer_dialog", parent, why_not)
        self._name, self._done, self._planned = name, done, planned
        most = int(OPTIONS["epochs"].maximum or 1)
        self.epochs = set_object_name(NumberBox(min(planned + 1, most), most, whole=True), "longer_epochs")
        self.epochs.setValue(min(2 * planned, most))
        self.about, self.label = QLabel(wordWrap=True), QLabel()
        self.label.setBuddy(self.epochs)
        self.stretch = set_object_name(QRadioButton(), "stretch_schedule")
        self.hold = set_object_name(QRadioButton(), "hold_schedule")
        self.stretch.setChecked(True)
        self.what = set_object_name(QLabel(wordWrap=True), "longer_what")
        self.stretch.toggled.connect(self._say_what_it_does)
        form = self.form()
        form.addRow(self.about)
        form.addRow(self.label, self.epochs)
        for part in (self.epochs.note, self.stretch, self.hold, self.what, self.buttons):
            form.addRow(part)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Go on longer"))
        done, planned = number(self._done), number(self._planned)
        self.about.setText(
            tr("“{run}” has trained {count} of {planned} epochs.", run=self._name, count=done, planned=planned)
        )
        self.label.setText(tr("Epochs in all"))
        self.stretch.setText(tr("Stretch the schedule"))
        self.hold.setText(tr("Hold it"))
        self._say_what_it_does()
        self.name_buttons(tr("Train"))

    def _say_what_it_does(self) -> None:
        """Say of the choice what it does to the learning rates."""
        stretched = tr("Learning rates follow the new length: they rise again, and fall at the new end.")
        held = tr("Learning rates stay where they were shortly before the end that was planned.")
        for button, told in ((self.stretch, stretched), (self.hold, held)):
            button.setAccessibleDescription(told)
            button.setToolTip(told)
        self.what.setText(stretched if self.stretch.isChecked() else held)

    def take(self) -> bool:
        """Tell the length, unless there is something wrong with it."""
        self.epochs.finish()
        if not self.epochs.problem:
            schedule = "stretch" if self.stretch.isChecked() else "hold"
            self.chosen.emit(int(self.epochs.value()), schedule, self.is_later)
        return not self.epochs.problem
