"""Sliders for a few numbers of z at a time. Knows no generator: it shows z and tells which number should change."""

from __future__ import annotations

from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSignalBlocker, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QSlider, QVBoxLayout, QWidget

from engine.i18n import number, tr
from studio.guard import guarded
from studio.part_keys import NUMBER_RESET
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.fields.number_box import NumberBox

SHOWN = 8  # at least
_MOST = 128
_NARROWEST = 22 * SPACING  # a slider with its name and number
_SHORTEST = 8 * SPACING  # a slider alone, where by that all numbers have room
LIMIT = 3.0
_STEPS = 100  # of the slider for 1.0


class DimensionSliders(View):
    """As many numbers of z as there is room for, eight at least, from -3 to 3; a spin box chooses which.

    ``number_changed`` carries dimension and value; ``reset_requested`` the dimension that was double-clicked.
    """

    number_changed = Signal(int, float)
    reset_requested = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._z = np.zeros(0, np.float32)
        self._from_label, self._to_label = QLabel(), QLabel()
        self.first_box = NumberBox(0, 0, whole=True)
        self.first_box.setSingleStep(SHOWN)
        self.first_box.valueChanged.connect(self._show)
        self._from_label.setBuddy(self.first_box)
        self.sliders: list[ResettableSlider] = []
        self.names: list[QLabel] = []
        self._values: list[QLabel] = []
        self._columns = 1
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(SPACING)
        self._grid.setVerticalSpacing(SPACING // 2)
        self._arrange()
        self.retranslate()
        self.apply_palette()

    def set_z(self, z: NDArray[np.float32]) -> None:
        """Show z ``[z_dim]``; numbers beyond the sliders' range stay what they are."""
        before, self._z = self._z, z
        if len(before) == len(z):
            for row in np.flatnonzero(before[self._first :] != z[self._first :])[: len(self.sliders)]:
                self._show_number(int(row))
            return
        self._fill()
        with QSignalBlocker(self.first_box):
            self.first_box.setRange(0, max(len(z) - len(self.sliders), 0))
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
        chooser.setSpacing(SPACING)
        chooser.addWidget(self._from_label)
        chooser.addWidget(self.first_box)
        chooser.addWidget(self._to_label)
        chooser.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(chooser)
        layout.addWidget(self.first_box.note)
        layout.addLayout(self._grid)
        layout.addStretch()
        self._hold(SHOWN, 1)

    def minimumSizeHint(self) -> QSize:
        """Room for the least number of sliders, also while there are more: a smaller room has fewer."""
        return QSize(_NARROWEST, self._above() + SHOWN * self._pitch())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room holds another number of sliders."""
        super().resizeEvent(event)
        self._fill()

    def _fill(self) -> None:
        """Have a column more only where the columns before do not hold all numbers."""
        rows = max((self.height() - self._above()) // self._pitch(), 1)
        wanted = max(-(-len(self._z) // rows), 1)
        columns = max(min(self.width() // _NARROWEST, wanted), 1)
        if self.width() >= wanted * self._least_width() - 3 * SPACING:
            columns = wanted
        self._hold(max(min(rows * columns, len(self._z), _MOST), SHOWN), columns)

    def _above(self) -> int:
        return self.first_box.sizeHint().height() + 3 * SPACING

    def _pitch(self) -> int:
        return max(self.names[0].sizeHint().height(), self.sliders[0].sizeHint().height()) + SPACING // 2

    def _least_width(self) -> int:
        """Return how narrow a column may become, with the room between it and the next."""
        words = self.fontMetrics().horizontalAdvance(f"z[{len(self._z)}]" + self._number(-8.88))
        return words + _SHORTEST + 5 * SPACING

    def _hold(self, count: int, columns: int) -> None:
        """Have ``count`` sliders in so many columns, numbered downwards."""
        if (count, columns) == (len(self.sliders), self._columns):
            return
        self._columns = columns
        self._make(count)
        rows = -(-count // columns)
        for place, widgets in enumerate(zip(self.names, self.sliders, self._values, strict=True)):
            column, row = divmod(place, rows)
            for part, widget in enumerate(widgets):
                self._grid.addWidget(widget, row, 4 * column + part)
        for column in range(self._grid.columnCount()):
            is_there = column < 4 * columns - 1
            self._grid.setColumnStretch(column, 1 if is_there and column % 4 == 1 else 0)
            self._grid.setColumnMinimumWidth(column, SPACING if is_there and column % 4 == 3 else 0)
        with QSignalBlocker(self.first_box):
            self.first_box.setRange(0, max(len(self._z) - count, 0))
        self._show()

    def _make(self, count: int) -> None:
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        while len(self.sliders) < count:
            row, slider = len(self.sliders), ResettableSlider()
            slider.valueChanged.connect(partial(self._on_moved, row))
            slider.reset_requested.connect(partial(self._on_reset, row))
            self.sliders.append(slider)
            self.names.append(QLabel())
            self._values.append(QLabel(alignment=right))
        for parts in (self.names, self.sliders, self._values):
            while len(parts) > count:
                gone = parts.pop()
                self._grid.removeWidget(gone)
                gone.hide()
                gone.deleteLater()

    def _show(self) -> None:
        last = min(self._first + len(self.sliders), len(self._z)) - 1
        for part in (self._from_label, self.first_box, self._to_label):
            part.setVisible(len(self.sliders) < len(self._z))
        self._to_label.setText(tr("to {last} of {count}", last=number(max(last, 0)), count=number(len(self._z))))
        number_width = self.fontMetrics().horizontalAdvance(self._number(-8.88))
        for row, (name, slider, value) in enumerate(zip(self.names, self.sliders, self._values, strict=True)):
            dimension = self._first + row
            for widget in (name, slider, value):
                widget.setVisible(dimension <= last)
            if dimension > last:
                continue
            name.setText(f"z[{dimension}]")
            value.setMinimumWidth(number_width)
            slider.setAccessibleName(tr("Latent dimension {number}", number=number(dimension)))
            tip = tr("Drag to move z[{number}]; double-click or Delete resets it", number=dimension)
            slider.setToolTip(tip)
            self._show_number(row)

    def _show_number(self, row: int) -> None:
        value = float(self._z[self._first + row])
        self._values[row].setText(self._number(value))
        with QSignalBlocker(self.sliders[row]):
            self.sliders[row].setValue(round(value * _STEPS))

    def _number(self, value: float) -> str:
        return number(value, ".2f")

    def _on_moved(self, row: int, steps: int) -> None:
        value = steps / _STEPS
        self._values[row].setText(self._number(value))
        self._z = self._z.copy()
        self._z[self._first + row] = value
        self.number_changed.emit(self._first + row, value)

    def _on_reset(self, row: int) -> None:
        self.reset_requested.emit(self._first + row)


@guarded
class ResettableSlider(QSlider):
    """A horizontal slider that asks for its first value on double-click or Delete."""

    reset_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(round(-LIMIT * _STEPS), round(LIMIT * _STEPS))
        self.setSingleStep(_STEPS // 20)
        self.setPageStep(_STEPS // 2)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Ask for the first value."""
        self.reset_requested.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Delete and Backspace ask for the first value, too."""
        if NUMBER_RESET.nth(event) is not None:
            self.reset_requested.emit()
        else:
            super().keyPressEvent(event)
