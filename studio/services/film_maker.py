"""The door to films: draws a preview of a run's film and saves it, beside the window. Knows no widgets and no torch."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine import export
from engine.export import ExportOptions
from engine.job import Job
from engine.runs import RunFolder
from studio.services import disk
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

_TELLING_SECONDS = 0.1  # between two words of progress


@dataclass(frozen=True)
class _Preview:
    picture: NDArray[np.uint8]
    epoch_count: int


@dataclass(frozen=True)
class _Done:
    done: int
    total: int
    seconds_left: float | None


class FilmMaker(QObject):
    """Does the newest wish only; what was being done before is canceled, which leaves no file."""

    preview_ready = Signal(np.ndarray, int)
    """A picture uint8 [H, W, 3], and how many epochs the run has."""
    progressed = Signal(int, int, object)
    """Pictures done, of how many, and the seconds left or None."""
    saved = Signal(Path)
    place_found = Signal(Path)
    """Where a film of this run may go without replacing anything."""
    place_looked_at = Signal(Path, bool)
    """Whether something lies there already."""
    failed = Signal(Failure)

    def __init__(self, run: Path, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run, self._jobs = RunFolder(run), jobs
        self._job: RunningJob[Any, Any] | None = None
        self._question: RunningJob[Any, Any] | None = None

    def find_place(self, ending: str, last: str = "") -> None:
        """Look for a free name in the folder ``last`` used, or else among this person's films."""
        find = partial(disk.free_film_path, f"{self._run.path.name}{ending}", last)
        self._ask(find, self.place_found.emit)

    def look_at_place(self, path: Path) -> None:
        """Look whether something lies at ``path``."""
        self._ask(partial(disk.is_taken, path), partial(self.place_looked_at.emit, path))

    def preview(self, kind: str, options: ExportOptions, room: tuple[int, int]) -> None:
        """Draw one picture that fits ``room``."""
        self.cancel()
        self._job = self._jobs.do(
            "film",
            partial(_preview, self._run, kind, options, room),
            Listeners(result=self._on_preview, failed=self.failed.emit),
        )

    def save(self, path: Path, options: ExportOptions) -> None:
        """Save what the ending of ``path`` names."""
        self.cancel()
        self._job = self._jobs.start(
            "film",
            partial(_save, self._run, path, options),
            Listeners(event=self._on_progress, result=self.saved.emit, failed=self.failed.emit),
        )

    def cancel(self) -> None:
        """Do no more; nothing more is told, and what was begun is removed."""
        if self._job:
            self._job.cancel(silently=True)
            self._job = None

    def leave(self) -> None:
        """Do and tell nothing any more."""
        self.cancel()
        if self._question:
            self._question.cancel(silently=True)

    def _ask(self, ask: Callable[[], Any], tell: Callable[[Any], object]) -> None:
        """Ask the disk, instead of what it was asked before."""
        if self._question:
            self._question.cancel(silently=True)
        self._question = self._jobs.do("place of a film", ask, Listeners(result=tell))

    def _on_preview(self, preview: _Preview) -> None:
        self.preview_ready.emit(preview.picture, preview.epoch_count)

    def _on_progress(self, progress: _Done | None) -> None:
        if progress is not None:
            self.progressed.emit(progress.done, progress.total, progress.seconds_left)


def _preview(run: RunFolder, kind: str, options: ExportOptions, room: tuple[int, int]) -> _Preview:
    return _Preview(*export.preview(run, kind, options, room))


def _save(run: RunFolder, path: Path, options: ExportOptions) -> Job[_Done | None, Path]:
    """Save a film; None tells nothing, but lets the job be canceled after each picture."""
    begin, told = time.monotonic(), 0.0
    for drawn in export.save(run, path, options):
        done, total = drawn.done, drawn.total
        now = time.monotonic()
        is_news = now - told >= _TELLING_SECONDS or done == total
        told = now if is_news else told
        yield _Done(done, total, (now - begin) / done * (total - done) if done else None) if is_news else None
    return path
