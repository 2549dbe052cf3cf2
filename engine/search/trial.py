"""One trial: a training that the judge looks at now and then, and that ends early where it leads nowhere.

Knows no Optuna: whoever iterates says whether others were better.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np

from engine.config import Config
from engine.diagnosis import curves_of, diagnose
from engine.diagnosis.own import DETECTORS, NOT_FINITE
from engine.errors import DiskError
from engine.events import MetricsRow, NotFinite, OutOfMemory, Quality, Tick, WriteBlocked
from engine.i18n import tr
from engine.job import Job, Progress
from engine.runs import AnyRun, RunFolder
from engine.search.evaluators import Evaluators, Look
from engine.search.objectives import is_reached
from engine.search.plan import Plan
from engine.search.records import Measure, SearchBlocked
from engine.trainer import Trainer
from engine.training.checkpoint import network_state

How = Literal["finished", "trouble", "failed", "cut", "pruned"]


@dataclass(frozen=True)
class Step:
    """A trial goes on: ``share`` (0 to 1) of it is trained."""

    images_seen: int
    share: float
    images_per_second: float


@dataclass(frozen=True)
class Looked:
    """The judge has looked, for the ``number``-th of the times that a trial is looked at."""

    number: int
    look: Look
    images_per_second: float


@dataclass(frozen=True)
class End:
    """How a trial ended: whole (or where it should arrive), or in trouble, or because it could not go on."""

    how: How
    measures: tuple[Measure, ...]
    failure_mode: str = ""
    reason: str = ""


class TrialTraining:
    """Trains ``config`` in ``run`` as ``plan`` says; ``should_end`` is asked at each event whether the time is over.

    ``is_hopeless``, set by whoever iterates after a ``Looked``, ends it there.
    """

    def __init__(
        self, plan: Plan, config: Config, run: AnyRun, evaluators: Evaluators, should_end: Callable[[], bool]
    ) -> None:
        self._plan, self._config, self._run, self._evaluators = plan, config, run, evaluators
        self._should_end = should_end
        self.rows: list[MetricsRow] = []
        self._qualities: list[Quality] = []
        self._measures: list[Measure] = []
        self._looks = 0
        self.is_hopeless = False

    def run(self) -> Job[Progress | Step | Looked | SearchBlocked, End]:
        """Train and judge. Raises ``UserError``."""
        minutes, data = self._plan.seconds / 60 or None, self._evaluators.data  # no knob says what is trained on
        trainer = Trainer(self._config, self._run, minutes=minutes, data=data)
        end: End | None = None
        with closing(trainer.run()) as training:
            for event in training:
                if isinstance(event, Progress):
                    yield event
                elif isinstance(event, WriteBlocked):
                    yield SearchBlocked(event.message, event.hint)
                elif isinstance(event, NotFinite):
                    return self._ended("trouble", NOT_FINITE)
                elif isinstance(event, OutOfMemory):
                    return self._ended("failed", reason=tr("The memory of the device does not hold a step."))
                elif isinstance(event, Tick):
                    end = yield from self.hear(event, trainer)
                    if end is not None and self._share(event) < 1.0:
                        yield from self._keep(trainer)
                        return end
        return end or self._ended("finished")

    def hear(self, tick: Tick, trainer: Trainer) -> Job[Step | Looked | SearchBlocked, End | None]:
        """Take up a tick of the training, and look at it where that is due; the result is how it ends, if it does."""
        if self.rows and tick.images_seen < self.rows[-1].images_seen:  # it began anew: its length is known now
            self.rows, self._qualities = [], []
        self.rows += tick.rows
        share = self._share(tick)
        yield Step(tick.images_seen, share, tick.images_per_second)
        if tick.rows and not np.isfinite([tick.rows[-1].d_loss, tick.rows[-1].g_loss]).all():
            return None  # the trainer says so at once
        due = int(share * self._plan.looks)
        if due > self._looks:
            self._looks = due
            return (yield from self._look(trainer, share, tick.images_per_second))
        return self._ended("cut") if self._should_end() else None

    def _look(self, trainer: Trainer, share: float, speed: float) -> Job[Looked | SearchBlocked, End | None]:
        assert trainer.session is not None
        look = self._evaluators.look(trainer.session, self._config, share)
        self._qualities.append(look.quality)
        self._measures.append(look.measure)
        yield from _written(partial(self._run.append_quality, look.quality))
        yield Looked(self._looks, look, speed)
        if is_reached(self._plan.objective, self._plan.target, look.measure):
            return self._ended("finished")
        if failure_mode := self._certain_failure_mode():
            return self._ended("trouble", failure_mode)
        if self.is_hopeless and share < 1.0:
            return self._ended("pruned")
        return self._ended("cut") if share < 1.0 and self._should_end() else None

    def _certain_failure_mode(self) -> str:
        """Return the name of what goes wrong beyond doubt, or nothing."""
        columns = np.array(self.rows, float).reshape(-1, len(MetricsRow._fields))
        curves = curves_of(self._config, self._evaluators.data.facts, columns, self._qualities)
        found = [DETECTORS[each.failure_mode] for each in diagnose(curves)]
        return next((each.name for each in found if each.ends_trial or each.about == "duel"), "")

    def _share(self, tick: Tick) -> float:
        if tick.total_images:
            return min(tick.images_seen / tick.total_images, 1.0)
        return min(tick.seconds / self._plan.seconds, 0.99) if self._plan.seconds else 0.0

    def _keep(self, trainer: Trainer) -> Job[SearchBlocked, None]:
        """Leave in a run folder that ends early what a whole one has: pictures and networks of its last moment."""
        session = trainer.session
        if session is None or not isinstance(self._run, RunFolder) or not session.state.images_seen:
            return
        epoch = session.schedule.sampled_epoch(session.state)
        if self._measures:
            yield from _written(partial(self._run.save_samples, epoch, self._evaluators.sheet(session, self._config)))
        networks = (session.gan.ema.network, session.gan.discriminator)
        yield from _written(partial(self._run.save_snapshot, epoch, *map(network_state, networks)))

    def _ended(self, how: How, failure_mode: str = "", reason: str = "") -> End:
        return End(how, tuple(self._measures), failure_mode, reason)


def _written(write: Callable[[], object]) -> Job[SearchBlocked, None]:
    """Write; where the disk refuses, say so and try again whenever asked for the next event."""
    while True:
        try:
            write()
            return
        except DiskError as error:
            yield SearchBlocked(error.message, error.hint)
