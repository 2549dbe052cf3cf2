"""Decides when the judge looks during a training, so that it never takes more than its share of the time."""

from __future__ import annotations

import time
from collections.abc import Collection, Iterator

import torch
from torch import nn

from engine.config import Config
from engine.datasets.images import ImageData
from engine.evaluation.evaluator import Evaluator
from engine.evaluation.owed import judged_share, owes_verdict
from engine.events import Quality

_FIRST_RATIO = 3.0  # seconds for each one trained, while nothing has been judged: what is learned later costs the same
_LATER_RATIO = 0.18
_MOST_AT_ONCE = 0.25  # seconds of lessons between two reports
_STEPS_OF_PROGRESS = 20


class EvaluationScheduler:
    """Judges the averaged generator of a run at the ends of epochs; epochs that are too short for it are passed over.

    The option ``eval_time_percent`` bounds its time; 0 turns it off, and so do too few real images to compare with. A
    judge that has to learn first takes more, once: until something is judged, most of the time is its own.
    """

    def __init__(self, config: Config, data: ImageData) -> None:
        self._share = judged_share(config, len(data.images))
        self._config = config
        self._data = data
        self._evaluator: Evaluator | None = None
        self._training_steps: Iterator[float] | None = None
        self._learned = self._training_seconds = 0.0
        self.start_again([])

    def start_again(self, qualities: Collection[Quality]) -> None:
        """Go on after ``qualities``, with no time spent yet."""
        self._qualities = list(qualities)
        self._spent = 0.0
        self._credit = 0.0
        self._told = 0

    def prepare(self) -> None:
        """Find the judge, or begin its lessons."""
        if self._share > 0:
            self._evaluator = Evaluator(self._config, self._data)

    @property
    def remark(self) -> str:
        """A sentence for the person about the judge that was kept, or nothing."""
        return self._evaluator.remark if self._evaluator else ""

    def owes(self, qualities: Collection[Quality], images_seen: int) -> bool:
        """Whether a training that ended after ``images_seen``, with these ``qualities``, was not judged at its end."""
        return owes_verdict(self._share, qualities, images_seen)

    @property
    def seconds_to_learn(self) -> float:
        """How long the judge's lessons will still take, as far as they tell by now."""
        return self._training_seconds * (1 / self._learned - 1) if self.is_training_judge() and self._learned else 0.0

    @property
    def best_epochs(self) -> tuple[int, ...]:
        """The epoch with the lowest Fréchet distance so far, if any was judged."""
        return (min(self._qualities, key=lambda quality: quality.frechet).epoch,) if self._qualities else ()

    def maybe_evaluate(
        self, generator: nn.Module, device: torch.device, epoch: int, images_seen: int, seconds: float, must: bool
    ) -> Quality | None:
        """Judge ``generator`` after ``seconds`` of training, or return None where the time is not there for it yet.

        ``must`` judges in any case, at the end of a training.
        """
        if self._spent > self._share * seconds and not must:
            return None
        if self._evaluator is None or self.is_training_judge():
            return None
        self._evaluator.prepare()  # takes as long as several looks, once: it shall not put off the second one
        begin = time.perf_counter()
        quality = self._evaluator.measure(generator, device, epoch, images_seen)
        self._qualities.append(quality)
        self._spent += time.perf_counter() - begin
        return quality

    def is_training_judge(self) -> bool:
        """Whether a judge for this data has lessons to come."""
        return self._share > 0 and self._evaluator is not None and self._evaluator.must_learn

    def train(self, trained: float) -> float | None:
        """Teach the judge, where it still must learn, for its share of the seconds ``trained`` since the last time.

        Returns the share (0 to 1) that is done, now and then, and None otherwise.
        """
        if not self.is_training_judge():
            return None
        ratio = _LATER_RATIO if self._qualities else _FIRST_RATIO
        done = self.train_for(min(ratio * trained, _MOST_AT_ONCE))
        step = int(done * _STEPS_OF_PROGRESS)
        if step <= self._told:
            return None
        self._told = step
        return done

    def train_for(self, seconds: float) -> float:
        """Teach the judge for so long, more or less, and return the share (0 to 1) that is done."""
        assert self._evaluator is not None
        self._training_steps = self._training_steps or self._evaluator.training_steps()
        self._credit += seconds
        while self._credit > 0 and self.is_training_judge():
            begin = time.perf_counter()
            self._learned = next(self._training_steps, 1.0)
            spent = time.perf_counter() - begin
            self._credit -= spent
            self._training_seconds += spent
        return self._learned
