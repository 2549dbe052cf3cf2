"""TinyGAN: 8×8 pictures made from the real digits, and networks that train on them in well under a second."""

from __future__ import annotations

from functools import cache

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.datasets import digits
from engine.datasets.catalog import ImageData
from engine.job import Job, Progress
from engine.recipes import recipe

COUNT = 80
OPTIONS = {
    "z_dim": 4,
    "g_channels": 4,
    "d_channels": 4,
    "batch_size": 8,
    "epochs": 4,
    "log_every": 3,
    "sample_rows": 2,
    "eval_time_percent": 0,
    "threads": 1,
    "device": "cpu",
    "precision": "float32",  # of so few pixels, lower precision takes a fifth longer
}
DENSE = {"architecture": "mlp", "lr_decay_start": 0.25, "ema_halflife_kimg": 20.0}
"""Trains in a quarter of the time, and decays and averages as ``OPTIONS`` do; for where the networks do not matter."""


def config(**values: object) -> Config:
    """Return TinyGAN's options with ``values`` changed."""
    return recipe("studio").config(**(OPTIONS | values))


def read(_config: Config) -> Job[Progress, ImageData]:
    """Stand in for ``engine.datasets.catalog.read``."""
    yield Progress(1, 1, "tiny")
    return data()


def data(_config: Config | None = None) -> ImageData:
    """Return 80 real digits, 8 of each class, made small: uint8 [80, 1, 8, 8]."""
    images, labels = _digits()
    return ImageData(images.copy(), labels.copy(), tuple("0123456789"))


@cache
def _digits() -> tuple[NDArray[np.uint8], NDArray[np.int64]]:
    images, labels = digits.load()
    chosen = np.concatenate([np.flatnonzero(labels == digit)[:8] for digit in range(10)])
    inner = images[chosen, 2:26, 2:26].reshape(COUNT, 8, 3, 8, 3).mean((2, 4)).astype(np.uint8)
    return inner[:, None], labels[chosen]
