"""Looks for troubles of the run shown whenever it has something new to tell. Knows no widgets."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from engine.diagnosis import Hindsight
from studio.model.findings import Findings, findings_of
from studio.run_controller import RunController

_REST_MS = 1000
_LOOK_BACK_MS = 100  # at most so often while the slider moves


class DiagnosisMonitor(QObject):
    """Looks when rows, judgements or changes came, at most once a second, and at once when another run is shown."""

    found = Signal(object)
    """Findings, None before anything is trained: another run is shown, or they are not what they were."""
    seen = Signal(object)
    """The same of the moment that a person looks at: now, or the end of an earlier epoch."""

    def __init__(self, controller: RunController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._findings: Findings | None = None
        self._seen: Findings | None = None
        self._epoch: int | None = None
        self._hindsight = Hindsight()
        self._back = QTimer(self, interval=_LOOK_BACK_MS, singleShot=True)
        self._back.timeout.connect(self._look_back)
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self.look)
        controller.ticked.connect(lambda tick: self._ask() if tick.rows else None)
        controller.quality_ready.connect(lambda _: self._ask())
        controller.marks_changed.connect(self._ask)
        controller.run_shown.connect(lambda *_: self._begin())

    def look(self) -> None:
        """Look now."""
        info, history = self._controller.info, self._controller.history
        findings = findings_of(info, history, hindsight=self._hindsight) if info else None
        if findings != self._findings:
            self._findings = findings
            self.found.emit(findings)
        self._look_back()

    def show_epoch(self, epoch: int) -> None:
        """Look back to the end of ``epoch``; at the newest one, look at what is going on now."""
        epochs = self._controller.history.grid_epochs
        self._epoch = epoch if epochs and epoch != epochs[-1] else None
        if not self._back.isActive():
            self._back.start()

    def _look_back(self) -> None:
        info, history = self._controller.info, self._controller.history
        seen = self._findings
        if self._epoch is not None and info is not None:
            seen = findings_of(info, history, self._epoch * history.image_count + history.batch_size)
        if seen != self._seen:
            self._seen = seen
            self.seen.emit(seen)

    def _ask(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _begin(self) -> None:
        self._rest.stop()
        self._findings = self._seen = self._epoch = None
        self._hindsight = Hindsight()
        self.found.emit(None)
        self.seen.emit(None)
        self.look()
