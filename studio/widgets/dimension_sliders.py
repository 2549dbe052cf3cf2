"""Sliders for a few numbers of z at a time. Knows no generator: it shows z and tells which number should change."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from engine.i18n import number, tr
from studio.guard import guarded
from studio.theme import GRID
from studio.widgets.number_box import NumberBox
from studio.widgets.view import View

SHOWN = 8
LIMIT = 3.0
_STEPS = 100  # of the slider for 1.0


class DimensionSliders(View):
    """Eight numbers of z from -3 to 3; a spin box chooses which eight.

    ``number_changed`` carries dimension and value; ``reset_wanted`` the dimension that was double-clicked.
    """

    number_changed = Signal(int, float)
    reset_wanted = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._z = np.zeros(0, np.float32)
        self._from_label, self._to_label = QLabel(), QLabel()
        self.first_box = NumberBox(0, 0, whole=True)
        self.first_box.setSingleStep(SHOWN)
        self.first_box.valueChanged.connect(self._show)
        self._from_label.setBuddy(self.first_box)
        self.sliders = [ResettableSlider() for _ in range(SHOWN)]
        self._names = [QLabel() for _ in range(SHOWN)]
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        self._values = [QLabel(alignment=right) for _ in range(SHOWN)]
        for row, slider in enumerate(self.sliders):
            slider.valueChanged.connect(lambda value, row=row: self._on_moved(row, value / _STEPS))
            slider.reset_wanted.connect(lambda row=row: self.reset_wanted.emit(self._first + row))
        self._arrange()
        self.retranslate()
        self.recolour()

    def set_z(self, z: NDArray[np.float32]) -> None:
        """Show z ``[z_dim]``; numbers beyond the sliders' range stay what they are."""
        self._z = z
        with QSignalBlocker(self.first_box):
            self.first_box.setRange(0, max(len(z) - SHOWN, 0))
        self._show()

    def retranslate(self) -> None:
        """Set every text and number."""
        self._from_label.setText(tr("From"))
        self.first_box.setAccessibleName(tr("First dimension shown"))
        self.first_box.setToolTip(tr("Which of the latent dimensions the sliders move"))
        self._show()

    @property
    def _first(self) -> int:
        return int(self.first_box.value())

    def _arrange(self) -> None:
        chooser = QHBoxLayout()
        chooser.setSpacing(GRID)
        chooser.addWidget(self._from_label)
        chooser.addWidget(self.first_box)
        chooser.addWidget(self._to_label)
        chooser.addStretch()
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnStretch(1, 1)
        for row, widgets in enumerate(zip(self._names, self.sliders, self._values, strict=True)):
            for column, widget in enumerate(widgets):
                grid.addWidget(widget, row, column)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, GRID, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(chooser)
        layout.addWidget(self.first_box.note)
        layout.addLayout(grid)
        layout.addStretch()

    def _show(self) -> None:
        last = min(self._first + SHOWN, len(self._z)) - 1
        self._to_label.setText(tr("to {last} of {count}", last=number(max(last, 0)), count=number(len(self._z))))
        number_width = self.fontMetrics().horizontalAdvance(self._number(-8.88))
        for row, (name, slider, value) in enumerate(zip(self._names, self.sliders, self._values, strict=True)):
            dimension = self._first + row
            for widget in (name, slider, value):
                widget.setVisible(dimension <= last)
            if dimension > last:
                continue
            value_now = float(self._z[dimension])
            name.setText(f"z[{dimension}]")
            value.setMinimumWidth(number_width)
            value.setText(self._number(value_now))
            slider.setAccessibleName(tr("Latent dimension {number}", number=number(dimension)))
            tip = tr("Drag to move z[{number}]; double-click or Delete resets it", number=dimension)
            slider.setToolTip(tip)
            with QSignalBlocker(slider):
                slider.setValue(round(value_now * _STEPS))

    def _number(self, value: float) -> str:
        return number(value, ".2f")

    def _on_moved(self, row: int, value: float) -> None:
        self._values[row].setText(self._number(value))
        self.number_changed.emit(self._first + row, value)


@guarded
class ResettableSlider(QSlider):
    """A horizontal slider that asks for its first value on double-click or Delete."""

    reset_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(round(-LIMIT * _STEPS), round(LIMIT * _STEPS))
        self.setSingleStep(_STEPS // 20)
        self.setPageStep(_STEPS // 2)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the first value."""
        self.reset_wanted.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace ask for the first value, too."""
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            self.reset_wanted.emit()
        else:
            super().keyPressEvent(event)
