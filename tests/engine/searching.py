"""What tests of searches share: tiny plans, a judge that knows the best options beforehand, a clock that it moves."""

from __future__ import annotations

import math
import os

from engine.events import Quality
from engine.search import evaluators, objectives
from engine.search.calibration import Speed
from engine.search.opening import join
from engine.search.plan import Plan
from engine.search.search import Search
from tests import tiny

BEST = 1e-3
SPEED = Speed(images_per_second=40.0, look_seconds=0.0, start_seconds=0.0)  # 80 images in 2 seconds, as the judge says


class Clock:
    """Stands still until somebody moves it."""

    def __init__(self):
        self.now = 100.0

    def __call__(self):
        return self.now


class KnownJudge:
    """Says that pictures are the better the nearer D's learning rate is to ``BEST``, and better with time."""

    clock: Clock | None = None

    def __init__(self, config, data):
        self.config = config

    def training_steps(self):
        yield from ()

    def prepare(self):
        pass

    def measure(self, generator, device, epoch, images_seen):
        if self.clock is not None:
            self.clock.now += 1.0
        frechet = 10.0 + 100.0 * abs(math.log10(self.config.d_lr / BEST)) + 800.0 / max(images_seen, 1)
        shares = {"precision": 0.5, "recall": 1 / (1 + frechet), "memorization": 0.0, "duplicates": 0.0}
        return Quality(epoch, images_seen, 100, frechet, frechet, frechet, 1.0, **shares)


def use_known_judge(monkeypatch, clock=None):
    judge = type("Judge", (KnownJudge,), {"clock": clock})
    monkeypatch.setattr(evaluators.Evaluators, "_of", lambda self, config: judge(config, self.data))
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.0)


def plan(*tune, **how):
    from engine.search import knobs

    goal, target = objectives.parse(how.pop("goal", "frechet"))
    values = how.pop("values", {})
    how = {"images": 80, "looks": 2, "objective": goal, "target": target, "pruner": "none"} | how
    if how["images"] and how["images"] % 80 == 0:  # what is trained tells the known judge nothing: a step will do
        values = {"batch_size": 80 // how["looks"]} | values
    config = tiny.config(**tiny.DENSE | values)
    chosen = knobs.parse(tune or ["d_lr=1e-5..1e-1:log"], config)
    return Plan(config, chosen, **how)


def search(study, minutes=1.0, **how):
    return Search(study, minutes, **({"speed": SPEED} | how))


def where():
    """A journal: tests do not wait for its disk, as they would for that of a database."""
    return f"{os.environ['DUELO_HOME']}/searches.journal"


def begun(*tune, name="", **how):
    return join(plan(*tune, **how), where(), name)
