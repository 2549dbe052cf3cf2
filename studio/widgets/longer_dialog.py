"""A dialog that asks how long a run shall train on, and whether its schedule follows. It knows no training."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QFormLayout, QLabel, QRadioButton, QWidget

from engine.config import OPTIONS
from engine.i18n import number, tr
from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.number_box import NumberBox
from studio.widgets.object_names import set_object_name


@guarded
class LongerDialog(QDialog):
    """``chosen`` carries the epochs in all, and "stretch" or "hold"."""

    chosen = Signal(int, str)

    def __init__(self, name: str, done: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("longer_dialog")
        self._name, self._done = name, done
        most = int(OPTIONS["epochs"].maximum or 1)
        self.epochs = set_object_name(NumberBox(min(done + 1, most), most, whole=True), "longer_epochs")
        self.epochs.setValue(2 * done or 1)
        self.about, self.label = QLabel(wordWrap=True), QLabel()
        self.label.setBuddy(self.epochs)
        self.stretch = set_object_name(QRadioButton(), "stretch_schedule")
        self.hold = set_object_name(QRadioButton(), "hold_schedule")
        self.stretch.setChecked(True)
        buttons = QDialogButtonBox.StandardButton
        self.buttons = QDialogButtonBox(buttons.Ok | buttons.Cancel)
        for button in self.buttons.buttons():
            button.setIcon(QIcon())  # the style's are black, also on black
        form = QFormLayout(self)
        form.setContentsMargins(*(2 * SPACING,) * 4)
        form.setSpacing(SPACING)
        form.addRow(self.about)
        form.addRow(self.label, self.epochs)
        for part in (self.epochs.note, self.stretch, self.hold, self.buttons):
            form.addRow(part)
        self.buttons.accepted.connect(self._choose)
        self.buttons.rejected.connect(self.reject)
        self._retranslate()

    def changeEvent(self, event: QEvent) -> None:
        """Say everything again when the language changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Go on longer"))
        self.about.setText(
            tr("“{run}” has trained {count} epochs. It goes on from there.", run=self._name, count=number(self._done))
        )
        self.label.setText(tr("Epochs in all"))
        self.stretch.setText(tr("Stretch the schedule"))
        self.stretch.setToolTip(tr("Learning rates follow the new length: they rise again, and fall at the new end"))
        self.hold.setText(tr("Hold it"))
        self.hold.setToolTip(tr("Learning rates stay where they were shortly before the end that was planned"))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setText(tr("Train"))

    def _choose(self) -> None:
        self.setFocus(Qt.FocusReason.OtherFocusReason)  # what is still being typed counts
        self.epochs.finish()
        if not self.epochs.problem:
            self.chosen.emit(int(self.epochs.value()), "stretch" if self.stretch.isChecked() else "hold")
            self.accept()
