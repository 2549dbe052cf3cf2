"""Frozen records that the trainer yields: numbers, strings and numpy arrays, never tensors.

Whoever trains (command line, tests, window) consumes the same records.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.data.facts import DataFacts


class MetricsRow(NamedTuple):
    """One line of ``metrics.csv``: each value is the mean over the steps since the row before.

    ``d_real`` and ``d_fake`` are the mean probabilities (0 to 1) of being real that D gives to real and to
    generated images; ``seconds`` is training time without pauses.
    """

    step: int
    epoch: int
    images_seen: int
    seconds: float
    d_loss: float
    g_loss: float
    d_real: float
    d_fake: float


@dataclass(frozen=True)
class Started:
    """Training is about to take its first step, from scratch or from a checkpoint.

    ``total_images`` is 0 while the speed that fixes it is being measured.
    """

    run: Path
    device: str
    config: Config
    facts: DataFacts
    images_seen: int
    total_images: int
    g_parameters: int
    d_parameters: int


@dataclass(frozen=True)
class Tick:
    """The regular report, every 50 to 100 ms of training.

    ``seconds_left`` is None while it cannot be told, ``total_images`` 0. ``epoch`` counts from 1 and is the one
    under way.
    """

    step: int
    epoch: int
    images_seen: int
    total_images: int
    seconds: float
    images_per_second: float
    seconds_left: float | None
    rows: tuple[MetricsRow, ...] = ()


@dataclass(frozen=True)
class SamplesReady:
    """The sample grid of an epoch: uint8 ``[H, W]`` or ``[H, W, 3]``, the same noise every epoch."""

    epoch: int
    images_seen: int
    grid: NDArray[np.uint8]
    path: Path


@dataclass(frozen=True)
class CheckpointSaved:
    """All that resuming needs is on disk."""

    epoch: int
    images_seen: int
    path: Path


@dataclass(frozen=True)
class GeneratorReady:
    """A copy of the averaged generator's parameters and buffers, handed over because somebody asked."""

    images_seen: int
    state: dict[str, NDArray[np.float32]] = field(repr=False)


@dataclass(frozen=True)
class OptionChanged:
    """An option took a new value while training; the run remembers the moment."""

    name: str
    value: float
    images_seen: int


@dataclass(frozen=True)
class NotFinite:
    """A loss is NaN or infinite: training stopped before another step, the last checkpoint is intact."""

    step: int
    images_seen: int


@dataclass(frozen=True)
class Finished:
    """The whole budget is trained."""

    epoch: int
    images_seen: int
    seconds: float


Event = Started | Tick | SamplesReady | CheckpointSaved | GeneratorReady | OptionChanged | NotFinite | Finished
