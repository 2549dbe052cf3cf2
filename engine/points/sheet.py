"""How what a generator made becomes one picture to look at: tiles of pictures, or a scatter of points."""

from __future__ import annotations

import numpy as np

from engine.arrays import Picture, Pictures, Points, Samples
from engine.datasets.images import ImageData
from engine.pictures import tile
from engine.points import scatter
from engine.points.scale import as_points

_SMALL = 29  # pixels: the middle is one of them


def sheet(samples: Samples, columns: int, real: Points | None = None, rows: int = 1) -> Picture:
    """Return ``samples`` as one picture ``[H, W]`` or ``[H, W, 3]``.

    Pictures ``[N, H, W]`` or ``[N, H, W, 3]`` stand in ``columns`` and at least ``rows``, points ``[N, 1, 1, C]`` above
    the ``real`` ones ``[M, C]``, if those are at hand.
    """
    if samples.dtype != np.float32:
        return tile(samples, columns, rows=rows)
    points = as_points(samples)
    return scatter.draw(points[:0] if real is None else real, points)


def one_by_one(samples: Samples, *, are_real: bool = False) -> Pictures:
    """Return ``samples`` as pictures ``[N, H, W]`` or ``[N, H, W, 3]``: of points ``[N, 1, 1, C]`` each one alone in a
    small plane, in the color of generated ones unless they ``are_real``.
    """
    if samples.dtype != np.float32:
        return samples
    points = as_points(samples)
    if not len(points):
        return np.zeros((0, 1, 1, 3), np.uint8)
    none = points[:0]
    if are_real:
        return np.stack([scatter.draw(point[None], none, _SMALL) for point in points])
    return np.stack([scatter.draw(none, point[None], _SMALL) for point in points])


def real_points(data: ImageData | None) -> Points | None:
    """Return the points ``[N, C]`` that ``data`` are, None where they are pictures or not at hand."""
    return as_points(data.images) if data is not None and data.facts.is_points else None


def preview(data: ImageData) -> Picture:
    """Return a picture ``[H, W, 3]`` of points ``data``, to look at before training."""
    real = as_points(data.images)
    return scatter.draw(real, real[:0])
