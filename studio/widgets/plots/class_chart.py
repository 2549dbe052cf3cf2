"""What charts of classes share: names along an edge, and one cell told in words, by mouse or arrow keys."""

from __future__ import annotations

import math
from abc import abstractmethod
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QFocusEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.part_keys import CHART_LEAVE, CHART_WALK
from studio.theme import SPACING
from studio.widgets.base.view import View

_LONGEST_NAME = 9 * SPACING
_SPACE = SPACING // 2
_ENDLESS = 10_000  # pixels: no words are that high
_USUAL_WIDTH = 40 * SPACING
_LEAST_WIDTH = 12 * SPACING
_STEPS = ((0, -1), (0, 1), (-1, 0), (1, 0))  # down and right, for each arrow

Cell = tuple[int, int]


class ClassChart(View):
    """A table of cells (row, column) with the class names below it, and a line of words under them.

    The line tells the cell that is pointed at, otherwise the summary; a screen reader hears the same.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.names: tuple[str, ...] = ()
        self._cell: Cell | None = None
        self._told_height = 0
        self.setMouseTracking(True)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    # ---------------------------------------------------------------- what a chart says of itself

    @abstractmethod
    def rows(self) -> int:
        """Return how many rows of cells there are."""

    @abstractmethod
    def area_for(self, width: int) -> QRectF:
        """Return where the cells lie in a chart of ``width``."""

    @abstractmethod
    def summary(self) -> str:
        """Return one sentence about all cells."""

    @abstractmethod
    def text_of(self, cell: Cell) -> str:
        """Return what ``cell`` says."""

    @abstractmethod
    def paint_cells(self, painter: QPainter, area: QRectF) -> None:
        """Paint the cells into ``area``."""

    def apply_palette(self) -> None:
        """The palette is read while painting."""
        self.update()

    # ---------------------------------------------------------------- names and words

    @property
    def read_out(self) -> str:
        """The line of words."""
        if not self.names:
            return ""
        return self.summary() if self._cell is None else self.text_of(self._cell)

    def set_names(self, names: Sequence[str]) -> None:
        """Name the columns."""
        if len(names) != len(self.names):
            self._cell = None
        self.names = tuple(names)
        self.tell()
        self.updateGeometry()

    def tell(self) -> None:
        """Say the line again: numbers, cell or language changed."""
        self.setAccessibleDescription(self.read_out)
        if self._words_height(self.width()) != self._told_height:
            self._told_height = self._words_height(self.width())
            self.updateGeometry()
        self.update()

    def _names_height(self, width: float) -> int:
        """Return the height of the names below columns that share ``width``: upright where they are too wide."""
        metrics = self.fontMetrics()
        if self._lies_flat(width):
            return metrics.height()
        widest = max((metrics.horizontalAdvance(name) for name in self.names), default=0)
        return min(widest, _LONGEST_NAME) + _SPACE

    def _lies_flat(self, width: float) -> bool:
        pitch = width / max(len(self.names), 1)
        return all(self.fontMetrics().horizontalAdvance(name) + _SPACE <= pitch for name in self.names)

    # ---------------------------------------------------------------- size

    def hasHeightForWidth(self) -> bool:
        """Names stand upright in a narrow chart."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of cells, names and words."""
        area = self.area_for(width)
        return round(area.bottom()) + self._names_height(area.width()) + self._words_height(width) + _SPACE

    def _words_height(self, width: int) -> int:
        """Return the height of two lines of words, or of as many as the summary needs."""
        room, metrics = QRect(0, 0, max(width, 1), _ENDLESS), self.fontMetrics()
        needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, self.summary()).height() if self.names else 0
        return max(needed, 2 * metrics.height())

    def sizeHint(self) -> QSize:
        """As wide as a dock usually is."""
        return QSize(_USUAL_WIDTH, self.heightForWidth(_USUAL_WIDTH))

    def minimumSizeHint(self) -> QSize:
        """Narrow docks make it small."""
        return QSize(_LEAST_WIDTH, self.heightForWidth(_LEAST_WIDTH))

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint cells, the outline of one of them, names and words."""
        if not self.names:
            return
        painter = QPainter(self)
        area = self.area_for(self.width())
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        self.paint_cells(painter, area)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        self._paint_names(painter, area)
        if self._cell is not None:
            painter.drawRect(self._rect_of(self._cell, area))
        words = QRectF(self.rect())
        words.setTop(area.bottom() + self._names_height(area.width()) + _SPACE)
        painter.drawText(words, Qt.TextFlag.TextWordWrap, self.read_out)
        painter.end()

    def _rect_of(self, cell: Cell, area: QRectF) -> QRectF:
        width, height = area.width() / len(self.names), area.height() / self.rows()
        return QRectF(area.left() + cell[1] * width, area.top() + cell[0] * height, width, height)

    def _paint_names(self, painter: QPainter, area: QRectF) -> None:
        pitch, metrics = area.width() / len(self.names), self.fontMetrics()
        height, flat = metrics.height(), self._lies_flat(area.width())
        for column in range(0, len(self.names), 1 if flat else math.ceil(height / pitch)):
            middle = area.left() + (column + 0.5) * pitch
            if flat:
                below = QRectF(middle - pitch / 2, area.bottom(), pitch, height)
                painter.drawText(below, Qt.AlignmentFlag.AlignCenter, self.names[column])
                continue
            painter.save()
            painter.translate(middle, area.bottom() + _SPACE)
            painter.rotate(-90)
            name = metrics.elidedText(self.names[column], Qt.TextElideMode.ElideRight, _LONGEST_NAME)
            end = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(QRectF(-_LONGEST_NAME, -height / 2, _LONGEST_NAME, height), end, name)
            painter.restore()

    # ---------------------------------------------------------------- pointing

    def cell_at(self, place: QPointF) -> Cell | None:
        """Return the cell at ``place``."""
        area = self.area_for(self.width())
        if not self.names or not area.contains(place):
            return None
        row = int((place.y() - area.top()) / area.height() * self.rows())
        column = int((place.x() - area.left()) / area.width() * len(self.names))
        return min(row, self.rows() - 1), min(column, len(self.names) - 1)

    def _point_at(self, cell: Cell | None) -> None:
        if cell != self._cell:
            self._cell = cell
            self.tell()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Tell the cell under the mouse."""
        self._point_at(self.cell_at(event.position()))

    def leaveEvent(self, event: QEvent) -> None:
        """Tell the summary again."""
        self._point_at(None)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        """Tell the summary again."""
        super().focusOutEvent(event)
        self._point_at(None)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """The arrows walk from cell to cell, Escape leaves them."""
        way = CHART_WALK.nth(event)
        if way is not None and self.names:
            down, right = _STEPS[way]
            row, column = (0, 0) if self._cell is None else (self._cell[0] + down, self._cell[1] + right)
            self._point_at((min(max(row, 0), self.rows() - 1), min(max(column, 0), len(self.names) - 1)))
        elif CHART_LEAVE.nth(event) is not None and self._cell is not None:
            self._point_at(None)
        else:
            super().keyPressEvent(event)
