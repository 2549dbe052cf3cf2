"""Real points as they are shown: in their own units, as many as can be told apart. Knows no Qt and no torch."""

from __future__ import annotations

import numpy as np

from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.points.scale import as_points, to_own
from engine.points.scatter import REACH
from studio.model.scatter import Scatter, Values

_MOST = 800


def real_scatter(data: ImageData) -> Scatter:
    """Return what is seen of the points of ``data`` before any training."""
    return blank(data.facts, some_of(data))


def blank(facts: DatasetInfo, real: Values | None) -> Scatter:
    """Return the rectangle in which points of such data lie, with some ``real`` ones ``[N, C]`` if they are at hand."""
    edge = np.full((1, len(facts.columns)), REACH, np.float32)
    low, high = (to_own(sign * edge, facts.columns)[0] for sign in (-1, 1))
    names = tuple(column.name for column in facts.columns)
    if real is None:
        return Scatter(names, low, high)
    return Scatter(names, low, high, real, real_count=facts.image_count)


def some_of(data: ImageData) -> Values:
    """Return some of the points of ``data``, drawn by lot but always the same, ``[N, C]`` in their own units."""
    count = len(data.images)
    random = np.random.Generator(np.random.PCG64(0))
    chosen = random.choice(count, _MOST, replace=False) if count > _MOST else slice(None)
    return to_own(as_points(np.asarray(data.images[chosen], np.float32)), data.columns)
