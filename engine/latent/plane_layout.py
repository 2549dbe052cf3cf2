"""Lays points of many dimensions out in the plane so that neighbors stay neighbors: principal components, then t-SNE.

Both are scikit-learn's, imported when a map is made. It tells nothing while it computes, so it goes in parts, each of
which begins where the one before ended: what is shown moves, and can be canceled between them. One thread, whatever
else computes; draws no random numbers that matter.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

PARTS = 2
_STEPS = 250  # of each, the fewest that scikit-learn takes
PERPLEXITY = 30.0
_TIGHT = 12.0  # times as strong is attraction in the first part (van der Maaten and Hinton, 2008)
_BEGIN = 1e-4  # spread of the first places (Kobak and Berens, 2019)
_FEWEST = 4

Places = NDArray[np.float32]


def principal_components(features: NDArray[np.float32]) -> Places:
    """Return the two largest principal components ``[N, 2]`` of ``features`` ``[N, F]``, the first with spread 1."""
    from sklearn.decomposition import PCA

    centered = features - features.mean(0)
    if min(centered.shape) < 2 or not np.abs(centered).max() > 0:
        return np.zeros((len(features), 2), np.float32)
    found = PCA(2, svd_solver="full").fit_transform(centered)
    return np.asarray(found / max(float(found[:, 0].std()), 1e-12), np.float32)


def layouts(features: NDArray[np.float32], perplexity: float = PERPLEXITY) -> Iterator[Places]:
    """Yield places ``[N, 2]`` after each of ``PARTS``; ``features`` are ``[N, F]``."""
    from sklearn.manifold import TSNE
    from threadpoolctl import threadpool_limits

    places = principal_components(features) * np.float32(_BEGIN)
    few = len(features) < _FEWEST or not places.any()  # what is all the same has no neighbors
    for part in range(PARTS):
        if not few:
            method = TSNE(
                perplexity=min(perplexity, (len(features) - 1) / 3),
                early_exaggeration=1.0 if part else _TIGHT,
                init=places,
                max_iter=_STEPS,
                n_jobs=1,
                random_state=0,
            )
            with threadpool_limits(1):
                places = np.asarray(method.fit_transform(features), np.float32)
        yield places
