"""Measures that look at nearest neighbors: fidelity, variety, copies. Numpy only."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ROWS = 512

Features = NDArray[np.float32]
"""``[N, F]``, a row for each picture."""


def squared_distances(a: Features, b: Features) -> NDArray[np.float32]:
    """Return squared Euclidean distances ``[N, M]`` between the rows of ``a`` ``[N, F]`` and ``b`` ``[M, F]``."""
    squares = (a * a).sum(1)[:, None] + (b * b).sum(1)
    return np.maximum(squares - 2 * (a @ b.T), 0)


def nearest(a: Features, b: Features) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
    """Return, for each row of ``a``, the index ``[N]`` of the nearest row of ``b`` and the distance ``[N]`` to it."""
    indices, distances = [], []
    for start in range(0, len(a), _ROWS):
        block = squared_distances(a[start : start + _ROWS], b)
        best = block.argmin(1)
        indices.append(best)
        distances.append(block[np.arange(len(block)), best])
    return np.concatenate(indices), np.sqrt(np.concatenate(distances))


def radii(features: Features, k: int) -> NDArray[np.float32]:
    """Return each row's distance to its ``k``-th nearest other row, ``[N]``."""
    found = [
        np.partition(squared_distances(features[start : start + _ROWS], features), k, axis=1)[:, k]
        for start in range(0, len(features), _ROWS)
    ]
    return np.sqrt(np.concatenate(found))


def precision_and_recall(real: Features, fake: Features, k: int = 3) -> tuple[float, float]:
    """Return the shares of ``fake`` that lie among ``real`` (fidelity) and of ``real`` among ``fake`` (variety).

    A point lies among others when it is within one of their balls, which reach to their own ``k``-th neighbor
    (Kynkäänniemi et al., 2019, arXiv:1904.06991). Both need more than ``k`` rows.
    """
    return _share_inside(fake, real, radii(real, k)), _share_inside(real, fake, radii(fake, k))


def _share_inside(points: Features, centers: Features, reach: NDArray[np.float32]) -> float:
    inside = [
        (squared_distances(points[start : start + _ROWS], centers) <= reach**2).any(1)
        for start in range(0, len(points), _ROWS)
    ]
    return float(np.concatenate(inside).mean())
