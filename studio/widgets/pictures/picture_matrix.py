"""Pictures in a table from which one is chosen, by mouse or arrow keys. Knows no generator."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from studio.part_keys import MATRIX_OPEN, MATRIX_WALK
from studio.widgets.pictures.picture_table import PictureTable

_RIM = 3  # pixels of the screen
_STEPS = ((0, -1), (0, 1), (-1, 0), (1, 0))  # down and across, for each arrow


class PictureMatrix(PictureTable):
    """``chosen`` carries the index of the picture that a person clicked or went to; ``opened`` after Enter or a double
    click. One picture is framed, None until one was chosen.
    """

    chosen = Signal(int)
    opened = Signal(int)

    def __init__(self, columns: int = 1, parent: QWidget | None = None, *, gap: int = 2) -> None:
        super().__init__(columns, gap, parent)
        self.current: int | None = None
        self._count = 0

    def set_images(self, images: NDArray[np.uint8] | None) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` row by row, or nothing."""
        super().set_images(images)
        self._count = 0 if images is None else len(images)
        if self.current is not None and self.current >= self._count:
            self.current = None

    def choose(self, index: int | None) -> None:
        """Frame the picture ``index``, or none, without a signal."""
        self.current = index
        self.update()

    def place_of(self, index: int) -> QRectF:
        """Return where the picture ``index`` lies in this widget."""
        table, (row, column) = self.picture_rect(), divmod(index, self.columns)
        rows = max(-(-self._count // self.columns), 1)
        width, height = table.width() / self.columns, table.height() / rows
        return QRectF(table.left() + column * width, table.top() + row * height, width, height)

    def index_at(self, at: QPointF) -> int | None:
        """Return which picture lies under ``at``, None where there is none."""
        return next((index for index in range(self._count) if self.place_of(index).contains(at)), None)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures, and the frame of the one chosen."""
        super().paintEvent(event)
        if self.current is None or self.picture is None:
            return
        painter = QPainter(self)
        pen = QPen(self.palette().color(self.palette().ColorRole.Highlight), _RIM)
        pen.setJoinStyle(Qt.PenJoinStyle.MiterJoin)
        painter.setPen(pen)
        painter.drawRect(self.place_of(self.current).adjusted(1, 1, -1, -1))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the picture under the pointer."""
        found = self.index_at(event.position())
        if event.button() == Qt.MouseButton.LeftButton and found is not None:
            self._go_to(found)
        super().mousePressEvent(event)

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open the picture under the pointer."""
        found = self.index_at(event.position())
        if found is not None:
            self.opened.emit(found)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go from picture to picture, Enter opens."""
        way = MATRIX_WALK.nth(event)
        if way is not None and self._count:
            self._go_to(self._beside(*_STEPS[way]))
        elif MATRIX_OPEN.nth(event) is not None and self.current is not None:
            self.opened.emit(self.current)
        else:
            super().keyPressEvent(event)

    def _beside(self, down: int, across: int) -> int:
        if self.current is None:
            return 0
        row, column = divmod(self.current, self.columns)
        rows = -(-self._count // self.columns)
        row, column = min(max(row + down, 0), rows - 1), min(max(column + across, 0), self.columns - 1)
        return min(row * self.columns + column, self._count - 1)

    def _go_to(self, index: int) -> None:
        self.choose(index)
        self.chosen.emit(index)
