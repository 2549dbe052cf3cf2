"""Pictures without a generator, for views that run alone: real digits, chosen and mixed by z."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.latent.sampling import random_z
from engine.resources import RESOURCES

_CANDIDATES = 40


def pictures(z: NDArray[np.float32], labels: NDArray[np.int64]) -> NDArray[np.uint8]:
    """Return uint8 ``[N, 28, 28]`` for z ``[N, z_dim]`` and labels ``[N]`` (-1: any digit)."""
    scores = z @ random_z(_CANDIDATES, z.shape[1], seed=0).T
    weights = np.exp(2 * (scores - scores.max(axis=1, keepdims=True)))
    weights /= weights.sum(axis=1, keepdims=True)
    chosen = _digits()[np.where(labels < 0, np.arange(len(z)) % 10, labels)]
    return np.rint(np.einsum("nc,nchw->nhw", weights, chosen)).astype(np.uint8)


@cache
def _digits() -> NDArray[np.float64]:
    with np.load(RESOURCES / "digits" / "digits.npz") as file:
        images, labels = file["images"], file["labels"]
    return np.stack([images[labels == label][:_CANDIDATES] for label in range(10)]).astype(np.float64)
