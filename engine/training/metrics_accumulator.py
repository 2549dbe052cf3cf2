"""Means of the training numbers, gathered on the device and fetched once per tick: no ``.item()`` per step."""

from __future__ import annotations

from typing import Literal, NamedTuple

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.events import MetricsRow

_VALUES = 7  # of one step: what ``GAN.step`` returns
_MEANS = 4

_Moment = tuple[int, int, int, float]


class TickMetrics(NamedTuple):
    """The rows closed since the last tick, and the player, if any, whose numbers stopped being finite."""

    rows: tuple[MetricsRow, ...]
    nonfinite: Literal["d", "g"] | None


class MetricsAccumulator:
    """Sums what ``GAN.step`` returns and closes a row whenever it is told to."""

    def __init__(self, device: torch.device) -> None:
        self._sum = torch.zeros(_VALUES, device=device)
        self._count = 0
        self._closed: list[tuple[_Moment, int, Tensor]] = []

    def add(self, values: Tensor) -> None:
        """Add the values of one step, a detached tensor ``[7]`` on the device."""
        self._sum += values
        self._count += 1

    def flush(self, step: int, epoch: int, images_seen: int, seconds: float) -> None:
        """End a row here; it tells of the steps since the row before. Without a step in between, nothing happens."""
        if self._count:
            self._closed.append(((step, epoch, images_seen, seconds), self._count, self._sum))
            self._sum = torch.zeros_like(self._sum)
            self._count = 0

    def compute(self) -> TickMetrics:
        """Return what happened since the last time. Waits for the device."""
        table = torch.stack([*(values for _, _, values in self._closed), self._sum]).cpu().numpy()
        rows = [_row(moment, count, values) for (moment, count, _), values in zip(self._closed, table, strict=False)]
        self._closed.clear()
        return TickMetrics(tuple(rows), _whose_is_nonfinite(table))

    def unfinished(self, step: int, epoch: int, images_seen: int, seconds: float) -> tuple[MetricsRow, ...]:
        """Return the row under way as if it ended here, and leave it open; none without a step in it."""
        moment = (step, epoch, images_seen, seconds)
        return (_row(moment, self._count, self._sum.cpu().numpy()),) if self._count else ()

    def state(self) -> tuple[NDArray[np.float32], int]:
        """Return the unfinished row, sums ``[7]`` and number of steps, for a checkpoint."""
        return self._sum.cpu().numpy(), self._count

    def load_state(self, total: NDArray[np.float32], count: int) -> None:
        """Go on with an unfinished row; ``total`` is ``[7]``, or ``[4]`` in runs of schema 1."""
        self._sum.zero_()[: len(total)].copy_(torch.from_numpy(total))
        self._count = count


def _row(moment: _Moment, count: int, values: NDArray[np.float32]) -> MetricsRow:
    d_loss, g_loss, d_real, d_fake = (values[:_MEANS] / count).tolist()
    return MetricsRow(*moment, d_loss, g_loss, d_real, d_fake, int(values[_MEANS]))


def _whose_is_nonfinite(table: NDArray[np.float32]) -> Literal["d", "g"] | None:
    """Say whose learning went wrong. Where D still reads real images well, its trouble comes from G's pictures."""
    d_loss, g_loss, d_real, _, _, d_found_inf, g_found_inf = table.T
    if not (d_found_inf.any() or g_found_inf.any() or not np.isfinite(d_loss + g_loss).all()):
        return None
    d_is_ill = bool(d_found_inf.any()) or not np.isfinite(d_loss).all()
    return "d" if d_is_ill and not np.isfinite(d_real).all() else "g" if not d_is_ill or g_found_inf.any() else "d"
