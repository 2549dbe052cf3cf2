"""The door to runs that rest: lists them and reads those that a person opens, in the background."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.runs import RunStore, runs_root
from studio.services import readers
from studio.services.readers import OpenedRun
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob


class RunsService(QObject):
    """``listed`` carries every ``ListedRun`` of a folder, newest first; ``opened`` the run that was asked for last."""

    listed = Signal(list)
    opened = Signal(OpenedRun, bool)
    """The run, and whether it shall be gone on with."""
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._store = RunStore(runs_root())
        self._listing: RunningJob[Any, Any] | None = None
        self._opening: RunningJob[Any, Any] | None = None

    def list_runs(self, root: Path) -> None:
        """Look which runs there are directly below ``root``; ``listed`` answers, once for the newest question."""
        if root != self._store.root:
            self._store = RunStore(root)
        if self._listing:
            self._listing.cancel(silently=True)
        self._listing = self._jobs.do(
            "listing runs",
            self._store.runs,
            Listeners(result=self.listed.emit, failed=self.failed.emit),
        )

    def open(self, path: Path, *, go_on: bool = False) -> None:
        """Read the run in ``path``; ``opened`` answers, unless another one is asked for meanwhile."""
        self.open_none()
        self._opening = self._jobs.do(
            "opening a run",
            partial(readers.read_run, path),
            Listeners(result=partial(self._on_read, go_on), failed=self.failed.emit),
        )

    def open_none(self) -> None:
        """Let a run that is being read not come any more."""
        if self._opening:
            self._opening.cancel(silently=True)
            self._opening = None

    def _on_read(self, go_on: bool, run: OpenedRun) -> None:
        self._opening = None
        self.opened.emit(run, go_on)
