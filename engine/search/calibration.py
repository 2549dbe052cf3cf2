"""How long a trial takes on this machine: a few seconds of the training that it begins with. Knows no Optuna."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from engine.config import Config
from engine.datasets import catalog
from engine.errors import UserError
from engine.i18n import tr
from engine.job import Job, Progress
from engine.pace import take_pace
from engine.search.evaluators import Evaluators
from engine.search.plan import Plan

_MEASURED_SECONDS = 2.5
_EXAMPLE_TRIALS = 10


@dataclass(frozen=True)
class Speed:
    """``images_per_second`` of training, and what judging once and beginning a trial take in seconds."""

    images_per_second: float
    look_seconds: float
    start_seconds: float

    def trial_seconds(self, plan: Plan) -> float:
        """Return how long a whole trial takes."""
        training = plan.images / self.images_per_second if plan.images else plan.seconds
        return self.start_seconds + training + plan.looks * self.look_seconds

    def trials(self, plan: Plan, minutes: float) -> float:
        """Return how many whole trials ``minutes`` buy; some end early, so that there will be more."""
        return minutes * 60 / self.trial_seconds(plan)

    def images_of(self, minutes: float, looks: int) -> int:
        """Return how many images long a trial is best, where nobody says: ``minutes`` buy some ten whole ones then."""
        seconds = max(minutes * 60 / _EXAMPLE_TRIALS - self.start_seconds - looks * self.look_seconds, 2.0)
        return max(int(float(f"{seconds * self.images_per_second:.2g}")), 64)

    def fitted(self, plan: Plan, minutes: float) -> Plan:
        """Return ``plan`` with the length of a trial that is best for ``minutes``."""
        return replace(plan, images=self.images_of(minutes, plan.looks), seconds=0.0)


def speed_of(config: Config) -> Job[Progress, Speed]:
    """Read the images, find or teach the judge, and return how fast training and judging are, before a search."""
    yield Progress(0, 0, _told())
    evaluators = Evaluators((yield from catalog.read(config)))
    yield from evaluators.prepare(config)
    return (yield from calibrate(config, evaluators))


def calibrate(config: Config, evaluators: Evaluators) -> Job[Progress, Speed]:
    """Train ``config`` in memory for some seconds, judge it once, and return how fast both are."""
    pace = yield from take_pace(config, evaluators.data, _MEASURED_SECONDS, _told())
    if pace is None:
        raise UserError(
            tr("The options that the search begins with cannot train a single step."),
            tr("Begin with a recipe that works."),
        )
    begin = time.perf_counter()
    evaluators.look(pace.session, config, 0.0)
    return Speed(pace.images_per_second, time.perf_counter() - begin, pace.start_seconds)


def _told() -> str:
    return tr("Measuring how long a trial takes")
