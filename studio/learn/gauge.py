"""A bar that shows how far a measured value is, with a mark where it should be. It knows no lesson."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio import theme
from studio.guard import guarded

_HEIGHT = 14
_MARK = 4.0
_TRACK = 0.22


@guarded
class GoalGauge(QWidget):
    """Shows ``value`` and ``goal``, both 0 to 1; the bar has the color of what is good once it ``is_met``."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value, self._goal, self._is_met = 0.0, 1.0, False
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_value(self, value: float, goal: float, *, is_met: bool) -> None:
        """Take up another value."""
        if (value, goal, is_met) != (self._value, self._goal, self._is_met):
            self._value, self._goal, self._is_met = value, goal, is_met
            self.update()

    def sizeHint(self) -> QSize:
        """As low as it can be read."""
        return QSize(120, _HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the track, the bar, and a pointer above the goal."""
        painter, palette = QPainter(self), self.palette()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        track = QRectF(_MARK, _MARK + 2, self.width() - 2 * _MARK, self.height() - _MARK - 3)
        painter.setPen(Qt.PenStyle.NoPen)
        ground = palette.color(QPalette.ColorRole.WindowText)  # thinned: a style's own grays vanish in the dark
        ground.setAlphaF(_TRACK)
        painter.setBrush(ground)
        painter.drawRoundedRect(track, 3, 3)
        bar = QRectF(track.topLeft(), track.size())
        bar.setWidth(max(track.width() * self._value, 2.0))
        painter.setBrush(theme.color("good") if self._is_met else palette.color(QPalette.ColorRole.Highlight))
        painter.drawRoundedRect(bar, 3, 3)
        x = track.left() + track.width() * self._goal
        ink = palette.color(QPalette.ColorRole.WindowText)
        painter.setPen(QPen(ink, 1.5))
        painter.drawLine(QPointF(x, 2), QPointF(x, self.height() - 1))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ink)
        painter.drawPolygon(QPolygonF([QPointF(x, _MARK + 1), QPointF(x - _MARK, 0), QPointF(x + _MARK, 0)]))
        painter.end()
