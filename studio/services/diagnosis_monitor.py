"""Looks for troubles of a run whenever it has something new to tell. Knows no widgets."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from engine.diagnosis import Hindsight
from engine.diagnosis.own import DETECTORS
from studio.model.findings import Findings, findings_of
from studio.model.run import CurrentRun, ShownRun

_REST_MS = 2000  # troubles take epochs to show, and the training pays for each look
_LOOK_BACK_MS = 60  # at most so often while the slider moves, and between the pictures of playback, not while they come


class DiagnosisMonitor(QObject):
    """Watches ``current``: looks at most every ``rest_ms``, and soon when another run is there."""

    found = Signal(Findings)
    """Findings, None before anything is trained: another run is shown, or they are not what they were."""
    seen = Signal(Findings)
    """The same of the moment that a person looks at: now, or the end of an earlier epoch."""
    left_out = Signal(list)
    """Sentences on detectors of other packages that failed meanwhile: ``UserError``."""

    def __init__(self, current: CurrentRun, parent: QObject | None = None, *, rest_ms: int = _REST_MS) -> None:
        super().__init__(parent)
        self._current = current
        self._findings: Findings | None = None
        self._seen: Findings | None = None
        self._epoch: int | None = None
        self._hindsight = Hindsight()
        self._back = QTimer(self, interval=_LOOK_BACK_MS, singleShot=True)
        self._back.setObjectName("back")
        self._back.timeout.connect(self._look_back)
        self._rest = QTimer(self, interval=rest_ms, singleShot=True)
        self._rest.setObjectName("rest")
        self._rest.timeout.connect(self.look)
        self._soon = QTimer(self, interval=0, singleShot=True)
        self._soon.timeout.connect(self.look)
        for news in (current.rows_added, current.quality_added, current.marks_changed):
            news.connect(self._ask)
        current.run_changed.connect(self._begin)
        if isinstance(current, ShownRun):
            current.epoch_changed.connect(self._on_epoch_changed)

    def look(self) -> None:
        """Look now."""
        run = self._current.run
        findings = findings_of(run.info, run.data, hindsight=self._hindsight) if run else None
        if findings != self._findings:
            self._findings = findings
            self.found.emit(findings)
        self._look_back()

    def _on_epoch_changed(self, epoch: int) -> None:
        """Look back to the end of ``epoch``; at the newest one, look at what is going on now."""
        epochs = self._current.data.grid_epochs
        self._epoch = epoch if epochs and epoch != epochs[-1] else None
        if not self._back.isActive():
            self._back.start()

    def _look_back(self) -> None:
        run, seen = self._current.run, self._findings
        if self._epoch is not None and run is not None:
            end = self._epoch * run.data.image_count + run.data.batch_size
            seen = findings_of(run.info, run.data, end, self._hindsight)
        if seen != self._seen:
            self._seen = seen
            self.seen.emit(seen)
        if faults := DETECTORS.news():
            self.left_out.emit(faults)

    def _ask(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _begin(self) -> None:
        self._rest.stop()
        self._findings = self._seen = self._epoch = None
        self._hindsight = Hindsight()
        self.found.emit(None)
        self.seen.emit(None)
        self._soon.start()  # when everybody has heard of the other run
