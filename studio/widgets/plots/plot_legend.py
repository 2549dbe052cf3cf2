"""A legend: for each series a piece of its line, its name and its value; a line of them. It knows no plot."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRect, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from studio.guard import guarded
from studio.theme import SPACING

_SAMPLE = 3 * SPACING - 1  # ends with a whole dash
_LEAST_LETTERS = 6  # of a name, before its ellipsis


@guarded
class LegendRow(QWidget):
    """Line sample, name, value. Painted by hand: a new value repaints this row and moves no layout.

    The name gives way where room is short: to a shorter one, where there is one, or it ends in an ellipsis. Where even
    that and the value would lie on each other, there is no value.
    """

    def __init__(self, dash: tuple[int, int], parent: QWidget | None = None) -> None:
        """``dash`` is (pixels drawn, pixels left out) as in the curve."""
        super().__init__(parent)
        self._dash = dash
        self._color = QColor()
        self._name = self._short = self._value = self._widest = ""
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)

    @property
    def has_value(self) -> bool:
        """Whether room is kept for a value."""
        return bool(self._widest)

    @property
    def value(self) -> str:
        """The value shown."""
        return self._value

    @property
    def shows_value(self) -> bool:
        """Whether there is room for it, as it is now, beside the shortest name."""
        letters = sum(map(self.fontMetrics().horizontalAdvance, (self._short, self._value)))
        return bool(self._value) and self.width() >= _SAMPLE + SPACING + letters + SPACING // 2

    def set_name(self, name: str, widest: str, short: str = "") -> None:
        """Show ``name``, or ``short`` where it has no room, and keep room for a value like ``widest``."""
        self._name, self._short, self._widest = name, short, widest
        self.setAccessibleName(name)
        self.updateGeometry()
        self.update()

    def set_color(self, color: QColor) -> None:
        """Take the color of the curve."""
        self._color = color
        self.update()

    def set_value(self, value: str) -> None:
        """Show ``value`` at the right."""
        if value != self._value:
            self._value = value
            self.setAccessibleDescription(value)
            self.update()

    def sizeHint(self) -> QSize:
        """Room for all three parts."""
        metrics = self.fontMetrics()
        texts = metrics.horizontalAdvance(self._name) + metrics.horizontalAdvance(self._widest)
        return QSize(_SAMPLE + SPACING + texts + SPACING, metrics.height() + 2)  # half a step of it against rounding

    def minimumSizeHint(self) -> QSize:
        """The beginning of the name, and the whole value, as a clipped number is a wrong number."""
        letters = _LEAST_LETTERS * self.fontMetrics().averageCharWidth()
        least = _SAMPLE + SPACING + letters + self._room_for_value()
        return self.sizeHint().boundedTo(QSize(least, self.sizeHint().height()))

    def _room_for_value(self) -> int:
        return self.fontMetrics().horizontalAdvance(self._widest) + SPACING // 2 if self._widest else 0

    def resizeEvent(self, event: QResizeEvent) -> None:
        """What is not written whole can be read below the mouse."""
        super().resizeEvent(event)
        self.setToolTip(self._name if self.width() < self.sizeHint().width() else "")

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the row on one base line."""
        painter = QPainter(self)
        pen = QPen(self._color, 2)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        if self._dash[1]:
            pen.setDashPattern([part / 2 for part in self._dash])
        painter.setPen(pen)
        middle = self.height() // 2
        painter.drawLine(QPointF(0, middle), QPointF(_SAMPLE, middle))
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        area = QRectF(self.rect()).adjusted(_SAMPLE + SPACING, 0, 0, 0)
        center = Qt.AlignmentFlag.AlignVCenter
        room = round(area.width()) - (self._room_for_value() if self._value else 0)
        is_short = self._short and self.fontMetrics().horizontalAdvance(self._name) > room
        name = self._short if is_short else self.fontMetrics().elidedText(self._name, Qt.TextElideMode.ElideRight, room)
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | center, name)
        if self.shows_value:
            painter.drawText(area, Qt.AlignmentFlag.AlignRight | center, self._value)


@guarded
class LegendLine(QWidget):
    """A title and the rows of a legend side by side, upon a plot; what finds no room is left out from the end.

    The ``rows`` with values stay, because a clipped number is a wrong number; their names are shortened only where
    even these are too wide.
    """

    def __init__(self, title: QLabel, rows: Sequence[LegendRow]) -> None:
        super().__init__()
        self._title, self._rows = title, tuple(rows)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)  # a first peak, which reaches above what follows, is not read through it
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.setSpacing(2 * SPACING)
        for part in (title, *rows):
            line.addWidget(part)

    @property
    def least_width(self) -> int:
        """The width in pixels of the values, with their names as short as can be."""
        rows = [row.minimumSizeHint().width() for row in self._rows if row.has_value]
        return sum(rows) + 2 * SPACING * (len(rows) - 1)

    def lie_in(self, area: QRect) -> QRectF:
        """Lie along the upper edge of ``area``, at its right: curves begin at the left.

        Returns the place in ``area`` that is covered.
        """
        spare = [row for row in self._rows if not row.has_value]
        for part in (self._title, *spare):
            part.setVisible(True)
        for part in (*reversed(spare), self._title):
            if self._whole() > area.width():
                part.setVisible(False)
        width = min(self.sizeHint().width(), area.width())
        self.setGeometry(area.right() + 1 - width, area.top(), width, self.sizeHint().height())
        self.raise_()
        return QRectF() if self.isHidden() else self.geometry().translated(-area.topLeft()).toRectF()

    def _whole(self) -> int:
        layout = self.layout()
        assert layout is not None
        layout.invalidate()
        return layout.sizeHint().width()
