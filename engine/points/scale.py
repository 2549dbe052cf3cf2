"""Between the units of the person whose numbers these are, and -1 to 1. Numpy only."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Points
from engine.datasets.info import Column


def to_unit(values: NDArray[np.float64], columns: Sequence[Column]) -> Points:
    """Return ``values`` ``[N, C]`` in their own units as points ``[N, C]`` from -1 to 1.

    The middle stands for a column that always has the same value.
    """
    low, high = _ends(columns)
    reach = np.where(high > low, high - low, 1.0)
    return np.where(high > low, 2 * (values - low) / reach - 1, 0.0).astype(np.float32)


def to_own(points: Points, columns: Sequence[Column]) -> NDArray[np.float64]:
    """Return ``points`` ``[N, C]`` in their own units, ``[N, C]``; the inverse of ``to_unit``."""
    low, high = _ends(columns)
    return low + (points.astype(np.float64) + 1) / 2 * (high - low)


def as_points(pictures: NDArray[Any]) -> Points:
    """Return pictures of one pixel, ``[N, 1, 1, C]`` or ``[N, C, 1, 1]``, as points ``[N, C]``."""
    return pictures.reshape(len(pictures), math.prod(pictures.shape[1:]))


def features(pictures: NDArray[Any]) -> NDArray[np.float32]:
    """Return what tells points ``[N, 1, 1, C]`` apart, ``[N, C]``: where they are, in hundredths of the way from the
    middle to the farthest, so that their distances are numbers of a size that can be read.
    """
    return np.asarray(100 * as_points(pictures), np.float32)


def _ends(columns: Sequence[Column]) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    return np.array([column.low for column in columns]), np.array([column.high for column in columns])
