"""A small sign beside a word: something is wrong, all is well, or it cannot be told yet. It knows no text."""

from __future__ import annotations

from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.guard import guarded

Role = Literal["trouble", "good", "waiting"]


@guarded
class StatusIcon(QWidget):
    """A triangle with an exclamation mark in the color of trouble, a tick in that of good, or a clock.

    It is as high as a line.
    """

    def __init__(self, role: Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_role(self, role: Role) -> None:
        """Become another sign."""
        if role != self._role:
            self._role = role
            self.update()

    def sizeHint(self) -> QSize:
        """A square as high as a line of text."""
        side = self.fontMetrics().height()
        return QSize(side, side)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the sign on a square of 16 units."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(self.width() / 16, self.height() / 16)
        if self._role == "trouble":
            self._paint_triangle(painter)
        elif self._role == "waiting":
            self._paint_clock(painter)
        else:
            self._paint_tick(painter)
        painter.end()

    def _paint_triangle(self, painter: QPainter) -> None:
        painter.setBrush(theme.color("trouble"))
        painter.setPen(QPen(theme.color("trouble"), 1.5, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolygon(QPolygonF([QPointF(8, 2), QPointF(15, 14), QPointF(1, 14)]))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.Window))
        painter.drawRoundedRect(QRectF(7, 5.5, 2, 4.8), 1, 1)
        painter.drawEllipse(QPointF(8, 12.2), 1.1, 1.1)

    def _paint_tick(self, painter: QPainter) -> None:
        round_ends = Qt.PenCapStyle.RoundCap
        painter.setPen(QPen(theme.color("good"), 2.5, c=round_ends, j=Qt.PenJoinStyle.RoundJoin))
        painter.drawPolyline(QPolygonF([QPointF(2.5, 8.5), QPointF(6.5, 12.5), QPointF(13.5, 3.5)]))

    def _paint_clock(self, painter: QPainter) -> None:
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.WindowText), 1.5, c=Qt.PenCapStyle.RoundCap))
        painter.drawEllipse(QPointF(8, 8), 6.2, 6.2)
        painter.drawPolyline(QPolygonF([QPointF(8, 4.3), QPointF(8, 8), QPointF(10.8, 9.6)]))
