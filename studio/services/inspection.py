"""The door to a close look at samples of the run shown, beside the training; the newest sample is the one answered."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.job import Canceled
from engine.runs import RunInfo
from studio.model.run import CurrentRun
from studio.model.sample import InspectedSample, Sample
from studio.services.run_inspector import RunInspector
from studio.workers.bridge import Bridge
from studio.workers.failure import Failure, failure
from studio.workers.latest_only import IsStale, LatestOnlyWorker
from studio.workers.torch_thread import prepare


class InspectionService(QObject):
    """Inspects samples of one run after the other; ``inspected`` answers, or ``failed`` where that is a defect."""

    inspected = Signal(InspectedSample)
    failed = Signal(Failure)

    def __init__(self, shown: CurrentRun, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("inspector", bridge, prepare)
        self._inspector: _LazyInspector | None = None
        self.shown = shown
        shown.run_changed.connect(self._on_run_changed)

    def inspect(self, sample: Sample) -> None:
        """Look closely at ``sample``; replaces the one not yet begun. Without a run nothing happens."""
        if self._inspector is not None:
            self.worker.request("sample", partial(self._inspector.inspect, sample), self._on_inspected, self._on_failed)

    def _on_run_changed(self) -> None:
        """Forget what was read of the run before."""
        self.worker.forget()
        run = self.shown.run
        self._inspector = _LazyInspector(run.path, run.info) if run else None

    def _on_inspected(self, report: InspectedSample | None) -> None:
        if report is not None:
            self.inspected.emit(report)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(failure(error))


class _LazyInspector:
    """Makes the close look when it is first wanted. To be used in the thread alone."""

    def __init__(self, path: Path, info: RunInfo) -> None:
        self._path, self._info = path, info
        self._inspector: RunInspector | None = None

    def inspect(self, sample: Sample, is_stale: IsStale) -> InspectedSample | None:
        if self._inspector is None:
            self._inspector = RunInspector(self._path, self._info, is_stale)
        try:
            return self._inspector.inspect(sample)
        except Canceled:
            return None
