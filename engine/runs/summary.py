"""What a list of runs tells of each, read without loading weights. Knows no other run."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.events import Quality
from engine.runs import pictures
from engine.runs.about import About
from engine.runs.folder import RunFolder
from engine.runs.info import Branch

if TYPE_CHECKING:
    from engine.diagnosis import Recorded

_PREVIEW_SIZE = (80, 96)
_SMALL = 56  # pixels that the row of a table is high
_TRACES = ("config.json", "metrics.csv")  # either says that a folder is, or was, a run
_T = TypeVar("_T")

Standing = Literal["training", "finished", "unfinished", "left"]
"""``left``: there is no checkpoint to go on from, only what the run made."""


@dataclass(frozen=True, eq=False)
class RunSummary:
    """One row of a table of runs; ``engine.runs.words`` says it.

    ``config``: the options at the beginning, ``config_now`` with what was changed while it trained. ``preview``:
    the corner of the newest sample grid at its own size, uint8 [80, 96] or [80, 96, 3] at most, which shows digits
    where the whole grid made small would only show gray; all of it, small, where it is a single picture; None where
    there is none. ``left_epoch``: the newest epoch of which there is a generator or a grid where the checkpoints
    are gone; 0 where nothing is missing. ``branch_of``: where it comes from; ``quality``: what the judge said last,
    None where it never did. ``health``: a state of ``engine.diagnosis.health``, "" where it cannot be told;
    ``troubles``: the names of those that are seen. ``seconds``: training time; ``size_bytes``: what it takes on the
    disk; ``modified``: when it was trained last, in seconds since 1970. ``preference``: the share (0 to 1) of blind
    duels that it would win, None where too few tell. ``parent_title``: what the run is called by now that it comes
    from, empty where that is not at hand.
    """

    path: Path
    config: Config
    config_now: Config
    images_seen: int
    total_images: int
    image_count: int
    modified: float
    preview: NDArray[np.uint8] | None = None
    left_epoch: int = 0
    about: About = field(default_factory=About)
    branch_of: Branch | None = None
    quality: Quality | None = None
    health: str = ""
    troubles: tuple[str, ...] = ()
    seconds: float = 0.0
    size_bytes: int = 0
    is_training: bool = False
    preference: float | None = None
    parent_title: str = ""

    @property
    def name(self) -> str:
        """What a person called it, or nothing."""
        return self.about.name

    @property
    def star(self) -> bool:
        """Whether it is a favorite."""
        return self.about.star

    @property
    def note(self) -> str:
        """What a person wrote about it."""
        return self.about.note

    @property
    def finished(self) -> bool:
        """Whether the whole budget was trained."""
        return self.images_seen >= self.total_images

    @property
    def standing(self) -> Standing:
        """Whether it trains now, is finished, or could go on."""
        if self.is_training:
            return "training"
        if self.left_epoch:
            return "left"
        return "finished" if self.finished else "unfinished"

    @property
    def epochs(self) -> int:
        """Whole passes over the images that were trained."""
        return self.left_epoch or (self.total_epochs if self.finished else self.images_seen // self.image_count)

    @property
    def total_epochs(self) -> int:
        """Passes over the images that it has in all, the last perhaps cut short."""
        return -(-self.total_images // self.image_count)

    @property
    def frechet(self) -> float | None:
        """The judge's Fréchet distance at the end, None where it never looked."""
        return self.quality.frechet if self.quality else None

    @property
    def accuracy(self) -> float | None:
        """Share (0 to 1) of the samples read as asked at the end, None where that cannot be told."""
        return self.quality.accuracy if self.quality else None

    @cached_property
    def differences(self) -> Mapping[str, Any]:
        """The options that are not as the recipe has them, as they are now: names and values."""
        from engine.recipes.words import set_by_hand

        return set_by_hand(self.config_now)


@dataclass(frozen=True)
class UnreadableRun:
    """A run that cannot be opened; ``reason`` is a sentence that says why and how to mend it."""

    path: Path
    reason: str
    modified: float


ListedRun = RunSummary | UnreadableRun


def is_run(path: Path) -> bool:
    """Whether a folder is, or was, a run, or may not be looked into."""
    return any(os.path.lexists(path / name) for name in _TRACES) or not os.access(path, os.R_OK | os.X_OK)


def summary(path: Path) -> RunSummary:
    """Return what can be told of the run in ``path`` at a glance; raises ``UserError``."""
    run = summary_of(RunFolder(path))
    return replace(run, parent_title=parent_title(run, path.parent))


def parent_of(run: RunSummary, root: Path) -> Path | None:
    """Return the run that ``run`` branches from, None where there is none, or where it is gone.

    It is found also where it was moved to ``root`` with all others.
    """
    if run.branch_of is None:
        return None
    there = Path(run.branch_of.run)
    known = (there, root / there.name) if there.is_absolute() else (root / there.name,)
    return next((path for path in known if RunFolder(path).exists()), None)


def parent_title(run: RunSummary, root: Path) -> str:
    """Read what that run is called; nothing where there is none."""
    path = parent_of(run, root)
    return RunFolder(path).title() if path else ""


def summary_of(run: RunFolder) -> RunSummary:
    """Return the same of ``run``."""
    path, info = run.path, run.info()
    samples = run.sample_files()
    row = _or(None, run.last_row)
    images_seen = run.images_seen()
    return RunSummary(
        path,
        info.config,
        info.config_at(images_seen),
        images_seen,
        info.total_images,
        info.facts.image_count,
        max(map(modified, (path / "config.json", path / "metrics.csv", *list(samples.values())[-1:]))),
        _or(None, lambda: _preview(run, max(samples), info.facts)) if samples else None,
        left_epoch(run),
        _or(About(), run.about),
        info.branch_of,
        _or(None, run.last_quality),
        *_health(run),
        row.seconds if row else 0.0,
        size_of(path),
        run.is_locked(),
    )


def recorded(run: RunFolder) -> Recorded:
    """Return what is known of ``run`` to a diagnosis; raises ``UserError``."""
    from engine.diagnosis import Recorded  # late: it knows recipes, and whoever reads a run need not

    info = run.info()
    return Recorded(
        info.config,
        info.facts,
        run.metrics_table(),
        run.qualities(),
        info.changes,
        went_back=info.went_back,
        spreads=run.spreads(),
    )


def left_epoch(run: RunFolder) -> int:
    """Return the newest epoch of which something is left where there is no checkpoint, 0 where there is one."""
    return 0 if run.has_state() else max((*run.generator_epochs(), *run.sample_files()), default=0)


def modified(path: Path) -> float:
    """Return when ``path`` was written last, in seconds since 1970; 0 where it is not there."""
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


def size_of(path: Path) -> int:
    """Return the bytes of the files of the run in ``path``; what a link leads to is not in it.

    A file with two names in it, such as a state that is kept for branches, counts once.
    """
    folders = (path, path / "samples", path / "checkpoints")
    stats = [found for folder in folders for found in _stats_in(folder)]
    return sum({(found.st_dev, found.st_ino) if found.st_ino else object(): found.st_size for found in stats}.values())


def _stats_in(folder: Path) -> list[os.stat_result]:
    found: list[os.stat_result] = []
    with suppress(OSError):
        if not os.path.islink(folder):
            with os.scandir(folder) as entries:
                for entry in entries:
                    with suppress(OSError):  # whoever trains or shares it moves its files meanwhile
                        if entry.is_file(follow_symlinks=False):
                            found.append(entry.stat(follow_symlinks=False))
    return found


def _health(run: RunFolder) -> tuple[str, tuple[str, ...]]:
    try:
        health = recorded(run).health()
    except Exception:  # a detector of a stranger's package, or on a stranger's rows, must not hide the run
        return "", ()
    return health.state, tuple(diagnosis.failure_mode for diagnosis in health.diagnoses)


def _preview(run: RunFolder, epoch: int, facts: DatasetInfo) -> NDArray[np.uint8]:
    """Return the pictures in the corner of the grid of ``epoch``, or all of one that is a single picture, small."""
    if facts.is_points:
        return pictures.small(run.read_samples(epoch), _SMALL)
    height, width = _PREVIEW_SIZE
    return run.read_samples(epoch)[:height, :width].copy()  # a view would keep the whole grid


def _or(default: _T, read: Callable[[], _T]) -> _T:
    """Return what can be read; a damaged file beside ``config.json`` hides no run."""
    try:
        return read()
    except UserError:
        return default
