"""Deals the pictures of a round, has D answer them, too, and keeps what was played with the run."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject

from engine.i18n import tr
from engine.job import Job, Progress
from engine.runs import Round, RunFolder
from studio.context import Context
from studio.services.exploring import Ground, epoch_of, generator_session
from studio.workers.job_runner import Listeners
from studio.workspaces.explore.play_page import PlayPage
from studio.workspaces.explore.work import Work

if TYPE_CHECKING:
    from engine.evaluation.real_or_generated import Deal

DEAL = "deal"


class Dealt(NamedTuple):
    """The pictures of a round of the run in ``path`` at ``epoch``, and D's answers ``of_d`` ``[N]`` (real?)."""

    deal: Deal
    of_d: NDArray[np.bool_]
    path: Path
    epoch: int


class PlayPresenter(QObject):
    """Feeds ``page``."""

    def __init__(self, page: PlayPage, context: Context) -> None:
        super().__init__(page)
        self._page, self._services = page, context.services
        self._dealt: Dealt | None = None
        self._work = Work(DEAL, page, self._services.exploring, done=self._on_dealt)
        page.deal_requested.connect(lambda: self._work.start(_dealt))
        page.played.connect(self._on_played)
        self._services.shown.run_changed.connect(self._on_shown)
        self._services.shown.renamed.connect(self._on_renamed)
        self._on_shown()

    def _on_dealt(self, result: Dealt) -> None:
        self._dealt = result
        self._page.begin(result.deal, result.of_d)

    def _on_played(self, answers: list[bool], seconds: float) -> None:
        if self._dealt is not None:
            right, of_d = ((each == self._dealt.deal.is_real).sum() for each in (np.array(answers), self._dealt.of_d))
            self._services.noted.note("play_right", right)
            self._services.noted.note("play_lead", right - of_d)
            name = self._page.name_edit.text().strip() or tr("Somebody")
            work = partial(_kept, self._dealt, answers, name, seconds)
            self._services.jobs.keep("rounds", work, self._listeners(self._dealt.path))

    def _on_shown(self) -> None:
        run = self._services.shown.run
        self._page.show_rounds(())
        if run is not None:
            self._services.jobs.in_turn("rounds", partial(_rounds, run.path), self._listeners(run.path))

    def _on_renamed(self) -> None:
        run = self._services.shown.run
        if run is not None:
            self._page.show_rounds(self._page.rounds, run.title)

    def _listeners(self, path: Path) -> Listeners[None, list[Round]]:
        return Listeners(result=partial(self._on_rounds, path), failed=self._work.fail)

    def _on_rounds(self, path: Path, rounds: list[Round]) -> None:
        run = self._services.shown.run
        if run is not None and run.path == path:
            self._page.show_rounds(rounds, run.title)


# --- in the thread of a job


def _dealt(ground: Ground) -> Job[Progress, Dealt]:
    from engine.datasets import catalog
    from engine.evaluation import real_or_generated
    from engine.evaluation.discriminator_session import DiscriminatorSession

    generator, folder = ground.generator, RunFolder(ground.path)
    data = yield from catalog.read(generator.config)
    opponent = DiscriminatorSession(generator.config, generator.facts, data)
    opponent.load(folder.discriminator(generator.ref.kept))
    seed = int(np.random.default_rng().integers(2**31))
    deal = real_or_generated.deal(generator_session(ground), data, seed)
    return Dealt(deal, real_or_generated.guesses(deal, opponent), ground.path, epoch_of(ground))


def _kept(dealt: Dealt, answers: list[bool], name: str, seconds: float) -> list[Round]:
    from engine.evaluation import real_or_generated

    folder = RunFolder(dealt.path)
    folder.add_round(real_or_generated.played(dealt.deal, answers, dealt.of_d, name, dealt.epoch, seconds))
    return folder.rounds()


def _rounds(path: Path) -> list[Round]:
    return RunFolder(path).rounds()
