"""The door to what happens to whole runs: into the trash and back, into one file and back. Beside the window."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal, SignalInstance

from engine.errors import UserError
from engine.i18n import joined
from engine.job import Progress
from engine.runs import RunFolder, runs_root
from engine.runs.archive import Exported, export_run, export_size, import_run, read_manifest
from engine.runs.arriving import folder_name, free_path
from engine.runs.trash import Deleted, Trash, Trashed
from studio.model.transfer import Arrival, Transfer
from studio.workers.failure import Failure, failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

_TOLD_EVERY_SECONDS = 0.25


class RunFiles(QObject):
    """Runs lie below ``root``, which follows the folder of runs of the moment."""

    deleted = Signal(list)
    """``Deleted``, of those that went into the trash."""
    restored = Signal(list)
    """The paths at which they lie again."""
    progressed = Signal(Transfer)
    canceled = Signal()
    """A person ended the export or import under way; nothing is left of it."""
    exported = Signal(Exported)
    arrived = Signal(Arrival)
    imported = Signal(Path)
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._moving: RunningJob[Progress, Any] | None = None
        self.name = ""
        """What the run is called that is or was on its way."""
        self._is_export, self._is_over = False, True
        self._waiting: list[Path] = []  # files that are to be imported next
        self._spoiled: list[Failure] = []
        self._begun = self._told = 0.0

    def delete(self, paths: Sequence[Path]) -> None:
        """Move the runs in ``paths`` into the trash; one that cannot go keeps no other."""
        self._change(partial(_delete, list(paths)), self._on_deleted)

    def restore(self, runs: Sequence[Trashed]) -> None:
        """Move runs out of the trash again."""
        self._change(partial(_restore, list(runs)), self.restored.emit)

    @property
    def is_busy(self) -> bool:
        """Whether a run goes into a file or comes out of one right now."""
        return self._moving is not None

    def measure(self, path: Path, then: Callable[[int], object]) -> None:
        """Look how many bytes an export of the run in ``path`` takes at most; ``then`` gets it."""
        self._look(lambda: export_size(RunFolder(path)), then)

    def look_into(self, file: Path) -> None:
        """Look what the experiment ``file`` says that it holds; ``arrived`` tells."""
        self._look(partial(_arrival, file), self.arrived.emit)

    def export(self, path: Path, out: Path, name: str = "") -> None:
        """Write the run in ``path`` as the one file ``out``."""
        self._start(name or path.name, lambda: export_run(RunFolder(path), out), self.exported)

    def import_file(self, file: Path, name: str = "") -> None:
        """Unpack the experiment ``file`` as a new run."""
        self._start(name or file.stem, lambda: import_run(file, runs_root()), self.imported)

    def take(self, files: Sequence[Path]) -> None:
        """Look into a single file; several are unpacked."""
        if len(files) == 1:
            self.look_into(files[0])
        else:
            self.import_all(files)

    def import_all(self, files: Sequence[Path]) -> None:
        """Unpack several, one after the other; one that cannot be keeps no other, and is told of in the end."""
        self._waiting += files
        self._go_on()

    def cancel(self) -> None:
        """End the export or import under way, and begin no other; ``canceled`` tells when nothing is left of it."""
        self._waiting.clear()
        if self._moving:
            self._moving.cancel()

    def _look(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        self._jobs.in_turn("files of runs", work, Listeners(result=then, failed=self.failed.emit))

    def _change(self, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        self._jobs.keep("files of runs", work, Listeners(result=then, failed=self.failed.emit))

    def _start(self, name: str, make: Callable[[], Any], done: SignalInstance) -> None:
        """Begin, one at a time: whoever looks at one does not see another."""
        if self._moving is None:
            self._is_over, self.name, self._is_export = False, name, done is self.exported
            self._begun = self._told = time.monotonic()
            listeners: Listeners[Progress, Any] = Listeners(
                self._on_progress, partial(self._on_done, done), self._on_failed, end=self._on_end
            )
            self._moving = self._jobs.start("files of runs", make, listeners)

    def _on_progress(self, progress: Progress) -> None:
        now = time.monotonic()
        if now >= self._told + _TOLD_EVERY_SECONDS:
            self._told = now
            self.progressed.emit(Transfer(self.name, progress, now - self._begun, self._is_export))

    def _on_done(self, signal: SignalInstance, result: object) -> None:
        self._is_over, self._moving = True, None
        signal.emit(result)

    def _on_failed(self, failed: Failure) -> None:
        self._is_over, self._moving = True, None
        self._spoiled.append(failed)

    def _go_on(self) -> None:
        """Import the next; what failed is told once there is none, as what came well would take its place."""
        if self._waiting:
            if self._moving is None:
                self.import_file(self._waiting.pop(0))
        elif failures := self._spoiled:
            self._spoiled = []
            self.failed.emit(replace(failures[0], message=joined(*(each.message for each in failures))))

    def _on_end(self) -> None:
        if not self._is_over:
            self._is_over, self._moving = True, None
            self.canceled.emit()
        self._go_on()

    def _on_deleted(self, done: tuple[list[Deleted], list[Failure]]) -> None:
        deleted, failures = done
        if deleted:
            self.deleted.emit(deleted)
        for each in failures[:1]:  # there is one place for messages
            self.failed.emit(each)


def _arrival(file: Path) -> Arrival:
    manifest = read_manifest(file)
    folder = free_path(runs_root(), manifest.name).name
    return Arrival(file, manifest.title, manifest.size_bytes, folder, folder != folder_name(manifest.name))


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
