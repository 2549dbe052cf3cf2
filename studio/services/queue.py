"""The door to the trainings that are lined up: shows them, changes their order, and trains one after the other."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.events import Finished
from engine.i18n import tr
from engine.runs.queue import Planned, TrainingQueue, in_all, seconds_left
from studio.model.measurements import Measurements, reference
from studio.services.training import TrainingService
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners


@dataclass(frozen=True)
class QueueState:
    """All plans in their order, with the seconds that each will take and all of them; None where nobody knows."""

    plans: tuple[Planned, ...] = ()
    seconds: tuple[float | None, ...] = ()
    total: float | None = None

    @property
    def left(self) -> int:
        """How many are not over."""
        return sum(not plan.is_over for plan in self.plans)


class QueueService(QObject):
    """Trains what is lined up while it ``is_on``: a failure is noted and the next one begins; Stop turns it off."""

    changed = Signal()
    """There is another ``state``, or it was turned on or off."""
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, training: TrainingService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.measured: Callable[[], Measurements] = Measurements
        """What trainings on this machine took; whoever keeps that says how it is looked up."""
        self.state = QueueState()
        self.is_on = False
        self._jobs, self._training = jobs, training
        self._queue = TrainingQueue()
        self._current: Planned | None = None
        self._reason = ""
        self._is_finished = False
        training.finished.connect(self._on_finished)
        training.failed.connect(self._on_failed)
        training.stopped.connect(self._on_stopped)

    # --- what a person wants

    def refresh(self) -> None:
        """Look what is lined up."""
        self._jobs.do("reading the queue", self._read, Listeners(result=self._take_up, failed=self.failed.emit))

    def add(self, config: Config, title: str = "", seeds: int = 1) -> None:
        """Line up a training, or several that differ in their seed alone."""
        self._change(partial(self._queue.add, config, title, seeds))

    def remove(self, keys: list[str]) -> None:
        """Take plans out; a run that was begun stays among the runs."""
        self._change(partial(self._queue.remove, *keys))

    def move(self, key: str, place: int) -> None:
        """Put a plan at another place."""
        self._change(partial(self._queue.move, key, place))

    def again(self, key: str) -> None:
        """Let a plan that failed wait once more."""
        self._change(partial(self._queue.again, key))

    def turn_on(self) -> None:
        """Train one after the other, as soon as nothing else is trained."""
        self.is_on = True
        self.changed.emit()
        self.go_on()

    def turn_off(self) -> None:
        """Begin no other one; what is trained goes on."""
        self.is_on = False
        self.changed.emit()

    # --- inside

    def _change(self, work: Callable[[], Any]) -> None:
        def then(_: Any) -> None:
            self.refresh()
            self.go_on()

        self._jobs.do("changing the queue", work, Listeners(result=then, failed=self.failed.emit))

    def _read(self) -> QueueState:
        plans = tuple(self._queue.plans())
        seconds = seconds_left(plans, partial(_speed, self.measured()))
        return QueueState(plans, tuple(seconds.get(plan.key) for plan in plans), in_all(seconds))

    def _take_up(self, state: QueueState) -> None:
        self.state = state
        self.changed.emit()

    def go_on(self) -> None:
        """Begin the next one, unless something else is trained or searched."""
        if self.is_on and self._is_free and self._current is None:
            self._jobs.do("the queue", self._queue.take, Listeners(result=self._begin, failed=self.failed.emit))

    @property
    def _is_free(self) -> bool:
        return not self._training.is_busy and not self._training.why_not()

    def _begin(self, plan: Planned | None) -> None:
        if plan is None:
            self.turn_off()
        elif self.is_on and self._is_free:
            self._current, self._reason, self._is_finished = plan, "", False
            self._training.train_planned(plan.config, Path(plan.run), goes_on=plan.state == "begun" and plan.resumes)
        self.refresh()

    def _on_finished(self, _: Finished) -> None:
        self._is_finished = True

    def _on_failed(self, failed: Failure) -> None:
        self._reason = failed.message

    def _on_stopped(self) -> None:
        plan, self._current = self._current, None
        if plan is None:
            self.go_on()
        elif self._reason or self._training.is_broken:
            reason = self._reason or tr("A number was not finite, or the memory did not suffice.")
            self._change(partial(self._queue.failed, plan.key, reason))
        elif self._is_finished:
            self._change(partial(self._queue.done, plan.key))
        else:  # a person stopped it: nothing more begins by itself
            self.turn_off()
            self._change(partial(self._queue.rest, plan.key))


def _speed(measured: Measurements, config: Config) -> float:
    """Return images a second, as a training like it ran here, or else as the table of recipes tells."""
    known = measured.of(config)
    return known[0] if known is not None else reference(config).images_per_second * (measured.factor(config) or 1.0)
