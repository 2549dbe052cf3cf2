"""Means of the training numbers, gathered on the device and fetched once per tick: no ``.item()`` per step."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from engine.events import MetricsRow

_Moment = tuple[int, int, int, float]


class Statistics:
    """Sums ``[d_loss, g_loss, d_real, d_fake]`` of each step and closes a row whenever it is told to."""

    def __init__(self, device: torch.device) -> None:
        self._sum = torch.zeros(4, device=device)
        self._count = 0
        self._closed: list[tuple[_Moment, Tensor]] = []

    def add(self, values: Tensor) -> None:
        """Add the four values of one step, a detached tensor ``[4]`` on the device."""
        self._sum += values
        self._count += 1

    def close_row(self, step: int, epoch: int, images_seen: int, seconds: float) -> None:
        """End a row here; its values are the means since the row before. Without a step in between, nothing happens."""
        if self._count:
            self._closed.append(((step, epoch, images_seen, seconds), self._sum / self._count))
            self._sum = torch.zeros_like(self._sum)
            self._count = 0

    def fetch(self) -> tuple[tuple[MetricsRow, ...], bool]:
        """Return the rows closed since the last fetch, and whether every number is finite. Waits for the device."""
        table = torch.stack([*(values for _, values in self._closed), self._sum]).cpu()
        rows = tuple(
            MetricsRow(*moment, *values) for (moment, _), values in zip(self._closed, table.tolist(), strict=False)
        )
        self._closed.clear()
        return rows, bool(table.isfinite().all())

    def state(self) -> tuple[NDArray[np.float32], int]:
        """Return the unfinished row, sums ``[4]`` and number of steps, for a checkpoint."""
        return self._sum.cpu().numpy(), self._count

    def restore(self, total: NDArray[np.float32], count: int) -> None:
        """Go on with an unfinished row; ``total`` must have shape [4]."""
        self._sum.copy_(torch.from_numpy(total))
        self._count = count
