"""Small cut-outs of a run's sample grids side by side along a time axis. It knows no panel; a click tells the epoch."""

from __future__ import annotations

import itertools
import math
from bisect import bisect_right
from collections.abc import Iterator
from typing import NamedTuple

from PySide6.QtCore import QEvent, QRect, Qt, Signal
from PySide6.QtGui import QHelpEvent, QImage, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolTip, QWidget

from engine.arrays import Picture
from engine.i18n import number, tr
from studio import theme
from studio.guard import guarded
from studio.model.run_data import RunData
from studio.theme import SPACING
from studio.widgets.base.fitting_words import draw_words
from studio.widgets.pictures.image_view import FRAME_WIDTH, picture_to_image, regular, to_device_pixels
from studio.widgets.pictures.tile_layout import GAP, tile_starts

_PICTURE_HEIGHT, _LOW_HEIGHT = 58, 28  # two rows of 28-pixel digits, or one
_STRIP_HEIGHT = _PICTURE_HEIGHT + 2 * FRAME_WIDTH
SLOT_WIDTH = _PICTURE_HEIGHT + SPACING
_WIDEST_SHOWN = 2 * SLOT_WIDTH  # in however wide a slot, as of a run of two epochs: it is a glimpse, not the samples
_NUMBER_SHARE = 0.7  # of the height of a line
_USUAL_COLUMNS, _USUAL_TILE = 10, 28
_HAIR = 1e-6  # epochs; an edge that rounding puts just below a whole epoch still belongs to it

_WIDEST = 2048  # pixels of a cut-out: no slot is wider


class StripAxis(NamedTuple):
    """Which epochs lie between which pixels of the strip."""

    first: float = 0.0
    last: float = 1.0
    left: float = 0.0
    right: float = 1.0

    def x(self, epoch: float) -> float:
        """Return the pixel of ``epoch``, which may lie outside."""
        return self.left + (epoch - self.first) / (self.last - self.first) * (self.right - self.left)


class Slot(NamedTuple):
    """A part of the strip, with the last epoch in it that has a grid."""

    rect: QRect
    low: float
    high: float
    epoch: int | None

    def holds(self, epoch: int | None) -> bool:
        """Whether ``epoch`` lies in (low, high]."""
        return epoch is not None and self.low < epoch <= self.high


def divide(axis: StripAxis, epochs: list[int]) -> list[Slot]:
    """Lay out as many pictures as find room: each epoch in its own stretch of the axis where all of them do.

    Otherwise they stand side by side from the left, all there are at first, then every second, third …, so that a run
    that has just begun shows its first ones and not one picture in a corner; those of a whole run, whose last step may
    end a little later than its last epoch, lie at their time. Epoch 0 took no time: it lies before the axis, where
    that begins at 0.
    """
    start, end = max(math.floor(axis.first), 0), math.ceil(axis.last)
    width = axis.right - axis.left
    fitting = max(1, int(width // SLOT_WIDTH))
    if end - start <= fitting:
        edges = [float(epoch) for epoch in range(start, end + 1)]
        places = [round(axis.x(edge)) for edge in edges]
    else:
        there = epochs[bisect_right(epochs, start) : bisect_right(epochs, end)]
        if there and there[-1] >= math.floor(axis.last):
            edges = [start + (there[-1] - start) * index / fitting for index in range(fitting + 1)]
        else:
            stride = math.ceil(len(there) / fitting) or 1
            edges = [float(start), *there[stride - 1 :: stride], *(there[-1:] if len(there) % stride else [])]
        places = [round(axis.left + width * index / fitting) for index in range(len(edges))]
    spans = zip(itertools.pairwise(edges), itertools.pairwise(places), strict=True)
    slots = [_slot(epochs, low + _HAIR, high + _HAIR, left, right) for (low, high), (left, right) in spans]
    if start == 0 and epochs[:1] == [0]:
        slots.insert(0, _slot(epochs, -1.0, _HAIR, max(places[0] - SLOT_WIDTH, 0), places[0]))
    return slots


def _slot(epochs: list[int], low: float, high: float, left: int, right: int) -> Slot:
    found = bisect_right(epochs, high) - 1
    epoch = epochs[found] if found >= 0 and epochs[found] > low else None
    return Slot(QRect(left, 0, right - left, _STRIP_HEIGHT), low, high, epoch)


def _is_under(slot: Slot, x: float) -> bool:
    """Whether a picture of ``slot`` lies at the pixel ``x``."""
    return slot.epoch is not None and slot.rect.left() <= x <= slot.rect.right()


@guarded
class PictureStrip(QWidget):
    """Small cut-outs of the sample grids, side by side; a click chooses one."""

    epoch_clicked = Signal(int)
    pictures_requested = Signal(list)
    """The epochs whose grids are not in memory; ``set_slots`` shall be called again when they are."""

    def __init__(self) -> None:
        super().__init__()
        self.placeholder = ""
        self._history = RunData()
        self._tile_size, self._is_whole = 0, False
        self._current: int | None = None
        self._slots: list[Slot] = []
        self._images: dict[int, QImage] = {}
        self._picture_height = _PICTURE_HEIGHT
        self.setFixedHeight(_STRIP_HEIGHT)
        self.setMouseTracking(True)

    def be_low(self, is_low: bool) -> None:
        """Show one row of digits where two would take room that others need more."""
        height = _LOW_HEIGHT if is_low else _PICTURE_HEIGHT
        if height != self._picture_height:
            self._picture_height = height
            self.setFixedHeight(height + 2 * FRAME_WIDTH)
            self._images.clear()
            self.look_again()

    def set_run_data(self, history: RunData, tile_size: int, *, is_whole: bool = False) -> None:
        """Take pictures from ``history``; ``tile_size`` in pixels, 0 guesses from the number of classes.

        ``is_whole``: each grid is one picture, which is made as small as the strip is high.
        """
        self._history, self._tile_size, self._is_whole = history, tile_size, is_whole
        self._images.clear()

    def set_slots(self, slots: list[Slot]) -> None:
        """Cut out what was not shown before; what is no longer shown is forgotten."""
        epochs = [slot.epoch for slot in slots if slot.epoch is not None]
        images = {epoch: self._images.get(epoch) or self._found(epoch) for epoch in epochs}
        self._images = {epoch: image for epoch, image in images.items() if image is not None}
        self._slots = slots
        self.update()
        if missed := [epoch for epoch, image in images.items() if image is None]:
            self.pictures_requested.emit(missed)

    def look_again(self) -> None:
        """Cut out what was missed and is in memory by now."""
        self.set_slots(self._slots)

    def _found(self, epoch: int) -> QImage | None:
        grid = self._history.grid(epoch)
        return None if grid is None else self._cut_out(grid)

    def set_current(self, epoch: int | None) -> None:
        """Frame the picture in whose slot ``epoch`` lies."""
        before, self._current = self._current, epoch
        for slot in self._slots:
            if slot.holds(before) != slot.holds(epoch):
                self.update(slot.rect)

    def _cut_out(self, grid: Picture) -> QImage:
        """Return the first rows of ``grid``, as many as the strip is high, or all of it where it is one picture."""
        if self._is_whole:
            smooth = Qt.TransformationMode.SmoothTransformation
            small = picture_to_image(grid).scaledToHeight(self._picture_height, smooth)
            self._tile_size = small.width()
            return small
        size = self._tile_size = self._tile_size or self._guessed_tile_size(grid)
        tops, lefts = tile_starts(grid.shape[0], size), tile_starts(grid.shape[1], size)
        if not tops or not lefts:  # an unreadable file is one gray pixel
            return picture_to_image(grid).scaled(size, size)
        rows = max(1, (self._picture_height + GAP) // (size + GAP))
        bottom = tops[min(rows, len(tops)) - 1] + size
        right = min(lefts[-1] + size, max(_WIDEST, size))
        return picture_to_image(grid[tops[0] : bottom, lefts[0] : right])

    def _guessed_tile_size(self, grid: Picture) -> int:
        size = (grid.shape[1] + GAP) // (len(self._history.class_names) or _USUAL_COLUMNS) - GAP
        return size if size > GAP else _USUAL_TILE

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures on whole device pixels and frame the one in whose stretch the current epoch lies."""
        painter = QPainter(self)
        if not self._history.grid_files:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            draw_words(painter, self.rect(), self.placeholder)
            return
        ratio = self.devicePixelRatioF()
        to_device_pixels(painter, ratio)
        small = self.font()
        small.setPixelSize(round(_NUMBER_SHARE * self.fontMetrics().height() * ratio))
        painter.setFont(small)
        frame = round(FRAME_WIDTH * ratio)
        for slot, image in self._filled():
            if not slot.rect.intersects(event.rect()):
                continue
            target, source = self._fit(slot.rect, image, ratio)
            if slot.holds(self._current):
                painter.fillRect(target.adjusted(-frame, -frame, frame, frame), theme.color("generator"))
            painter.drawImage(target, image, source)
            self._paint_number(painter, target, slot.epoch or 0)

    def _filled(self) -> Iterator[tuple[Slot, QImage]]:
        for slot in self._slots:
            if slot.epoch is not None and (image := self._images.get(slot.epoch)) is not None:
                yield slot, image

    def pictures(self) -> dict[int, QRect]:
        """Return where the picture of each epoch is painted, in device pixels."""
        ratio = self.devicePixelRatioF()
        return {slot.epoch or 0: self._fit(slot.rect, image, ratio)[0] for slot, image in self._filled()}

    def image_of(self, epoch: int) -> QImage:
        """Return what was cut out of the grid of ``epoch``."""
        return self._images[epoch]

    def _paint_number(self, painter: QPainter, picture: QRect, epoch: int) -> None:
        """Write the epoch into the corner: pictures do not always lie at their time."""
        text, metrics = number(epoch), painter.fontMetrics()
        chip = metrics.boundingRect(text).adjusted(-2, 0, 2, 0).size()
        corner = QRect(picture.left(), picture.bottom() + 1 - chip.height(), chip.width(), chip.height())
        # In the window's own colors: white on black, it would be one more digit of the picture.
        painter.fillRect(corner, self.palette().color(QPalette.ColorRole.Window))
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(corner, Qt.AlignmentFlag.AlignCenter, text)

    def _fit(self, slot: QRect, image: QImage, ratio: float) -> tuple[QRect, QRect]:
        """Return where the picture goes, in device pixels, and which of its columns find room, as whole tiles."""
        room = max(min(slot.width(), _WIDEST_SHOWN) - 2 * FRAME_WIDTH - SPACING // 4, 1) * ratio
        scale = regular(min(self._picture_height * ratio / image.height(), room / self._tile_size))
        pitch = self._tile_size + GAP
        columns = max(1, int((room / scale + GAP) // pitch))
        source = QRect(0, 0, min(columns * pitch - GAP, image.width()), image.height())
        width, height = round(source.width() * scale), round(source.height() * scale)
        left = round((slot.left() + slot.width() / 2) * ratio - width / 2)
        top = round((self.height() * ratio - height) / 2)
        return QRect(left, top, width, height), source

    def _slot_at(self, x: float) -> Slot | None:
        return next((slot for slot in self._slots if _is_under(slot, x)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Choose the epoch of the picture under the pointer."""
        slot = self._slot_at(event.position().x())
        if slot and slot.epoch is not None and event.button() == Qt.MouseButton.LeftButton:
            self.epoch_clicked.emit(slot.epoch)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Show that pictures can be clicked."""
        over = self._slot_at(event.position().x()) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if over else Qt.CursorShape.ArrowCursor)

    def event(self, event: QEvent) -> bool:
        """Tell the epoch of the picture under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            slot = self._slot_at(event.pos().x())
            QToolTip.showText(event.globalPos(), tr("Epoch {epoch}", epoch=slot.epoch) if slot else "", self)
            return True
        return super().event(event)
