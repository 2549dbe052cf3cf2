"""What threads in the background read for the window: old runs, real images, costs. Knows no Qt and no thread."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Arrays, Picture
from engine.config import OPTIONS, Config
from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.datasets.sets import DATASETS
from engine.errors import UserError
from engine.files import open_plain
from engine.i18n import PICTURES, Noun, tr
from engine.job import Job, Progress
from engine.pictures import tile
from engine.points.sheet import preview
from engine.runs import RunFolder, RunInfo
from engine.runs.pictures import read_png
from studio.model.measurements import reference
from studio.model.origins import Origins
from studio.model.run import Run
from studio.model.run_data import RunData
from studio.model.scatter import Scatter
from studio.model.snapshot import NEWEST, SnapshotRef
from studio.services.real_points import real_scatter

if TYPE_CHECKING:
    from engine.cost import Cost

_PREVIEW_ROWS = 6  # as many as a training shows: nothing moves when it begins
_PREVIEW_COLUMNS = 10
_TIMED_IMAGES = 256  # read in a moment, also where each is a photograph in a file of its own
_TIMED_SECONDS = 1.0
IMAGE_OPTIONS = (
    "dataset",
    "data_root",
    "classes",
    "max_images",
    "label_noise",
    *(name for name in OPTIONS if name.startswith("image_")),
)
"""The options that say which real images there are."""


GeneratorReader = Callable[[], tuple[Arrays, SnapshotRef] | None]


@dataclass(frozen=True)
class OpenedRun:
    """A run as its folder tells it, with the newest generator that it keeps."""

    run: Run
    generator: tuple[Arrays, SnapshotRef] | None


@dataclass(frozen=True)
class RealImages:
    """A grid uint8 of the real images of ``config``, to look at before training: one class to a column.

    Without classes, ``class_names`` is empty and the columns mean nothing. Where they are points, the grid is one
    picture of them, and ``scatter`` shows them in full. ``noun`` is what they are called.
    """

    config: Config
    grid: NDArray[np.uint8]
    class_names: tuple[str, ...]
    size: int
    image_count: int
    class_counts: tuple[int, ...] = ()
    scatter: Scatter | None = None
    noun: Noun = PICTURES


@dataclass(frozen=True)
class ImagesAbsent:
    """The real images of ``config`` are not on this machine."""

    config: Config


@dataclass(frozen=True)
class CostRead:
    """What a training with ``config`` costs beside the recipe that is measured; ``resident`` bytes are taken before.

    ``image_count`` is 0 while nobody has counted the images.
    """

    config: Config
    image_count: int
    cost: Cost
    reference_flops: float
    resident: int


def data_of(info: RunInfo) -> RunData:
    """Return empty data of the run that ``info`` describes."""
    return RunData(
        info.facts.image_count,
        info.total_images,
        info.classes,
        info.config.batch_size,
        data_classes=info.facts.class_names,
    )


def read_record(path: Path) -> Run:
    """Read what the run in ``path`` tells of its course, and no weights; raises ``UserError``."""
    folder = RunFolder(path)
    info = folder.info()
    data = data_of(info)
    data.changes, data.went_back = list(info.changes), list(info.went_back)
    data.extend(folder.metrics_table())
    data.qualities = folder.qualities()
    data.verdicts = folder.verdicts()
    data.spreads = folder.spreads()
    for epoch, file in folder.sample_files().items():
        data.add_grid(epoch, file)
    return Run(path, info, data, folder.images_seen(), folder.given_name())


def read_run(path: Path) -> OpenedRun:
    """Read the run in ``path`` with its newest generator; raises ``UserError``."""
    run = read_record(path)
    kept = RunFolder(path).generator_epochs()
    newest = max([*run.data.grid_files, *kept], default=0)
    generator = read_generator(path, newest, newest=True) if run.images_seen or kept else None
    return OpenedRun(run, generator)


def read_origins(path: Path) -> Origins:
    """Read from where a new run can branch off the one in ``path``; raises ``UserError`` where from nowhere."""
    folder, run = RunFolder(path), read_record(path)
    exact, kept = folder.branch_epochs(), folder.generator_epochs()
    if not exact and not kept:
        raise UserError(
            tr("The run “{path}” keeps no networks to branch off from.", path=folder.title()),
            tr("Begin a new one with the same options."),
        )
    return Origins(folder.title(), run, tuple(exact), tuple(kept), _moments(folder, exact))


def _moments(folder: RunFolder, epochs: Iterable[int]) -> dict[int, int]:
    moments = {}
    for epoch in epochs:
        with suppress(UserError):  # said once a training shall begin with it
            moments[epoch] = folder.branch_moment(epoch)
    return moments


def read_grid(path: Path) -> Picture:
    """Read a grid of ``samples``, of which not even the folder may be a link out of the run; else one gray pixel."""
    try:
        with open_plain(path, path.parent.parent) as file:
            return read_png(file)
    except (OSError, ValueError):
        return np.full((1, 1), 128, np.uint8)


def read_generator(path: Path, epoch: int, *, newest: bool) -> tuple[Arrays, SnapshotRef]:
    """Return the newest generator of a run, or that of the kept epoch nearest to ``epoch``; raises ``UserError``."""
    folder = RunFolder(path)
    if newest and folder.images_seen():
        return folder.generator(), NEWEST
    kept = folder.nearest_snapshot_epoch(epoch)
    if kept is None:
        raise no_generator(path)
    return folder.generator(kept), SnapshotRef(epoch, kept)


def no_generator(path: Path) -> UserError:
    """Say why the run in ``path`` has nothing to draw with: it kept nothing, or is not there itself."""
    if not path.is_dir():
        return UserError(
            tr("The run “{path}” is no longer there.", path=path.name),
            tr("It was deleted, which Ctrl+Z in Compare takes back, or moved."),
        )
    return UserError(
        tr("The run “{path}” keeps no generator.", path=RunFolder(path).title()),
        tr("Its curves and samples can still be looked at."),
    )


def read_kept(path: Path, epoch: int) -> tuple[Arrays, SnapshotRef] | None:
    """Return the kept generator nearest to ``epoch``, None where there is none yet; raises ``UserError``."""
    return read_generator(path, epoch, newest=False) if RunFolder(path).generator_epochs() else None


def read_cost(config: Config, facts: DatasetInfo) -> CostRead | None:
    """Count what a training with ``config`` on such images costs; None where no such networks can be built."""
    from engine.cost import cost
    from engine.device import prepare_helper_thread

    prepare_helper_thread()
    known = reference(config).config()
    gray = DATASETS[known.dataset]
    try:
        counted = cost(config, facts)
        usual = cost(known, DatasetInfo(gray.image_count, gray.class_names, gray.channels, gray.size))
    except (UserError, RuntimeError):  # said when Train is pressed
        return None
    return CostRead(config, facts.image_count, counted, usual.flops, _untrained_bytes())


def time_training(config: Config) -> Job[Progress, float]:
    """Train with ``config`` for a moment, and return how many images a second; 0 where nobody can say."""
    from engine.datasets import catalog
    from engine.pace import take_pace

    try:
        if not catalog.is_at_hand(config):
            return 0.0
        data, _ = catalog.first(config, max(_TIMED_IMAGES, config.batch_size))
        pace = yield from take_pace(config, data, _TIMED_SECONDS, "")
    except (UserError, RuntimeError):  # said when Train is pressed
        return 0.0
    return pace.images_per_second if pace else 0.0


def resident_bytes() -> int:
    """Return how much memory this process has."""
    import psutil  # late: it would take a twentieth of the time until the window is on screen

    return int(psutil.Process().memory_info().rss)


@cache
def _untrained_bytes() -> int:
    """Return what was taken when this was first asked: a training leaves memory behind that the next one uses."""
    return resident_bytes()


def same_images(one: Config, other: Config) -> bool:
    """Whether two configs name the same real images."""
    return all(getattr(one, name) == getattr(other, name) for name in IMAGE_OPTIONS)


def look_at_images(config: Config) -> RealImages | ImagesAbsent:
    """Read the real images of ``config`` where nothing must be fetched for it; raises ``UserError``."""
    from engine.datasets import catalog

    if not catalog.is_at_hand(config):
        return ImagesAbsent(config)
    data, count = catalog.first(config, _PREVIEW_ROWS * _PREVIEW_COLUMNS)
    names = data.class_names
    counts = tuple(np.bincount(data.labels, minlength=len(names)).tolist()) if names else ()
    if data.columns:
        return RealImages(
            config, preview(data), names, data.facts.size, count, counts, real_scatter(data), data.facts.noun
        )
    return RealImages(config, _preview(data), names, data.facts.size, count, counts)


def _preview(data: ImageData) -> NDArray[np.uint8]:
    """Lay out the first images of each class below each other, black where a class has fewer than others."""
    if not data.class_names:
        return tile(_as_pictures(data.images[: _PREVIEW_ROWS * _PREVIEW_COLUMNS]), _PREVIEW_COLUMNS)
    columns = [np.flatnonzero(data.labels == label)[:_PREVIEW_ROWS] for label in range(len(data.class_names))]
    rows = max(len(column) for column in columns)
    images = np.zeros((rows, len(columns), *data.images.shape[1:]), np.uint8)
    for number, column in enumerate(columns):
        images[: len(column), number] = data.images[column]
    return tile(_as_pictures(images.reshape(-1, *data.images.shape[1:])), len(columns))


def _as_pictures(images: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Turn uint8 ``[N, C, H, W]`` into ``[N, H, W]`` or ``[N, H, W, 3]``."""
    return np.ascontiguousarray(images[:, 0] if images.shape[1] == 1 else images.transpose(0, 2, 3, 1))
