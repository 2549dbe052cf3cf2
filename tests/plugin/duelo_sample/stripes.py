"""The images of the data set `stripes`."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.datasets.source import Embedded


def _load() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    labels = np.arange(64) % 2
    images = np.zeros((64, 28, 28), np.uint8)
    for number, label in enumerate(labels):
        stripe = slice(number // 2 % 14, None, 14)
        images[(number, slice(None), stripe) if label == 0 else (number, stripe)] = 255
    return images, labels


SOURCE = Embedded(_load)
