"""The runs of a home, told at a glance, and names for new ones. Loads no weights."""

from __future__ import annotations

import os
import re
import threading
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.config import Config
from engine.errors import UserError
from engine.i18n import again, joined, said, tr
from engine.runs.folder import RunFolder
from engine.text import plain

_PREVIEW_SIZE = (80, 96)
_TRACES = ("config.json", "metrics.csv")  # either says that a folder is, or was, a run


@dataclass(frozen=True, eq=False)
class RunSummary:
    """What a list of runs shows, read without loading weights.

    ``preview``: the corner of the newest sample grid at its own size, uint8 [80, 96] or [80, 96, 3] at most, which
    shows digits where the whole grid made small would only show grey; None where there is none. ``left_epoch``: the
    newest epoch of which there is a generator or a grid where the checkpoints are gone; 0 where nothing is missing.
    """

    path: Path
    config: Config
    images_seen: int
    total_images: int
    image_count: int
    modified: float
    preview: NDArray[np.uint8] | None
    left_epoch: int = 0

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
    )


class RunCatalogue:
    """Lists runs, and reads again only those that changed since: a home may hold a thousand. For any thread."""

    def __init__(self) -> None:
        self._known: dict[Path, tuple[tuple[float, ...], RunSummary]] = {}
        self._lock = threading.Lock()

    def look(self, root: Path) -> list[ListedRun]:
        """Return the runs directly below ``root``, newest first; folders that are no run are passed over.

        A run that cannot be read is listed as such, and none keeps another from being listed.
        """
        with self._lock:
            try:
                folders = [path for path in root.iterdir() if os.path.isdir(path)]
            except OSError:
                return []
            runs = [run for path in folders if (run := self._listed(path))]
            self._known = {path: kept for path, kept in self._known.items() if path in set(folders)}
        return sorted(runs, key=lambda run: run.modified, reverse=True)

    def _listed(self, path: Path) -> ListedRun | None:
        try:
            if not any(os.path.lexists(path / name) for name in _TRACES) and os.access(path, os.R_OK | os.X_OK):
                return None
            stamp = _stamp(path)
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
    """Return the runs directly below ``root`` as ``RunCatalogue`` does, each read anew."""
    return RunCatalogue().look(root)


def runs_root() -> Path:
    """Return where runs go unless a person says otherwise: ``Duelo/runs`` at home, or ``$DUELO_HOME/runs``."""
    return files.typed(os.environ.get("DUELO_HOME") or "~/Duelo") / "runs"


def new_run_path(recipe: str, root: Path | None = None) -> Path:
    """Return a free folder name made of date, time and recipe, whose letters alone count: it may be a stranger's."""
    root = root or runs_root()
    stem = f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{re.sub(r'[^A-Za-z0-9-]+', '-', recipe)[:60]}"
    candidates = [root / stem, *(root / f"{stem}_{n}" for n in range(2, 1000))]
    return next(path for path in candidates if not path.exists())


def _stamp(path: Path) -> tuple[float, ...]:
    """Return what differs once a run was trained on: names and times of its newest files, no contents."""
    run = RunFolder(path)
    newest = list(run.sample_files().values())[-1:]
    return (run.images_seen(), _left_epoch(run), *map(_modified, (path / "config.json", path / "samples", *newest)))


def _left_epoch(run: RunFolder) -> int:
    return 0 if run.has_state() else max((*run.generator_epochs(), *run.sample_files()), default=0)


def _without_path(text: str, path: str) -> str:
    """Leave out where the run lies: that stands beside it anyway."""
    name = os.path.basename(path)
    return said(lambda: str(again(text)).replace(f"{path}{os.sep}", "").replace(path, name))


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
