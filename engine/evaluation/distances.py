"""Distances between sets of features, in closed form. Numpy only."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray


class Moments(NamedTuple):
    """Mean ``[F]`` and covariance ``[F, F]`` of features, float64."""

    mean: NDArray[np.float64]
    covariance: NDArray[np.float64]


def moments(features: NDArray[np.floating]) -> Moments:
    """Return mean and unbiased covariance of features ``[N, F]``, N at least 2."""
    wide = features.astype(np.float64)
    return Moments(wide.mean(0), np.cov(wide, rowvar=False).reshape(wide.shape[1], wide.shape[1]))


def frechet_interval(
    features: NDArray[np.floating], reference: Moments, resamples: int = 8, seed: int = 0
) -> tuple[float, float]:
    """Return the lowest and the highest Fréchet distance of resamples of ``features`` ``[N, F]`` to ``reference``.

    Each resample is a random half: its spread around the whole is that of the whole around the truth (half-sampling,
    McCarthy, 1969). Smaller samples lie further away; the halves are moved so that their mean is the whole's distance.
    """
    random = np.random.Generator(np.random.PCG64(seed))
    whole = frechet_distance(moments(features), reference)
    halves = [
        frechet_distance(moments(features[random.permutation(len(features))[: max(len(features) // 2, 2)]]), reference)
        for _ in range(resamples)
    ]
    offset = whole - float(np.mean(halves))
    return max(min(halves) + offset, 0.0), max(halves) + offset


def frechet_distance(a: Moments, b: Moments) -> float:
    """Return |μa-μb|² + tr(Σa + Σb - 2(Σa½ Σb Σa½)½), the squared Fréchet distance of two normal distributions.

    Dowson and Landau, 1982; with a network's features it is the FID of Heusel et al., 2017. The inner matrix is
    symmetric, so that its root needs eigenvalues only and stays real.
    """
    values, vectors = np.linalg.eigh(a.covariance)
    root = (vectors * np.sqrt(values.clip(0))) @ vectors.T
    cross = np.sqrt(np.linalg.eigvalsh(root @ b.covariance @ root).clip(0)).sum()
    gap = a.mean - b.mean
    return max(float(gap @ gap + np.trace(a.covariance) + np.trace(b.covariance) - 2 * cross), 0.0)
