"""How long the z of several pictures beside each other are: a small curve of |z| against √n below them.

It stands under a table of pictures and takes its place across from it; knows no generator.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.i18n import number, tr
from engine.latent.typicality import lengths, usual_band
from studio import theme
from studio.theme import SPACING
from studio.widgets.base.view import View
from studio.widgets.pictures.picture_table import PictureTable

_TALL = 3 * SPACING
_LEAST, _MOST = 0.5, 1.25  # |z| / √n at the edges, unless one of them lies beyond
_DOT = 2.5
_BAND_INK = 0.3  # of text: it is seen in dark, too


class LengthCurve(View):
    """A dot for each picture, within the band where 95 % of all trained z lie or outside it."""

    def __init__(self, table: PictureTable, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._table, self._band = table, (0.0, 0.0)
        self.lengths = np.zeros(0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.retranslate()
        self.apply_palette()

    def set_z(self, z: NDArray[np.float32]) -> None:
        """Show z ``[N, z_dim]``, one for each column of the table."""
        there = z.size > 0
        now, band = (lengths(z), usual_band(z.shape[1])) if there else (np.zeros(0), (0.0, 0.0))
        if band != self._band or not np.array_equal(now, self.lengths):  # or it would be painted anew for nothing
            self.lengths, self._band = now, band
            self.retranslate()

    @property
    def typical(self) -> NDArray[np.bool_]:
        """Which of them ``[N]`` are as long as 95 % of all trained z."""
        return np.asarray((self.lengths >= self._band[0]) & (self.lengths <= self._band[1]))

    @property
    def text(self) -> str:
        """How long they are and how many are typical, in a sentence of the current language."""
        if not len(self.lengths):
            return ""
        low, high = (number(float(end), ".2f") for end in (self.lengths.min(), self.lengths.max()))
        found, count = number(int(self.typical.sum())), number(len(self.lengths))
        return tr("|z| {low} to {high} √n, {found} of {count} typical", low=low, high=high, found=found, count=count)

    def sizeHint(self) -> QSize:
        """A few lines tall."""
        return QSize(10 * SPACING, _TALL)

    minimumSizeHint = sizeHint

    def retranslate(self) -> None:
        """Say it in the current language."""
        text = self.text
        self.setAccessibleName(tr("How typical each z is"))
        self.setAccessibleDescription(text)
        self.setToolTip(text)
        self.update()

    def apply_palette(self) -> None:
        """Colors are taken while it is painted."""
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the band, and the curve upon it with a dot below the middle of each picture."""
        if not len(self.lengths):
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        across = self._table.picture_rect() if self._table.picture is not None else QRectF(self.rect())
        room = QRectF(max(across.left(), 0), 2, min(across.width(), self.width()), self.height() - 4)

        low, high = min(self.lengths.min(), _LEAST), max(self.lengths.max(), self._band[1], _MOST)

        def y(share: float) -> float:
            return room.bottom() - (max(share, low) - low) / (high - low) * room.height()

        band = QRectF(QPointF(room.left(), y(self._band[1])), QPointF(room.right(), y(self._band[0])))
        ink, paper = (self.palette().color(it) for it in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Window))
        painter.fillRect(band, theme.blend(ink, paper, _BAND_INK))
        pitch = room.width() / len(self.lengths)
        dots = [QPointF(room.left() + (i + 0.5) * pitch, y(float(each))) for i, each in enumerate(self.lengths)]
        usual, unusual = theme.color("generator"), theme.color("trouble")
        painter.setPen(QPen(usual, 1.5))
        painter.drawPolyline(QPolygonF(dots))
        for dot, is_typical in zip(dots, self.typical, strict=True):
            ink = usual if is_typical else unusual
            painter.setPen(QPen(ink, 1.5))
            painter.setBrush(ink if is_typical else Qt.BrushStyle.NoBrush)  # hollow: never color alone
            painter.drawEllipse(dot, _DOT, _DOT)
