"""Points in the plane, each a small picture: hovered, clicked, surrounded with a lasso. Knows no generator."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QImage, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QPolygonF, QResizeEvent

from engine.arrays import Pictures
from engine.i18n import tr
from studio.part_keys import MAP_MARK, MAP_OPEN, MAP_WALK
from studio.theme import SPACING
from studio.widgets.base.fitting_words import draw_words
from studio.widgets.base.view import View
from studio.widgets.pictures.image_view import picture_to_image

_RIM = 2 * SPACING
_DOT, _REAL_DOT = 5.0, 3.0  # pixels across
_CELL = 30  # pixels of a picture in the map
_NEAR = 12.0  # pixels within which a point is under the pointer
_STRETCH = 1.6  # times as wide as tall, or the other way round: distances between heaps mean little
_CLICK = 4.0  # pixels that a hand may shake
_STEPS = ((-1, 0), (1, 0), (0, -1), (0, 1))  # right and down, for left, right, up, down


class MapView(View):
    """``chosen`` carries the index of a point that was clicked or gone to with arrow keys, ``opened`` after Enter or a
    double click, ``surrounded`` the outline float64 ``[K, 2]`` of a lasso in the places' own coordinates; one sample
    more, or less, is marked with Ctrl, which ``marks_changed`` tells.
    """

    chosen = Signal(int)
    opened = Signal(int)
    surrounded = Signal(np.ndarray)
    marks_changed = Signal()

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("map_view")
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.shows_pictures = True
        """Whether there are pictures, where there is room for them, and not dots alone."""
        self.shows_real = True
        """Whether the real images are there."""
        self.placeholder = ""
        self.current: int | None = None
        self.marked: NDArray[np.int64] = np.zeros(0, np.int64)
        self._places = np.zeros((0, 2), np.float32)
        self._colors: list[QColor] = []
        self._names: list[tuple[str, float, float]] = []
        self._pictures: Pictures | None = None
        self._sample_count = 0
        self._painted: QImage | None = None
        self._lasso: list[QPointF] = []
        self._hovered: int | None = None
        self.retranslate()

    def set_points(self, places: NDArray[np.float32], pictures: Pictures, sample_count: int) -> None:
        """Show points at ``places`` ``[N, 2]`` from -1 to 1 with ``pictures`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]``.

        The first ``sample_count`` are samples, the others real images.
        """
        if len(places) != len(self._places):
            self.current, self.marked, self._hovered = None, np.zeros(0, np.int64), None
        self._places, self._pictures, self._sample_count = places, pictures, sample_count
        self._repaint()

    def set_colors(self, colors: Sequence[QColor], names: Sequence[tuple[str, float, float]] = ()) -> None:
        """Give each point its color, and write names at places ``(text, x, y)``."""
        self._colors, self._names = list(colors), list(names)
        self._repaint()

    def mark(self, indices: NDArray[np.int64]) -> None:
        """Mark the points ``indices`` ``[N]``, as those inside a lasso."""
        self.marked = indices
        self.update()

    def choose(self, index: int | None) -> None:
        """Frame a point, without a signal."""
        self.current = index
        self.update()

    def point_of(self, index: int) -> QPointF:
        """Return where a point lies in this widget."""
        x, y = self._on_screen()[index]
        return QPointF(float(x), float(y))

    def retranslate(self) -> None:
        """Set every text."""
        self.setAccessibleName(tr("Map of samples"))
        self.setAccessibleDescription(tr("Arrow keys go from point to point, Enter shows one large"))

    def apply_palette(self) -> None:
        """Names have the color of text."""
        self._repaint()

    # ---------------------------------------------------------------- Qt

    def sizeHint(self) -> QSize:
        """As much room as there is."""
        return QSize(80 * SPACING, 60 * SPACING)

    def minimumSizeHint(self) -> QSize:
        """Enough to see how the points lie."""
        return QSize(30 * SPACING, 24 * SPACING)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room is another map."""
        super().resizeEvent(event)
        self._repaint()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the map, then what is chosen, hovered and surrounded."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not len(self._places):
            painter.setPen(self.palette().color(self.palette().ColorRole.PlaceholderText))
            draw_words(painter, self.rect(), self.placeholder)
            return
        if self._painted is None:
            self._painted = self._paint_points()
        painter.drawImage(0, 0, self._painted)
        highlight = self.palette().color(self.palette().ColorRole.Highlight)
        painter.setPen(QPen(highlight, 2))
        screen = self._on_screen()
        for index in self.marked:
            painter.drawEllipse(QPointF(*map(float, screen[index])), _DOT, _DOT)
        if self._lasso:
            painter.drawPolyline(QPolygonF(self._lasso))
        for index in {self.current, self._hovered}:
            if index is not None and index < self._shown:
                self._paint_large(painter, index, 2 if index == self._hovered else 1.5)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Begin a click or a lasso."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._lasso = [event.position()]

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show what lies under the pointer, or go on with the lasso."""
        if self._lasso:
            self._lasso.append(event.position())
        else:
            self._hovered = self._under(event.position())
        self.update()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Choose what was clicked, or tell what was surrounded."""
        outline, self._lasso = self._lasso, []
        self.update()
        if not outline:
            return
        if max((point - outline[0]).manhattanLength() for point in outline) <= _CLICK:
            found = self._under(event.position())
            if found is not None and event.modifiers() & Qt.KeyboardModifier.ControlModifier:
                self._turn_mark(found)
            elif found is not None:
                self._go_to(found)
        else:
            self.surrounded.emit(np.array([self._to_places(point) for point in outline]))

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        """Open what was clicked."""
        found = self._under(event.position())
        if found is not None:
            self.opened.emit(found)

    def leaveEvent(self, event: object) -> None:
        """Nothing lies under the pointer any more."""
        self._hovered = None
        self.update()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Arrows go to the nearest point on that side, Enter opens."""
        way = MAP_WALK.nth(event)
        if way is not None and len(self._places):
            self._go_to(0 if self.current is None else self._beside(self.current, *_STEPS[way]))
        elif MAP_OPEN.nth(event) is not None and self.current is not None:
            self.opened.emit(self.current)
        elif MAP_MARK.nth(event) is not None and self.current is not None:
            self._turn_mark(self.current)
        else:
            super().keyPressEvent(event)

    # ---------------------------------------------------------------- geometry

    def _go_to(self, index: int) -> None:
        self.choose(index)
        self.chosen.emit(index)

    def _turn_mark(self, index: int) -> None:
        """Mark a sample, or take its mark away; a real image has no z to be averaged or kept."""
        if index < self._sample_count:
            self.mark(np.setxor1d(self.marked, [index]))
            self.marks_changed.emit()

    def _beside(self, index: int, right: int, down: int) -> int:
        away = self._on_screen()[: self._shown] - self._on_screen()[index]
        along = away @ np.array([right, down])
        aside = np.abs(away @ np.array([down, right]))
        cost = np.where(along > 1, along + 2 * aside, np.inf)
        return int(cost.argmin()) if np.isfinite(cost).any() else index

    @property
    def _shown(self) -> int:
        return len(self._places) if self.shows_real else self._sample_count

    def _halves(self) -> NDArray[np.float64]:
        """Return how many pixels a place of 1 is right and up; a wide map has more room, and is somewhat wider."""
        across, down = (max(side / 2 - _RIM, 1) for side in (self.width(), self.height()))
        return np.array([min(across, _STRETCH * down), min(down, _STRETCH * across)])

    def _middle(self) -> NDArray[np.float64]:
        return np.array([self.width(), self.height()]) / 2

    def _on_screen(self) -> NDArray[np.float64]:
        return self._places * (self._halves() * [1, -1]) + self._middle()

    def _to_places(self, at: QPointF) -> tuple[float, float]:
        x, y = (np.array([at.x(), at.y()]) - self._middle()) / (self._halves() * [1, -1])
        return float(x), float(y)

    def _under(self, at: QPointF) -> int | None:
        if not self._shown:
            return None
        away = ((self._on_screen()[: self._shown] - [at.x(), at.y()]) ** 2).sum(1)
        nearest = int(away.argmin())
        near = _CELL / 2 if self.shows_pictures else _NEAR
        return nearest if away[nearest] <= near**2 else None

    # ---------------------------------------------------------------- painting

    def _repaint(self) -> None:
        self._painted = None
        self.update()

    def _paint_points(self) -> QImage:
        ratio = self.devicePixelRatioF()
        image = QImage(self.size() * ratio, QImage.Format.Format_ARGB32_Premultiplied)
        image.setDevicePixelRatio(ratio)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        screen = self._on_screen()
        shown = self._one_of_each_cell(screen) if self.shows_pictures else np.zeros(0, np.int64)
        painter.setPen(Qt.PenStyle.NoPen)
        for index in np.setdiff1d(np.arange(self._shown), shown):
            size = _DOT if index < self._sample_count else _REAL_DOT
            painter.setBrush(self._color(int(index)))
            painter.drawEllipse(QPointF(*map(float, screen[index])), size / 2, size / 2)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        for index in shown:
            self._paint_picture(painter, int(index), QPointF(*map(float, screen[index])), _CELL - 4)
        font = painter.font()
        font.setBold(True)
        font.setPointSizeF(1.6 * font.pointSizeF())
        painter.setFont(font)
        (right, up), (x, y) = self._halves(), self._middle()
        for text, across, high in self._names:
            self._paint_name(painter, text, QPointF(x + across * right, y - high * up))
        painter.end()
        return image

    def _one_of_each_cell(self, screen: NDArray[np.float64]) -> NDArray[np.int64]:
        """Return, of each square of the screen, the sample next to its middle, or a real image where G draws none."""
        points = screen[: self._shown]
        cells = np.floor(points / _CELL)
        away = ((points - (cells + 0.5) * _CELL) ** 2).sum(1)
        order = np.lexsort((away, np.arange(len(points)) >= self._sample_count))
        _, first = np.unique(cells[order], axis=0, return_index=True)
        return order[first]

    def _paint_picture(self, painter: QPainter, index: int, at: QPointF, side: float) -> None:
        if self._pictures is None:
            return
        place = QRectF(at.x() - side / 2, at.y() - side / 2, side, side)
        painter.drawImage(place, picture_to_image(self._pictures[index]))
        painter.setPen(QPen(self._color(index), 2))
        painter.drawRect(place)

    def _paint_large(self, painter: QPainter, index: int, times: float) -> None:
        side = times * _CELL
        at = self.point_of(index)
        inside = QPointF(
            min(max(at.x(), side / 2), self.width() - side / 2), min(max(at.y(), side / 2), self.height() - side / 2)
        )
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        self._paint_picture(painter, index, inside, side)
        if index == self.current:
            painter.setPen(QPen(self.palette().color(self.palette().ColorRole.Highlight), 3))
            painter.drawRect(QRectF(inside.x() - side / 2, inside.y() - side / 2, side, side).adjusted(-2, -2, 2, 2))

    def _paint_name(self, painter: QPainter, text: str, at: QPointF) -> None:
        box = painter.fontMetrics().boundingRect(text).adjusted(-4, -1, 4, 1)
        box.moveCenter(at.toPoint())
        ground = self.palette().color(self.palette().ColorRole.Window)
        ground.setAlphaF(0.75)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(ground)
        painter.drawRoundedRect(box, 4, 4)
        painter.setPen(self.palette().color(self.palette().ColorRole.WindowText))
        painter.drawText(box, Qt.AlignmentFlag.AlignCenter, text)

    def _color(self, index: int) -> QColor:
        return self._colors[index] if index < len(self._colors) else QColor(Qt.GlobalColor.gray)
