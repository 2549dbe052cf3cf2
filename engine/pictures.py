"""From what a generator puts out to pictures a person can look at. Numpy only; knows no torch and no Qt."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Samples

GAP = 2
"""Pixels between neighbors where pictures are laid out."""


def to_uint8(images: NDArray[np.floating], data_range: str = "-1..1") -> NDArray[np.uint8]:
    """Turn float ``[N, C, H, W]`` into uint8 ``[N, H, W]`` (C = 1) or ``[N, H, W, 3]`` (C = 3).

    ``data_range`` is the option of that name. Values outside are cut off, NaN becomes black. It inverts
    ``pixels / 127.5 - 1`` and ``pixels / 255`` exactly.
    """
    unit = images if data_range == "0..1" else images * 0.5 + 0.5
    scaled = np.rint(np.clip(unit, 0, 1) * 255)
    return as_pictures(np.nan_to_num(scaled, nan=0).astype(np.uint8))


def to_samples(images: NDArray[np.floating], data_range: str = "-1..1") -> Samples:
    """Turn what a generator puts out, float ``[N, C, H, W]``, into pictures as ``to_uint8`` does.

    Points, which are pictures of one pixel, become float32 ``[N, 1, 1, C]`` in units from -1 to 1: nothing is rounded
    or cut off, and NaN becomes 0.
    """
    if images.shape[2:] != (1, 1):
        return to_uint8(images, data_range)
    signed = images * 2 - 1 if data_range == "0..1" else images
    return as_pictures(np.nan_to_num(signed, nan=0).astype(np.float32))


def as_pictures(pixels: NDArray[Any]) -> Samples:
    """Turn ``[N, C, H, W]`` into ``[N, H, W]`` (C = 1) or ``[N, H, W, C]``."""
    return np.ascontiguousarray(pixels[:, 0] if pixels.shape[1] == 1 else pixels.transpose(0, 2, 3, 1))


def deviation(images: Samples) -> float:
    """Return how far the pictures uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` lie from their mean, in gray
    levels, or points ``[N, 1, 1, C]`` in their units.

    It is the root of the mean square over all pixels, 0 where all are alike or there are none.
    """
    return float(np.sqrt(images.astype(np.float32).var(0).mean())) if len(images) else 0.0


def tile(
    images: NDArray[np.uint8], columns: int, gap: int = GAP, background: int = 48, rows: int = 1
) -> NDArray[np.uint8]:
    """Lay uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` out row by row as one picture with ``columns`` columns.

    ``gap`` pixels of gray level ``background`` separate neighbors; the outer edge has none, and cells left over are
    background too: in the last row, or where there are to be more ``rows``. No images give one pixel of background.
    """
    count, height, width = images.shape[:3]
    color = images.shape[3:]
    if not count:
        return np.full((1, 1, *color), background, np.uint8)
    rows = max(rows, -(-count // columns))
    cells = np.full((rows * columns, height + gap, width + gap, *color), background, np.uint8)
    cells[:count, :height, :width] = images
    grid = cells.reshape(rows, columns, *cells.shape[1:]).swapaxes(1, 2)
    picture = grid.reshape(rows * (height + gap), columns * (width + gap), *color)
    return np.ascontiguousarray(picture[: picture.shape[0] - gap, : picture.shape[1] - gap])
