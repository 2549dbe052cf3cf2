"""The steps of a style transfer that are kept: all losses, and pictures evenly spread. Knows no torch."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from engine.style.events import Losses, StyleTick

_MOST_PICTURES = 240
_MOST_BYTES = 96 * 2**20
_LEAST = 1e-8

CURVES = ("content", "style", "variation")


class History:
    """Grows by ticks. Where pictures get too many, every other one goes, but never the first and the last."""

    def __init__(self) -> None:
        self.ticks: list[StyleTick] = []
        self._stride = 1
        self._steps: list[int] = []
        self._losses: list[Losses] = []

    @property
    def steps(self) -> NDArray[np.float64]:
        """The steps ``[N]`` whose losses are known, ascending."""
        return np.array(self._steps, np.float64)

    def curve(self, name: str) -> NDArray[np.float64]:
        """Return one of ``CURVES`` over ``steps``, ``[N]``."""
        return np.array([getattr(each, name) for each in self._losses], np.float64)

    def add(self, tick: StyleTick) -> None:
        """Keep ``tick``, which is later than all before, or takes the place of one at the same step."""
        if self._steps and self._steps[-1] == tick.step:
            self._steps.pop()
            self._losses.pop()
        self._steps.append(tick.step)
        self._losses.append(tick.losses)
        while self.ticks and (self.ticks[-1].step == tick.step or not self._is_kept(self.ticks[-1])):
            self.ticks.pop()
        self.ticks.append(tick)
        most = max(min(_MOST_PICTURES, _MOST_BYTES // tick.picture.nbytes), 3)
        while len(self.ticks) > most:
            self._stride *= 2
            self.ticks = [each for each in self.ticks[:-1] if self._is_kept(each)] + [tick]

    def nearest(self, step: int) -> StyleTick:
        """Return what is kept nearest to ``step``; there must be something."""
        return min(self.ticks, key=lambda tick: abs(tick.step - step))

    def snapshot(self) -> History:
        """Return a copy that does not grow."""
        made = History()
        made.ticks, made._stride = list(self.ticks), self._stride
        made._steps, made._losses = list(self._steps), list(self._losses)
        return made

    def undo_to(self, step: int) -> None:
        """Forget what was after ``step``."""
        while self._steps and self._steps[-1] > step:
            self._steps.pop()
            self._losses.pop()
        self.ticks = [tick for tick in self.ticks if tick.step <= step]

    def _is_kept(self, tick: StyleTick) -> bool:
        return tick is self.ticks[0] or tick.step % self._stride == 0


def positive(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Return ``values`` ``[N]`` as they can be drawn as logarithms: what is nothing is a gap."""
    return np.where(values > _LEAST, values, np.nan)
