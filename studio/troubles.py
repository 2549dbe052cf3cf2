"""What the window does about a trouble that is found: shows it, says so once, and cures it on a person's wish."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from engine.config import Config
from engine.diagnosis import Diagnosis
from engine.diagnosis.own import DETECTORS
from engine.diagnosis.remedies import apply_remedy
from engine.diagnosis.words import title, told
from engine.events import Finished
from engine.i18n import tr
from studio.model.findings import Findings

if TYPE_CHECKING:
    from studio.window import MainWindow


class Troubles:
    """Connects the diagnosis with the panels, and their cures with the services."""

    def __init__(self, window: MainWindow) -> None:
        self._window = window
        self._findings: Findings | None = None
        self._seen: Findings | None = None
        self._told: set[tuple[Path | None, str]] = set()
        self._next: Config | None = None
        services = window.services
        services.health.found.connect(self._on_shown_found)
        services.health.found.connect(window.quality_panel.show_findings)
        services.health.seen.connect(self._on_seen)
        services.trained_health.found.connect(self._on_found)
        window.health_panel.cure_wanted.connect(self.cure)
        services.training.finished.connect(self._warn_again)
        services.training.stopped.connect(self._on_stopped)

    def cure(self, diagnosis: Diagnosis, now: bool) -> None:
        """Give options the values that cure: of the training under way, or of one that goes on or begins again."""
        window = self._window
        window.message_bar.dismiss()
        if now:
            before = window.options_form.config()
            window.options_form.set_config(before.changed(**diagnosis.remedy))
            window.wishes.undo.note("", before, window.options_form.config())
            for name, value in diagnosis.remedy.items():
                window.services.training.change(name, value)
        elif DETECTORS[diagnosis.trouble].ends_training and window.services.can_resume:
            window.wishes.go_on_with(diagnosis.remedy)
        elif self._seen:
            self._start_again(apply_remedy(self._seen.config, diagnosis.remedy))

    def _start_again(self, config: Config) -> None:
        if self._window.services.training.is_busy:
            self._next = config
            self._window.services.training.stop()
            return
        self._window.wishes.show_config(config)
        if self._window.options_form.is_sensible:
            self._window.wishes.train()

    def _on_stopped(self) -> None:
        config, self._next = self._next, None
        if config is not None and not self._window.is_closing:
            self._start_again(config)

    def _on_seen(self, findings: Findings | None) -> None:
        self._seen = findings
        self._window.health_panel.show_findings(findings)

    def _on_shown_found(self, findings: Findings | None) -> None:
        if self._window.loss_plot is not None:
            self._window.loss_plot.show_findings(findings)
        self._window.mark_trouble(bool(findings and findings.diagnoses))

    def _on_found(self, findings: Findings | None) -> None:
        """Tell once what is found of the run that is trained, whichever is shown."""
        self._findings = findings
        run = self._window.services.training.current.run
        now = {it.trouble for it in findings.diagnoses} if findings else set()
        for gone in {trouble for _, trouble in self._told} - now:
            self._window.message_bar.retract(gone)
        if findings and run:
            new = [it for it in findings.diagnoses if (run.path, it.trouble) not in self._told]
            self._told.update((run.path, it.trouble) for it in new)
            if new and not DETECTORS[new[0].trouble].ends_training:
                self._warn(new[0], findings.image_count)

    def _warn_again(self, _finished: Finished) -> None:
        """A training that ends in trouble has not just finished."""
        self._window.services.trained_health.look()
        if self._findings and self._findings.diagnoses:
            self._warn(self._findings.diagnoses[0], self._findings.image_count)

    def _show(self) -> None:
        self._window.services.show_live()
        self._window.show_health()

    def _warn(self, diagnosis: Diagnosis, image_count: int) -> None:
        self._window.message_bar.warn(
            lambda: f"{title(diagnosis.trouble)}.",
            lambda: told(diagnosis.evidence[0], image_count),
            action=lambda: tr("Show"),
            act=self._show,
            about=diagnosis.trouble,
        )
