"""The runs of a home, told at a glance, and names for new ones. Loads no weights."""

from __future__ import annotations

import os
import re
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.config import Config
from engine.errors import UserError
from engine.run_folder.folder import RunFolder


@dataclass(frozen=True)
class RunSummary:
    """What a list of runs shows, read without loading weights."""

    path: Path
    config: Config
    images_seen: int
    total_images: int
    image_count: int
    modified: float
    preview: Path | None

    @property
    def finished(self) -> bool:
        """Whether the whole budget was trained."""
        return self.images_seen >= self.total_images


def summary(path: Path) -> RunSummary:
    """Return what can be told of the run in ``path`` at a glance; raises ``UserError``."""
    run = RunFolder(path)
    info = run.info()
    samples = list(run.sample_files().values())
    return RunSummary(
        path,
        info.config,
        run.images_seen(),
        info.total_images,
        info.facts.image_count,
        max(map(_modified, (path / "config.json", *samples[-1:]))),
        samples[-1] if samples else None,
    )


def list_runs(root: Path) -> list[RunSummary]:
    """Return the readable runs directly below ``root``, newest first; folders that are no run are passed over."""
    try:
        folders = list(root.iterdir())
    except OSError:
        return []
    runs = []
    for path in folders:
        with suppress(UserError):
            runs.append(summary(path))
    return sorted(runs, key=lambda run: run.modified, reverse=True)


def runs_root() -> Path:
    """Return where runs go unless a person says otherwise: ``Duelo/runs`` at home, or ``$DUELO_HOME/runs``."""
    return Path(os.environ.get("DUELO_HOME") or Path.home() / "Duelo") / "runs"


def new_run_path(recipe: str, root: Path | None = None) -> Path:
    """Return a free folder name made of date, time and recipe, whose letters alone count: it may be a stranger's."""
    root = root or runs_root()
    stem = f"{datetime.now():%Y-%m-%d_%H-%M-%S}_{re.sub(r'[^A-Za-z0-9-]+', '-', recipe)[:60]}"
    candidates = [root / stem, *(root / f"{stem}_{n}" for n in range(2, 1000))]
    return next(path for path in candidates if not path.exists())


def _modified(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
