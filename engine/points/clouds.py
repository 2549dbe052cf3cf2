"""The clouds that come with Duelo: points in the plane, made by formula, the same ones everywhere."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.datasets.images import ImageData
from engine.datasets.info import Column
from engine.datasets.sets import DataSet
from engine.datasets.source import Source
from engine.i18n import tr
from engine.job import Job, Progress
from engine.points.scale import to_unit

Values = NDArray[np.float64]
Draw = Callable[[NDArray[np.int64], np.random.Generator], Values]
"""From the cloud of each point ``[N]``, and chance, to its place ``[N, 2]``."""

_SPREAD = 0.1  # of each cloud of ring and grid; as in much that was written of mode collapse, some make it smaller
_RADIUS = 2.0


class Cloud(Source):
    """Points ``draw``-n in equal numbers from each class of a set; ``reach`` is what lies at -1 and 1."""

    def __init__(self, draw: Draw, reach: float) -> None:
        self._draw = draw
        self._columns = tuple(Column(name, -reach, reach) for name in "xy")

    def read(self, chosen: DataSet, config: Config) -> Job[Progress, ImageData]:
        """Return all points."""
        yield Progress(0, 0, tr("Reading {name}", name=tr(chosen.title)))
        random = np.random.Generator(np.random.PCG64(0))
        labels = random.permutation(np.arange(chosen.image_count, dtype=np.int64) % len(chosen.class_names))
        values = self._draw(labels, random)
        points = to_unit(values, self._columns)[:, :, None, None]
        return ImageData(points, labels, chosen.class_names, columns=self._columns)


def _ring(labels: NDArray[np.int64], random: np.random.Generator) -> Values:
    angles = 2 * np.pi * labels / 8
    centers = _RADIUS * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    return centers + _SPREAD * random.standard_normal(centers.shape)


def _grid(labels: NDArray[np.int64], random: np.random.Generator) -> Values:
    centers = np.stack([labels % 5, labels // 5], axis=1) * 2.0 - 4.0
    return centers + _SPREAD * random.standard_normal(centers.shape)


def _moons(labels: NDArray[np.int64], random: np.random.Generator) -> Values:
    angles, is_lower = np.pi * random.random(len(labels)), labels == 1
    x = np.where(is_lower, 0.5 - np.cos(angles), np.cos(angles) - 0.5)
    y = np.where(is_lower, 0.25 - np.sin(angles), np.sin(angles) - 0.25)
    return np.stack([x, y], axis=1) + _SPREAD / 2 * random.standard_normal((len(labels), 2))


RING, GRID, MOONS = Cloud(_ring, 2.75), Cloud(_grid, 5.0), Cloud(_moons, 1.75)
