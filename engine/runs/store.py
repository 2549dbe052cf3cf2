"""The store of many runs: each told at a glance, what changed, where it comes from, names. Loads no weights."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.config import Config
from engine.errors import UserError
from engine.events import Quality
from engine.i18n import again, joined, said, tr
from engine.job import Job, Progress, result_of
from engine.runs.about import About
from engine.runs.folder import RunFolder
from engine.runs.info import Branch
from engine.text import plain

_PREVIEW_SIZE = (80, 96)
_TRACES = ("config.json", "metrics.csv")  # either says that a folder is, or was, a run
_TOLD_EVERY = 50

Stamp = tuple[float, ...]


@dataclass(frozen=True, eq=False)
class RunSummary:
    """What a list of runs shows, read without loading weights.

    ``preview``: the corner of the newest sample grid at its own size, uint8 [80, 96] or [80, 96, 3] at most, which
    shows digits where the whole grid made small would only show gray; None where there is none. ``left_epoch``: the
    newest epoch of which there is a generator or a grid where the checkpoints are gone; 0 where nothing is missing.
    ``name``: what a person called it, or nothing; ``branch_of``: where its first networks are from; ``quality``: what
    the judge said last, None where it never did.
    """

    path: Path
    config: Config
    images_seen: int
    total_images: int
    image_count: int
    modified: float
    preview: NDArray[np.uint8] | None
    left_epoch: int = 0
    name: str = ""
    branch_of: Branch | None = None
    quality: Quality | None = None

    @property
    def finished(self) -> bool:
        """Whether the whole budget was trained."""
        return self.images_seen >= self.total_images


@dataclass(frozen=True)
class UnreadableRun:
    """A run that cannot be opened; ``trouble`` is a sentence that says why and how to mend it."""

    path: Path
    trouble: str
    modified: float


ListedRun = RunSummary | UnreadableRun


def summary(path: Path) -> RunSummary:
    """Return what can be told of the run in ``path`` at a glance; raises ``UserError``."""
    run = RunFolder(path)
    info = run.info()
    samples = run.sample_files()
    return RunSummary(
        path,
        info.config,
        run.images_seen(),
        info.total_images,
        info.facts.image_count,
        max(map(_modified, (path / "config.json", *list(samples.values())[-1:]))),
        _preview(run, max(samples)) if samples else None,
        _left_epoch(run),
        _name(run),
        info.branch_of,
        _newest_quality(run),
    )


class RunStore:
    """The runs directly below ``root``; reads again only those that changed since, for there may be a thousand.

    For any thread, and several at once.
    """

    def __init__(self, root: Path) -> None:
        self.root = root
        self._known: dict[Path, tuple[Stamp, RunSummary]] = {}
        self._seen: dict[Path, Stamp] | None = None

    def runs(self) -> list[ListedRun]:
        """Return the runs, newest first; folders that are no run are passed over.

        A run that cannot be read is listed as such, and none keeps another from being listed.
        """
        return result_of(self.scan())

    def scan(self) -> Job[Progress, list[ListedRun]]:
        """Do the same, and tell now and then how many folders were looked at."""
        folders = self._folders()
        runs: list[ListedRun] = []
        seen = {}
        for number, path in enumerate(folders):
            if number % _TOLD_EVERY == 0:
                yield Progress(number, len(folders))
            if _is_run(path):
                seen[path] = _stamp_of(path)
                runs.append(self._listed(path, seen[path]))
        self._known = {path: kept for path, kept in dict(self._known).items() if path in seen}  # others may add to it
        self._seen = seen
        return sorted(runs, key=lambda run: run.modified, reverse=True)

    def has_changed(self) -> bool:
        """Whether a run came, went or was trained on since the last listing. Reads names and times only."""
        return self._seen != {path: _stamp_of(path) for path in self._folders() if _is_run(path)}

    def rename(self, path: Path, name: str) -> None:
        """Give the run in ``path`` a name beside that of its folder, or take it away; raises ``DiskError``."""
        RunFolder(path).save_about(About(name))

    def parent(self, run: RunSummary) -> Path | None:
        """Return the run that ``run`` branches from, None where there is none, or where it is gone.

        It is found also where all of the store was moved.
        """
        if run.branch_of is None:
            return None
        there = Path(run.branch_of.run)
        return next((path for path in (there, self.root / there.name) if RunFolder(path).exists()), None)

    def branches(self, run: RunSummary, runs: Iterable[ListedRun]) -> list[RunSummary]:
        """Return those of ``runs`` that branch from ``run``."""
        others = (other for other in runs if isinstance(other, RunSummary))
        return [other for other in others if self.parent(other) == run.path]

    def _folders(self) -> list[Path]:
        try:
            return sorted(path for path in self.root.iterdir() if os.path.isdir(path))
        except OSError:
            return []

    def _listed(self, path: Path, stamp: Stamp) -> ListedRun:
        try:
            known = self._known.get(path)
            if known is None or known[0] != stamp:
                known = self._known[path] = (stamp, summary(path))
            return known[1]
        except UserError as error:
            trouble = _without_path(joined(error.message, error.hint), plain(path))
        except Exception as error:  # one stranger's run must not hide the others, whatever is in it
            trouble = tr("This run cannot be read: {reason}.", reason=f"{type(error).__name__}: {error}")
        return UnreadableRun(path, trouble, _modified(path))


def list_runs(root: Path) -> list[ListedRun]:
    """Return the runs directly below ``root`` as ``RunStore`` does, each read anew."""
    return RunStore(root).runs()


def runs_root() -> Path:
    """Return where runs go unless a person says otherwise: ``Duelo/runs`` at home, or ``$DUELO_HOME/runs``."""
    return files.typed(os.environ.get("DUELO_HOME") or "~/Duelo") / "runs"


def new_run_path(recipe: str, root: Path | None = None) -> Path:
    """Return a free folder name made of date, time and recipe, whose letters alone count: it may be a stranger's."""
    root = root or runs_root()
    stem = f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{re.sub(r'[^A-Za-z0-9-]+', '-', recipe)[:60]}"
    candidates = [root / stem, *(root / f"{stem}_{n}" for n in range(2, 1000))]
    return next(path for path in candidates if not path.exists())


def _is_run(path: Path) -> bool:
    """Whether a folder is, or was, a run, or may not be looked into."""
    return any(os.path.lexists(path / name) for name in _TRACES) or not os.access(path, os.R_OK | os.X_OK)


def _stamp_of(path: Path) -> Stamp:
    """Return what differs once a run was trained on or named: names and times of its newest files, no contents."""
    run = RunFolder(path)
    newest = list(run.sample_files().values())[-1:]
    files = (path / name for name in ("config.json", "about.json", "quality.jsonl", "samples"))
    return (run.images_seen(), _left_epoch(run), *map(_modified, (*files, *newest)))


def _left_epoch(run: RunFolder) -> int:
    return 0 if run.has_state() else max((*run.generator_epochs(), *run.sample_files()), default=0)


def _without_path(text: str, path: str) -> str:
    """Leave out where the run lies: that stands beside it anyway."""
    name = os.path.basename(path)
    return said(lambda: str(again(text)).replace(f"{path}{os.sep}", "").replace(path, name))


def _name(run: RunFolder) -> str:
    try:
        return run.about().name
    except UserError:
        return ""


def _newest_quality(run: RunFolder) -> Quality | None:
    try:
        return run.last_quality()
    except UserError:
        return None


def _preview(run: RunFolder, epoch: int) -> NDArray[np.uint8] | None:
    try:
        height, width = _PREVIEW_SIZE
        return run.read_samples(epoch)[:height, :width].copy()  # a view would keep the whole grid
    except UserError:
        return None


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
