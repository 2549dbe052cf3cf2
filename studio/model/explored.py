"""The point of latent space that Explore stands at, and those that it stood at before. Knows no Qt and no files."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.latent.sampling import random_z
from studio.model.announcement import Announcement

MOST_STEPS = 1000
_BURST_S = 1.0
"""Steps of one stroke that follow each other faster, as a slider's while it is dragged, are undone as one."""


class LatentPoint(NamedTuple):
    """``z`` float32 ``[z_dim]`` and the class asked for, -1 where the generator knows none."""

    z: NDArray[np.float32]
    label: int


class Explored:
    """One point for all pages of Explore: what one of them finds, the others go on from.

    ``moved`` tells of each change; a step may be undone, up to ``MOST_STEPS`` of them.
    """

    def __init__(self, *, clock: Callable[[], float] = time.monotonic) -> None:
        self.z_dim = 0
        self.class_names: tuple[str, ...] = ()
        self.point = LatentPoint(np.zeros(0, np.float32), -1)
        self.moved = Announcement[[]]()
        self._clock = clock
        self._before: deque[LatentPoint] = deque(maxlen=MOST_STEPS)
        self._after: list[LatentPoint] = []
        self._stroke: tuple[Hashable, float] | None = None

    def begin(self, z_dim: int, class_names: tuple[str, ...]) -> bool:
        """Explore a generator with ``z_dim`` numbers and these classes; return whether it differs from the one before.

        Where it does, the first point is that of seed 0, and what was before is forgotten.
        """
        if (z_dim, class_names) == (self.z_dim, self.class_names):
            return False
        self.z_dim, self.class_names = z_dim, class_names
        label = min(max(self.point.label, 0), len(class_names) - 1)
        self.point = LatentPoint(random_z(1, z_dim, 0)[0] if z_dim else np.zeros(0, np.float32), label)
        self._before.clear()
        self._after.clear()
        self._stroke = None
        self.moved()
        return True

    def go(
        self, z: NDArray[np.float32] | None = None, label: int | None = None, *, stroke: Hashable | None = None
    ) -> None:
        """Go to ``z`` and ``label``; what is not given stays. Steps of one ``stroke`` that follow quickly are one."""
        z = self.point.z if z is None else np.array(z, np.float32)
        label = self.point.label if label is None else label
        if z.shape != (self.z_dim,) or not -1 <= label < max(len(self.class_names), 0):
            raise ValueError(f"z {z.shape} and label {label} are none of this generator's")
        if label == self.point.label and np.array_equal(z, self.point.z):
            return
        now = self._clock()
        goes_on = self._stroke is not None and self._stroke[0] == stroke and now - self._stroke[1] <= _BURST_S
        if not goes_on:
            self._before.append(self.point)
        self._stroke = None if stroke is None else (stroke, now)
        self._after.clear()
        self.point = LatentPoint(z, label)
        self.moved()

    @property
    def can_undo(self) -> bool:
        """Whether there is a point to go back to."""
        return bool(self._before)

    @property
    def can_redo(self) -> bool:
        """Whether a step was undone that can be done again."""
        return bool(self._after)

    def undo(self) -> None:
        """Go back to where it stood before the last step."""
        if self._before:
            self._after.append(self.point)
            self._take(self._before.pop())

    def redo(self) -> None:
        """Do again what was undone last."""
        if self._after:
            self._before.append(self.point)
            self._take(self._after.pop())

    def _take(self, point: LatentPoint) -> None:
        self.point, self._stroke = point, None
        self.moved()
