"""Some pictures in a row, and under each D's mind about it: a pale bar of before, a full one of now. Knows no run."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.arrays import Pictures
from engine.i18n import tr
from studio import theme
from studio.text.numbers import percent
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.pictures.image_view import picture_to_image

_TILE = 6 * SPACING
_BAR = SPACING - 2
_GAP = SPACING // 2


class VerdictRow(View):
    """As many pictures as find room, in the color of ``role``; ``before`` and ``now`` are probabilities from 0 to 1."""

    def __init__(self, role: theme.Role, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._role = role
        self._images: Pictures = np.zeros((0, 1, 1), np.uint8)
        self._before: NDArray[np.float32] | None = None
        self._now: NDArray[np.float32] | None = None
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        """One row."""
        return QSize(8 * (_TILE + _GAP), _TILE + 2 * _BAR + 2 * _GAP)

    @property
    def count(self) -> int:
        """How many pictures there are to show."""
        return len(self._images)

    def show_pictures(
        self, images: Pictures, before: NDArray[np.float32] | None = None, now: NDArray[np.float32] | None = None
    ) -> None:
        """Show pictures uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` with D's verdicts ``[N]`` on them."""
        self._images, self._before, self._now = images, before, now
        self.retranslate()
        self.update()

    def retranslate(self) -> None:
        """Say for a screen reader what the bars show."""
        told = [
            tr("{when}: {share} real on average", when=when, share=percent(float(verdicts.mean())))
            for when, verdicts in ((tr("before"), self._before), (tr("now"), self._now))
            if verdicts is not None and verdicts.size
        ]
        self.setAccessibleDescription("; ".join(told))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Paint the pictures and their bars."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, False)
        for place, image in enumerate(self._images[: max((self.width() + _GAP) // (_TILE + _GAP), 1)]):
            tile = QRectF(place * (_TILE + _GAP), 0, _TILE, _TILE)
            painter.drawImage(tile, picture_to_image(image))
            painter.setPen(theme.color(self._role))
            painter.drawRect(tile)
            for line, (verdicts, share) in enumerate(((self._before, 0.45), (self._now, 1.0))):
                if verdicts is not None and place < len(verdicts):
                    self._paint_bar(painter, tile, line, float(verdicts[place]), share)

    def _paint_bar(self, painter: QPainter, tile: QRectF, line: int, verdict: float, share: float) -> None:
        window, text = (
            self.palette().color(role) for role in (QPalette.ColorRole.Window, QPalette.ColorRole.WindowText)
        )
        bar = QRectF(tile.left(), tile.bottom() + _GAP + line * (_BAR + 1), tile.width(), _BAR)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.fillRect(bar, theme.blend(text, window, 0.15))
        bar.setWidth(bar.width() * min(max(verdict, 0.0), 1.0))
        painter.fillRect(bar, theme.blend(theme.color("discriminator"), window, share))
