"""Where training stands, how fast it goes, and what follows from that. Everything but the speed obeys images_seen."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, fields
from typing import Any

from engine.config import Config

_SPEED_WINDOW_SECONDS = 5.0


@dataclass
class Progress:
    """Where training stands; part of every checkpoint. ``seconds`` leaves pauses out."""

    step: int = 0
    images_seen: int = 0
    seconds: float = 0.0
    ended_epochs: int = 0
    saved_epoch: int = 0
    unfinished_row: int = 0


def progress_from(facts: dict[str, Any]) -> Progress:
    """Turn what a checkpoint says into ``Progress``; raises ``ValueError`` unless every number is one that can be."""
    if facts.keys() != {field.name for field in fields(Progress)}:
        raise ValueError("other facts")
    for name, value in facts.items():
        kind = int | float if name == "seconds" else int
        if isinstance(value, bool) or not isinstance(value, kind) or not 0 <= value < 2**62:
            raise ValueError(name)
    return Progress(**facts)


def learning_rate_factor(config: Config, share: float) -> float:
    """Return what both learning rates are multiplied by when ``share`` (0 to 1) of the training is done.

    1 until ``decay_start``, then down to 0 at the end.
    """
    if config.decay_start >= 1.0:
        return 1.0
    left = min(1.0, (1.0 - share) / (1.0 - config.decay_start))
    return left if config.decay_shape == "line" else 0.5 - 0.5 * math.cos(math.pi * left)


class Speed:
    """Images per second of training over the last seconds."""

    def __init__(self) -> None:
        self._moments: deque[tuple[float, int]] = deque()

    def measure(self, at: Progress) -> float:
        """Note where training stands and return its speed, 0 at first."""
        self._moments.append((at.seconds, at.images_seen))
        while len(self._moments) > 2 and at.seconds - self._moments[0][0] > _SPEED_WINDOW_SECONDS:
            self._moments.popleft()
        seconds, images = (now - then for now, then in zip(self._moments[-1], self._moments[0], strict=True))
        return images / seconds if seconds > 0 else 0.0
