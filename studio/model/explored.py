"""The point of latent space that Explore stands at, and those that it stood at before. Knows no Qt and no files."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Hashable
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.i18n import tr
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
        self.history_changed = Announcement[[]]()
        """There is a step to take back, or to do again, where there was none, or none any more."""
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
        self._stroke = None
        self.moved()
        self._forget()
        return True

    def go(
        self, z: NDArray[np.float32] | None = None, label: int | None = None, *, stroke: Hashable | None = None
    ) -> None:
        """Go to ``z`` ``[z_dim]`` and ``label``; what is not given stays.

        Steps of one ``stroke`` that follow quickly are one.
        """
        z = self.point.z if z is None else np.array(z, np.float32)
        label = self.point.label if label is None else label
        if z.shape != (self.z_dim,) or not -1 <= label < max(len(self.class_names), 0):
            raise ValueError(f"z {z.shape} and label {label} are none of this generator's")
        if label == self.point.label and np.array_equal(z, self.point.z):
            return
        now = self._clock()
        goes_on = self._stroke is not None and self._stroke[0] == stroke and now - self._stroke[1] <= _BURST_S
        could = self._possible()
        if not goes_on:
            self._before.append(self.point)
        self._stroke = None if stroke is None else (stroke, now)
        self._after.clear()
        self._take(LatentPoint(z, label), could)

    def undo(self) -> None:
        """Go back to where it stood before the last step."""
        could = self._possible()
        if self._before:
            self._after.append(self.point)
            self._stroke = None
            self._take(self._before.pop(), could)

    def redo(self) -> None:
        """Do again what was undone last."""
        could = self._possible()
        if self._after:
            self._before.append(self.point)
            self._stroke = None
            self._take(self._after.pop(), could)

    def words(self, *, back: bool) -> str:
        """Say what would be taken back, or done again."""
        return "" if self.why_not(back=back) else tr("step in latent space")

    def why_not(self, *, back: bool) -> str:
        """Say why nothing can be taken back, or done again."""
        if back:
            return "" if self._before else tr("No step in latent space can be undone.")
        return "" if self._after else tr("No step in latent space was undone.")

    def _take(self, point: LatentPoint, could: tuple[bool, bool]) -> None:
        self.point = point
        self.moved()
        if self._possible() != could:
            self.history_changed()

    def _forget(self) -> None:
        could = self._possible()
        self._before.clear()
        self._after.clear()
        if any(could):
            self.history_changed()

    def _possible(self) -> tuple[bool, bool]:
        return bool(self._before), bool(self._after)
