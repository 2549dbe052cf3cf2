"""Differentiable augmentation: what D sees is moved, cut or recolored, and G learns through it.

Zhao et al., 2020, arXiv:2006.10738. Real and generated images are treated alike, so that D cannot learn a small
data set by heart and G need not imitate the changes.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn import functional as F

_MOVE = 0.125  # of the side, the paper's
_CUTOUT = 0.5

Part = Callable[[Tensor, torch.Generator, float], Tensor]
"""Takes images ``[N, C, H, W]``, the source of chance and black; returns such images."""


def augment(images: Tensor, policy: str, random: torch.Generator, empty: float = -1.0) -> Tensor:
    """Return changed images ``[N, C, H, W]``; ``policy`` is an option's value such as "translation,cutout".

    ``random`` lives on the images' device and is advanced; ``empty`` is the black that moves in at the sides.
    """
    for part in parts(policy):
        images = part(images, random, empty)
    return images


def parts(policy: str) -> list[Part]:
    """Return what is done to images under ``policy``, in its order: color first, so that holes stay plain."""
    return [] if policy == "none" else [_PARTS[name] for name in reversed(policy.split(","))]


def _translation(images: Tensor, random: torch.Generator, empty: float) -> Tensor:
    side = images.shape[-1]
    reach = int(side * _MOVE + 0.5)
    count = len(images)
    shift = torch.randint(-reach, reach + 1, (2, count, 1), generator=random, device=images.device)
    steps = torch.arange(side, device=images.device)
    rows, columns = ((steps + shift[axis] + 1).clamp(0, side + 1) for axis in (0, 1))
    padded = F.pad(images, (1, 1, 1, 1), value=empty)
    items = torch.arange(count, device=images.device)[:, None, None]
    return padded.permute(0, 2, 3, 1)[items, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2)


def _cutout(images: Tensor, random: torch.Generator, _empty: float) -> Tensor:
    count, width = len(images), images.shape[-1]
    size = int(width * _CUTOUT + 0.5)
    center = torch.randint(0, width + 1 - size % 2, (2, count, 1), generator=random, device=images.device)
    steps = torch.arange(width, device=images.device)
    low = center - size // 2
    inside = (steps >= low) & (steps < low + size)
    hole = inside[0][:, :, None] & inside[1][:, None, :]
    return images.masked_fill(hole[:, None], 0.0)


def _color(images: Tensor, random: torch.Generator, _empty: float) -> Tensor:
    brightness, saturation, contrast = torch.rand(
        (3, len(images), 1, 1, 1), generator=random, device=images.device
    ).unbind()
    images = images + (brightness - 0.5)
    if images.shape[1] == 3:
        gray = images.mean(1, keepdim=True)
        images = gray + (images - gray) * (saturation * 2)
    mean = images.mean((1, 2, 3), keepdim=True)
    return mean + (images - mean) * (contrast + 0.5)


_PARTS = {"translation": _translation, "cutout": _cutout, "color": _color}
