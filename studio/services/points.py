"""The door to the points of the run shown, beside the training: at an epoch, and live while it is trained."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.arrays import Arrays
from engine.events import GeneratorSnapshot, Tick
from engine.runs import RunInfo
from studio.model.run import ShownRun
from studio.model.scatter import Scatter
from studio.services.run_points import RunPoints
from studio.services.training import TrainingService
from studio.workers.bridge import Bridge
from studio.workers.failure import Failure, failure
from studio.workers.latest_only import IsStale, LatestOnlyWorker
from studio.workers.torch_thread import prepare

_LIVE_SECONDS = 0.12  # between two live looks: the eye sees it move, and the training keeps its speed
_MATRIX_SECONDS = 0.5  # the same of many planes, each of which has to be painted


class SeenPoints(NamedTuple):
    """``scatter`` is what is seen of ``epoch``."""

    epoch: int
    scatter: Scatter


class PointsService(QObject):
    """``seen`` carries ``SeenPoints`` of the run shown; ``failed`` a sentence where they cannot be had.

    While the run shown is trained and looked at in its newest moment, its networks are asked for again and again, as
    long as one of those who ``watch`` sees them.
    """

    seen = Signal(SeenPoints)
    failed = Signal(Failure)

    def __init__(
        self, shown: ShownRun, training: TrainingService, bridge: Bridge, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("points", bridge, prepare)
        self.last: SeenPoints | None = None
        """What was seen last of the run shown."""
        self._watchers: list[Callable[[], bool]] = []
        self._shown, self._training = shown, training
        self._points: _LazyPoints | None = None
        self._looked, self._pause = 0.0, _LIVE_SECONDS
        self._is_awaited = False
        shown.run_changed.connect(self._on_run_changed)
        training.ticked.connect(self._on_ticked)
        training.generator_ready.connect(self._on_players)

    def want(self, epoch: int) -> None:
        """Look at the end of ``epoch``; ``seen`` answers, for the newest wish."""
        if self._points is not None:
            look = partial(self._points.at_epoch, epoch)
            self.worker.request("epoch", look, self._on_seen, self._on_failed)

    def watch(self, is_seen: Callable[[], bool]) -> None:
        """Look live as long as ``is_seen`` says that somebody does."""
        self._watchers.append(is_seen)

    @property
    def is_live(self) -> bool:
        """Whether what is shown moves with the training."""
        return self._points is not None and self._shown.is_at_newest and self._training.trains(self._shown.run)

    def _on_run_changed(self) -> None:
        """Forget what was read of the run before."""
        self.worker.forget()
        self._is_awaited, self.last = False, None
        run = self._shown.run
        if run is not None:
            self._pause = _MATRIX_SECONDS if len(run.info.facts.columns) > 2 else _LIVE_SECONDS
        self._points = _LazyPoints(run.path, run.info) if run is not None and run.info.facts.is_points else None

    def _on_ticked(self, _tick: Tick) -> None:
        now = time.monotonic()
        is_due = not self._is_awaited and now - self._looked >= self._pause
        if is_due and self.is_live and any(is_seen() for is_seen in self._watchers):
            self._looked, self._is_awaited = now, True
            self._training.request_snapshot(with_opponent=True)

    def _on_players(self, event: GeneratorSnapshot) -> None:
        run = self._shown.run
        if event.opponent is None or self._points is None or run is None or not self._training.trains(run):
            return
        epoch = event.images_seen // run.data.image_count
        look = partial(self._points.of_players, epoch, event.state, event.opponent)
        self.worker.request("live", look, self._on_live, self._on_failed)

    def _on_live(self, seen: SeenPoints) -> None:
        self._is_awaited = False
        if self.is_live:
            self._on_seen(seen)

    def _on_seen(self, seen: SeenPoints) -> None:
        self.last = seen
        self.seen.emit(seen)

    def _on_failed(self, error: Exception) -> None:
        self._is_awaited = False
        self.failed.emit(failure(error))


class _LazyPoints:
    """Reads the run when its points are first wanted. To be used in the thread alone."""

    def __init__(self, path: Path, info: RunInfo) -> None:
        self._points = RunPoints(path, info)

    def at_epoch(self, epoch: int, _is_stale: IsStale) -> SeenPoints:
        return SeenPoints(*self._points.at_epoch(epoch))

    def of_players(self, epoch: int, generator: Arrays, discriminator: Arrays, _is_stale: IsStale) -> SeenPoints:
        return SeenPoints(epoch, self._points.of(generator, discriminator))
