"""Drawing latent vectors and labels. Numpy only, so that the UI thread may use it and every device agrees."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray


def random_z(count: int, z_dim: int, seed: int) -> NDArray[np.float32]:
    """Return standard normal float32 ``[count, z_dim]``: the same for the same seed, on every device.

    The first rows of a longer draw are those of a shorter one.
    """
    numbers = np.random.Generator(np.random.PCG64(seed)).standard_normal((count, z_dim))
    return numbers.astype(np.float32)


def label_cycle(count: int, class_count: int) -> NDArray[np.int64]:
    """Return int64 ``[count]``: 0, 1, 2 … and again from 0; all -1 where ``class_count`` is 0 (unconditional)."""
    if not class_count:
        return np.full(count, -1, np.int64)
    return np.arange(count, dtype=np.int64) % class_count
