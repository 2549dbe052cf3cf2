"""A number that counts by its order of magnitude: a slider for the hand and a box for the exact value, in one row."""

from __future__ import annotations

import math

from PySide6.QtCore import QObject, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QSlider, QWidget

from engine.config.declare import Option
from engine.i18n import tr
from studio.widgets.fields.number_box import NumberBox

_STEPS = 100
_LOW, _HIGH = -2.0, 3.0  # decades that the slider spans; the box takes more


class WeightSlider(QObject):
    """Three widgets in row ``row`` of ``grid``; ``changed`` carries the option's name and its value.

    At the slider's left end the value is 0. One that is not ``logarithmic`` goes evenly from the least to the most.
    """

    changed = Signal(str, float)

    def __init__(self, option: Option, grid: QGridLayout, row: int, parent: QWidget) -> None:
        super().__init__(parent)
        self.option = option
        self.label = QLabel(parent)
        self.slider = QSlider(Qt.Orientation.Horizontal, parent)
        self.slider.setRange(0, _STEPS)
        self.slider.setObjectName(f"style_{option.name}_slider")
        assert option.minimum is not None and option.maximum is not None
        self.box = NumberBox(option.minimum, option.maximum, parent)
        self.box.setObjectName(f"style_{option.name}_box")
        self.box.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.box.set_usual_text("0000,00")
        self.label.setBuddy(self.slider)
        for column, part in enumerate((self.label, self.slider, self.box)):
            grid.addWidget(part, row, column)
        grid.addWidget(self.box.note, row + 1, 0, 1, 3)
        self.slider.valueChanged.connect(self._on_slider)
        self.box.valueChanged.connect(self._on_box)
        self.show_value(option.default)
        self.retranslate()

    @property
    def value(self) -> float:
        """What is set."""
        return float(self.box.value())

    def show_value(self, value: float) -> None:
        """Show ``value``; nothing is told."""
        with QSignalBlocker(self.box), QSignalBlocker(self.slider):
            self.box.setValue(value)
            self.slider.setValue(self._place(value))

    def set_shown(self, is_shown: bool) -> None:
        """Show or hide the row."""
        for part in (self.label, self.slider, self.box):
            part.setVisible(is_shown)
        self.box.note.set_shown(is_shown)

    def retranslate(self) -> None:
        """Set every text."""
        name, tip = tr(self.option.label), tr(self.option.help)
        self.label.setText(name)
        for part in (self.label, self.slider, self.box):
            part.setToolTip(tip)
        self.slider.setAccessibleName(name)
        self.box.setAccessibleName(tr("{name}, exact value", name=name))

    def _place(self, value: float) -> int:
        if not self.option.logarithmic:
            return round(_STEPS * value / (self.option.maximum or 1))
        if value <= 0:
            return 0
        share = (math.log10(value) - _LOW) / (_HIGH - _LOW)
        return min(max(round(share * _STEPS), 1), _STEPS)

    def _on_slider(self, place: int) -> None:
        if self.option.logarithmic:
            exact = 10 ** (_LOW + (_HIGH - _LOW) * place / _STEPS) if place else 0.0
            value = float(f"{exact:.2g}")
        else:
            value = place / _STEPS * (self.option.maximum or 1)
        with QSignalBlocker(self.box):
            self.box.setValue(value)
        self.changed.emit(self.option.name, value)

    def _on_box(self, value: float) -> None:
        with QSignalBlocker(self.slider):
            self.slider.setValue(self._place(value))
        self.changed.emit(self.option.name, float(value))
