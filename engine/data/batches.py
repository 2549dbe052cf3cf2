"""The order in which real images are trained on, given by (seed, position) alone, so that resuming is exact."""

from __future__ import annotations

import torch
from torch import Tensor

from engine.data.catalogue import ImageData


class Batches:
    """All images as one uint8 tensor on the training device, served in a new random order every epoch.

    Batches run on across the end of an epoch, so that every image is seen equally often.
    """

    def __init__(self, data: ImageData, seed: int, device: torch.device) -> None:
        self._images = torch.from_numpy(data.images).to(device)
        self._labels = torch.from_numpy(data.labels).to(device)
        self._seed = seed
        self._device = device
        self._orders: dict[int, Tensor] = {}

    def at(self, position: int, count: int) -> tuple[Tensor, Tensor]:
        """Return images float32 ``[count, C, H, W]`` in [-1, 1] and labels ``[count]`` from ``position`` on."""
        epoch, offset = divmod(position, len(self._images))
        indices = self._order(epoch)[offset : offset + count]
        while len(indices) < count:
            epoch += 1
            indices = torch.cat([indices, self._order(epoch)[: count - len(indices)]])
        return self._images[indices].float().div_(127.5).sub_(1), self._labels[indices]

    def _order(self, epoch: int) -> Tensor:
        if epoch not in self._orders:
            random = torch.Generator().manual_seed((self._seed * 1_000_003 + epoch) % 2**63)
            order = torch.randperm(len(self._images), generator=random).to(self._device)
            self._orders = {key: old for key, old in self._orders.items() if key == epoch - 1} | {epoch: order}
        return self._orders[epoch]
