"""Pictures side by side, and under each how probably the judge takes it for each of some classes. Knows no generator.

A class has the same color and the same name in every bar: colors that color-blind people tell apart, and never alone.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from engine.i18n import tr
from engine.text import plain
from studio import theme
from studio.text.numbers import percent
from studio.theme import SPACING
from studio.widgets.pictures.picture_matrix import PictureMatrix

BARS = 9 * SPACING
_AIR = SPACING // 2
_COLORS = ("#E69F00", "#56B4E9", "#009E73", "#F0E442", "#CC79A7")  # Okabe and Ito, 2008
_INK = QColor("#000000")  # legible on each of them
_LEAST_SHOWN = 0.005
_OTHERS_TOLD = 0.25  # the probability from which on a class that nobody asked for is named
_LONGEST_NAME = 24


class ReadStrip(PictureMatrix):
    """One row of pictures; ``show_readings`` paints the bars."""

    def __init__(self, columns: int, parent: QWidget | None = None) -> None:
        super().__init__(columns, parent)
        self._probabilities: NDArray[np.float32] | None = None
        self._names: tuple[str, ...] = ()
        self._classes: tuple[int, ...] = ()
        self.setContentsMargins(0, 0, 0, BARS + _AIR)

    def show_readings(
        self, probabilities: NDArray[np.float32] | None, names: Sequence[str] = (), classes: Sequence[int] = ()
    ) -> None:
        """Show ``probabilities`` ``[columns, all classes]``; ``names`` are theirs; ``classes`` have colors."""
        self._probabilities, self._names = probabilities, tuple(names)
        self._classes = tuple(dict.fromkeys(classes))
        self.setAccessibleDescription(self.told(self.current))
        self.update()

    def choose(self, index: int | None) -> None:
        """Frame the picture ``index``, or none, without a signal."""
        super().choose(index)
        self.setAccessibleDescription(self.told(index))

    def retranslate(self) -> None:
        """Say what is read in the current language."""
        self.setAccessibleDescription(self.told(self.current))
        self.update()

    def told(self, column: int | None) -> str:
        """Say what the judge reads in the picture ``column``, most probable first; nothing without a judge."""
        if column is None or self._probabilities is None or column >= len(self._probabilities):
            return ""
        each = self._probabilities[column]
        best = [index for index in np.argsort(-each)[:2] if each[index] >= _LEAST_SHOWN]
        return ", ".join(
            tr("“{name}” {share}", name=tr(self._names[index]), share=percent(float(each[index]))) for index in best
        )

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the pictures, then the bars below them."""
        super().paintEvent(event)
        if self._probabilities is None or self.picture is None or len(self._probabilities) < self.columns:
            return
        painter = QPainter(self)
        top = self.picture_rect().bottom() + _AIR + 1
        for column in range(self.columns):
            cell = self.place_of(column)
            self._paint_bar(painter, QRectF(cell.left() + 1, top, cell.width() - 2, BARS - 2), column)

    def _paint_bar(self, painter: QPainter, place: QRectF, column: int) -> None:
        assert self._probabilities is not None
        shares, text = self._probabilities[column], self.palette().color(QPalette.ColorRole.WindowText)
        ground = theme.blend(text, self.palette().color(QPalette.ColorRole.Window), 0.2)
        painter.fillRect(place, ground)
        bottom = place.bottom()
        for order, index in enumerate(self._classes):
            height = place.height() * float(shares[index])
            part = QRectF(place.left(), bottom - height, place.width(), height)
            painter.fillRect(part, QColor(_COLORS[order % len(_COLORS)]))
            self._write(painter, part, self._names[index], _INK)
            bottom -= height
        rest = QRectF(place.left(), place.top(), place.width(), bottom - place.top())
        others = [index for index in np.argsort(-shares) if int(index) not in self._classes]
        if others and shares[others[0]] >= _OTHERS_TOLD:
            self._write(painter, rest, self._names[others[0]], text)
        painter.setPen(QPen(text, 1))
        if len(self._classes) > 1 and place.top() < bottom < place.bottom():
            painter.drawLine(QPointF(place.left(), bottom), QPointF(place.right(), bottom))

    def _write(self, painter: QPainter, part: QRectF, name: str, ink: QColor) -> None:
        """Write ``name`` in the middle of ``part`` where it has room."""
        if part.height() < self.fontMetrics().height() - 2:
            return
        short = self.fontMetrics().elidedText(
            plain(tr(name), _LONGEST_NAME), Qt.TextElideMode.ElideRight, int(part.width())
        )
        painter.setPen(ink)
        painter.drawText(part, Qt.AlignmentFlag.AlignCenter, short)
