"""The door to what happens to whole runs: into the trash and back, into one file and back. Beside the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.errors import UserError
from engine.job import Progress
from engine.runs import RunFolder, runs_root
from engine.runs.archive import Exported, export_run, import_run
from engine.runs.trash import Deleted, Trash, Trashed
from studio.workers.failure import Failure, failure
from studio.workers.job_runner import JobRunner, Listeners


class RunFiles(QObject):
    """Runs lie below ``root``, which follows the folder of runs of the moment."""

    deleted = Signal(list)
    """``Deleted``, of those that went into the trash."""
    restored = Signal(list)
    """The paths at which they lie again."""
    progressed = Signal(Progress)
    exported = Signal(Exported)
    imported = Signal(Path)
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs

    def delete(self, paths: Sequence[Path]) -> None:
        """Move the runs in ``paths`` into the trash; one that cannot go keeps no other."""
        self._do(partial(_delete, list(paths)), self._on_deleted)

    def restore(self, runs: Sequence[Trashed]) -> None:
        """Move runs out of the trash again."""
        self._do(partial(_restore, list(runs)), self.restored.emit)

    def export(self, path: Path, out: Path) -> None:
        """Write the run in ``path`` as the one file ``out``."""
        self._start(lambda: export_run(RunFolder(path), out), self.exported.emit)

    def import_file(self, file: Path) -> None:
        """Unpack the experiment ``file`` as a new run."""
        self._start(lambda: import_run(file, runs_root()), self.imported.emit)

    def _do(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        self._jobs.do("files of runs", work, Listeners(result=then, failed=self.failed.emit))

    def _start(self, make: Callable[[], Any], then: Callable[[Any], object]) -> None:
        listeners: Listeners[Progress, Any] = Listeners(self.progressed.emit, then, self.failed.emit)
        self._jobs.start("files of runs", make, listeners)

    def _on_deleted(self, done: tuple[list[Deleted], list[Failure]]) -> None:
        deleted, failures = done
        if deleted:
            self.deleted.emit(deleted)
        for each in failures[:1]:  # there is one place for messages
            self.failed.emit(each)


def _delete(paths: Sequence[Path]) -> tuple[list[Deleted], list[Failure]]:
    deleted, failures = [], []
    for path in paths:
        try:
            deleted.append(Trash(path.parent).put(path))
        except UserError as error:
            failures.append(failure(error))
    return deleted, failures


def _restore(runs: Sequence[Trashed]) -> list[Path]:
    return [Trash(run.path.parents[2]).restore(run) for run in runs]
