"""A picture as large as its place, and under it a bar: how probably real D takes it to be. It knows no run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QWidget

from studio import theme
from studio.text.sample import verdict_words
from studio.theme import SPACING
from studio.widgets.pictures.image_view import FRAME_WIDTH
from studio.widgets.pictures.picture_table import PictureTable

_BAR = SPACING - 2
_PALE = 0.35


class JudgedPicture(PictureTable):
    """One picture in a frame of ``role``; where it is disabled, because a newer one is awaited, it turns pale."""

    def __init__(self, role: theme.Role, *, has_bar: bool = True, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._role, self._has_bar = role, has_bar
        self._verdict: float | None = None
        self.setContentsMargins(0, 0, 0, _BAR + FRAME_WIDTH if has_bar else 0)
        self.apply_palette()

    @property
    def verdict(self) -> float | None:
        """The probability (0 to 1) that the bar shows."""
        return self._verdict

    def show_picture(self, picture: NDArray[np.uint8] | None, verdict: float | None = None) -> None:
        """Show uint8 ``[H, W]`` or ``[H, W, 3]``, or none, and D's ``verdict`` (0 to 1) on it where there is one."""
        self._verdict = verdict
        self.set_images(None if picture is None else picture[None])
        self.setAccessibleDescription(verdict_words(verdict))

    def apply_palette(self) -> None:
        """Take the color of who made the picture."""
        super().apply_palette()
        self.set_frame(theme.color(self._role))

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the picture, then the bar as wide as it is."""
        super().paintEvent(event)
        painter = QPainter(self)
        if self._has_bar and self.picture is not None and self._verdict is not None:
            self._paint_bar(painter, self._verdict)
        if not self.isEnabled():
            veil = self.palette().color(QPalette.ColorRole.Window)
            veil.setAlphaF(1 - _PALE)
            painter.fillRect(self.rect(), veil)

    def _paint_bar(self, painter: QPainter, verdict: float) -> None:
        rect = self.picture_rect()
        bar = QRectF(rect.left() - FRAME_WIDTH, rect.bottom() + 2 * FRAME_WIDTH, rect.width() + 2 * FRAME_WIDTH, _BAR)
        window, text = (
            self.palette().color(role) for role in (QPalette.ColorRole.Window, QPalette.ColorRole.WindowText)
        )
        painter.fillRect(bar, theme.blend(text, window, 0.2))
        bar.setWidth(bar.width() * verdict)
        painter.fillRect(bar, theme.color("discriminator"))
