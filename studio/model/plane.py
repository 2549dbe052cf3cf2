"""The plane through three points of latent space, with places in it. Knows no Qt and no generator."""

from __future__ import annotations

import math
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.latent.typicality import usual_band

Vector = NDArray[np.float32]
_MARGIN = 1.35  # of the way from the middle to the farthest of the three points
_SMALLEST = 1e-6


class Ring(NamedTuple):
    """Around ``center`` ``[2]`` lie the typical z of a plane, between two distances; none do where both are 0."""

    center: NDArray[np.float64]
    inner: float
    outer: float


class Plane:
    """Places are two numbers from -1 to 1, across and up; all distances are true, A, B and C lie well inside."""

    def __init__(self, a: Vector, b: Vector, c: Vector) -> None:
        points = np.stack([a, b, c]).astype(np.float64)
        self._middle = points.mean(0)
        self._axes = _axes(points[1] - points[0], points[2] - points[0])
        flat = (points - self._middle) @ self._axes.T
        self._scale = max(float(np.abs(flat).max()) * _MARGIN, _SMALLEST)
        self.corners = flat / self._scale
        """The places ``[3, 2]`` of A, B and C."""

    @property
    def z_dim(self) -> int:
        """How many numbers its points have."""
        return len(self._middle)

    def at(self, x: float, y: float) -> Vector:
        """Return the point ``[z_dim]`` at a place."""
        return np.asarray(self._middle + self._scale * (np.array([x, y]) @ self._axes), np.float32)

    def grid(self, count: int) -> NDArray[np.float32]:
        """Return the points ``[count · count, z_dim]`` in the middles of so many cells, from above left, row by row."""
        middles = (np.arange(count) + 0.5) / count * 2 - 1
        return np.stack([self.at(float(x), float(-y)) for y in middles for x in middles])

    def place_of(self, z: Vector) -> NDArray[np.float64]:
        """Return the place ``[2]`` that is nearest to ``z`` ``[z_dim]``."""
        return np.asarray((z - self._middle) @ self._axes.T / self._scale)

    def holds(self, z: Vector) -> bool:
        """Whether ``z`` ``[z_dim]`` lies in the plane itself."""
        return bool(np.allclose(self.at(*self.place_of(z)), z, atol=1e-3))

    def ring(self) -> Ring:
        """Return where in the plane |z| is as that of 95 % of all trained z."""
        flat = -self._middle @ self._axes.T
        away = float(np.linalg.norm(self._middle + flat @ self._axes))  # from zero to the plane
        ends = [edge * math.sqrt(len(self._middle)) for edge in usual_band(len(self._middle))]
        inner, outer = (math.sqrt(max(end**2 - away**2, 0)) / self._scale for end in ends)
        return Ring(flat / self._scale, inner, outer)


def _axes(first: NDArray[np.float64], second: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return two unit vectors ``[2, z_dim]`` at right angles, the first along ``first``, both in the plane of the two.

    Where they span none, numbers of z fill in.
    """
    found: list[NDArray[np.float64]] = []
    for wanted in (first, second, *np.eye(len(first))):
        left = wanted - sum((wanted @ axis) * axis for axis in found)
        length = float(np.linalg.norm(left))
        if length > _SMALLEST * max(float(np.linalg.norm(wanted)), 1):
            found.append(left / length)
        if len(found) == 2:
            break
    while len(found) < 2:  # z of a single number
        found.append(np.zeros(len(first)))
    return np.stack(found)
