"""The judge of points: which cloud each belongs to, and whether it is a good one. It needs no lessons. Numpy only.

A point belongs to the cloud of the real point that is nearest to it. It is a good one where it lies no farther from
that than real points, but for the loneliest, lie from each other: what is between the clouds belongs to none.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Samples
from engine.datasets.images import ImageData
from engine.evaluation.distances import Moments, moments
from engine.evaluation.neighbors import nearest, radii
from engine.events import Quality
from engine.points.scale import as_points, features

GOOD = 0.5
"""How surely a point is of a cloud at its rim."""

_MOST_REAL = 4_000
_LONELY = 99.5  # per cent of the real points have a neighbor this near
_FAIR_SHARE = 0.2  # of what a cloud should get, from which on it counts as covered


class PointJudge:
    """Reads points of ``data``, whose labels say which cloud each real one is of."""

    def __init__(self, data: ImageData) -> None:
        some = data.subset(_MOST_REAL)
        real, labels = as_points(some.images), some.labels
        self._clouds = [real[labels == label] for label in range(len(data.class_names))]
        self._features = features(some.images)
        near = radii(real, 1) if len(real) > 1 else np.zeros(1)
        self._reach = max(float(np.percentile(near, _LONELY)), 1e-6)

    @property
    def reference(self) -> Moments:
        """Mean and covariance of the features of real points, of which there must be two."""
        return moments(self._features)

    def predict_proba(self, samples: Samples) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Return for points ``[N, 1, 1, C]`` how surely each is of each cloud, ``[N, clouds]``, and their
        features ``[N, C]``.

        It is ``GOOD`` at the rim of a cloud and 1 in it; together they are 1 at most.
        """
        points = as_points(samples.astype(np.float32))
        apart = np.stack([self._distance(points, cloud) for cloud in self._clouds], axis=1)
        sure = 1 / (1 + (apart / self._reach) ** 2)
        return (sure / np.maximum(sure.sum(1, keepdims=True), 1)).astype(np.float32), features(samples)

    def found(self, samples: Samples) -> tuple[int, int]:
        """Return how many of how many clouds good points among ``samples`` ``[N, 1, 1, C]`` cover, as ``covered``."""
        return self.found_in(self.predict_proba(samples)[0])

    def found_in(self, sure: NDArray[np.float32]) -> tuple[int, int]:
        """Return the same of samples of which ``predict_proba`` said ``[N, clouds]``."""
        read = sure.argmax(1)[sure.max(1) >= GOOD]
        got = np.bincount(read, minlength=len(self._clouds)) / max(len(sure), 1)
        real = np.array([len(cloud) for cloud in self._clouds])
        return fairly(got.tolist(), (real / real.sum()).tolist()), len(self._clouds)

    @staticmethod
    def _distance(points: NDArray[np.float32], cloud: NDArray[np.float32]) -> NDArray[np.float32]:
        return nearest(points, cloud)[1] if len(cloud) else np.full(len(points), 1e9, np.float32)


def covered(quality: Quality) -> tuple[int, int]:
    """Return how many of how many clouds get their share of the samples, or at least a fifth of it; 0 of 0 of none."""
    histogram = quality.histogram or ()
    fair = quality.real_histogram or [1 / len(histogram) for _ in histogram]
    return fairly(histogram, fair), len(histogram)


def good_share(quality: Quality) -> float | None:
    """Return which share (0 to 1) of the samples lies in a cloud, None where there are none."""
    return None if quality.low_confidence is None else 1 - quality.low_confidence


def fairly(histogram: Sequence[float], real: Sequence[float]) -> int:
    """Return how many of the clouds get a fifth of their share or more: of the samples, and of the ``real`` points."""
    return sum(got >= _FAIR_SHARE * share > 0 for got, share in zip(histogram, real, strict=True))
