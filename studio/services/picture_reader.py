"""The door to own pictures: reads a folder of them beside the window. Knows no widgets and no torch."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.datasets import image_folder
from engine.datasets.image_folder import FolderReport, PrepareOptions
from engine.datasets.picture_preview import of_prepared, preview
from engine.errors import UserError
from engine.job import Job, Progress
from studio.workers.failure import Failure, failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob


@dataclass(frozen=True)
class _Preview:
    images: NDArray[np.uint8]


class PictureReader(QObject):
    """Answers the newest request only: first with a preview, at the end with a report.

    ``reported`` also tells whether these pictures suffice for training; where they do not, or cannot be read at all,
    ``failed`` says why.
    """

    progressed = Signal(Progress)
    preview_ready = Signal(np.ndarray)
    reported = Signal(FolderReport, bool)
    failed = Signal(Failure)

    def __init__(self, preview_count: int, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview_count, self._jobs = preview_count, jobs
        self._job: RunningJob[Any, Any] | None = None

    def read(self, folder: Path, look: PrepareOptions) -> None:
        """Begin to read ``folder``; whatever was being read is canceled."""
        self.cancel()
        self._job = self._jobs.start(
            "pictures",
            partial(_read, folder, look, self._preview_count),
            Listeners(event=self._on_event, result=self._on_read, failed=self.failed.emit),
        )

    def cancel(self) -> None:
        """Read no further; nothing more is told."""
        if self._job:
            self._job.cancel(silently=True)
            self._job = None

    def _on_event(self, event: Progress | _Preview | None) -> None:
        if isinstance(event, Progress):
            self.progressed.emit(event)
        elif event is not None:
            self.preview_ready.emit(event.images)

    def _on_read(self, found: tuple[FolderReport, Failure | None]) -> None:
        report, trouble = found
        self.reported.emit(report, trouble is None)
        if trouble is not None:
            self.failed.emit(trouble)


def _read(
    folder: Path, look: PrepareOptions, count: int
) -> Job[Progress | _Preview | None, tuple[FolderReport, Failure | None]]:
    images = yield from _quietly(preview(folder, look, count))
    yield _Preview(images)
    pictures = yield from image_folder.prepare_all(folder, look)
    yield _Preview(of_prepared(pictures.data, count))  # now that range and ground of all are known
    return pictures.report, _trouble(folder, pictures.report)


def _quietly(reading: Job[Progress, NDArray[np.uint8]]) -> Job[None, NDArray[np.uint8]]:
    """Tell nothing, but let the job be canceled after each picture."""
    try:
        while True:
            next(reading)
            yield None
    except StopIteration as done:
        images: NDArray[np.uint8] = done.value
        return images
    finally:
        reading.close()


def _trouble(folder: Path, report: FolderReport) -> Failure | None:
    try:
        image_folder.check(folder, report)
    except UserError as error:
        return failure(error)
    return None
