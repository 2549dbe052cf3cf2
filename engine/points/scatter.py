"""Points as a picture: what a grid of tiles is for pictures. Real ones gray, generated ones orange above them.

Two columns are drawn as points in the plane, more as a matrix of planes, each column against each other one, with how
its values are spread on the diagonal. Numpy only; the shades are those of the window.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Picture, Points

SIDE = 288
"""Pixels of a plane alone."""

REACH = 1.1
"""How far the picture goes, in units in which real points lie between -1 and 1; what lies beyond stands at its rim."""

MOST_COLUMNS = 6
"""That are drawn: of a wider table the first ones."""

_SMALLEST = 64  # pixels of a plane in a matrix
_GAP = 2
_MOST_REAL = 2_000
_GROUND, _FRAME = (28, 28, 28), (72, 72, 72)
_REAL, _GENERATED = (150, 150, 150), (230, 159, 0)
_BINS = 24


def draw(real: Points, generated: Points, side: int = SIDE) -> Picture:
    """Return the picture ``[H, W, 3]`` of ``real`` and ``generated`` points ``[N, C]`` and ``[M, C]``, C at least 2.

    A plane alone has sides of ``side`` pixels, and so has a matrix of small ones, nearly.
    """
    count = min(real.shape[1] if len(real) else generated.shape[1], MOST_COLUMNS)
    real = real[:: max(len(real) // _MOST_REAL, 1)]
    layers = ((real, _REAL), (generated, _GENERATED))
    if count == 2:
        picture = _plane(side)
        for points, color in layers:
            _dots(picture, points[:, 0], points[:, 1], color, 1)
        return picture
    cell = max((side + _GAP) // count - _GAP, _SMALLEST)
    whole = np.full((count * (cell + _GAP) - _GAP, count * (cell + _GAP) - _GAP, 3), _FRAME, np.uint8)
    for row in range(count):
        for column in range(count):
            plane = _plane(cell)
            for points, color in layers:
                if row == column:
                    _bars(plane, points[:, row], color)
                else:
                    _dots(plane, points[:, column], points[:, row], color, 0)
            top, left = row * (cell + _GAP), column * (cell + _GAP)
            whole[top : top + cell, left : left + cell] = plane
    return whole


def _plane(side: int) -> Picture:
    picture = np.full((side, side, 3), _GROUND, np.uint8)
    picture[[0, -1]], picture[:, [0, -1]] = _FRAME, _FRAME
    return picture


def _dots(picture: Picture, x: NDArray[np.float32], y: NDArray[np.float32], color: tuple[int, ...], reach: int) -> None:
    """Draw dots that are ``2 · reach + 1`` pixels wide; y grows upward."""
    side = len(picture)
    across, down = _places(x, side), side - 1 - _places(y, side)
    for right in range(-reach, reach + 1):
        for below in range(-reach, reach + 1):
            if abs(right) + abs(below) <= reach:
                picture[np.clip(down + below, 0, side - 1), np.clip(across + right, 0, side - 1)] = color


def _bars(picture: Picture, values: NDArray[np.float32], color: tuple[int, ...]) -> None:
    """Draw the outline of how often each value occurs."""
    side = len(picture)
    counts = np.histogram(np.clip(values, -REACH, REACH), _BINS, (-REACH, REACH))[0]
    heights = np.rint(counts / max(counts.max(), 1) * (side - 4)).astype(np.int64)
    tops = side - 2 - heights[np.minimum(np.arange(side) * _BINS // side, _BINS - 1)]
    picture[tops, np.arange(side)] = color
    for place in np.flatnonzero(np.diff(tops)):
        low, high = sorted((tops[place], tops[place + 1]))
        picture[low : high + 1, place] = color


def _places(values: NDArray[np.float32], side: int) -> NDArray[np.int64]:
    shares = (np.clip(values, -REACH, REACH) + REACH) / (2 * REACH)
    return np.rint(shares * (side - 1)).astype(np.int64)
