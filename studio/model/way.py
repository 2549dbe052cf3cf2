"""The way through several points of latent space, straight or along the sphere. Knows no Qt and no generator."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.latent import interpolation
from engine.latent.labels import Labels, mixtures
from studio.model.explored import LatentPoint

SPHERICAL, LINEAR = "spherical", "linear"
_WAYS = {SPHERICAL: interpolation.slerp_at, LINEAR: interpolation.lerp_at}


class Place(NamedTuple):
    """Where on a slider a point was walked to, what class and shares it got, and those that the way began with."""

    steps: int
    reached: tuple[int, tuple[float, ...]]
    began: tuple[int, tuple[float, ...]]
    picture: tuple[str, int] | None = None
    """The kind of way and the number of the picture that one went to."""


class Way:
    """From the first of two or more ``points`` to the last; each leg takes an equal part of it.

    ``kind`` is ``SPHERICAL`` or ``LINEAR``. Where ``blends``, the classes mix on the way, else each point's own stays
    until half-way to the next.
    """

    def __init__(self, points: Sequence[LatentPoint], kind: str, class_count: int, *, blends: bool) -> None:
        self._points, self._kind, self._class_count = tuple(points), kind, class_count
        self._z = np.stack([it.z for it in points])
        self._blends = blends and class_count > 0 and len({it[1:] for it in points}) > 1

    @property
    def legs(self) -> int:
        """How many legs it has."""
        return len(self._points) - 1

    def at(self, place: float) -> LatentPoint:
        """Return the point at ``place``, 0 to ``legs``."""
        leg = min(int(place), self.legs - 1)
        z = _WAYS[self._kind](self._z[leg], self._z[leg + 1], np.array([place - leg]))[0]
        if not self._blends:
            return self._points[int(place + 0.5)]._replace(z=z)
        mixture = (1 - (place - leg)) * self._mixtures[leg] + (place - leg) * self._mixtures[leg + 1]
        label = int(mixture.argmax())
        return LatentPoint(z, label, () if mixture[label] == 1 else tuple(map(float, mixture)))

    def walk(self, count: int) -> tuple[NDArray[np.float32], Labels]:
        """Return ``count`` points evenly along it: z ``[count, z_dim]`` and labels, mixtures where classes blend."""
        z = interpolation.through(self._z, count, _WAYS[self._kind])
        if self._blends:
            return z, interpolation.through(self._mixtures, count, interpolation.lerp_at)
        owners = interpolation.labels_through(np.arange(len(self._points)), count)
        if any(it.shares for it in self._points):
            return z, self._mixtures[owners]
        return z, np.array([self._points[owner].label for owner in owners], np.int64)

    @property
    def _mixtures(self) -> NDArray[np.float32]:
        found = mixtures(np.array([it.label for it in self._points], np.int64), self._class_count)
        for row, point in enumerate(self._points):
            if point.shares:
                found[row] = point.shares
        return found
