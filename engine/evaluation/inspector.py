"""Decides when the judge looks during a training, so that it never takes more than its share of the time."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

import torch
from torch import nn

from engine.config import Config
from engine.data.facts import FEWEST_JUDGED
from engine.data.images import ImageData
from engine.evaluation.quality import QualityMeter
from engine.events import Quality

_LESSON_SHARE = 0.15  # of the time, while a judge for this data learns
_STEPS_OF_PROGRESS = 20


class Inspector:
    """Judges the averaged generator of a run at the ends of epochs; epochs that are too short for it are passed over.

    The option ``judge_percent`` bounds its time; 0 turns it off, and so do too few real images to compare with.
    """

    def __init__(self, config: Config, data: ImageData) -> None:
        self._share = config.judge_percent / 100 if len(data.images) >= FEWEST_JUDGED else 0.0
        self._config = config
        self._data = data
        self._meter: QualityMeter | None = None
        self._lessons: Iterator[float] | None = None
        self.start_again([])

    def start_again(self, qualities: Collection[Quality]) -> None:
        """Go on after ``qualities``, with no time spent yet."""
        self._qualities = list(qualities)
        self._spent = 0.0
        self._credit = 0.0
        self._told = 0

    @property
    def best_epochs(self) -> tuple[int, ...]:
        """The epoch with the lowest Fréchet distance so far, if any was judged."""
        return (min(self._qualities, key=lambda quality: quality.frechet).epoch,) if self._qualities else ()

    def look(
        self, generator: nn.Module, device: torch.device, epoch: int, images_seen: int, seconds: float, must: bool
    ) -> Quality | None:
        """Judge ``generator`` after ``seconds`` of training, or return None where the time is not there for it yet.

        ``must`` judges in any case, at the end of a training.
        """
        if self._share == 0 or (self._spent > self._share * seconds and not must):
            return None
        begin = time.perf_counter()
        if self.still_teaches() or self._meter is None:
            return None
        quality = self._meter.measure(generator, device, epoch, images_seen)
        self._qualities.append(quality)
        self._spent += time.perf_counter() - begin
        return quality

    def still_teaches(self) -> bool:
        """Whether a judge for this data has lessons to come."""
        if self._share == 0:
            return False
        self._meter = self._meter or QualityMeter(self._config, self._data)
        return self._meter.must_learn

    def teach(self, seconds: float, *, alone: bool = False) -> float | None:
        """Teach the judge, where it still must learn, for a share of the ``seconds`` just trained; ``alone`` for all.

        Returns the share (0 to 1) that is done, now and then, and None otherwise.
        """
        if self._meter is None or not self._meter.must_learn:
            return None
        self._lessons = self._lessons or self._meter.lessons()
        self._credit += seconds if alone else _LESSON_SHARE * seconds
        done = None
        while self._credit > 0 and done != 1.0:
            begin = time.perf_counter()
            done = next(self._lessons, 1.0)
            self._credit -= time.perf_counter() - begin
        step = int((done or 0.0) * _STEPS_OF_PROGRESS)
        if step > self._told:
            self._told = step
            return done
        return None
