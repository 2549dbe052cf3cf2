"""Sliders for a few numbers of z at a time. Knows no generator: it shows z and tells which number should change."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QSignalBlocker, QSize, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QResizeEvent
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from engine.arrays import Pictures
from engine.i18n import number, tr
from studio.guard import guarded
from studio.part_keys import NUMBER_RESET
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.fields.number_box import NumberBox
from studio.widgets.fields.picture_slider import PictureSlider
from studio.widgets.fields.steady_number import SteadyNumber
from studio.widgets.pictures.thumbnail import SIDE, Thumbnail

SHOWN = 8  # at least
_MOST = 128
_NARROWEST = 22 * SPACING  # a slider with its name and number
_SHORTEST = 8 * SPACING  # a slider alone, where by that all numbers have room
LIMIT = 3.0
_STEPS = 100  # of the slider for 1.0
_PARTS, _SLIDER = 6, 2  # beside each other: a name, a picture, the slider, a picture, a number, and room


class DimensionSliders(View):
    """As many numbers of z as there is room for, eight at least, from -3 to 3; a spin box chooses which.

    ``number_changed`` carries dimension and value; ``reset_requested`` the dimension that was double-clicked;
    ``range_changed`` says that others are shown. On wish, pictures stand at the ends of each.
    """

    number_changed = Signal(int, float)
    reset_requested = Signal(int)
    range_changed = Signal()

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
        self._values: list[SteadyNumber] = []
        self._ends: list[tuple[Thumbnail, Thumbnail]] = []
        self._has_ends = False
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
    def dimensions(self) -> range:
        """Those that are shown."""
        return range(self._first, min(self._first + len(self.sliders), len(self._z)))

    @property
    def has_ends(self) -> bool:
        """Whether pictures stand at the ends, which leaves room for fewer sliders."""
        return self._has_ends

    @has_ends.setter
    def has_ends(self, has_ends: bool) -> None:
        self._has_ends = has_ends
        self._make(0)
        self._hold(SHOWN, 1)
        self._fill()

    def show_ends(self, first: int, images: Pictures) -> None:
        """Show uint8 ``[2 · count, H, W]`` or ``[…, 3]`` at both ends of ``count`` sliders, from ``first`` on."""
        for place, image in enumerate(images):
            row = first + place // 2 - self._first
            if 0 <= row < len(self._ends):
                self._ends[row][place % 2].set_picture(image)

    def clear_ends(self) -> None:
        """Show no picture."""
        for pair in self._ends:
            for end in pair:
                end.set_picture(None)

    @property
    def _first(self) -> int:
        return int(self.first_box.value())

    def _arrange(self) -> None:
        self.head = QHBoxLayout()
        self.head.setSpacing(SPACING)
        self.head.addWidget(self._from_label)
        self.head.addWidget(self.first_box)
        self.head.addWidget(self._to_label)
        self.head.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        layout.addLayout(self.head)
        layout.addWidget(self.first_box.note)
        layout.addLayout(self._grid)
        layout.addStretch()
        self._hold(SHOWN, 1)

    def minimumSizeHint(self) -> QSize:
        """Room for the least number of sliders, also while there are more: a smaller room has fewer."""
        return QSize(self._narrowest(), self._above() + SHOWN * self._pitch())

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room holds another number of sliders."""
        super().resizeEvent(event)
        self._fill()

    def changeEvent(self, event: QEvent) -> None:
        """Larger text needs more room, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fill()

    def _fill(self) -> None:
        """Have a column more only where the columns before do not hold all numbers."""
        rows = max((self.height() - self._above()) // self._pitch(), 1)
        wanted = max(-(-len(self._z) // rows), 1)
        columns = max(min(self.width() // max(self._narrowest(), self._least_width()), wanted), 1)
        if self.width() >= wanted * self._least_width() - 3 * SPACING:
            columns = wanted
        self._hold(max(min(rows * columns, len(self._z), _MOST), SHOWN), columns)

    def _above(self) -> int:
        return self.first_box.sizeHint().height() + 3 * SPACING

    def _pitch(self) -> int:
        parts = self.names[0].sizeHint().height(), self.sliders[0].sizeHint().height(), SIDE if self.has_ends else 0
        return max(parts) + SPACING // 2

    def _narrowest(self) -> int:
        return _NARROWEST + self._ends_width()

    def _ends_width(self) -> int:
        return 2 * (SIDE + SPACING) if self.has_ends else 0

    def _least_width(self) -> int:
        """Return how narrow a column may become, with the room between it and the next."""
        words = self.fontMetrics().horizontalAdvance(f"z[{len(self._z)}]") + self._values[0].width()
        return words + _SHORTEST + 5 * SPACING + self._ends_width()

    def _hold(self, count: int, columns: int) -> None:
        """Have ``count`` sliders in so many columns, numbered downwards."""
        if (count, columns) == (len(self.sliders), self._columns):
            return
        self._columns = columns
        self._make(count)
        rows = -(-count // columns)
        for place in range(count):
            column, row = divmod(place, rows)
            for part, widget in self._parts(place):
                self._grid.addWidget(widget, row, _PARTS * column + part)
        for column in range(self._grid.columnCount()):
            is_there = column < _PARTS * columns - 1
            self._grid.setColumnStretch(column, 1 if is_there and column % _PARTS == _SLIDER else 0)
            self._grid.setColumnMinimumWidth(column, SPACING if is_there and column % _PARTS == _PARTS - 1 else 0)
        with QSignalBlocker(self.first_box):
            self.first_box.setRange(0, max(len(self._z) - count, 0))
            self.first_box.setSingleStep(count)
        self._show()

    def _parts(self, place: int) -> Iterator[tuple[int, QWidget]]:
        """Yield the parts of the slider at ``place``, each with its place beside the others."""
        yield from ((0, self.names[place]), (_SLIDER, self.sliders[place]), (_SLIDER + 2, self._values[place]))
        if self._ends:
            yield from zip((_SLIDER - 1, _SLIDER + 1), self._ends[place], strict=True)

    def _make(self, count: int) -> None:
        while len(self.sliders) < count:
            row, slider = len(self.sliders), ResettableSlider()
            slider.turned.connect(partial(self._on_moved, row))
            slider.reset_requested.connect(partial(self._on_reset, row))
            self.sliders.append(slider)
            self.names.append(QLabel())
            self._values.append(SteadyNumber())
            if self.has_ends:
                self._ends.append((Thumbnail(), Thumbnail()))
        while len(self.sliders) > count:
            for _, gone in self._parts(len(self.sliders) - 1):
                self._grid.removeWidget(gone)
                gone.hide()
                gone.deleteLater()
            for parts in (self.names, self.sliders, self._values, self._ends):
                del parts[-1:]

    def _show(self) -> None:
        last = min(self._first + len(self.sliders), len(self._z)) - 1
        for part in (self._from_label, self.first_box, self._to_label):
            part.setVisible(len(self.sliders) < len(self._z))
        self._to_label.setText(tr("to {last} of {count}", last=number(max(last, 0)), count=number(len(self._z))))
        self.clear_ends()
        self.range_changed.emit()
        for row, (name, slider) in enumerate(zip(self.names, self.sliders, strict=True)):
            dimension = self._first + row
            for _, widget in self._parts(row):
                widget.setVisible(dimension <= last)
            if dimension > last:
                continue
            name.setText(f"z[{dimension}]")
            slider.setAccessibleName(tr("Latent dimension {number}", number=number(dimension)))
            tip = tr("Drag to move z[{number}]; double-click or Delete resets it", number=dimension)
            slider.setToolTip(tip)
            self._show_number(row)

    def _show_number(self, row: int) -> None:
        value = float(self._z[self._first + row])
        self._values[row].show_number(value)
        with QSignalBlocker(self.sliders[row]):
            self.sliders[row].setValue(round(value * _STEPS))

    def _on_moved(self, row: int, steps: int) -> None:
        value = steps / _STEPS
        self._values[row].show_number(value)
        self._z = self._z.copy()
        self._z[self._first + row] = value
        self.number_changed.emit(self._first + row, value)

    def _on_reset(self, row: int) -> None:
        self.reset_requested.emit(self._first + row)


@guarded
class ResettableSlider(PictureSlider):
    """A horizontal slider that asks for its first value on double-click or Delete."""

    reset_requested = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
