"""Where training stands, how fast it goes, and what follows from that. Everything but the speed obeys images_seen."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, fields
from typing import Any

from engine.architectures import ARCHITECTURES
from engine.config import Config
from engine.runs.info import Extension

SPEED_SECONDS = 5.0
"""Of training, over which a person is told how fast it is."""
STEADY_SECONDS = 30.0
"""Of training, over which it is told how long it will take: a step that waited says little of that."""
_HELD_PART = 10  # a schedule that is held stays where it was an epoch before its end, or a tenth where that is less


@dataclass
class TrainState:
    """Where training stands; part of every checkpoint. ``seconds`` leaves pauses out."""

    step: int = 0
    images_seen: int = 0
    seconds: float = 0.0
    ended_epochs: int = 0
    saved_epoch: int = 0
    unfinished_row: int = 0


def train_state_from(facts: dict[str, Any]) -> TrainState:
    """Turn what a checkpoint says into ``TrainState``; raises ``ValueError`` unless every number is one that can be."""
    if facts.keys() != {field.name for field in fields(TrainState)}:
        raise ValueError("other facts")
    for name, value in facts.items():
        kind = int | float if name == "seconds" else int
        if isinstance(value, bool) or not isinstance(value, kind) or not 0 <= value < 2**62:
            raise ValueError(name)
    return TrainState(**facts)


@dataclass(frozen=True)
class EpochSchedule:
    """What images_seen means: epochs of ``epoch_images`` images, the last cut short where ``total_images`` says so.

    ``extensions`` are the moments at which the training got another length, the last of them this one.
    """

    epoch_images: int
    total_images: int
    extensions: tuple[Extension, ...] = ()

    def share(self, images_seen: int) -> float:
        """Return the share (0 to 1) of the training that is done, which learning rates and noise follow."""
        return self._share(images_seen, sum(each.images_seen <= images_seen for each in self.extensions))

    def growth(self, images_seen: int) -> float:
        """Return the same for networks that grow: they never shrink because a training was made longer."""
        made = [each for each in self.extensions if each.images_seen <= images_seen]
        reached = (self._share(each.images_seen, number) for number, each in enumerate(made))
        return max(self._share(images_seen, len(made)), *reached, 0.0)

    def _share(self, images_seen: int, count: int) -> float:
        """Return the share after the first ``count`` extensions."""
        last = self.extensions[count - 1] if count else None
        if last is None or last.schedule == "stretch":
            total = self.extensions[count].before if count < len(self.extensions) else self.total_images
            return images_seen / total
        held = last.before - min(self.epoch_images, last.before // _HELD_PART)
        return self._share(min(images_seen, held), count - 1)

    def is_over(self, at: TrainState) -> bool:
        """Whether all images have been seen."""
        return at.images_seen >= self.total_images

    def epochs_done(self, at: TrainState) -> int:
        """Return how many whole passes over the images have ended."""
        return at.images_seen // self.epoch_images

    def epoch(self, at: TrainState) -> int:
        """Return the epoch under way, from 1."""
        return min(at.ended_epochs + 1, self._epochs)

    @property
    def _epochs(self) -> int:
        return max(-(-self.total_images // self.epoch_images), 1)

    def has_just_ended(self, at: TrainState) -> bool:
        """Whether an epoch has ended of which nothing has been shown yet."""
        return self.epochs_done(at) > at.ended_epochs

    def shown_epochs(self, at: TrainState) -> int:
        """Return how many epochs have ended once samples are taken, the one that the end cut short among them."""
        return self._epochs if self.is_over(at) else self.epochs_done(at)

    def sample_is_due(self, at: TrainState, every: int) -> bool:
        """Whether to show samples: of the first epoch, of every so many, and of the last, whole or cut short."""
        if self.is_over(at):
            return at.ended_epochs < self._epochs
        done, ended = self.epochs_done(at), at.ended_epochs
        return done > ended and (not ended or done // every > ended // every)

    def sampled_epoch(self, at: TrainState) -> int:
        """Return the epoch that samples taken now belong to: 0 before the first step."""
        return self.epochs_done(at) if self.has_just_ended(at) or not at.images_seen else self.epoch(at)

    def checkpoint_is_due(self, at: TrainState, every: int) -> bool:
        """Whether the training is over, or ``every`` epochs have ended since the last checkpoint."""
        return self.is_over(at) or self.epochs_done(at) >= at.saved_epoch + every


def lr_scale_at(config: Config, share: float) -> float:
    """Return what both learning rates are multiplied by when ``share`` (0 to 1) of the training is done.

    1 until ``lr_decay_start``, then down to 0 at the end.
    """
    if config.lr_decay_start >= 1.0:
        return 1.0
    left = min(1.0, (1.0 - share) / (1.0 - config.lr_decay_start))
    return left if config.lr_decay_shape == "line" else 0.5 - 0.5 * math.cos(math.pi * left)


def budget_from_minutes(
    seconds: float, config: Config, at: TrainState, stepping: float, lessons: float = 0.0
) -> tuple[int, bool]:
    """Return how many images a training of ``seconds`` has, and whether it must begin again to follow its schedules.

    ``stepping`` of the seconds ``at`` were spent in steps. What happens once, such as loading the judge, says nothing
    of the time to come: the steps' own speed counts, less the share that the judge may take. Where it still has to
    learn for some seconds of ``lessons``, at least half of what is left belongs to the training all the same.
    """
    left = max(seconds - at.seconds, 0.0)
    left = max(left - lessons, left / 2) * (1 - config.eval_time_percent / 100)
    to_come = int(at.images_seen / stepping * left) if stepping else 0
    total = max(at.images_seen + to_come, config.batch_size)
    follows_schedule = config.instance_noise > 0 or ARCHITECTURES[config.architecture].is_progressive
    has_begun = follows_schedule or lr_scale_at(config, at.images_seen / total) < 1.0
    if has_begun and to_come > 0:
        return max(to_come, config.batch_size), True
    return total, False


class Throughput:
    """Images per second of training over the last ``seconds``.

    The way to the first moment is left out: first steps take ten times as long, and told of half an hour for a minute.
    """

    def __init__(self, seconds: float = SPEED_SECONDS) -> None:
        self._seconds = seconds
        self._moments: deque[tuple[float, int]] = deque()
        self._is_cold = True

    def measure(self, at: TrainState) -> float:
        """Note where training stands and return its speed, 0 at first."""
        self._moments.append((at.seconds, at.images_seen))
        if self._is_cold:
            if len(self._moments) < 3:
                return 0.0
            self._moments.popleft()
            self._is_cold = False
        while len(self._moments) > 2 and at.seconds - self._moments[0][0] > self._seconds:
            self._moments.popleft()
        seconds, images = (now - then for now, then in zip(self._moments[-1], self._moments[0], strict=True))
        return images / seconds if seconds > 0 else 0.0
