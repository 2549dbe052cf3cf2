"""A sample grid: class names above its columns, D's verdict under each tile, and one tile that may be selected.

It knows no run; whoever owns it tells what the tiles are.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from engine.arrays import Picture
from engine.i18n import tr
from studio import theme
from studio.part_keys import SAMPLE_BESIDE, SAMPLE_CHOOSE, SAMPLE_LEAVE
from studio.text.numbers import percent
from studio.widgets.pictures.image_view import FRAME_WIDTH, ImageView, to_device_pixels
from studio.widgets.pictures.tile_layout import GAP, TileLayout, banded_layouts, layouts

_BAR, _THICKEST_BAR = 3, 6  # screen pixels; one of them lies on the tile where the gap is narrower
_NARROWEST_TILE = 8  # screen pixels; under narrower ones no length can be read
_STEPS = ((0, -1), (0, 1), (-1, 0), (1, 0))  # down and right, for each arrow
_WORTH_BANDS = 1.2  # so much more must be filled: classes side by side are read at a glance
_AS_LARGE = 0.95  # of what can be filled at the most: then more tiles are better
_HAIR = 1e-6  # pixels
_NOTHING = TileLayout(0, 0, 1)


class SampleGridView(ImageView):
    """Tiles in rows and columns, numbered row by row from 0.

    A click selects a tile, where ``is_selectable`` says so; by keyboard Return selects, arrows go to its neighbors,
    and Escape ends it. ``tile_chosen`` carries what the person selected, or None.
    """

    tile_chosen = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names: tuple[str, ...] = ()
        self._size = 1
        self.verdicts: Sequence[float] = ()
        self.shows_verdicts = True
        self._given: Picture | None = None
        self._layout = _NOTHING
        self._laid_out_for: object = None
        self._selected: int | None = None
        self._last_selected = 0
        self._pressed_at: QPointF | None = None
        self.is_selectable = False
        self.setMouseTracking(True)

    # ---------------------------------------------------------------- what the owner tells

    def set_grid(self, picture: Picture | None, names: tuple[str, ...], size: int) -> None:
        """Show a sample grid, uint8 [H, W] or [H, W, 3], laid out so that its tiles are as large as there is room.

        ``names`` are written above columns of tiles ``size`` pixels wide; no names, no line for them.
        """
        self._given = None if picture is None or not picture.size else picture
        self._names, self._size = names, max(size, 1)
        self._leave_room()
        self._lay_out()

    @property
    def picture(self) -> Picture | None:
        """The grid as it was given, however it is laid out."""
        return self._given

    def set_verdicts(self, verdicts: Sequence[float]) -> None:
        """Draw a bar under each tile, as long as D's probability (0 to 1) that it is real; none, no bars."""
        self.verdicts = verdicts
        self.update()

    def show_verdicts(self, shown: bool) -> None:
        """Draw the bars, or hide them."""
        self.shows_verdicts = shown
        self.update()

    def select(self, tile: int | None) -> None:
        """Frame ``tile``, or none; one that does not exist counts as none."""
        self._selected = tile if tile is not None and 0 <= tile < self.tile_count else None
        self._last_selected = self._last_selected if self._selected is None else self._selected
        if self._selected is not None and not self._layout.shows(self._selected):
            self._laid_out_for = None
            self._lay_out()
        self.update()

    # ---------------------------------------------------------------- what it can tell

    @property
    def selected(self) -> int | None:
        """The number of the selected tile."""
        return self._selected

    @property
    def tile_count(self) -> int:
        """How many tiles there are."""
        return self._layout.tile_count

    def class_of(self, tile: int) -> int:
        """Return the number of the class in whose column ``tile`` is, -1 where columns have no classes."""
        columns = self._layout.given_columns
        return tile % columns if columns == len(self._names) else -1

    def tile_picture(self, tile: int) -> Picture:
        """Return a copy of the picture in ``tile``, uint8 [size, size] or [size, size, 3]."""
        assert self.picture is not None
        left, top = self._layout.given_corner(tile)
        return self.picture[top : top + self._size, left : left + self._size].copy()

    def tile_rect(self, tile: int) -> QRectF:
        """Return where ``tile`` lies in this widget."""
        ratio, rect = self.devicePixelRatioF(), self._tile_device_rect(tile)
        return QRectF(rect.x() / ratio, rect.y() / ratio, rect.width() / ratio, rect.height() / ratio)

    def tile_at(self, point: QPointF) -> int | None:
        """Return the tile under ``point`` of this widget, gaps being no one's."""
        if self.picture is None or not self._area().contains(point.toPoint()):
            return None
        lefts, tops = self._layout.lefts, self._layout.tops
        inside = (point * self.devicePixelRatioF() - QPointF(self._device_rect().topLeft())) / self.scale
        column = next((i for i, left in enumerate(lefts) if left <= inside.x() < left + self._size), None)
        row = next((i for i, top in enumerate(tops) if top <= inside.y() < top + self._size), None)
        return None if column is None or row is None else self._layout.tile_in(row, column)

    def shows(self, tile: int) -> bool:
        """Whether ``tile`` is shown; the last ones are not where all would be small."""
        return tile < self.tile_count and self._layout.shows(tile)

    def headings(self) -> list[tuple[str, QRect]]:
        """Return each class name with the place where it is written, as wide as its columns."""
        if not self._has_classes():
            return []
        rect, ratio = self.picture_rect(), self.devicePixelRatioF()
        height = self.fontMetrics().height()
        top = max(round(rect.top()) - FRAME_WIDTH, self.contentsRect().top()) - height
        scale = self.scale / ratio
        places = []
        for label in range(len(self._names)):
            left, right, above = self._layout.heading_of(label)
            start, end = round(rect.left() + left * scale), round((right - left) * scale)
            places.append(QRect(start, round(top + above * scale), end, height))
        return [(tr(name) if name else "", place) for name, place in zip(self._names, places, strict=True)]

    def words_of(self, tile: int) -> list[str]:
        """Return what can be said of ``tile``: its class and D's verdict, as far as there are any."""
        label = self.class_of(tile)
        name = self._names[label] if label >= 0 else ""
        verdict = tr("D: {share} real", share=percent(self.verdicts[tile])) if tile < len(self.verdicts) else ""
        return [words for words in (tr(name) if name else "", verdict) if words]

    # ---------------------------------------------------------------- geometry

    def _has_classes(self) -> bool:
        return self._layout.given_columns == len(self._names) > 0

    def _lay_out(self) -> None:
        """Lay the picture out as it fits best; one epoch after another has the same place in the same room."""
        given, room = self._given, self._device_area()
        wanted = None if given is None else (given.shape[:2], self._size, len(self._names), room.size().toTuple())
        if wanted != self._laid_out_for:
            self._laid_out_for = wanted
            self._layout = _NOTHING if given is None else self._best_layout(*given.shape[:2])
        super().set_picture(None if given is None else self._layout.arrange(given))

    def _best_layout(self, height: int, width: int) -> TileLayout:
        """Return the layout whose tiles fill most of the room, if need be without the last lines.

        Among those that fill about as much, the one with the most tiles; among equals the given one, then that with the
        fewest columns. A tile that is selected stays in sight.
        """
        has_classes = TileLayout(height, width, self._size).given_columns == len(self._names) > 0
        ways = layouts(height, width, self._size, has_classes=has_classes)
        if not ways[0].tile_count:
            return ways[0]
        best, filled = self._best_of(ways)
        banded = banded_layouts(height, width, self._size) if has_classes else ()
        best_banded, filled_banded = self._best_of(banded) if banded else (best, 0.0)
        return best_banded if filled_banded >= _WORTH_BANDS * filled else best

    def _best_of(self, ways: Sequence[TileLayout]) -> tuple[TileLayout, float]:
        """Return the best of ``ways``, and how much its tiles fill."""
        area, selected = self._device_area(), self._selected
        fills = {
            way: way.shown_count * self._scale_of(way, area) ** 2
            for way in ways
            if selected is None or selected >= way.tile_count or way.shows(selected)
        }
        enough = _AS_LARGE * max(fills.values())
        best = max((way for way in fills if fills[way] >= enough), key=lambda way: (way.shown_count, fills[way]))
        return best, fills[best]

    def _scale_of(self, layout: TileLayout, area: QRect) -> float:
        """Return the largest scale at which a tile and its gap are whole device pixels: all tiles look alike."""
        scale, pitch = min(area.width() / layout.width, area.height() / layout.height), self._size + GAP
        return math.floor(scale * pitch + _HAIR) / pitch if scale >= 1 else scale

    def _fit_scale(self) -> float:
        layout = self._layout
        return self._scale_of(layout, self._device_area()) if layout.tile_count else super()._fit_scale()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Another room may be filled better in another way; what is zoomed into stays."""
        super().resizeEvent(event)
        if self._zoom is None:
            self._lay_out()

    def fit(self) -> None:
        """Show the whole grid as large as it fits."""
        super().fit()
        self._lay_out()

    def _corner(self, tile: int) -> QPoint:
        row, column = self._layout.cell_of(tile)
        return QPoint(self._layout.lefts[column], self._layout.tops[row])

    def _tile_device_rect(self, tile: int) -> QRect:
        picture, scale, corner = self._device_rect(), self.scale, self._corner(tile)
        side = round(self._size * scale)
        return QRect(picture.left() + round(corner.x() * scale), picture.top() + round(corner.y() * scale), side, side)

    def _leave_room(self) -> None:
        self.setContentsMargins(0, self.fontMetrics().height() if self._names else 0, 0, 0)

    # ---------------------------------------------------------------- painting

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the class names above the picture, then bars and frame upon it."""
        super().paintEvent(event)
        painter = QPainter(self)
        above, top = self.palette().color(QPalette.ColorRole.WindowText), self.picture_rect().top()
        painter.setClipRect(self.rect().adjusted(FRAME_WIDTH, 0, -FRAME_WIDTH, 0))
        for name, place in self.headings():
            painter.setPen(above if place.top() < top else QColor(Qt.GlobalColor.white))  # between bands it is dark
            short = self.fontMetrics().elidedText(name, Qt.TextElideMode.ElideRight, place.width() - GAP)
            painter.drawText(place.adjusted(-GAP, 0, GAP, 0), Qt.AlignmentFlag.AlignCenter, short)
        if self.tile_count:
            painter.setClipping(False)
            to_device_pixels(painter, self.devicePixelRatioF())
            self._paint_on_tiles(painter)

    def _paint_on_tiles(self, painter: QPainter) -> None:
        rim = round(FRAME_WIDTH * self.devicePixelRatioF())
        shown = self._device_rect() & self._device_area()
        painter.setClipRect(shown)
        if self.shows_verdicts and self._size * self.scale >= _NARROWEST_TILE * self.devicePixelRatioF():
            self._paint_bars(painter)
        painter.setClipRect(shown.adjusted(-rim, -rim, rim, rim))
        if self._selected is not None:  # last, so that the bars of the row above hide none of its sides
            self._paint_frame(painter, self._tile_device_rect(self._selected), rim)

    def _paint_frame(self, painter: QPainter, tile: QRect, width: int) -> None:
        """Surround ``tile`` in white on the dark gap, and in the orange rim as well."""
        outside = tile.adjusted(-width, -width, width, width)
        for side in (
            QRect(outside.left(), outside.top(), outside.width(), width),
            QRect(outside.left(), tile.bottom() + 1, outside.width(), width),
            QRect(outside.left(), tile.top(), width, tile.height()),
            QRect(tile.right() + 1, tile.top(), width, tile.height()),
        ):
            painter.fillRect(side, QColor(Qt.GlobalColor.white))

    def _paint_bars(self, painter: QPainter) -> None:
        picture, scale, ratio = self._device_rect(), self.scale, self.devicePixelRatioF()
        gap = round(GAP * scale)
        height = min(max(round(_BAR * ratio), gap - round(ratio)), round(_THICKEST_BAR * ratio))
        ink, track = theme.ink_on_dark("discriminator"), theme.TRACK_ON_DARK
        width = round(self._size * scale)
        lefts = [picture.left() + round(left * scale) for left in self._layout.lefts]
        tops = [picture.top() + round(top * scale) + width + min(gap - height, 1) for top in self._layout.tops]
        tops[-1] -= min(gap - height, 1) + height  # the lowest row has no gap
        for tile, verdict in enumerate(self.verdicts[: self.tile_count]):
            if not self._layout.shows(tile):
                continue
            row, column = self._layout.cell_of(tile)
            painter.fillRect(lefts[column], tops[row], width, height, track)
            painter.fillRect(lefts[column], tops[row], width + round(width * (verdict - 1)), height, ink)

    # ---------------------------------------------------------------- selecting

    def _choose(self, tile: int | None) -> None:
        self.select(tile)
        if self._selected is not None:
            self._bring_into_view(self._selected)
        self.tile_chosen.emit(self._selected)

    def _bring_into_view(self, tile: int) -> None:
        """Pan, where the picture is zoomed, just as far as the tile needs."""
        if not self._is_larger_than_view():
            return
        area, rect = QRectF(self._area()), self.tile_rect(tile)
        left, right = area.left() - rect.left(), area.right() - rect.right()
        top, bottom = area.top() - rect.top(), area.bottom() - rect.bottom()
        self._pan(QPointF(max(left, 0) + min(right, 0), max(top, 0) + min(bottom, 0)))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Return selects; arrows and Escape are for the selection while there is one."""
        way = SAMPLE_BESIDE.nth(event)
        if SAMPLE_CHOOSE.nth(event) is not None and self.is_selectable and self.tile_count:
            self._choose(self._last_selected if self.shows(self._last_selected) else 0)
        elif SAMPLE_LEAVE.nth(event) is not None and self._selected is not None:
            self._choose(None)
        elif way is not None and self._selected is not None:
            self._choose(self._neighbor(self._selected, *_STEPS[way]))
        else:
            super().keyPressEvent(event)

    def _neighbor(self, tile: int, down: int, right: int) -> int:
        """Return the tile beside ``tile``, below the last line one that is left out, or ``tile`` itself at the edge."""
        row, column = self._layout.cell_of(tile)
        beside = self._layout.tile_in(row + down, column + right)
        if beside is None and down > 0:
            beside = self._layout.left_out_below(tile)
        return tile if beside is None else beside

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Remember where a click may begin; a picture that is zoomed is taken hold of as well."""
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed_at = event.position()
        super().mousePressEvent(event)
        event.accept()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that tiles can be clicked."""
        super().mouseMoveEvent(event)
        if not event.buttons() and not self._is_larger_than_view():
            can_click = self.is_selectable and self.tile_at(event.position()) is not None
            self.setCursor(Qt.CursorShape.PointingHandCursor if can_click else Qt.CursorShape.ArrowCursor)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Select the tile that was pressed, unless the picture was dragged."""
        super().mouseReleaseEvent(event)
        begin, self._pressed_at = self._pressed_at, None
        if begin is None or not self.is_selectable or event.button() != Qt.MouseButton.LeftButton:
            return
        if (event.position() - begin).manhattanLength() < QApplication.startDragDistance():
            tile = self.tile_at(event.position())
            if tile is not None:
                self._choose(tile)

    # ---------------------------------------------------------------- Qt

    def event(self, event: QEvent) -> bool:
        """Tell the whole class name of the column under the pointer, and over a tile D's verdict on it."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), self._tip(event.pos()), self)
            return True
        return super().event(event)

    def _tip(self, point: QPoint) -> str:
        tile = self.tile_at(QPointF(point))
        if tile is None:
            x = point.x()
            return next((name for name, place in self.headings() if place.left() <= x <= place.right()), "")
        hint = [tr("Click to look at it closely")] if self.is_selectable else []
        return "\n".join([*self.words_of(tile), *hint])

    def changeEvent(self, event: QEvent) -> None:
        """Follow the text size."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._leave_room()
