"""Draws and saves the film of a run in a thread and tells the window in signals. Knows no widgets and no torch."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QObject, Signal

from engine import export
from engine.export import ExportOptions
from engine.runs import RunFolder
from studio.workers import training_worker as worker
from studio.workers.bridge import Bridge

_JOIN_SECONDS = 2.0
_TELLING_SECONDS = 0.1  # between two words of progress


@dataclass(frozen=True)
class _Said:
    serial: int
    what: object


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
    """Does the newest wish only; what was being done before is cancelled, which leaves no file.

    ``failed`` gives a message, a hint and, of a defect, the details.
    """

    preview_ready = Signal(object, int)
    """A picture uint8 [H, W, 3], and how many epochs the run has."""
    progressed = Signal(int, int, object)
    """Pictures done, of how many, and the seconds left or None."""
    saved = Signal(object)
    """The path of the file."""
    failed = Signal(object, object, str)  # texts that can be said again

    def __init__(self, run: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._run = RunFolder(run)
        self._serial = 0
        self._cancelled = threading.Event()
        self._bridge = Bridge(self)
        self._bridge.answered.connect(self._on_said)

    def preview(self, kind: str, options: ExportOptions, room: tuple[int, int]) -> None:
        """Draw one picture that fits ``room``."""
        run = self._run
        self._begin(lambda _cancelled, _say: _Preview(*export.preview(run, kind, options, room)))

    def save(self, path: Path, options: ExportOptions) -> None:
        """Save what the ending of ``path`` names."""
        run = self._run
        self._begin(lambda cancelled, say: _save(run, path, options, cancelled, say))

    def cancel(self) -> None:
        """Do no more; nothing more is told."""
        self._cancelled.set()
        self._serial += 1

    def stop(self) -> None:
        """Cancel for good. The thread removes what it began to write, and is waited for when the program ends."""
        self.cancel()
        self._bridge.stop()

    def _begin(self, work: Callable[[threading.Event, Callable[[object], None]], object]) -> None:
        self.cancel()
        serial, cancelled = self._serial, threading.Event()
        self._cancelled = cancelled

        def say(what: object) -> None:
            self._bridge.put(_Said(serial, what))

        thread = worker.in_background("film", lambda: work(cancelled, say), say)

        def end() -> None:
            cancelled.set()
            thread.join(_JOIN_SECONDS)

        application = QCoreApplication.instance()
        if application:
            application.aboutToQuit.connect(end)

    def _on_said(self, said: _Said) -> None:
        if said.serial != self._serial:
            return
        what = said.what
        if isinstance(what, _Preview):
            self.preview_ready.emit(what.picture, what.epoch_count)
        elif isinstance(what, _Done):
            self.progressed.emit(what.done, what.total, what.seconds_left)
        elif isinstance(what, Path):
            self.saved.emit(what)
        elif isinstance(what, worker.Failed):
            self.failed.emit(what.message, what.hint, what.details)


def _save(
    run: RunFolder, path: Path, options: ExportOptions, cancelled: threading.Event, say: Callable[[object], None]
) -> Path | None:
    saving, begin, told = export.save(run, path, options), time.monotonic(), 0.0
    for drawn in saving:
        done, total = drawn.done, drawn.total
        now = time.monotonic()
        if cancelled.is_set():
            saving.close()
            return None
        if now - told >= _TELLING_SECONDS or done == total:
            told = now
            say(_Done(done, total, (now - begin) / done * (total - done) if done else None))
    return path
