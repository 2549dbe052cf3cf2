"""What a style transfer depends on, beside its pictures: weights that may change any time, and how it begins."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout

from engine.i18n import tr
from engine.style.options import STYLE_OPTIONS, WEIGHTS
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.network_choice import NetworkChoice
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.weight_slider import WeightSlider

_CHOICES = ("start", "optimizer")
_NUMBERS = ("size", "steps", "seed")


class StyleKnobs(View):
    """``changed`` carries an option that is a number, and its value; ``touched`` tells of any that a person changed."""

    changed = Signal(str, float)
    touched = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("style_knobs")
        grid = self._grid = QGridLayout()
        grid.setSpacing(SPACING // 2)
        grid.setColumnStretch(1, 1)
        self.sliders = {
            name: WeightSlider(STYLE_OPTIONS[name], grid, 2 * row, self) for row, name in enumerate((*WEIGHTS, "blend"))
        }
        for slider in self.sliders.values():
            slider.changed.connect(self._on_number)
        self.labels: dict[str, QLabel] = {}
        self.boxes: dict[str, QComboBox | NumberBox] = {}
        for row, name in enumerate((*_NUMBERS, *_CHOICES), 8):
            self._add(name, 2 * row)
        self.network_label, self.network = QLabel(), NetworkChoice()
        self.network_label.setBuddy(self.network.box)
        grid.addWidget(self.network_label, 40, 0)
        grid.addWidget(self.network, 40, 1, 1, 2)
        self._largest = 0
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addLayout(grid)
        self.show_blend(False)
        self.retranslate()

    def values(self) -> dict[str, Any]:
        """Return every option that can be set here, by name."""
        found: dict[str, Any] = {name: slider.value for name, slider in self.sliders.items()}
        for name, box in self.boxes.items():
            found[name] = box.currentData() if isinstance(box, QComboBox) else box.value()
        return found

    def show_values(self, values: Mapping[str, Any]) -> None:
        """Show options by their names, those that can be set here; nothing is told."""
        for name, value in values.items():
            box = self.boxes.get(name)
            if name in self.sliders:
                self.sliders[name].show_value(value)
            elif isinstance(box, QComboBox):
                box.setCurrentIndex(box.findData(value))
            elif box is not None:
                with QSignalBlocker(box):
                    box.setValue(value)

    def set_editable(self, is_editable: bool) -> None:
        """Let what only counts at the beginning be set, or not."""
        for name, box in self.boxes.items():
            box.setEnabled(is_editable or STYLE_OPTIONS[name].live)
        self.network.setEnabled(is_editable)

    def show_blend(self, is_shown: bool) -> None:
        """Offer to blend, where there are two styles."""
        self.sliders["blend"].set_shown(is_shown)

    def set_limits(self, largest: int, weights_here: str) -> None:
        """Allow no larger size than the memory does, and offer the weights that lie on this machine."""
        size = self.boxes["size"]
        assert isinstance(size, NumberBox)
        size.setRange(size.minimum(), largest)
        self._largest = largest
        self.network.set_here(weights_here)
        self.retranslate()

    def retranslate(self) -> None:
        """Set every text."""
        for slider in self.sliders.values():
            slider.retranslate()
        for name, box in self.boxes.items():
            option = STYLE_OPTIONS[name]
            self.labels[name].setText(tr(option.label))
            box.setAccessibleName(tr(option.label))
            for part in (self.labels[name], box):
                part.setToolTip(tr(option.help))
            if isinstance(box, QComboBox):
                for place, title in enumerate(option.choice_titles):
                    box.setItemText(place, tr(title))
        if self._largest:
            why = tr("Up to {size} pixels have room in the memory that is free.", size=self._largest)
            self.boxes["size"].setToolTip("\n".join((tr(STYLE_OPTIONS["size"].help), why)))
        self.network_label.setText(tr("Network"))

    def _add(self, name: str, row: int) -> None:
        option = STYLE_OPTIONS[name]
        label = self.labels[name] = QLabel()
        box: QComboBox | NumberBox
        if option.choices:
            box = ElidingComboBox()
            for choice in option.choices:
                box.addItem("", choice)
            box.setCurrentIndex(box.findData(option.default))
            box.activated.connect(self.touched)
        else:
            assert option.minimum is not None and option.maximum is not None
            box = NumberBox(option.minimum, option.maximum, self, whole=True)
            box.setSingleStep(option.step)
            box.setAlignment(Qt.AlignmentFlag.AlignRight)
            with QSignalBlocker(box):
                box.setValue(option.default)
            box.valueChanged.connect(lambda value, name=name: self._on_number(name, float(value)))
            self._grid.addWidget(box.note, row + 1, 0, 1, 3)
        box.setObjectName(f"style_{name}_box")
        label.setBuddy(box)
        self.boxes[name] = box
        self._grid.addWidget(label, row, 0)
        self._grid.addWidget(box, row, 1, 1, 2)

    def _on_number(self, name: str, value: float) -> None:
        self.changed.emit(name, value)
        self.touched.emit()
