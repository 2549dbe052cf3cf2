"""The door to a close look at samples of the run shown, beside the training; the newest sample is the one answered."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.runs import RunInfo
from studio.model.run import CurrentRun
from studio.model.sample import Report, Sample
from studio.services.close_look import Canceled, CloseLook
from studio.workers.bridge import Bridge
from studio.workers.failure import Failure, failure
from studio.workers.latest_only import IsStale, LatestOnlyWorker
from studio.workers.torch_thread import prepare


class InspectionService(QObject):
    """Examines samples of one run after the other; ``examined`` answers, or ``failed`` where that is a defect."""

    examined = Signal(Report)
    failed = Signal(Failure)

    def __init__(self, shown: CurrentRun, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("examiner", bridge, prepare)
        self._look: _Look | None = None
        self._shown = shown
        shown.run_changed.connect(self._on_run_changed)

    def examine(self, sample: Sample) -> None:
        """Look closely at ``sample``; replaces the one not yet begun. Without a run nothing happens."""
        if self._look is not None:
            self.worker.request("sample", partial(self._look.at, sample), self._on_examined, self._on_failed)

    def _on_run_changed(self) -> None:
        """Forget what was read of the run before."""
        self.worker.forget()
        run = self._shown.run
        self._look = _Look(run.path, run.info) if run else None

    def _on_examined(self, report: Report | None) -> None:
        if report is not None:
            self.examined.emit(report)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(failure(error))


class _Look:
    """Makes the close look when it is first wanted. To be used in the thread alone."""

    def __init__(self, path: Path, info: RunInfo) -> None:
        self._path, self._info = path, info
        self._look: CloseLook | None = None

    def at(self, sample: Sample, is_stale: IsStale) -> Report | None:
        if self._look is None:
            self._look = CloseLook(self._path, self._info, is_stale)
        try:
            return self._look.at(sample)
        except Canceled:
            return None
