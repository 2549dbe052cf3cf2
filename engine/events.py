"""Frozen records that the trainer yields: numbers, strings and numpy arrays, never tensors.

Whoever trains (command line, tests, window) consumes the same records.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.job import Progress


class MetricsRow(NamedTuple):
    """One line of ``metrics.csv``: each value is the mean over the steps since the row before.

    ``d_real`` and ``d_fake`` are the mean probabilities (0 to 1) of being real that D gives to real and to generated
    images; ``seconds`` is training time without pauses; ``d_skipped`` counts D's updates left out since the row before.
    """

    step: int
    epoch: int
    images_seen: int
    seconds: float
    d_loss: float
    g_loss: float
    d_real: float
    d_fake: float
    d_skipped: int = 0


@dataclass(frozen=True)
class Started:
    """Training is about to take its first step, from scratch or from a checkpoint.

    ``total_images`` is 0 while the speed that fixes it is being measured. ``remarks`` are sentences about the images.
    """

    run: Path
    device: str
    config: Config
    facts: DatasetInfo
    images_seen: int
    total_images: int
    g_parameters: int
    d_parameters: int
    remarks: tuple[str, ...] = ()


@dataclass(frozen=True)
class Tick:
    """The regular report, every 50 to 100 ms of training.

    ``seconds_left`` is None while it cannot be told, ``total_images`` 0. ``epoch`` counts from 1 and is the one
    under way. ``threads`` of so many cores train, where that follows the machine. ``open_row`` has not ended yet.
    """

    step: int
    epoch: int
    images_seen: int
    total_images: int
    seconds: float
    images_per_second: float
    seconds_left: float | None
    rows: tuple[MetricsRow, ...] = ()
    threads: tuple[int, int] | None = None
    open_row: tuple[MetricsRow, ...] = ()


@dataclass(frozen=True)
class SamplesReady:
    """The sample grid of an epoch: uint8 ``[H, W]`` or ``[H, W, 3]``, the same noise every epoch.

    ``verdicts`` ``[N]``, row by row: the probability of being real (0 to 1) that D gives to each picture. ``spread``:
    how much they differ from each other, of what real images do; None where that cannot be told.
    """

    epoch: int
    images_seen: int
    grid: NDArray[np.uint8]
    path: Path
    verdicts: NDArray[np.float32] = field(default_factory=lambda: np.zeros(0, np.float32))
    spread: float | None = None


@dataclass(frozen=True)
class Quality:
    """What the judge makes of some hundred samples of the averaged generator, drawn from the same noise each time.

    ``frechet``: distance of the judge's features to those of real images, ``frechet_low`` to ``frechet_high`` its range
    over resamples, ``frechet_real`` that of as many real images, the floor. ``precision`` and ``recall`` (0 to 1):
    fidelity and variety. ``memorization`` (0 to 1): samples that are nearer to a training image than real images are to
    each other, ``duplicates`` (0 to 1): samples that are as near to another sample. The others are None where there are
    no classes to read: ``low_confidence`` (0 to 1), samples of which the judge is unsure, ``histogram`` [classes] of
    what was read (of points: in a cloud), ``accuracy`` read as asked, and ``confusion_matrix`` [asked, read], whose
    rows sum to 1. ``real_histogram`` [classes] is that of the real images, None where each class is asked for equally.
    """

    epoch: int
    images_seen: int
    count: int
    frechet: float
    frechet_low: float
    frechet_high: float
    frechet_real: float
    precision: float
    recall: float
    memorization: float
    duplicates: float
    low_confidence: float | None = None
    histogram: tuple[float, ...] | None = None
    accuracy: float | None = None
    confusion_matrix: tuple[tuple[float, ...], ...] | None = None
    real_histogram: tuple[float, ...] | None = None


@dataclass(frozen=True)
class QualityReady:
    """The judge looked at the averaged generator of an epoch."""

    quality: Quality


@dataclass(frozen=True)
class EvaluatorTraining:
    """A judge for this data is being trained beside the run: ``share`` (0 to 1) is done.

    ``is_last``: the run is trained and saved, and this alone is left. ``remark``: about the judge that was kept before.
    """

    share: float
    is_last: bool = False
    remark: str = ""


@dataclass(frozen=True)
class CheckpointSaved:
    """All that resuming needs is on disk."""

    epoch: int
    images_seen: int
    path: Path


@dataclass(frozen=True)
class GeneratorSnapshot:
    """A copy of the averaged generator's parameters and buffers for who asked; ``opponent``, where wished, of D's."""

    images_seen: int
    state: dict[str, NDArray[np.float32]] = field(repr=False)
    opponent: dict[str, NDArray[np.float32]] | None = field(default=None, repr=False)


class LayerMove(NamedTuple):
    """A layer that gives ``shape`` of each picture; ``moved`` is how far its weights went, of their length."""

    name: str
    kind: str
    shape: tuple[int, ...]
    parameters: int
    moved: float = 0.0


@dataclass(frozen=True)
class StepStage:
    """Somebody looks at stage ``name`` (``engine.training.stages.StageName``) of step ``step``.

    ``arrays`` are at hand in it; ``activations`` what each layer of who works ("g", "d") gives for the first picture.
    """

    step: int
    name: str
    arrays: dict[str, NDArray[np.float32]] = field(repr=False)
    g_layers: tuple[LayerMove, ...] = field(default=(), repr=False)
    d_layers: tuple[LayerMove, ...] = field(default=(), repr=False)
    trial: str = ""  # who alone learned in it, on copies: "d" or "g"
    activations: dict[str, dict[str, NDArray[np.float32]]] = field(default_factory=dict, repr=False)


@dataclass(frozen=True)
class OptionChanged:
    """An option took a new value while training; the run remembers the moment."""

    name: str
    value: float
    images_seen: int


@dataclass(frozen=True)
class NotFinite:
    """A number became NaN or infinite and was kept from the weights; training ends here.

    The run stands at its last good checkpoint, made at ``safe_images_seen``; ``remedy`` are live options, such as
    "d_lr", and values worth trying: going on means resuming with all of them.
    """

    step: int
    images_seen: int
    safe_images_seen: int
    remedy: Mapping[str, float]


@dataclass(frozen=True)
class OutOfMemory:
    """The device's memory does not hold a step; training ends here, the last checkpoint is intact.

    Going on means resuming with ``batch_size``, half of what it was (0: it cannot be halved any more).
    """

    images_seen: int
    batch_size: int


@dataclass(frozen=True)
class WriteBlocked:
    """A file of the run could not be written; nothing is lost. Asking for the next event tries again."""

    images_seen: int
    message: str
    hint: str


@dataclass(frozen=True)
class Finished:
    """The whole budget is trained."""

    epoch: int
    images_seen: int
    seconds: float


Event = (
    Progress
    | Started
    | Tick
    | SamplesReady
    | EvaluatorTraining
    | QualityReady
    | CheckpointSaved
    | GeneratorSnapshot
    | StepStage
    | OptionChanged
    | NotFinite
    | OutOfMemory
    | WriteBlocked
    | Finished
)
