"""The form while the queue trains: it shows the options of the run, and afterwards what a person had planned before."""

from __future__ import annotations

from PySide6.QtCore import QObject

from engine.config import Config
from engine.events import Started
from studio.model.plan import Plan
from studio.presenters.plans import Plans
from studio.services import Services


class LinedUp(QObject):
    """Plans with the options of what the queue trains, and keeps those of the plan until the queue is over.

    Made after whoever else plans when a training stops. What a person plans between two trainings is kept in place of
    what was planned before.
    """

    def __init__(self, services: Services, plan: Plan, plans: Plans) -> None:
        super().__init__(plans)
        self._services, self._plan, self._plans = services, plan, plans
        self._kept: Config | None = None
        self._left: Config | None = None  # the plan as the last training left it; none while one is under way
        services.queue.beginning.connect(self._on_beginning)
        services.queue.changed.connect(self._look_whether_over)
        services.training.started.connect(self._on_started)
        services.training.stopped.connect(self._on_stopped)

    def _on_beginning(self, config: Config) -> None:
        before = self._plan.finish()
        if self._kept is None or before != self._left:
            self._kept = before
        self._left = None
        self._show(config)

    def _on_started(self, _started: Started) -> None:
        """What was begun before has changes of its own; what a person begins by hand is what is planned."""
        run = self._services.training.current.run
        if not self._services.queue.is_training:
            self._kept = None
        elif run is not None:
            self._show(run.config_now)

    def _on_stopped(self) -> None:
        self._left = self._plan.config
        self._look_whether_over()

    def _look_whether_over(self) -> None:
        """Give back what was kept; of a run that may go on, the options stay, and undoing brings the others."""
        services, kept, left = self._services, self._kept, self._left
        if kept is None or left is None or services.queue.is_on or services.is_ending:
            return
        self._kept, now = None, self._plan.config
        if now != left:  # something else was planned since
            return
        kept = self._plan.with_locks(self._plans.on_this_machine(kept))
        if services.can_resume:
            self._plans.undo.note("", kept, now)
        else:
            self._plan.replace(kept)

    def _show(self, config: Config) -> None:
        self._plan.replace(self._plans.on_this_machine(config))
