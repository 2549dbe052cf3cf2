"""From threads to the window: what they want called is called in the UI thread, in order, under a time budget."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from functools import partial
from typing import ParamSpec

from PySide6.QtCore import QObject, Qt, QTimer, Signal

from studio.guard import attempt

P = ParamSpec("P")
_PERIOD_MS = 25
_BUDGET_SECONDS = 0.006


class Bridge(QObject):
    """A queue of calls that any thread may ``put`` into, emptied by a timer of the UI thread.

    Whatever takes longer than the budget waits for the next turn, so that a burst of events never blocks the
    window.
    """

    _hurried = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._open = threading.Lock()
        self._is_stopped = False
        self._timer = QTimer(self)
        self._timer.setInterval(_PERIOD_MS)
        self._timer.timeout.connect(self.deliver)
        self._timer.start()
        self._hurried.connect(self.deliver, Qt.ConnectionType.QueuedConnection)

    def put(self, call: Callable[P, object], *arguments: P.args, **named: P.kwargs) -> None:
        """Call ``call`` in the UI thread, at the timer's next turn."""
        with self._open:
            if not self._is_stopped:
                self._calls.put(partial(call, *arguments, **named))

    def hurry(self) -> None:
        """Let what was put be called as soon as the UI thread is free: a person waits for it."""
        with self._open:
            if not self._is_stopped:
                self._hurried.emit()

    def deliver(self, budget: float = _BUDGET_SECONDS) -> None:
        """Do the calls that have arrived, in order, until ``budget`` seconds are spent."""
        end = time.perf_counter() + budget
        while not self._calls.empty():
            attempt(self._calls.get_nowait())
            if time.perf_counter() >= end:
                break

    def stop(self) -> None:
        """Call nothing any more, and hold nothing of what was to be called."""
        with self._open:
            self._is_stopped = True
            while not self._calls.empty():
                self._calls.get_nowait()
        self._timer.stop()
