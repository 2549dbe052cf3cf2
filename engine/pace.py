"""How fast a training is on this machine: a few seconds of it, in memory, of which nothing is kept."""

from __future__ import annotations

import time
from collections.abc import Sequence
from contextlib import closing
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from engine.config import Config
from engine.datasets.images import ImageData
from engine.events import NotFinite, Started, Tick
from engine.job import Job, Progress
from engine.trainer import Trainer
from engine.training.session import Session

WARM_SECONDS = 0.7
"""Of training, in which memory is fetched and code is compiled; they do not count."""
_STEPS_ALONE = {"eval_time_percent": 0.0, "total_images": 10**9, "sample_every": 10**5, "checkpoint_every": 10**5}
"""Nothing else is done meanwhile, however few images there are."""
_LEAST_TICKS = 6
_LONGEST_SECONDS = 6.0
_USUAL = 2.0  # times the median: who takes longer waited for another program, and the lazy penalty does not


@dataclass(frozen=True)
class TrainingPace:
    """``images_per_second`` of training, the seconds until its first step, and what was trained meanwhile."""

    images_per_second: float
    start_seconds: float
    session: Session


def take_pace(config: Config, data: ImageData, seconds: float, what: str) -> Job[Progress, TrainingPace | None]:
    """Train ``config`` on ``data`` until ``seconds`` after it is warm; return how fast it was.

    ``what`` is told meanwhile. None where not a single step succeeds; raises what ``Trainer`` does.
    """
    yield Progress(0, 0, what)
    trainer = Trainer(config.changed(**_STEPS_ALONE), data=data)
    begin = time.perf_counter()
    start_seconds, ticks = 0.0, list[Tick]()
    with closing(trainer.run()) as training:
        for event in training:
            if isinstance(event, Started):
                start_seconds = time.perf_counter() - begin
            if isinstance(event, NotFinite):
                break
            if isinstance(event, Tick) and event.step:
                ticks.append(event)
                yield Progress(0, 0, what)
                if _suffice(ticks, seconds):
                    break
    if not ticks or trainer.session is None:
        return None
    return TrainingPace(_images_per_second(ticks), start_seconds, trainer.session)


def _warm(ticks: Sequence[Tick]) -> Sequence[Tick]:
    return [tick for tick in ticks if tick.seconds >= WARM_SECONDS]


def _suffice(ticks: Sequence[Tick], seconds: float) -> bool:
    """Say whether it was warm for so long; the first step alone may take two seconds."""
    warm = _warm(ticks)
    passed = warm[-1].seconds - warm[0].seconds if warm else 0.0
    return passed >= _LONGEST_SECONDS or (passed >= seconds and len(warm) > _LEAST_TICKS)


def _images_per_second(ticks: Sequence[Tick]) -> float:
    """Return how fast those were that waited for nothing else, or the first ones where there are no others."""
    steps = [(b.images_seen - a.images_seen, b.seconds - a.seconds) for a, b in pairwise(_warm(ticks))]
    usual = median(seconds / images for images, seconds in steps) if steps else 0.0
    if not usual:
        return ticks[-1].images_seen / max(ticks[-1].seconds, 1e-6)
    counted = [(images, seconds) for images, seconds in steps if seconds <= _USUAL * usual * images]
    return sum(images for images, _ in counted) / sum(seconds for _, seconds in counted)
