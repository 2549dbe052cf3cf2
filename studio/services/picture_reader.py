"""Reads a folder of own pictures in a thread and tells the window in signals. Knows no widgets and no torch."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.datasets import image_folder
from engine.datasets.image_folder import FolderReport, Look
from engine.datasets.picture_preview import of_prepared, preview
from engine.errors import UserError
from engine.job import Job, Progress
from studio.workers import training_worker as worker
from studio.workers.bridge import Bridge

_JOIN_SECONDS = 1.0  # what it keeps is written whole or not at all
_Value = TypeVar("_Value")


@dataclass(frozen=True)
class _Said:
    serial: int
    what: object


@dataclass(frozen=True)
class _Preview:
    images: NDArray[np.uint8]


@dataclass(frozen=True)
class _Done:
    report: FolderReport
    trouble: worker.Failed | None


class PictureReader(QObject):
    """Answers the newest request only: first with a preview, at the end with a report.

    ``reported`` also tells whether these pictures suffice for training; where they do not, or cannot be read at all,
    ``failed`` gives the message, the hint and, of a defect, the details.
    """

    progressed = Signal(object)
    preview_ready = Signal(object)
    reported = Signal(object, bool)
    failed = Signal(object, object, str)  # texts that can be said again

    def __init__(self, preview_count: int, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._preview_count = preview_count
        self._serial = 0
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None
        self._bridge = Bridge(self)
        self._bridge.answered.connect(self._on_said)

    def read(self, folder: Path, look: Look) -> None:
        """Begin to read ``folder``; whatever was being read is cancelled."""
        self.cancel()
        serial, cancelled, count = self._serial, threading.Event(), self._preview_count
        self._cancelled = cancelled

        def say(what: object) -> None:
            self._bridge.put(_Said(serial, what))

        self._thread = worker.in_background("pictures", lambda: _read(folder, look, count, cancelled, say), say)

    def cancel(self) -> None:
        """Read no further; nothing more is told."""
        self._cancelled.set()
        self._serial += 1

    def stop(self) -> None:
        """Cancel, and wait until the picture under way is done."""
        self.cancel()
        if self._thread:
            self._thread.join(_JOIN_SECONDS)
        self._bridge.stop()

    def _on_said(self, said: _Said) -> None:
        if said.serial != self._serial:
            return
        what = said.what
        if isinstance(what, Progress):
            self.progressed.emit(what)
        elif isinstance(what, _Preview):
            self.preview_ready.emit(what.images)
        elif isinstance(what, _Done):
            self.reported.emit(what.report, what.trouble is None)
            what = what.trouble
        if isinstance(what, worker.Failed):
            self.failed.emit(what.message, what.hint, what.details)


def _read(
    folder: Path, look: Look, count: int, cancelled: threading.Event, say: Callable[[object], None]
) -> _Done | None:
    images = _drain(preview(folder, look, count), cancelled, lambda _: None)
    if images is None:
        return None
    say(_Preview(images))
    pictures = _drain(image_folder.prepare_all(folder, look), cancelled, say)
    if pictures is None:
        return None
    say(_Preview(of_prepared(pictures.data, count)))  # now that range and ground of all are known
    return _Done(pictures.report, _trouble(folder, pictures.report))


def _drain(
    reading: Job[Progress, _Value], cancelled: threading.Event, say: Callable[[Progress], None]
) -> _Value | None:
    try:
        while not cancelled.is_set():
            say(next(reading))
    except StopIteration as done:
        return done.value
    reading.close()
    return None


def _trouble(folder: Path, report: FolderReport) -> worker.Failed | None:
    try:
        image_folder.check(folder, report)
    except UserError as error:
        return worker.failure(error)
    return None
