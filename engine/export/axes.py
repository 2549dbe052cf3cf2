"""Ranges and ticks of a plot's axes: few, round, and not flattened by a spike. Knows no pictures."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.export.timeline import Floats, Form, Plot
from engine.i18n import number
from engine.large_numbers import LARGE, short, ticks

_WARM_UP = 0.1  # the wild first share of a training does not say how high its plot is
_MOST_TICKS = 5
_MOST_EPOCH_TICKS = 7
_AIR = 0.08
_DECADE_PARTS = ((1,), (1, 3), (1, 2, 5))


def scaled(form: Form, values: Floats) -> Floats:
    """Return ``values``, of any shape, as they are drawn: distances (> 0) as logarithms."""
    return np.log10(values) if form == "distance" else values


def value_range(plot: Plot) -> tuple[float, float]:
    """Return the drawn (low, high) of ``plot``: never empty, whatever its curves hold."""
    if plot.form == "percent":
        return -0.02, 1.02
    values = np.concatenate([scaled(plot.form, _settled(curve.y, plot.form)) for curve in plot.curves])
    values = values[np.isfinite(values)]
    if not len(values):
        return 0.0, 1.0
    low, high = values.min(), values.max()
    if plot.form == "plain":
        low, high = np.percentile(values, (1, 99)).tolist()
        low = _lowest(plot, low, high)
    air = max(_AIR * (high - low), 0.02 * abs(high), 1e-3)
    return float(low - air), float(high + air)


def _lowest(plot: Plot, low: float, high: float) -> float:
    """Return the lowest point of all, however it begins: only a spike far below ``low`` to ``high`` leaves the plot.

    A loss that is never negative falls no farther than to 0, which flattens nothing.
    """
    lowest = min(float(np.nanmin(curve.y)) for curve in plot.curves if np.isfinite(curve.y).any())
    return min(lowest, low) if lowest >= min(low - (high - low), 0.0) else low


def _settled(values: Floats, form: Form) -> Floats:
    """Leave out how a loss begins; there are few distances, and how they fall is what they tell."""
    return values[int(_WARM_UP * len(values)) :] if form == "plain" else values


def value_ticks(form: Form, low: float, high: float) -> list[tuple[float, str]]:
    """Return (drawn place, text) of few round values from ``low`` to ``high``."""
    if form == "percent":
        return [(share, number(share, ".0%")) for share in (0.0, 0.5, 1.0)]
    if form == "distance":
        found = _decades(low, high)
        return [(math.log10(value), short(value) if value >= LARGE else number(value)) for value in found]
    places, step = _round_places(low, high, _MOST_TICKS)
    return list(zip(places, ticks(places, step), strict=True))


def epoch_ticks(end: float) -> list[tuple[float, str]]:
    """Return (place, text) of few whole epochs from 0 to ``end``."""
    step = max(math.ceil(_round_step(end / _MOST_EPOCH_TICKS)), 1)
    return [(float(epoch), number(epoch)) for epoch in range(0, math.floor(end + 1e-9) + 1, step)]


def _round_places(low: float, high: float, most: int) -> tuple[list[float], float]:
    """Return the multiples of the smallest round step that has at most ``most`` of them, and that step."""
    step = _round_step((high - low) / (2 * most))
    while math.floor(high / step) - math.ceil(low / step) >= most:
        step = _round_step(1.5 * step)
    places = [step * index for index in range(math.ceil(low / step), math.floor(high / step) + 1)]
    return places, step


def _round_step(least: float) -> float:
    """Return the smallest of 1, 2, 5 times a power of ten that is not below ``least``."""
    magnitude = 10.0 ** math.floor(math.log10(max(least, 1e-9)))
    return next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= least * (1 - 1e-9))


def _decades(low: float, high: float) -> Sequence[float]:
    """Return round values of an axis of decimal logarithms: the coarsest set that has at least two of them."""
    powers = range(math.floor(low), math.ceil(high) + 1)
    for parts in _DECADE_PARTS:
        found = [part * 10.0**power for power in powers for part in parts if low <= math.log10(part) + power <= high]
        if len(found) >= 2:
            return found[:: math.ceil(len(found) / _MOST_TICKS)]
    return _round_places(10**low, 10**high, _MOST_TICKS)[0]
