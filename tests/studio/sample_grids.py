"""Grids of samples, and what is seen of them."""

from __future__ import annotations

import numpy as np
from PySide6.QtGui import QImage

from engine.arrays import Picture
from studio.widgets.pictures.image_view import ImageView


def screenshot(view: ImageView) -> Picture:
    image = view.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)
    return pixels[:, :, 2::-1].copy()
