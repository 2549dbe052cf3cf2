"""Walks through latent space: straight, along the sphere, and the textbook's sweep. Numpy only, for the UI thread."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]
Path = Callable[[Vector, Vector, int], Vector]
PathAt = Callable[[Vector, Vector, NDArray[np.floating]], Vector]

SWEEP_COUNT = 10
_PARALLEL = 1e-6


def lerp(a: Vector, b: Vector, count: int) -> NDArray[np.float32]:
    """Return ``count`` points float32 ``[count, z_dim]`` on the straight line from ``a`` to ``b``, ends exact."""
    return lerp_at(a, b, np.linspace(0, 1, count))


def slerp(a: Vector, b: Vector, count: int) -> NDArray[np.float32]:
    """Return ``count`` points float32 ``[count, z_dim]`` on the arc from ``a`` to ``b``, ends exact."""
    return slerp_at(a, b, np.linspace(0, 1, count))


def lerp_at(a: Vector, b: Vector, t: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the points at ``t`` ``[N]`` of the straight way from ``a`` (0) to ``b`` (1)."""
    each = np.asarray(t, np.float64)[:, None]
    return _with_exact_ends((1 - each) * a + each * b, a, b, t)


def slerp_at(a: Vector, b: Vector, t: NDArray[np.floating]) -> NDArray[np.float32]:
    """Return the points at ``t`` ``[N]`` of the arc from ``a`` (0) to ``b`` (1).

    The direction turns evenly (slerp, Shoemake 1985) while the length goes evenly from one to the other: half-way
    between two random vectors a straight line comes too close to zero, where G was never trained (White 2016,
    arXiv:1609.04468). Where no arc is defined (parallel, opposite or zero vectors) the way is straight.
    """
    length_a, length_b = np.linalg.norm(a), np.linalg.norm(b)
    if min(length_a, length_b) < _PARALLEL:
        return lerp_at(a, b, t)
    unit_a, unit_b = a / np.float64(length_a), b / np.float64(length_b)
    angle = np.arccos(np.clip(unit_a @ unit_b, -1, 1))
    if np.sin(angle) < _PARALLEL:
        return lerp_at(a, b, t)
    each = np.asarray(t, np.float64)[:, None]
    direction = (np.sin((1 - each) * angle) * unit_a + np.sin(each * angle) * unit_b) / np.sin(angle)
    return _with_exact_ends(direction * ((1 - each) * length_a + each * length_b), a, b, t)


def through(points: NDArray[np.float32], count: int, path: PathAt) -> NDArray[np.float32]:
    """Return ``count`` points float32 ``[count, z_dim]`` on the way A → B (→ C …) through ``points`` ``[K, z_dim]``.

    ``path`` is ``lerp_at`` or ``slerp_at``. Each leg takes an equal part of the way; K is at least 2, the ends are
    exact.
    """
    place = np.linspace(0, len(points) - 1, count)
    leg = np.minimum(place.astype(np.int64), len(points) - 2)
    found = np.empty((count, points.shape[1]), np.float32)
    for index in np.unique(leg):
        on_it = leg == index
        found[on_it] = path(points[index], points[index + 1], place[on_it] - index)
    return found


def labels_through(labels: NDArray[np.int64], count: int) -> NDArray[np.int64]:
    """Return labels ``[count]`` on the same way where each of ``labels`` ``[K]`` stays until half-way to the next.

    ``engine.latent.labels.dial`` lets them blend instead.
    """
    place = np.linspace(0, len(labels) - 1, count)
    return labels[np.minimum(np.floor(place + 0.5).astype(np.int64), len(labels) - 1)]


def sweep_values(count: int = SWEEP_COUNT, low: float = -1, high: float = 1) -> NDArray[np.float64]:
    """Return ``[count]`` values, evenly from ``low`` to ``high``."""
    return np.linspace(low, high, count)


def sweep(z_dim: int, count: int = SWEEP_COUNT, low: float = -1, high: float = 1) -> NDArray[np.float32]:
    """Return float32 ``[count, z_dim]``: every number of z is the same, one of ``sweep_values``."""
    return np.repeat(sweep_values(count, low, high).astype(np.float32)[:, None], z_dim, axis=1)


def rows(z: NDArray[np.float32], labels: NDArray[np.int64]) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """Return all of ``z`` ``[N, z_dim]`` for each of ``labels`` ``[R]``: ``[R · N, z_dim]`` and ``[R · N]``."""
    return np.tile(z, (len(labels), 1)), np.repeat(labels, len(z))


def _with_exact_ends(points: NDArray[np.float64], a: Vector, b: Vector, t: NDArray[np.floating]) -> Vector:
    exact = points.astype(np.float32)
    exact[np.asarray(t) == 0] = a
    exact[np.asarray(t) == 1] = b
    return exact
