"""A plane on which a cloud of points is sprayed by hand: mouse, pen, keys, eraser, undo. Knows no data set."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFontMetricsF, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen

from engine.i18n import tr, trn
from studio.part_keys import CLOUD_CLEAR, CLOUD_MOVE, CLOUD_SPRAY
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.plots import point_marks
from studio.widgets.plots.plot_frame import Frame, paint_axes, room_for_numbers

_EDGE = 1.0  # the plane goes from -1 to 1 in both directions
_SPREAD = 0.05  # of a spray, one standard deviation in units of the plane
_ERASER = 0.12  # the radius of what the eraser takes away, in the same units
_PER_PUFF, _PUFF_MS = 4, 30
_STEP = 0.04  # that an arrow key moves the can
_MARK = 5.0
MOST_POINTS = 20_000
_MOST_STROKES = 1000
_WAYS = ((-1, 0), (1, 0), (0, 1), (0, -1))
Cloud = NDArray[np.float32]
"""Points ``[N, 2]`` of the plane."""


@dataclass
class _Stroke:
    """The points that were there before and after it."""

    before: Cloud
    after: Cloud = field(default_factory=lambda: np.zeros((0, 2), np.float32))


class CloudCanvas(View):
    """Sprays while a mouse button, or Space, is held down; the right button takes points away.

    ``changed`` comes whenever a stroke is finished, taken back or done again. By keyboard: arrows move the can, Space
    sprays as long as it is held, Delete clears.
    """

    changed = Signal()

    def __init__(self, seed: int = 0) -> None:
        super().__init__()
        self.setObjectName("cloud_canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.erases = False
        """Whether what is sprayed takes points away."""
        self.points: Cloud = np.zeros((0, 2), np.float32)
        self._random = np.random.Generator(np.random.PCG64(seed))
        self._done: list[_Stroke] = []
        self._undone: list[_Stroke] = []
        self._stroke: _Stroke | None = None
        self._takes_away = False
        self._can = np.zeros(2)
        self._puffs = QTimer(self, interval=_PUFF_MS)
        self._puffs.timeout.connect(self._puff)
        self.retranslate()

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return bool(self._done)

    @property
    def can_redo(self) -> bool:
        """Whether a stroke was taken back that can be done again."""
        return bool(self._undone)

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._done:
            self._undone.append(self._done.pop())
            self._put(self._undone[-1].before)

    def redo(self) -> None:
        """Do again what was taken back last."""
        if self._undone:
            self._done.append(self._undone.pop())
            self._put(self._done[-1].after)

    def clear(self) -> None:
        """Take all points away; this can be undone, too."""
        if len(self.points):
            self._begin()
            self.points = self.points[:0]
            self._end()

    def retranslate(self) -> None:
        """Set every text."""
        self.setToolTip(tr("Spray points with the mouse; the right button takes them away"))
        self._say()

    def frame(self) -> Frame:
        """Return where the plane lies in this widget."""
        metrics = self.fontMetrics()
        left, below = room_for_numbers(QFontMetricsF(self.font()))
        room = QRectF(self.rect()).adjusted(left, metrics.height() / 2, -2 * SPACING, -below)
        side = max(min(room.width(), room.height()), 1.0)
        place = QRectF(0, 0, side, side)
        place.moveCenter(room.center())
        return Frame(place, np.full(2, -_EDGE), np.full(2, _EDGE))

    # ---------------------------------------------------------------- events

    def sizeHint(self) -> QSize:
        """As large as one likes to draw."""
        return QSize(60 * SPACING, 56 * SPACING)

    def minimumSizeHint(self) -> QSize:
        """Large enough for a finger."""
        return QSize(24 * SPACING, 24 * SPACING)

    def apply_palette(self) -> None:
        """Colors are read while painting."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint plane, points, and the can where it is moved by keys."""
        painter, frame, inks = QPainter(self), self.frame(), point_marks.inks(self.palette())
        painter.fillRect(frame.place, inks.paper)
        paint_axes(painter, frame, inks.faint, inks.text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        mark = point_marks.cross(inks.real, _MARK, self.devicePixelRatioF())
        point_marks.paint_marks(painter, mark, frame.at(self.points))
        if self.hasFocus():
            x, y = frame.at(self._can[None])[0].tolist()
            radius = (_ERASER if self.erases else 2 * _SPREAD) * frame.place.width() / (2 * _EDGE)
            painter.setPen(QPen(self.palette().color(self.palette().ColorRole.Highlight), 2))
            painter.drawEllipse(QPointF(x, y), radius, radius)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin to spray; the right button takes away."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._move_to(event.position())
            self._spray(self.erases or event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on where the mouse is now."""
        self._move_to(event.position())
        if self._stroke is not None:
            self._puff()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Stop."""
        self._end()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the can, Space sprays, Delete clears."""
        way = CLOUD_MOVE.nth(event)
        if way is not None:
            self._can = np.clip(self._can + _STEP * np.array(_WAYS[way]), -_EDGE, _EDGE)
            self.update()
        elif CLOUD_SPRAY.nth(event) is not None:
            if not event.isAutoRepeat():
                self._spray(self.erases)
        elif CLOUD_CLEAR.nth(event) is not None:
            self.clear()
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        """Stop with the key."""
        if CLOUD_SPRAY.nth(event) is not None:
            if not event.isAutoRepeat():
                self._end()
        else:
            super().keyReleaseEvent(event)

    # ---------------------------------------------------------------- strokes

    def _move_to(self, at: QPointF) -> None:
        self._can = np.clip(self.frame().value(at), -_EDGE, _EDGE)

    def _begin(self) -> None:
        self._end()
        self._stroke = _Stroke(self.points)

    def _spray(self, takes_away: bool) -> None:
        self._begin()
        self._takes_away = takes_away
        self._puff()
        self._puffs.start()

    def _puff(self) -> None:
        if self._takes_away:
            away = np.hypot(*(self.points - self._can).T)
            self.points = self.points[away > _ERASER]
        elif len(self.points) < MOST_POINTS:
            some = self._can + _SPREAD * self._random.standard_normal((_PER_PUFF, 2))
            self.points = np.concatenate([self.points, np.clip(some, -_EDGE, _EDGE).astype(np.float32)])
        self.update()

    def _end(self) -> None:
        self._puffs.stop()
        stroke, self._stroke = self._stroke, None
        if stroke is not None and len(stroke.before) != len(self.points):
            stroke.after = self.points
            self._done = [*self._done, stroke][-_MOST_STROKES:]
            self._undone = []
            self._tell()

    def _put(self, points: Cloud) -> None:
        self.points = points
        self._tell()

    def _tell(self) -> None:
        self._say()
        self.update()
        self.changed.emit()

    def _say(self) -> None:
        self.setAccessibleName(tr("Plane to draw points on"))
        self.setAccessibleDescription(
            f"{trn('{count} point', '{count} points', len(self.points))}. "
            + tr("Arrow keys move the can, Space sprays as long as it is held, Delete clears")
        )
