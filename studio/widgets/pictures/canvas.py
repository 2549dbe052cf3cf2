"""A canvas to draw a picture on, in the ink and the size of the data: mouse, pen, eraser, undo. Knows no generator."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QShowEvent, QTabletEvent
from PySide6.QtWidgets import QWidget

from engine.arrays import Pictures
from engine.i18n import tr
from studio.part_keys import CANVAS_CLEAR, CANVAS_MOVE, CANVAS_PEN
from studio.theme import SPACING
from studio.widgets.base.view import View

_FINE = 10  # pixels of the drawing for each pixel of the data, across and down
_THICKNESS = 0.09  # of a stroke, in widths of the canvas: as in the digits of MNIST
_ERASER = 2.2  # times as wide
_STEP = 0.5  # pixels of the data that an arrow key moves the pen
_MOST_STROKES = 1000
_LIGHT, _DARK = 160, 96  # a ground that is lighter asks for dark ink, one that is darker for light ink
_WAYS = ((-1, 0), (1, 0), (0, -1), (0, 1))


@dataclass
class _Stroke:
    """``points`` with their widths, both in widths of the canvas; one without points clears everything before it."""

    erases: bool = False
    points: list[tuple[float, float, float]] = field(default_factory=list)


class Canvas(View):
    """Light ink on dark ground, or the other way round where the data are so; square, as large as its place allows.

    ``changed`` comes whenever a stroke is finished, taken back, or everything is cleared. By keyboard: arrows move the
    pen, Space puts it down and lifts it, Delete clears.
    """

    changed = Signal()
    inked = Signal()
    """There is more ink, or less, while a stroke is drawn."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("canvas")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.erases = False
        """Whether what is drawn takes ink away."""
        self._size = 28
        self._is_dark_ink = False
        self._strokes: list[_Stroke] = []
        self._undone: list[_Stroke] = []
        self._stroke: _Stroke | None = None
        self._pen = (0.5, 0.5)
        self._like: Pictures | None = None
        self._image = self._blank()
        self.retranslate()

    def set_size(self, size: int, *, dark_ink: bool | None = None) -> None:
        """Draw pictures of ``size`` × ``size`` pixels; another size or ink begins anew, None keeps it."""
        dark_ink = self._is_dark_ink if dark_ink is None else dark_ink
        if (size, dark_ink) != (self._size, self._is_dark_ink):
            self._size, self._is_dark_ink = size, dark_ink
            self._strokes, self._undone, self._stroke = [], [], None
            self._paint_all()

    def suit(self, pictures: Pictures) -> None:
        """Draw in the ink of ``pictures`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, unless a person has begun.

        While nobody sees it, they are only kept: of all that a slider paints elsewhere, the last tells enough.
        """
        self._like = pictures
        if self.isVisible():
            self._take_ink()

    def showEvent(self, event: QShowEvent) -> None:
        """What was painted while nobody looked tells the ink now."""
        super().showEvent(event)
        self._take_ink()

    def _take_ink(self) -> None:
        if self._like is None or self._strokes:
            return
        first, self._like = self._like[0], None
        ground = float(np.median(np.concatenate([first[0], first[-1], first[:, 0], first[:, -1]])))
        is_dark = ground > _LIGHT or (self._is_dark_ink and ground > _DARK)  # noise of an early epoch is neither
        if is_dark != self._is_dark_ink:
            self.set_size(self._size, dark_ink=is_dark)

    @property
    def is_empty(self) -> bool:
        """Whether there is no ink on it."""
        return not bool((self._ink() > 0).any())

    @property
    def can_undo(self) -> bool:
        """Whether there is a stroke to take back."""
        return bool(self._strokes)

    @property
    def can_redo(self) -> bool:
        """Whether a stroke was taken back that can be drawn again."""
        return bool(self._undone)

    def picture(self) -> NDArray[np.uint8]:
        """Return what is drawn, uint8 ``[size, size]``: each pixel the mean of what it covers."""
        ink = np.rint(self._ink()).astype(np.uint8)
        return np.asarray(255 - ink if self._is_dark_ink else ink, np.uint8)

    def drawing(self) -> NDArray[np.uint8]:
        """Return what is drawn in all its detail, uint8 ``[S, S]``, S several times ``size``."""
        side = self._image.width()
        data = np.frombuffer(self._image.constBits(), np.uint8).reshape(side, self._image.bytesPerLine())
        return data[:, :side].copy()

    def undo(self) -> None:
        """Take the last stroke back."""
        if self._strokes:
            self._undone.append(self._strokes.pop())
            self._paint_all()
            self.changed.emit()

    def redo(self) -> None:
        """Draw again what was taken back last."""
        if self._undone:
            self._add(self._undone.pop())

    def clear(self) -> None:
        """Take all ink away; this can be undone, too."""
        if not self.is_empty:
            self._undone = []
            self._add(_Stroke())

    def start_over(self) -> None:
        """Begin with another drawing, which has nothing to take back of this one."""
        self._strokes, self._undone, self._stroke = [], [], None
        self._paint_all()
        self.changed.emit()

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(tr("Canvas"))
        self.setAccessibleDescription(tr("Arrow keys move the pen, Space puts it down and lifts it, Delete clears"))
        self.setToolTip(tr("Draw with the mouse or a pen; the right button erases"))

    # ---------------------------------------------------------------- events

    def sizeHint(self) -> QSize:
        """As large as a picture that one likes to look at."""
        return QSize(32 * SPACING, 32 * SPACING)

    def minimumSizeHint(self) -> QSize:
        """Large enough for a finger."""
        return QSize(18 * SPACING, 18 * SPACING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the drawing, and the pen where it is moved by keys."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        place = self._place()
        painter.drawImage(place, self._image)
        painter.setPen(self.palette().color(self.palette().ColorRole.Mid))
        painter.drawRect(place.adjusted(0, 0, -1, -1))
        if self.hasFocus():
            at = QPointF(place.left() + self._pen[0] * place.width(), place.top() + self._pen[1] * place.height())
            painter.setPen(QPen(self.palette().color(self.palette().ColorRole.Highlight), 2))
            painter.drawEllipse(at, SPACING / 2, SPACING / 2)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a stroke; the right button erases."""
        if event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton):
            self._begin(event.position(), self.erases or event.button() == Qt.MouseButton.RightButton)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Go on with the stroke."""
        self._go_on(event.position())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """End the stroke."""
        self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        """A pen presses harder and softer, and has an eraser at its other end."""
        kind = event.type()
        pressure = 0.5 + event.pressure() if event.pressure() else 1.0
        if kind == event.Type.TabletPress:
            self._begin(event.position(), self.erases or event.pointerType() == event.pointerType().Eraser, pressure)
        elif kind == event.Type.TabletMove:
            self._go_on(event.position(), pressure)
        elif kind == event.Type.TabletRelease:
            self._end()
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows move the pen, Space puts it down and lifts it, Delete clears."""
        way = CANVAS_MOVE.nth(event)
        if way is not None:
            step = _STEP / self._size
            x, y = (min(max(at + by * step, 0), 1) for at, by in zip(self._pen, _WAYS[way], strict=True))
            self._pen = x, y
            if self._stroke is not None:
                self._extend(x, y)
            self.update()
        elif CANVAS_PEN.nth(event) is not None and not event.isAutoRepeat():
            if self._stroke is None:
                self._stroke = _Stroke(self.erases)
                self._extend(*self._pen)
            else:
                self._end()
        elif CANVAS_CLEAR.nth(event) is not None:
            self.clear()
        else:
            super().keyPressEvent(event)

    # ---------------------------------------------------------------- strokes

    def _begin(self, at: QPointF, erases: bool, pressure: float = 1.0) -> None:
        self._end()
        self._stroke = _Stroke(erases)
        self._extend(*self._share(at), pressure)

    def _go_on(self, at: QPointF, pressure: float = 1.0) -> None:
        if self._stroke is not None:
            self._extend(*self._share(at), pressure)

    def _end(self) -> None:
        if self._stroke is not None:
            stroke, self._stroke = self._stroke, None
            self._undone = []
            self._add(stroke, is_painted=True)

    def _add(self, stroke: _Stroke, *, is_painted: bool = False) -> None:
        self._strokes = [*self._strokes, stroke][-_MOST_STROKES:]
        if not is_painted:
            self._paint_all()
        self.changed.emit()

    def _extend(self, x: float, y: float, pressure: float = 1.0) -> None:
        assert self._stroke is not None
        self._pen = x, y
        self._stroke.points.append((x, y, _THICKNESS * pressure))
        self._paint(self._stroke, len(self._stroke.points) - 1)
        self.update()
        self.inked.emit()

    # ---------------------------------------------------------------- painting

    def _blank(self) -> QImage:
        side = self._size * _FINE
        image = QImage(side, side, QImage.Format.Format_Grayscale8)
        image.fill(Qt.GlobalColor.white if self._is_dark_ink else Qt.GlobalColor.black)
        return image

    def _paint_all(self) -> None:
        self._image = self._blank()
        for stroke in self._strokes:
            self._paint(stroke)
        self.update()

    def _paint(self, stroke: _Stroke, first: int = 0) -> None:
        if not stroke.points:
            self._image = self._blank()
            return
        side = self._image.width()
        painter = QPainter(self._image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        color = QColor(Qt.GlobalColor.white if stroke.erases == self._is_dark_ink else Qt.GlobalColor.black)
        for index in range(first, len(stroke.points)):
            x, y, width = stroke.points[index]
            before = stroke.points[max(index - 1, 0)]
            pen = QPen(color, width * side * (_ERASER if stroke.erases else 1))
            pen.setCapStyle(Qt.PenCapStyle.RoundCap)
            painter.setPen(pen)
            if index:
                painter.drawLine(QPointF(before[0] * side, before[1] * side), QPointF(x * side, y * side))
            else:
                painter.drawPoint(QPointF(x * side, y * side))
        painter.end()

    def _ink(self) -> NDArray[np.float64]:
        """Return the ink of each pixel of the data, ``[size, size]`` from 0 to 255."""
        data = self.drawing().astype(np.float64)
        ink = 255 - data if self._is_dark_ink else data
        return np.asarray(ink.reshape(self._size, _FINE, self._size, _FINE).mean((1, 3)))

    def _place(self) -> QRectF:
        side = min(self.width(), self.height())
        return QRectF((self.width() - side) // 2, (self.height() - side) // 2, side, side)  # the frame is its edge

    def _share(self, at: QPointF) -> tuple[float, float]:
        place = self._place()
        return (at.x() - place.left()) / place.width(), (at.y() - place.top()) / place.height()
