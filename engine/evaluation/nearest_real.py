"""The training image that is most like a picture, pixel by pixel. Numpy only; reads the images in chunks.

Near in pixels is not alike to the eye, but a copy learned by heart is found: compare with ``usual_distance``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Samples
from engine.datasets.images import ImageData
from engine.evaluation.neighbors import squared_distances
from engine.pictures import as_pictures

_CHUNK_PIXELS = 2**19  # as float32 they stay in a processor's cache
_PROBES = 100


@dataclass(frozen=True)
class Neighbor:
    """A training image uint8 ``[H, W]`` or ``[H, W, 3]`` and how far it is: root mean square over pixels, 0 to 1."""

    image: Samples
    index: int
    label: int
    distance: float


class NearestReal:
    """Searches all images of ``data``, which may be mapped from a disk: never more than a chunk is in memory."""

    def __init__(self, data: ImageData) -> None:
        self._data = data
        self._range = 2 if data.facts.is_points else 255
        self._width = int(np.prod(data.images.shape[1:]))

    def find(self, picture: Samples) -> Neighbor:
        """Return the nearest image to ``picture`` uint8 ``[H, W]`` or ``[H, W, 3]``, or a point
        ``[1, 1, C]``; the first one of equals.
        """
        wanted = (picture.transpose(2, 0, 1) if picture.ndim == 3 else picture).astype(np.float32).ravel()
        best, index = np.inf, 0
        for start, chunk in self._chunks(_CHUNK_PIXELS):
            chunk -= wanted
            squares = np.einsum("ij,ij->i", chunk, chunk)
            place = int(squares.argmin())
            if squares[place] < best:
                best, index = float(squares[place]), start + place
        image = as_pictures(self._data.images[index : index + 1])[0]
        return Neighbor(image, index, int(self._data.labels[index]), self._distance(best))

    @cached_property
    def usual_distance(self) -> float | None:
        """The median distance of real images, a fixed sample, to their nearest other one; None for a single image."""
        count = len(self._data.images)
        if count < 2:
            return None
        chosen = np.unique(np.linspace(0, count - 1, _PROBES).astype(np.int64))
        probes = self._data.images[chosen].reshape(len(chosen), self._width).astype(np.float32)
        nearest = np.full(len(chosen), np.inf)
        for start, chunk in self._chunks(8 * _CHUNK_PIXELS):
            squares = squared_distances(probes, chunk)
            own = np.flatnonzero((chosen >= start) & (chosen < start + len(chunk)))
            squares[own, chosen[own] - start] = np.inf
            nearest = np.minimum(nearest, squares.min(1))
        return float(np.median([self._distance(square) for square in nearest]))

    def _chunks(self, pixels: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """Yield the position of a chunk and a float32 copy of its images ``[rows, C · H · W]``."""
        rows = max(pixels // self._width, 1)
        for start in range(0, len(self._data.images), rows):
            chunk = self._data.images[start : start + rows]
            yield start, chunk.reshape(len(chunk), -1).astype(np.float32)

    def _distance(self, square: float) -> float:
        return float(np.sqrt(square / self._width)) / self._range
