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
_PATIENCE_SECONDS = 0.2


class Bridge(QObject):
    """A queue of calls that any thread may ``put`` into, and that wakes the UI thread when there is something in it.

    Calls that come soon after each other are done together, and whatever takes longer than the budget waits for the
    next turn, so that a burst of events never blocks the window. While nothing comes, nothing is looked for: each
    look would make the training wait for Python's lock.
    """

    _arrived = Signal()
    _hurried = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._calls: queue.SimpleQueue[Callable[[], object]] = queue.SimpleQueue()
        self._open = threading.Lock()
        self._is_stopped = False
        self._is_announced = False
        self._delivered = 0.0
        self._turn = QTimer(self, singleShot=True)
        self._turn.timeout.connect(self.deliver)
        self._arrived.connect(self._on_arrived, Qt.ConnectionType.QueuedConnection)
        self._hurried.connect(self.deliver, Qt.ConnectionType.QueuedConnection)

    def put(self, call: Callable[P, object], *arguments: P.args, **named: P.kwargs) -> None:
        """Call ``call`` in the UI thread, at its next turn."""
        with self._open:
            if self._is_stopped:
                return
            self._calls.put(partial(call, *arguments, **named))
            if not self._is_announced:
                self._is_announced = True
                self._arrived.emit()

    def put_along(self, call: Callable[P, object], *arguments: P.args, **named: P.kwargs) -> None:
        """Call ``call`` with whatever is put next; by itself only where nothing was called for a fifth of a second.

        For what comes steadily, and so often that to wake the UI thread each time would cost more than to do it.
        """
        with self._open:
            if self._is_stopped:
                return
            self._calls.put(partial(call, *arguments, **named))
            if not self._is_announced and time.perf_counter() >= self._delivered + _PATIENCE_SECONDS:
                self._is_announced = True
                self._arrived.emit()

    def hurry(self, call: Callable[P, object], *arguments: P.args, **named: P.kwargs) -> None:
        """Call ``call``, and what was put before it, as soon as the UI thread is free: a person waits for it."""
        with self._open:
            if not self._is_stopped:
                self._calls.put(partial(call, *arguments, **named))
                self._hurried.emit()

    def deliver(self, budget: float = _BUDGET_SECONDS) -> None:
        """Do the calls that have arrived, in order, until ``budget`` seconds are spent."""
        with self._open:
            self._is_announced = False
        end = time.perf_counter() + budget
        while not self._calls.empty():
            attempt(self._calls.get_nowait())
            if time.perf_counter() >= end:
                break
        self._delivered = time.perf_counter()
        if not self._calls.empty():
            self._turn.start(_PERIOD_MS)

    def stop(self) -> None:
        """Call nothing any more, and hold nothing of what was to be called."""
        with self._open:
            self._is_stopped = True
            while not self._calls.empty():
                self._calls.get_nowait()
        self._turn.stop()

    def _on_arrived(self) -> None:
        rested = 1000 * (time.perf_counter() - self._delivered)
        if rested >= _PERIOD_MS:
            self.deliver()
        elif not self._turn.isActive():
            self._turn.start(round(_PERIOD_MS - rested))
