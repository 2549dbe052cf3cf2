"""Pictures side by side in a table as wide as its place allows, with words above the columns and beside the rows."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.pictures import tile
from studio.theme import SPACING
from studio.widgets.pictures.image_view import FRAME_WIDTH, ImageView, regular

_LABEL_SPACE = SPACING // 2
_UPRIGHT_GAP = FRAME_WIDTH + 3
_TINY = 0.01  # of a scale: what is rounded away
_LEAST_PICTURE = 5 * SPACING  # pixels of the screen
_LEAST_WIDTH = 19 * SPACING  # of a whole row: five digits of 28 pixels beside each other keep each of theirs
_WIDEST_ROW_LABEL = 9 * SPACING  # longer words end in "…"


class PictureTable(ImageView):
    """A ``ImageView`` of equal pictures that asks for the height its width needs; ``setMaximumHeight`` limits it."""

    def __init__(self, columns: int = 1, gap: int = 2, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._columns, self._gap = columns, gap
        self._images: NDArray[np.uint8] | None = None
        self.column_labels: tuple[str, ...] = ()
        self._row_labels: tuple[str, ...] = ()
        policy = self.sizePolicy()
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    step = staticmethod(regular)

    def set_images(self, images: NDArray[np.uint8] | None) -> None:
        """Show uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` row by row, or nothing."""
        self._images = images if images is not None and images.size else None
        background = self.palette().color(QPalette.ColorRole.Window).lightness()
        self.set_picture(None if self._images is None else tile(self._images, self._columns, self._gap, background))
        self._choose_margins()

    def apply_palette(self) -> None:
        """The gaps between the pictures have the window's color."""
        self.set_images(self._images)

    @property
    def columns(self) -> int:
        """How many pictures there are in a row."""
        return self._columns

    @columns.setter
    def columns(self, columns: int) -> None:
        self._columns = columns

    def set_labels(self, columns: Sequence[str] = (), rows: Sequence[str] = ()) -> None:
        """Write words above the columns, upright where they have no room otherwise, and left of the rows."""
        self.column_labels, self._row_labels = tuple(columns), tuple(rows)
        self._choose_margins()
        self.updateGeometry()
        self.update()

    def hasHeightForWidth(self) -> bool:
        """The pictures keep their shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the largest scale that ``width`` allows."""
        ratio, size, extra, most = self.devicePixelRatioF(), self._picture_size(), self._extra(), self.maximumHeight()
        rest = extra.height() - self.contentsMargins().top()
        across, room = (width - extra.width()) * ratio / size.width(), most - rest
        top = self._top(across, room)
        scale = self.step(min(across, (room - top) * ratio / size.height()))
        return min(math.ceil(scale * size.height() / ratio) + rest + top, most)

    def sizeHint(self) -> QSize:
        """One screen pixel for each pixel."""
        return self.minimumSizeHint()

    def minimumSizeHint(self) -> QSize:
        """One device pixel for each pixel; a table that is large even so shrinks, and keeps its shape."""
        ratio, extra, size = self.devicePixelRatioF(), self._extra(), self._picture_size()
        share = min(1 / ratio, min(_LEAST_WIDTH, self._columns * _LEAST_PICTURE) / size.width())
        needed = QSize(math.ceil(size.width() * share), math.ceil(size.height() * share)) + extra
        return needed.boundedTo(self.maximumSize())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures, then the words beside them."""
        super().paintEvent(event)
        if self.picture is None or not (self.column_labels or self._row_labels):
            return
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        table = self.picture_rect()
        self._paint_column_labels(painter, table)
        pitch = table.height() / max(len(self._row_labels), 1)
        for row, text in enumerate(self._row_labels):
            cell = QRectF(0, table.top() + row * pitch, table.left() - _LABEL_SPACE, pitch)
            short = self.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(cell.width()))
            painter.drawText(cell, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, short)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words that had no room side by side may have it now."""
        super().resizeEvent(event)
        self._choose_margins()

    def _paint_column_labels(self, painter: QPainter, table: QRectF) -> None:
        pitch = table.width() / max(len(self.column_labels), 1)
        metrics = self.fontMetrics()
        upright = self.contentsMargins().top() > metrics.height()
        every = math.ceil((self._widest_label() + _LABEL_SPACE) / max(pitch, 1))  # has room
        for column, text in enumerate(self.column_labels):
            left = table.left() + column * pitch
            if upright:
                painter.save()
                painter.translate(left, table.top() - _UPRIGHT_GAP)
                painter.rotate(-90)
                cell = QRectF(0, 0, self._widest_label(), pitch)
                painter.drawText(cell, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
                painter.restore()
            elif column % every == 0:
                cell = QRectF(left, table.top() - metrics.height(), pitch, metrics.height())
                painter.drawText(cell.adjusted(-pitch * every, 0, pitch * every, 0), Qt.AlignmentFlag.AlignCenter, text)

    def _choose_margins(self) -> None:
        """Make room for the words; Qt tells a widget of other margins as of another size, so they are set once."""
        advance = self.fontMetrics().horizontalAdvance
        left = min(max(map(advance, self._row_labels), default=-_LABEL_SPACE), _WIDEST_ROW_LABEL) + _LABEL_SPACE
        rim, below = 2 * FRAME_WIDTH if self.frame else 0, self.contentsMargins().bottom()
        across = (self.width() - left - rim) * self.devicePixelRatioF() / self._picture_size().width()
        self.setContentsMargins(left, self._top(across, self.height() - rim - below), 0, below)

    def _top(self, across: float, height: int) -> int:
        """Return the height of the words above a table that, by its width, may have the scale ``across``.

        Of ``height`` in all they take no more than leaves pictures their own size: there, some of the words are left
        out, in place of standing upright.
        """
        if not self.column_labels:
            return 0
        ratio, size, line = self.devicePixelRatioF(), self._picture_size(), self.fontMetrics().height()
        scale = self.step(max(min(across, (height - line) * ratio / size.height()), 0))
        if self._widest_label() < scale * size.width() / ratio / len(self.column_labels) - _LABEL_SPACE:
            return line
        upright = self._widest_label() + _UPRIGHT_GAP
        return upright if (height - upright) * ratio / size.height() >= min(across, 1) - _TINY else line

    def _widest_label(self) -> int:
        return max(map(self.fontMetrics().horizontalAdvance, self.column_labels), default=0)

    def _extra(self) -> QSize:
        margins, rim = self.contentsMargins(), 2 * FRAME_WIDTH if self.frame else 0
        # At a fractional ratio, up to a device pixel is lost at each edge to the next whole one.
        rim += 0 if self.devicePixelRatioF().is_integer() else 2
        return QSize(margins.left() + margins.right() + rim, margins.top() + margins.bottom() + rim)

    def _picture_size(self) -> QSize:
        return QSize(self._columns, 1) * 4 * SPACING if self._image.isNull() else self._image.size()
