"""A value axis for curves drawn as decimal logarithms, with round numbers on it. It knows no plot."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from PySide6.QtGui import QFontMetrics
from PySide6.QtWidgets import QApplication

from engine.i18n import number
from engine.large_numbers import LARGE, short
from studio.guard import guarded
from studio.widgets.plots.time_plot import PlotAxis

LEAST_DISTANCE = 1e-2
"""What is drawn of a smaller one: a logarithm needs more than nothing."""
_ROUND = ((1, 2, 5), (1, 3), (1,))  # from the densest to the thinnest numbers within a decade
_FINE = tuple(range(10, 100))
_PIXELS_A_NUMBER = 18
_FEWEST = 2


@guarded
class LogAxis(PlotAxis):
    """Its values are log10 of what its numbers say."""

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Return one level of ticks: as many round numbers as have room."""
        letters = QFontMetrics(self.style["tickFont"] or QApplication.font()).height()
        room = max(size / max(_PIXELS_A_NUMBER, letters), 1.0)
        choices = [_within(minVal, maxVal, digits) for digits in _ROUND]
        if len(choices[0]) < _FEWEST:
            fine = _within(minVal, maxVal, _FINE, shift=1)
            return [(1.0, _thinned(fine, room))]
        return [(1.0, _thinned(next((ticks for ticks in choices if len(ticks) <= room), choices[-1]), room))]

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers themselves, at most two digits long."""
        rounded = [round(10**value, 1 - math.floor(value)) for value in values]
        return [short(value) if value >= LARGE else number(value, ",.6g") for value in rounded]


def _thinned(ticks: list[float], room: float) -> list[float]:
    return ticks[:: max(math.ceil(len(ticks) / room), 1)]


def _within(low: float, high: float, digits: Sequence[int], shift: int = 0) -> list[float]:
    decades = range(math.floor(low) - shift, math.ceil(high) - shift + 1)
    ticks = np.array([math.log10(digit) + decade for decade in decades for digit in digits])
    inside: list[float] = ticks[(ticks >= low) & (ticks <= high)].tolist()
    return inside
