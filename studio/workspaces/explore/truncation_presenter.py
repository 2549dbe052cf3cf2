"""Measures beside the window what truncation does to the generator shown."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from engine.job import Job, Progress
from studio.context import Context
from studio.services.exploring import Ground, generator_session
from studio.widgets.exploring.truncation_panel import PSIS, TruncationPanel
from studio.workspaces.explore.work import Work

if TYPE_CHECKING:
    from engine.latent.truncation import TruncationEffect

MEASURE = "truncation"


class TruncationPresenter(QObject):
    """Serves ``panel``."""

    def __init__(self, panel: TruncationPanel, context: Context) -> None:
        super().__init__(panel)
        self._panel = panel
        self._noted = context.services.noted
        self._work = Work(MEASURE, panel, context.services.exploring, told=self._on_told, done=self._on_measured)
        panel.measure_requested.connect(lambda: self._work.start(_measure))
        panel.cancel_requested.connect(self._work.cancel)
        context.services.generator.generator_changed.connect(lambda _: panel.outdate())

    def retranslate(self) -> None:
        """The panel says everything itself."""

    def _on_told(self, progress: Progress) -> None:
        self._panel.show_progress(progress.done / max(progress.total, 1))

    def _on_measured(self, effects: Sequence[TruncationEffect]) -> None:
        self._panel.show_effects(effects)
        self._noted.note("truncated_variety", min(effects, key=lambda each: each.psi).variety)


# --- in the thread of a job


def _measure(ground: Ground) -> Job[Progress, Sequence[TruncationEffect]]:
    from engine.datasets import catalog
    from engine.evaluation.reader import Reader
    from engine.latent import truncation

    config, facts = ground.generator.config, ground.generator.facts
    real = catalog.load(config)
    psis = [psi for psi in PSIS if psi > 0]  # at 0 all samples are one
    return (yield from truncation.effects(generator_session(ground), Reader(config, facts, real), real, psis))
