"""Numbers behind growing curves: smoothing, thinning to pixel columns, axis ranges. numpy only; it knows no Qt."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FIRST_CAPACITY = 1024
_RANGE_SAMPLE = 2048
_WARM_UP_ROWS = 20
_AIR = 0.02  # of the axis, below a curve that ends at 0


class SmoothedTable:
    """Rows of ``width`` values and their moving average; appending costs only the new rows.

    The average is exponential; with an infinite half-life it is the mean of everything since the first row. A row
    counts as often as its weight says: it is itself a mean over that many steps. Values that are not finite become
    NaN: a gap in the raw and in the averaged curve, over which the average carries on. The first rows average what
    there is, so the averaged curve does not start at zero.
    """

    def __init__(self, width: int, half_life: float = 0.0) -> None:
        """``half_life`` is the number of rows after which a row counts half, infinite for never; 0 smooths nothing.

        ``gap_starts`` are the rows at which at least one value begins to be no number.
        """
        self._half_life = half_life
        self._raw = np.empty((width, _FIRST_CAPACITY))
        self._smooth = np.empty((width, _FIRST_CAPACITY))
        self._weights = np.empty(_FIRST_CAPACITY)
        self._length = 0
        self._state = np.zeros((2, width))
        self.gap_starts: list[int] = []

    def __len__(self) -> int:
        """Return the number of rows."""
        return self._length

    @property
    def raw(self) -> Floats:
        """The values, ``[width, len(self)]``."""
        return self._raw[:, : self._length]

    @property
    def smooth(self) -> Floats:
        """The moving averages, ``[width, len(self)]``; NaN where the raw value is."""
        return self._smooth[:, : self._length]

    def append(self, values: Floats, weights: Floats | float = 1.0) -> None:
        """Add columns of ``values`` ``[width, count]`` with ``weights`` ``[count]`` (≥ 0) at the end."""
        start, end = self._length, self._length + values.shape[1]
        while end > self._raw.shape[1]:
            self._raw = np.concatenate([self._raw, np.empty_like(self._raw)], axis=1)
            self._smooth = np.concatenate([self._smooth, np.empty_like(self._smooth)], axis=1)
            self._weights = np.concatenate([self._weights, np.empty_like(self._weights)])
        self._raw[:, start:end] = np.where(np.isfinite(values), values, np.nan)
        self._weights[start:end] = weights
        self._length = end
        self._average(start)
        self._note_gaps(start)

    def set_half_life(self, half_life: float) -> None:
        """Smooth everything again with another half-life in rows."""
        self._half_life = half_life
        self._state[:] = 0.0
        self._average(0)

    def _average(self, start: int) -> None:
        raw = self._raw[:, start : self._length]
        if self._half_life <= 0 or not raw.size:
            self._smooth[:, start : self._length] = raw
            return
        known = np.isfinite(raw)
        weights = known * self._weights[start : self._length]
        keep = 0.5 ** (1.0 / self._half_life)
        total = decaying_sum(np.where(known, raw, 0.0) * weights, keep, self._state[0])
        weight = decaying_sum(weights, keep, self._state[1])
        self._state = np.stack([total[:, -1], weight[:, -1]])
        smooth = np.full_like(raw, np.nan)
        np.divide(total, weight, out=smooth, where=known & (weight > 0))
        self._smooth[:, start : self._length] = smooth

    def _note_gaps(self, start: int) -> None:
        first = max(start - 1, 0)
        bad = np.logical_or.reduce(np.isnan(self.raw[:, first:]), axis=0)
        begins = bad & ~np.concatenate([[False], bad[:-1]])
        self.gap_starts += [row for row in (np.flatnonzero(begins) + first).tolist() if row >= start]


def decaying_sum(values: Floats, keep: float, before: Floats) -> Floats:
    """Return ``s`` with ``s[:, i] = keep * s[:, i - 1] + values[:, i]`` and ``before`` as ``s[:, -1]`` at the start.

    A scan by doubling (Hillis and Steele, 1986): log2(rows) numpy passes instead of a Python loop over rows.
    """
    total = values.copy()
    total[:, 0] += keep * before
    step, weight = 1, keep
    while step < total.shape[1] and weight > 1e-12:
        total[:, step:] += weight * total[:, :-step]
        step, weight = step * 2, weight * weight
    return total


def nearest(x: Floats, place: float) -> int | None:
    """Return the row of ascending ``x`` ``[N]`` that is nearest to ``place``, None where there are no rows."""
    if not len(x):
        return None
    row = min(max(int(np.searchsorted(x, place)), 1), len(x) - 1)
    return row - 1 if row and place - x[row - 1] <= x[row] - place else row


def visible(x: Floats, first: float, last: float) -> slice:
    """Return the rows of ascending ``x`` within [first, last] and one neighbor at each side."""
    return slice(max(int(np.searchsorted(x, first)) - 1, 0), int(np.searchsorted(x, last, "right")) + 1)


def lone(x: Floats, y: Floats, first: float, last: float, columns: int) -> tuple[Floats, Floats]:
    """Return the values of a curve within [first, last] that have no neighbor to be joined to.

    Among more rows than ``columns`` of pixels nobody could tell them.
    """
    rows = visible(x, first, last)
    x, y = x[rows], y[rows]
    if len(x) > columns:
        return x[:0], y[:0]
    known = np.isfinite(np.concatenate([[np.nan], y, [np.nan]]))
    alone = known[1:-1] & ~known[:-2] & ~known[2:]
    return x[alone], y[alone]


def peaks(x: Floats, y: Floats, first: float, last: float, columns: int) -> tuple[Floats, Floats]:
    """Thin a curve to its lowest and highest value in each of ``columns`` pixel columns of [first, last].

    A NaN makes its column a gap, however many rows share the column.
    """
    rows = visible(x, first, last)
    x, y = x[rows], y[rows]
    if len(x) <= 2 * columns:
        return x, y
    starts = np.searchsorted(x, np.linspace(first, last, columns, endpoint=False))
    starts[0] = 0
    starts = np.unique(starts[starts < len(x)])
    both = np.stack([np.minimum.reduceat(y, starts), np.maximum.reduceat(y, starts)], axis=1)
    return np.repeat(x[starts], 2), both.ravel()


def dashes(
    x: Floats, y: Floats, first: float, last: float, columns: int, dash: tuple[int, int]
) -> tuple[Floats, Floats, NDArray[np.bool_]]:
    """Read a smooth curve, ``x`` and ``y`` ``[N]``, once per pixel column; return x, y and which points connect to the
    next one, ``[M]`` each.

    ``dash`` is (pixels drawn, pixels left out). Dashes tied to pixel columns stand still while the curve
    grows, and Qt draws them as plain short lines, three times faster than a dashed thick path.
    """
    pixel = (last - first) / columns
    ends = np.clip(x[[0, -1]], first, last) if len(x) else np.empty(0)
    grid = first + pixel * np.arange(columns + 1)
    inside = grid[(grid > ends[0]) & (grid < ends[-1])] if len(x) else grid[:0]
    points = np.concatenate([ends[:1], inside, ends[1:]])
    if not len(x) or x[-1] < first or x[0] > last:
        return points[:0], points[:0], np.empty(0, np.bool_)
    values = np.interp(points, x, y)
    drawn, left_out = dash
    connect = ((points - first) / pixel + 1e-6).astype(np.int64) % (drawn + left_out) < drawn
    connect[:-1] &= np.isfinite(values[:-1]) & np.isfinite(values[1:])
    return points, values, connect


def robust_range(raw: Floats, smooth: Floats) -> tuple[float, float]:
    """Return a round (low, high) that shows curves ``[width, rows]`` without their wild first rows and spikes.

    The newest smoothed values are always inside. Never empty: no data gives (0, 1), a flat line some air. What is
    never negative has an axis that is not, but for so much air that a line at 0 is seen whole.
    """
    skipped = min(raw.shape[1] // 10, _WARM_UP_ROWS)
    stride = max(raw.shape[1] // _RANGE_SAMPLE, 1)
    sample = raw[:, skipped::stride]
    sample = sample[np.isfinite(sample)]
    newest = smooth[:, -1:][np.isfinite(smooth[:, -1:])]
    if not sample.size:
        sample = newest
    if not sample.size:
        return 0.0, 1.0
    low, high = np.percentile(sample, (1, 99))
    first, last = round_range(float(min(low, *newest, low)), float(max(high, *newest, high)))
    never_negative = min(sample.min(), *newest, np.inf) >= 0
    return (max(first, -_AIR * last), last) if never_negative else (first, last)


def round_range(low: float, high: float) -> tuple[float, float]:
    """Widen [low, high] to multiples of a round step, so that the axis rests while the data moves a little."""
    span = max(high - low, 1e-3 * abs(high), 1e-6)
    magnitude = 10.0 ** math.floor(math.log10(span / 4))
    step = next(factor * magnitude for factor in (1, 2, 5, 10) if factor * magnitude >= span / 4)
    return step * math.floor(low / step - 0.1), step * math.ceil(high / step + 0.1)
