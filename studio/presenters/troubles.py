"""What is done about a trouble that is found: it is said once, and cured on a person's wish. Knows no panel."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject

from engine.config import Config
from engine.diagnosis import Diagnosis
from engine.diagnosis.own import DETECTORS
from engine.diagnosis.remedies import apply_remedy
from engine.diagnosis.words import describe, title
from engine.errors import UserError
from engine.events import Finished
from engine.i18n import tr
from studio.commands import Commands
from studio.model.findings import Findings
from studio.model.plan import Plan
from studio.presenters.left_out import tell_what_was_left_out
from studio.presenters.plans import Plans
from studio.presenters.trainings import Trainings
from studio.services import Services
from studio.widgets.messages.message_bar import MessageBar


class Troubles(QObject):
    """Tells troubles of the run that is trained, and gives options the values that cure."""

    def __init__(
        self,
        services: Services,
        plan: Plan,
        plans: Plans,
        trainings: Trainings,
        commands: Commands,
        messages: MessageBar,
    ) -> None:
        super().__init__(plans)
        self._services, self._plan, self._plans, self._trainings = services, plan, plans, trainings
        self._commands, self._messages = commands, messages
        self._findings: Findings | None = None
        self._seen: Findings | None = None
        self._told: set[tuple[Path | None, str]] = set()
        self._next: Config | None = None
        services.health.seen.connect(self._on_seen)
        services.trained_health.found.connect(self._on_found)
        for monitor in (services.health, services.trained_health):
            monitor.left_out.connect(self._tell_what_was_left_out)
        services.training.finished.connect(self._warn_again)
        services.training.stopped.connect(self._on_stopped)

    def cure(self, diagnosis: Diagnosis, now: bool) -> None:
        """Give options the values that cure: of the training under way, or of one that goes on or begins again.

        What a class keeps stays as it is.
        """
        self._messages.dismiss()
        remedy = self._plan.free(diagnosis.remedy)
        if now:
            before = self._plan.config
            self._plan.replace(before.changed(**remedy))
            self._plans.undo.note("", before, self._plan.config)
            for name, value in remedy.items():
                self._services.training.change(name, value)
        elif DETECTORS[diagnosis.failure_mode].ends_training and self._services.can_resume:
            self._trainings.go_on_with(remedy)
        elif self._seen:
            self._start_again(apply_remedy(self._plan.with_locks(self._seen.config), remedy))

    def _start_again(self, config: Config) -> None:
        if self._services.training.is_busy:
            self._next = config
            self._services.training.stop()
            return
        self._plans.show_config(config, opens_locks=True)
        self._trainings.train()

    def _on_stopped(self) -> None:
        config, self._next = self._next, None
        if config is not None and not self._services.is_ending:
            self._start_again(config)

    def _on_seen(self, findings: Findings | None) -> None:
        self._seen = findings

    def _on_found(self, findings: Findings | None) -> None:
        """Tell once what is found of the run that is trained, whichever is shown."""
        self._findings = findings
        run = self._services.training.current.run
        now = {it.failure_mode for it in findings.diagnoses} if findings else set()
        for gone in {trouble for _, trouble in self._told} - now:
            self._messages.retract(gone)
        if findings and run:
            new = [it for it in findings.diagnoses if (run.path, it.failure_mode) not in self._told]
            self._told.update((run.path, it.failure_mode) for it in new)
            if new and not DETECTORS[new[0].failure_mode].ends_training:
                self._warn(new[0], findings.image_count)

    def _warn_again(self, _finished: Finished) -> None:
        """A training that ends in trouble has not just finished."""
        self._services.trained_health.look()
        if self._findings and self._findings.diagnoses:
            self._warn(self._findings.diagnoses[0], self._findings.image_count)

    def _tell_what_was_left_out(self, found: list[UserError]) -> None:
        tell_what_was_left_out(self._messages, found)

    def _show(self) -> None:
        self._services.show_live()
        self._commands.do("show_health")

    def _warn(self, diagnosis: Diagnosis, image_count: int) -> None:
        self._messages.warn(
            lambda: f"{title(diagnosis.failure_mode)}.",
            lambda: describe(diagnosis.evidence[0], image_count),
            action=lambda: tr("Show"),
            act=self._show,
            about=diagnosis.failure_mode,
        )
