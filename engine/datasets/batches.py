"""The order in which real images are trained on, given by (seed, position) alone, so that resuming is exact."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from engine.datasets.images import ImageData

_LARGEST_SHARE = 0.5  # of the free memory of a GPU; the training needs the rest


class Batches:
    """All images, served in a new random order every epoch, or always in their own (``pixelshuffle`` False).

    They lie as one uint8 tensor on the training device where they fit; images mapped from the disk, and those too
    many for a GPU, are gathered batch by batch. Batches run on across the end of an epoch, so that every image is seen
    equally often.
    """

    def __init__(
        self,
        data: ImageData,
        seed: int,
        device: torch.device,
        data_range: str = "-1..1",
        *,
        shuffle: bool = True,
    ) -> None:
        self._images: Tensor | None = None
        self._on_disk = data.images
        if _fits(data, device):
            self._images = torch.from_numpy(data.images).to(device)
        self._labels = torch.from_numpy(data.labels).to(device)
        self._data_range = data_range
        self._seed = seed
        self._shuffles = shuffle
        self._device = device
        self._orders: dict[int, Tensor] = {}

    def get_batch(self, position: int, count: int) -> tuple[Tensor, Tensor]:
        """Return images float32 ``[count, C, H, W]`` in the data's range, labels ``[count]``, from ``position`` on."""
        epoch, offset = divmod(position, len(self._labels))
        indices = self._order(epoch)[offset : offset + count]
        while len(indices) < count:
            epoch += 1
            indices = torch.cat([indices, self._order(epoch)[: count - len(indices)]])
        pixels = self._gathered(indices) if self._images is None else self._images.index_select(0, indices)
        return in_range(pixels, self._data_range), self._labels.index_select(0, indices)

    def _gathered(self, indices: Tensor) -> Tensor:
        return torch.from_numpy(np.ascontiguousarray(self._on_disk[indices.cpu().numpy()])).to(self._device)

    def _order(self, epoch: int) -> Tensor:
        if epoch not in self._orders:
            order = self._new_order(epoch).to(self._device)
            self._orders = {key: old for key, old in self._orders.items() if key == epoch - 1} | {epoch: order}
        return self._orders[epoch]

    def _new_order(self, epoch: int) -> Tensor:
        if not self._shuffles:
            return torch.arange(len(self._labels))
        random = torch.Generator().manual_seed((self._seed * 1_000_003 + epoch) % 2**63)
        return torch.randperm(len(self._labels), generator=random)


def in_range(stored: Tensor, data_range: str) -> Tensor:
    """Return ``stored`` images uint8, or points float32 from -1 to 1, of any shape, as float32 in the data's range."""
    is_symmetric = data_range == "-1..1"
    if stored.is_floating_point():
        return stored if is_symmetric else stored.add(1).div_(2)
    images = stored.float()
    return images.div_(127.5).sub_(1) if is_symmetric else images.div_(255)


def _fits(data: ImageData, device: torch.device) -> bool:
    if device.type == "cuda":
        free, _ = torch.cuda.mem_get_info(device)
        return data.images.nbytes <= _LARGEST_SHARE * free
    return not isinstance(data.images, np.memmap)
