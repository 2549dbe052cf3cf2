"""From threads to the window: what they emit becomes typed Qt signals in the UI thread, under a time budget."""

from __future__ import annotations

import queue
import time

from PySide6.QtCore import QObject, QTimer, Signal

from engine import events
from studio.workers import training_worker as worker

_PERIOD_MS = 25
_BUDGET_SECONDS = 0.006


class Bridge(QObject):
    """A queue that any thread may ``put`` into, emptied by a timer of the UI thread.

    Whatever takes longer than the budget waits for the next turn, so that a burst of events never blocks the
    window.
    """

    loading = Signal(object)
    started = Signal(object)
    ticked = Signal(object)
    samples_ready = Signal(object)
    quality_ready = Signal(object)
    judge_learning = Signal(object)
    generator_ready = Signal(object)
    checkpoint_saved = Signal(object)
    option_changed = Signal(object)
    not_finite = Signal(object)
    out_of_memory = Signal(object)
    halted = Signal(object)
    finished = Signal(object)
    paused = Signal(object)
    unpaused = Signal(object)
    failed = Signal(object)
    ended = Signal(object)
    answered = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._queue: queue.SimpleQueue[object] = queue.SimpleQueue()
        self._signals = {
            events.Progress: self.loading,
            events.Started: self.started,
            events.Tick: self.ticked,
            events.SamplesReady: self.samples_ready,
            events.QualityReady: self.quality_ready,
            events.EvaluatorTraining: self.judge_learning,
            events.GeneratorSnapshot: self.generator_ready,
            events.CheckpointSaved: self.checkpoint_saved,
            events.OptionChanged: self.option_changed,
            events.NotFinite: self.not_finite,
            events.OutOfMemory: self.out_of_memory,
            events.WriteBlocked: self.halted,
            events.Finished: self.finished,
            worker.Paused: self.paused,
            worker.Unpaused: self.unpaused,
            worker.Failed: self.failed,
            worker.Ended: self.ended,
        }
        self._timer = QTimer(self)
        self._timer.setInterval(_PERIOD_MS)
        self._timer.timeout.connect(self.deliver)
        self._timer.start()

    def put(self, event: object) -> None:
        """Pass ``event`` to the UI thread; callable from any thread. An unknown type arrives as ``answered``."""
        self._queue.put(event)

    def deliver(self, budget: float = _BUDGET_SECONDS) -> None:
        """Emit what has arrived, in order, until ``budget`` seconds are spent."""
        end = time.perf_counter() + budget
        while not self._queue.empty():
            event = self._queue.get_nowait()
            self._signals.get(type(event), self.answered).emit(event)
            if time.perf_counter() >= end:
                break

    def stop(self) -> None:
        """Deliver nothing any more."""
        self._timer.stop()
