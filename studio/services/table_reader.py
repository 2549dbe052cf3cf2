"""The door to a person's own table before a training: reads it in the background, and tells how far it is."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.job import Job, Progress
from studio.model.transfer import Moving
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

TABLE = "table"
"""The data set of a person's own table."""
_TOLD_EVERY_SECONDS = 0.25


class TableReader(QObject):
    """Reads the table that was asked for last; ``over`` tells that nothing is read any more."""

    progressed = Signal(Moving)
    failed = Signal(Failure)
    over = Signal()

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._job: RunningJob[Progress, int] | None = None
        self._name, self._begun, self._told = "", 0.0, 0.0

    def read(self, path: str, then: Callable[[int], object]) -> None:
        """Read the table in ``path``; ``then`` gets the number of its rows, unless it is none to train on."""
        self.cancel()
        self._name, self._begun, self._told = Path(path).name, time.monotonic(), time.monotonic()
        listeners: Listeners[Progress, int] = Listeners(
            self._on_progress, partial(self._on_read, then), self._on_failed
        )
        self._job = self._jobs.start("reading a table", partial(_rows, path), listeners)

    def cancel(self) -> None:
        """Read no further; nothing more is told."""
        if self._job is not None:
            self._job.cancel(silently=True)
            self._end()

    def _end(self) -> None:
        self._job = None
        self.over.emit()

    def _on_progress(self, progress: Progress) -> None:
        now = time.monotonic()
        if progress.total and now >= self._told + _TOLD_EVERY_SECONDS:
            self._told = now
            self.progressed.emit(Moving(self._name, progress, now - self._begun))

    def _on_read(self, then: Callable[[int], object], rows: int) -> None:
        self._end()
        then(rows)

    def _on_failed(self, failed: Failure) -> None:
        self._end()
        self.failed.emit(failed)


def _rows(path: str) -> Job[Progress, int]:
    from engine.datasets import catalog

    data = yield from catalog.read(Config(dataset=TABLE, data_root=path))
    return len(data.images)
