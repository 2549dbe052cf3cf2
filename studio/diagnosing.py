"""Looks for troubles of the run shown whenever it has something new to tell. Knows no widgets."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

from studio.findings import Findings, findings_of
from studio.run_controller import RunController

_REST_MS = 1000


class Diagnosing(QObject):
    """Looks when rows, judgements or changes came, at most once a second, and at once when another run is shown."""

    found = Signal(object)
    """Findings, None before anything is trained: another run is shown, or they are not what they were."""

    def __init__(self, controller: RunController, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._controller = controller
        self._findings: Findings | None = None
        self._rest = QTimer(self, interval=_REST_MS, singleShot=True)
        self._rest.timeout.connect(self.look)
        controller.ticked.connect(lambda tick: self._ask() if tick.rows else None)
        controller.quality_ready.connect(lambda _: self._ask())
        controller.marks_changed.connect(self._ask)
        controller.run_shown.connect(lambda *_: self._begin())

    def look(self) -> None:
        """Look now."""
        info, history = self._controller.info, self._controller.history
        findings = findings_of(info, history) if info else None
        if findings != self._findings:
            self._findings = findings
            self.found.emit(findings)

    def _ask(self) -> None:
        if not self._rest.isActive():
            self._rest.start()

    def _begin(self) -> None:
        self._rest.stop()
        self._findings = None
        self.found.emit(None)
        self.look()
