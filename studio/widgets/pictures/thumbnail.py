"""A small picture beside a control, of which there may be many: no zoom, no menu, no focus."""

from __future__ import annotations

from PySide6.QtCore import QRectF
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from engine.arrays import Picture
from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.pictures.image_view import picture_to_image, regular, to_device_pixels

SIDE = 4 * SPACING


@guarded
class Thumbnail(QWidget):
    """As large as ``SIDE`` allows, in whole pixels or regular ones; a faint place where there is none."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self.setFixedSize(SIDE, SIDE)

    @property
    def is_empty(self) -> bool:
        """Whether it shows no picture."""
        return self._image.isNull()

    def set_picture(self, picture: Picture | None) -> None:
        """Show uint8 ``[H, W]`` or ``[H, W, 3]``, or nothing."""
        self._image = QImage() if picture is None else picture_to_image(picture)
        self.update()

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint it in the middle; small ones keep their pixels apart."""
        painter, ratio = QPainter(self), self.devicePixelRatioF()
        to_device_pixels(painter, ratio)
        side, size = round(SIDE * ratio), self._image.size()
        if self._image.isNull():
            painter.fillRect(QRectF(0, 0, side, side), self.palette().color(QPalette.ColorRole.AlternateBase))
            return
        scale = regular(side / max(size.width(), size.height()))
        width, height = scale * size.width(), scale * size.height()
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
        painter.drawImage(QRectF((side - width) // 2, (side - height) // 2, width, height), self._image)
