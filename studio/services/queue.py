"""The door to the trainings that are lined up: shows them, changes their order, and trains one after the other."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.errors import UserError
from engine.events import Finished, Tick
from engine.i18n import tr
from engine.runs import Branch, Schedule
from engine.runs.planned import Beginning, Planned, in_all, seconds_left
from engine.runs.queue import TrainingQueue
from studio.model.measurements import Measurements, reference
from studio.model.queue import QueueState
from studio.services.training import TrainingService
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners

Ready = tuple[Planned, Beginning]
_TURN = "the queue"  # what is lined up first stands first, and no older answer comes after a newer one


class QueueService(QObject):
    """Trains what is lined up while it ``is_on``: a failure is noted and the next one begins; Stop turns it off."""

    changed = Signal()
    """There is another ``state``, or it was turned on or off."""
    lined_up = Signal(list)
    """``Planned``, that were added just now; ``state`` has them."""
    beginning = Signal(Config)
    """The options with which the next one begins, right before it does."""
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, training: TrainingService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.measured: Callable[[], Measurements] = Measurements
        """What trainings on this machine took; whoever keeps that says how it is looked up."""
        self.state = QueueState()
        self.is_on = False
        self.is_known = False
        """It was looked at since the start."""
        self._jobs, self._training = jobs, training
        self._queue = TrainingQueue()
        self._stamp = (0, 0)
        self._current: Planned | None = None
        self._is_taking = False
        self._reason = ""
        self._is_finished = False
        self._speed = 0.0  # of the plan under way, in images a second, 0 until it is known
        training.ticked.connect(self._on_ticked)
        training.finished.connect(self._on_finished)
        training.failed.connect(self._on_failed)
        training.stopped.connect(self._on_stopped)

    @property
    def is_training(self) -> bool:
        """Whether what is trained was taken from here."""
        return self._current is not None

    # --- what a person wants

    def refresh(self) -> None:
        """Look what is lined up."""
        self._jobs.in_turn(_TURN, self._read, Listeners(result=self._take_up, failed=self._on_unreadable))

    def look_for_news(self) -> None:
        """Look what is lined up, where another process changed that."""

        def look() -> QueueState | None:
            return self._read() if self._queue.stamp() != self._stamp else None

        def then(state: QueueState | None) -> None:
            if state is not None:
                self._take_up(state)

        self._jobs.in_turn(_TURN, look, Listeners(result=then, failed=self._on_unreadable))

    def add(self, config: Config, title: str = "", seeds: int = 1) -> None:
        """Line up a training, or several that differ in their seed alone."""
        self._line_up(partial(self._queue.add, config, title, seeds))

    def add_branch(self, config: Config, origin: Branch) -> None:
        """Line up a new run that branches off another one."""
        self._line_up(partial(self._queue.add, config, branch_of=origin))

    def lengthen(self, run: Path, epochs: int, schedule: Schedule) -> None:
        """Line up that ``run`` is trained on to ``epochs`` epochs in all."""
        self._line_up(partial(self._queue.lengthen, run, epochs, schedule))

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

    def _line_up(self, work: Callable[[], list[Planned]]) -> None:
        def add_and_look() -> tuple[list[Planned], QueueState]:
            return work(), self._read()

        def then(done: tuple[list[Planned], QueueState]) -> None:
            self._take_up(done[1])
            self.lined_up.emit(done[0])
            self.go_on()

        self._jobs.keep(_TURN, add_and_look, Listeners(result=then, failed=self.failed.emit))

    def _change(self, work: Callable[[], Any]) -> None:
        def then(_: Any) -> None:
            self.refresh()
            self.go_on()

        self._jobs.keep(_TURN, work, Listeners(result=then, failed=self.failed.emit))

    def _read(self) -> QueueState:
        self._stamp = self._queue.stamp()
        plans = tuple(plan.named() for plan in self._queue.plans())
        seconds = seconds_left(plans, partial(_speed, self._known()))
        ours = self._current.key if self._current else ""  # whose folder may not be there yet
        trained = {plan.key for plan in plans if plan.state == "begun" and (plan.key == ours or plan.is_trained)}
        times = tuple(seconds.get(plan.key) for plan in plans)
        return QueueState(plans, times, in_all(seconds), bool(trained) and not ours, frozenset(trained))

    def _take_up(self, state: QueueState) -> None:
        is_news = (state, True) != (self.state, self.is_known)
        self.state, self.is_known = state, True
        if is_news:
            self.changed.emit()

    def _on_unreadable(self, failed: Failure) -> None:
        self._take_up(QueueState())
        self.failed.emit(failed)

    def go_on(self) -> None:
        """Begin the next one, unless something else is trained or searched."""
        if self.is_on and self._is_free and self._current is None and not self._is_taking:
            self._is_taking = True  # two that are taken at once could not both be trained
            self._jobs.in_turn(_TURN, self._take, Listeners(result=self._begin, failed=self._on_none_taken))

    def _on_none_taken(self, failed: Failure) -> None:
        self._is_taking = False
        self.failed.emit(failed)

    def _take(self) -> Ready | None:
        """Return the next plan and how its training begins; one that cannot begin has failed, and stops no other."""
        while (plan := self._queue.take()) is not None:
            try:
                return plan, plan.beginning()
            except UserError as error:
                self._queue.failed(plan.key, error.whole)
        return None

    @property
    def _is_free(self) -> bool:
        return not self._training.is_busy and not self._training.why_not()

    def _begin(self, ready: Ready | None) -> None:
        self._is_taking = False
        if ready is None:
            self.turn_off()
            self.refresh()
            return
        plan, beginning = ready
        if self.is_on and self._is_free:
            self._current, self._reason, self._is_finished, self._speed = plan, "", False, 0.0
            self.beginning.emit(beginning.config)
            self._training.train_planned(beginning, Path(plan.run))
            self.refresh()
        else:  # turned off, or something else is trained by now: it rests until somebody takes it again
            self._change(partial(self._queue.rest, plan.key))

    def _known(self) -> Measurements:
        """Return what trainings on this machine took, with how fast the plan under way is trained right now."""
        measured, current = self.measured(), self._current
        if current is None or not self._speed:
            return measured
        return measured.noted(current.config, self._speed, 1.0, reference(current.config).images_per_second)

    def _on_ticked(self, tick: Tick) -> None:
        if self._current is not None and tick.images_per_second > 0:
            self._speed = tick.images_per_second

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
