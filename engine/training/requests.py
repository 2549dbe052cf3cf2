"""What any thread may ask of a training while it goes on. Knows no training."""

from __future__ import annotations

import threading

from engine.training.train_step import Player


class Requests:
    """What was asked for: set by any thread, done and cleared at the next tick.

    ``snapshot``: a copy of the generator, and of D for ``with_opponent``; ``stages``: the next step in stages, or one
    in which ``trial`` alone learns, on copies of which nothing is left.
    """

    def __init__(self) -> None:
        self.snapshot = threading.Event()
        self.with_opponent = threading.Event()
        self.stages = threading.Event()
        self.trial: Player | None = None

    def take_opponent(self) -> bool:
        """Whether a copy of D was asked for, which it is not any more."""
        was_wished = self.with_opponent.is_set()
        self.with_opponent.clear()
        return was_wished
