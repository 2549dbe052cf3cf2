"""A mipmap: an image in several sizes as one tensor, so that what is done to images can be done to all of them.

The full image ``[N, C, H, H]`` stands at the left, its halves right of it in a column from the top, unused cells are
zero: ``[N, C, H, H + H // 2]``. Knows no networks. Lists are ordered as ``growth.levels``: the smallest first.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor
from torch.nn import functional as F


def pack(images: Sequence[Tensor]) -> Tensor:
    """Return the mipmap of one picture's sizes ``[N, C, side, side]``."""
    full = images[-1]
    side = full.shape[-1]
    width = side // 2
    column = [F.pad(image, (0, width - image.shape[-1])) for image in reversed(images[:-1])]
    unused = full.new_zeros(*full.shape[:2], side - sum(part.shape[-2] for part in column), width)
    return torch.cat([full, torch.cat([*column, unused], 2)], 3)


def to_mipmap(images: Tensor, levels: Sequence[int]) -> Tensor:
    """Return the mipmap of plain images ``[N, C, H, H]``, whose sizes ``levels`` are made by average pooling."""
    sizes = [images]
    for _ in levels[1:]:
        sizes.insert(0, F.avg_pool2d(sizes[0], 2))
    return pack(sizes)


def from_mipmap(mipmap: Tensor, levels: Sequence[int]) -> list[Tensor]:
    """Return views of the images ``[N, C, side, side]``, one for each side in ``levels``."""
    full = levels[-1]
    images, top = [mipmap[..., :full]], 0
    for side in reversed(levels[:-1]):
        images.insert(0, mipmap[..., top : top + side, full : full + side])
        top += side
    return images
