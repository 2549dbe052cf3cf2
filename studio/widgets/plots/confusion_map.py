"""What was asked for against what was read, as a map of colored cells. It knows no run."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPalette
from PySide6.QtWidgets import QWidget

from engine.i18n import tr
from studio import theme
from studio.text.numbers import percent
from studio.widgets.pictures.image_view import picture_to_image
from studio.widgets.plots.class_chart import Cell, ClassChart

_LARGEST_SIDE = 50 * theme.SPACING
_LONGEST_NAME = 10 * theme.SPACING
_LEAST_WRITTEN = 0.005  # a share that is not rounded to nothing
_LUMINANCE = (0.2126, 0.7152, 0.0722)  # of red, green and blue light, ITU-R BT.709
_MIDDLE_GRAY = 0.18


class ConfusionMap(ClassChart):
    """Rows were asked for, columns were read: the diagonal in the generator's orange, errors in vermilion.

    The color grows with the cube root of the share, so that a few errors in a hundred are seen.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusion_map")
        self._shares: NDArray[np.float64] = np.zeros((0, 0))
        self.colors: NDArray[np.uint8] = np.zeros((0, 0, 3), np.uint8)
        self.image = QImage()

    def show_shares(self, shares: Sequence[Sequence[float]], names: Sequence[str]) -> None:
        """Show ``shares`` [asked, read] (0 to 1), both in the order of ``names``."""
        self._shares = np.asarray(shares, np.float64)
        self.set_names(names)
        self.apply_palette()

    def apply_palette(self) -> None:
        """Take every color again."""
        paper, right, wrong = (
            np.array([color.redF(), color.greenF(), color.blueF()])
            for color in (self._paper(), theme.color("generator"), theme.color("trouble"))
        )
        count = len(self._shares)
        ink = np.where(np.eye(count, dtype=bool)[..., None], right, wrong)
        strength = np.cbrt(self._shares.clip(0, 1))[..., None]
        self.colors = np.round(255 * (paper + strength * (ink - paper))).astype(np.uint8)
        self.image = picture_to_image(self.colors) if count else QImage()
        self.update()

    def rows(self) -> int:
        """As many as columns."""
        return len(self.names)

    def area_for(self, width: int) -> QRectF:
        """A square beside the names of the rows."""
        widest = max((self.fontMetrics().horizontalAdvance(name) for name in self.names), default=0)
        left = min(widest, _LONGEST_NAME) + theme.SPACING
        side = max(min(width - left - 1, _LARGEST_SIDE), theme.SPACING)
        return QRectF(left, theme.SPACING, side, side)

    def summary(self) -> str:
        """Tell the most frequent error."""
        errors = np.where(np.eye(len(self._shares), dtype=bool), 0.0, self._shares)
        asked, read = np.unravel_index(int(errors.argmax()), errors.shape)
        if errors[asked, read] <= 0:
            return tr("Every sample was read as asked.")
        return tr(
            "Most frequent error: {share} of those asked for as {asked} were read as {read}.",
            share=percent(float(errors[asked, read])),
            asked=self.names[asked],
            read=self.names[read],
        )

    def text_of(self, cell: Cell) -> str:
        """Tell one share."""
        return tr(
            "Asked for {asked}, read as {read}: {share}",
            asked=self.names[cell[0]],
            read=self.names[cell[1]],
            share=percent(float(self._shares[cell])),
        )

    def paint_cells(self, painter: QPainter, area: QRectF) -> None:
        """Paint the map, the numbers where there is room, and the names of the rows."""
        painter.drawImage(area, self.image)
        pitch = area.height() / len(self.names)
        self._paint_row_names(painter, area, pitch)
        if pitch < self.fontMetrics().horizontalAdvance("100") + 2:
            return
        for asked, read in np.argwhere(self._shares >= _LEAST_WRITTEN).tolist():
            cell = QRectF(area.left() + read * pitch, area.top() + asked * pitch, pitch, pitch)
            luminance = (self.colors[asked, read] / 255) ** 2.2 @ _LUMINANCE
            painter.setPen(QColor(Qt.GlobalColor.black if luminance > _MIDDLE_GRAY else Qt.GlobalColor.white))
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, str(round(100 * self._shares[asked, read])))

    def _paint_row_names(self, painter: QPainter, area: QRectF, pitch: float) -> None:
        metrics = self.fontMetrics()
        for row in range(0, len(self.names), math.ceil(metrics.height() / pitch)):
            name = metrics.elidedText(self.names[row], Qt.TextElideMode.ElideRight, _LONGEST_NAME)
            middle = area.top() + (row + 0.5) * pitch
            beside = QRectF(0, middle - metrics.height() / 2, area.left() - theme.SPACING // 2, metrics.height())
            painter.drawText(beside, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, name)

    def _paper(self) -> QColor:
        return self.palette().color(QPalette.ColorRole.Base)
