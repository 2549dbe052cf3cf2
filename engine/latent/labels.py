"""Labels that blend: how much of each class a picture shall be. Numpy only, for the UI thread.

A mixture is float32 ``[N, classes]``, each row adding up to 1; a generator takes it in place of labels int64 ``[N]``
where its label enters through a ``LabelEmbedding``, whose embeddings are then mixed.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.latent.interpolation import lerp_at, through

Labels = NDArray[np.int64] | NDArray[np.float32]


def mixtures(labels: NDArray[np.int64], class_count: int) -> NDArray[np.float32]:
    """Return labels ``[N]`` as mixtures ``[N, class_count]``: all of one class each."""
    return np.eye(class_count, dtype=np.float32)[labels]


def blend(shares: Sequence[tuple[int, float]], class_count: int) -> NDArray[np.float32]:
    """Return one mixture ``[class_count]`` of classes, each with its share: 0 or more, and not all of them 0."""
    mixture = np.zeros(class_count, np.float32)
    for label, share in shares:
        mixture[label] += share
    return mixture / mixture.sum()


def dial(stops: Sequence[int], count: int, class_count: int) -> NDArray[np.float32]:
    """Return mixtures ``[count, class_count]`` from the first of two or more ``stops`` evenly to the last."""
    return through(mixtures(np.array(stops, np.int64), class_count), count, lerp_at)


def together(labels: Sequence[int], shares: Sequence[Sequence[float]], class_count: int) -> Labels:
    """Return what asks for ``labels`` at once; where one blends, as its ``shares`` of each class say, all are mixtures.

    Shares are empty where a label is one class.
    """
    chosen = np.array(labels, np.int64)
    if not any(map(len, shares)):
        return chosen
    found = mixtures(chosen, class_count)
    for row, each in enumerate(shares):
        if len(each):
            found[row] = each
    return found
