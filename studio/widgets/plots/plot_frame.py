"""A rectangle of values on the screen, with round numbers along its edges. For plots that are painted, not built."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from engine.large_numbers import ticks
from studio.theme import SPACING

TICK = 4  # pixels, with the space behind it
_STEPS = (1, 2, 5, 10)
_WIDEST = "−0.000"


class Frame(NamedTuple):
    """``place`` on the screen, and the values ``low`` and ``high`` ``[2]`` (x, y) at its edges."""

    place: QRectF
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def at(self, points: NDArray[np.floating]) -> NDArray[np.float64]:
        """Return where points ``[N, 2]`` lie on the screen, ``[N, 2]``."""
        share = (points - self.low) / np.maximum(self.high - self.low, 1e-300)
        corner = [self.place.left(), self.place.bottom()]
        return np.asarray(corner + share * [self.place.width(), -self.place.height()], np.float64)

    def value(self, at: QPointF) -> NDArray[np.float64]:
        """Return the values ``[2]`` of a place on the screen."""
        right = (at.x() - self.place.left()) / max(self.place.width(), 1)
        up = (self.place.bottom() - at.y()) / max(self.place.height(), 1)
        return np.asarray(self.low + (self.high - self.low) * [right, up], np.float64)


def round_places(low: float, high: float, most: int) -> tuple[list[float], float]:
    """Return at most ``most`` + 1 round values from ``low`` to ``high``, and how far apart they lie."""
    span = high - low
    if not (math.isfinite(span) and span > 0) or most < 1:
        return [], 1.0
    rough = span / most
    magnitude = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * magnitude for factor in _STEPS if factor * magnitude >= rough * (1 - 1e-9))
    first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
    return [step * each for each in range(first, last + 1)], step


def room_for_numbers(metrics: QFontMetricsF) -> tuple[float, float]:
    """Return how many pixels the numbers take at the left of a frame, and below it."""
    return metrics.horizontalAdvance(_WIDEST) + TICK + 2, metrics.height() + TICK


def paint_axes(painter: QPainter, frame: Frame, line: QColor, text: QColor) -> None:
    """Paint the frame, with round numbers below it and at its left."""
    painter.setPen(line)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRect(frame.place)
    metrics, place = QFontMetricsF(painter.font()), frame.place
    wide, high = metrics.horizontalAdvance(_WIDEST) + SPACING, 2 * metrics.height()
    for axis, room in ((0, place.width() / wide), (1, place.height() / high)):
        values, step = round_places(float(frame.low[axis]), float(frame.high[axis]), int(room))
        points = np.repeat(frame.low[None], len(values), axis=0)
        points[:, axis] = values
        _paint_ticks(painter, axis, frame.at(points), ticks(values, step), (line, text))


def _paint_ticks(
    painter: QPainter, axis: int, places: NDArray[np.float64], words: Sequence[str], inks: tuple[QColor, QColor]
) -> None:
    metrics = QFontMetricsF(painter.font())
    for (x, y), word in zip(places.tolist(), words, strict=True):
        width = metrics.horizontalAdvance(word)
        end = QPointF(x, y + TICK - 1) if axis == 0 else QPointF(x - TICK + 1, y)
        below = QPointF(x - width / 2, y + TICK + metrics.ascent())
        beside = QPointF(x - TICK - 2 - width, y + metrics.capHeight() / 2)
        painter.setPen(inks[0])
        painter.drawLine(QLineF(QPointF(x, y), end))
        painter.setPen(inks[1])
        painter.drawText(below if axis == 0 else beside, word)
