"""The door to the judge of the run shown: which class pictures show, beside the training, the newest request answered.

A judge that learned on this machine is found by the run's images: they are read once for a run, for everybody who
asks. Knows no views.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from engine.arrays import Pictures
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.job import Canceled, Job, Progress, run
from studio.model.run import CurrentRun
from studio.services.generator import GeneratorService, LoadedGenerator
from studio.workers.bridge import Bridge
from studio.workers.failure import Failure, failure
from studio.workers.latest_only import IsStale, LatestOnlyWorker
from studio.workers.torch_thread import prepare

if TYPE_CHECKING:
    from engine.evaluation.reader import Reader

_ASK_AGAIN_S = 60.0  # whether a judge has learned by now


class ReadPictures(NamedTuple):
    """``pictures`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` and the probability ``[N, classes]`` that the judge gives to
    each class of the run's data; None without a judge.
    """

    pictures: Pictures
    probabilities: NDArray[np.float32] | None


class Readers:
    """The reader of the run that was asked for last; any thread may ask."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._lock = clock, threading.Lock()
        self._known: tuple[tuple[Config, DatasetInfo], Reader, float] | None = None

    def of(self, config: Config, facts: DatasetInfo) -> Job[Progress, Reader]:
        """Return what reads pictures of this run; it tells how far it is where images must be read first."""
        from engine.evaluation.reader import open_reader

        with self._lock:
            known = self._known
        if known is not None and known[0] == (config, facts):
            _, reader, since = known
            if reader.judge is not None or self._clock() - since < _ASK_AGAIN_S:
                return reader
        reader = yield from open_reader(config, facts)
        with self._lock:
            self._known = (config, facts), reader, self._clock()
        return reader


class ReadingService(QObject):
    """``ready`` carries a channel and ``ReadPictures``; ``progressed`` how far images are read (0 to 1)."""

    ready = Signal(str, ReadPictures)
    progressed = Signal(float)
    failed = Signal(Failure)

    def __init__(
        self, shown: CurrentRun, generator: GeneratorService, bridge: Bridge, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("reader", bridge, prepare)
        self.readers = Readers()
        self._generator, self._bridge = generator, bridge
        shown.run_changed.connect(self._on_run_changed)

    def request(self, channel: str, pictures: Pictures) -> None:
        """Have ``pictures`` read that the generator shown made; replaces the wish of ``channel`` not yet begun."""
        loaded = self._generator.loaded
        if loaded is not None:
            work = partial(self._read, loaded, pictures)
            self.worker.request(channel, work, partial(self._on_read, channel), self._on_failed)

    def _read(self, loaded: LoadedGenerator, pictures: Pictures, is_stale: IsStale) -> ReadPictures | None:
        """Read in the thread."""
        try:
            reader = run(self.readers.of(loaded.config, loaded.facts), self._tell, lambda: not is_stale())
        except Canceled:
            return None
        return ReadPictures(pictures, reader.probabilities(pictures))

    def _tell(self, progress: Progress) -> None:
        self._bridge.put(self.progressed.emit, progress.done / max(progress.total, 1))

    def _on_run_changed(self) -> None:
        self.worker.forget()
        self.progressed.emit(1.0)

    def _on_read(self, channel: str, found: ReadPictures | None) -> None:
        self.progressed.emit(1.0)
        if found is not None:
            self.ready.emit(channel, found)

    def _on_failed(self, error: Exception) -> None:
        self.progressed.emit(1.0)
        self.failed.emit(failure(error))
