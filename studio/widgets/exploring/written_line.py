"""A written line on paper, and under each character whether a judge can read it. Knows no generator."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.i18n import tr
from engine.text import plain
from studio import theme
from studio.theme import SPACING
from studio.widgets.base.view import View

_PAPER = QColor("#FFFFFF")  # ink is black in either theme
_LEAST, _MOST = 6 * SPACING, 24 * SPACING
_READ, _UNREAD = "✓", "✗"
_LONGEST_NAME = 8


class Mark(NamedTuple):
    """Where a character of the line stands, in pixels of its picture, and what the judge makes of it.

    ``is_readable`` is None where nobody reads it; ``read`` is the class that is read in its place.
    """

    left: int
    right: int
    is_readable: bool | None
    read: str = ""


class WrittenLine(View):
    """As wide as its place; the signs below say with a mark and a name, not with their color alone, what is read."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.marks: tuple[Mark, ...] = ()
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)

    def show_line(self, picture: NDArray[np.uint8] | None, marks: tuple[Mark, ...] = ()) -> None:
        """Show uint8 ``[height, width, 4]``, or nothing."""
        self._image = QImage() if picture is None else rgba_image(picture)
        self.marks = marks
        self.updateGeometry()
        self.update()

    def apply_palette(self) -> None:
        """The palette is read while painting."""
        self.update()

    def hasHeightForWidth(self) -> bool:
        """The line keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:
        """Return the height of the line at ``width``, with the marks below it."""
        line = _LEAST
        if not self._image.isNull():
            line = min(max(math.ceil(width * self._image.height() / self._image.width()), _LEAST), _MOST)
        return min(line + self._below(), self.maximumHeight())

    def sizeHint(self) -> QSize:
        """Room for a short line."""
        return QSize(20 * SPACING, self.heightForWidth(max(self.width(), 20 * SPACING)))

    def minimumSizeHint(self) -> QSize:
        """A line that can still be seen."""
        return QSize(10 * SPACING, _LEAST + self._below())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint paper, ink and marks."""
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = self.height() - self._below()
        scale = min(self.width() / self._image.width(), room / self._image.height())
        size = self._image.width() * scale, self._image.height() * scale
        place = QRectF((self.width() - size[0]) / 2, (room - size[1]) / 2, *size)
        painter.fillRect(place, _PAPER)
        painter.drawImage(place, self._image)
        for mark in self.marks:
            if mark.is_readable is not None:
                self._paint_mark(painter, mark, place, scale)

    def _paint_mark(self, painter: QPainter, mark: Mark, place: QRectF, scale: float) -> None:
        middle = place.left() + (mark.left + mark.right) / 2 * scale
        text = _READ if mark.is_readable else f"{_UNREAD} {plain(tr(mark.read), _LONGEST_NAME)}"
        painter.setPen(
            self.palette().color(QPalette.ColorRole.WindowText) if mark.is_readable else theme.color("trouble")
        )
        width = self.fontMetrics().horizontalAdvance(text)
        left = min(max(middle - width / 2, 0), self.width() - width)
        painter.drawText(
            QRectF(left, place.bottom() + 1, width + 1, self.fontMetrics().height()),
            Qt.AlignmentFlag.AlignCenter,
            text if scale * (mark.right - mark.left) > width * 0.6 or mark.is_readable else _UNREAD,
        )

    def _below(self) -> int:
        return self.fontMetrics().height() + 2


def rgba_image(picture: NDArray[np.uint8]) -> QImage:
    """Return a copy of uint8 ``[H, W, 4]`` with its transparency."""
    pixels = np.ascontiguousarray(picture)
    height, width = pixels.shape[:2]
    return QImage(pixels.data, width, height, pixels.strides[0], QImage.Format.Format_RGBA8888).copy()
