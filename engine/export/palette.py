"""The 256 colors that all pictures of a GIF share: grays stay gray, and as they were. Knows no film."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.export.style import Color

Bytes = NDArray[np.uint8]

_COLORS = 255  # the last place is for what did not change since the picture before
_FEW = 48  # shades of the curves, where the samples are gray
_BITS = 5  # of each part of a color that is no gray
_NEAR = 2**18  # colors compared at once
_ENOUGH = 2**19  # pixels that choose the shades


class Palette:
    """Made from some ``pictures`` RGB of a film: colors, which lines must keep, and what else the pictures hold.

    ``is_color``: the samples in them are.
    """

    def __init__(self, pictures: Sequence[Image.Image], inks: Sequence[Color], *, is_color: bool) -> None:
        pixels = np.concatenate([np.asarray(picture).reshape(-1, 3) for picture in pictures])
        gray = _is_gray(pixels)
        counts = np.bincount(pixels[gray, 0], minlength=256)
        levels = _levels(counts, _FEW if is_color else _COLORS - _FEW)
        shades = _shades(pixels[~gray], _COLORS - len(levels) - len(inks))
        self.colors = np.concatenate([np.repeat(levels[:, None], 3, axis=1), inks, shades]).astype(np.uint8)
        self._of_gray = np.abs(np.arange(256)[:, None] - levels.astype(np.int64)).argmin(axis=1).astype(np.uint8)
        self._of_color = self._nearest_colors()

    def indices(self, picture: Image.Image) -> Bytes:
        """Return for each pixel of an RGB ``picture`` the place of its color, uint8 ``[H, W]``; gray remains gray."""
        pixels = np.asarray(picture)
        red, green, blue = (pixels[..., part] for part in range(3))
        coarse = pixels.astype(np.uint16) >> (8 - _BITS)
        key = (coarse[..., 0] << 2 * _BITS) | (coarse[..., 1] << _BITS) | coarse[..., 2]
        return np.where((red == green) & (green == blue), self._of_gray[red], self._of_color[key])

    def _nearest_colors(self) -> Bytes:
        steps = np.arange(2**_BITS, dtype=np.int32) * 255 // (2**_BITS - 1)
        cells = np.stack(np.meshgrid(steps, steps, steps, indexing="ij"), axis=-1).reshape(-1, 3).astype(np.float32)
        known = self.colors.astype(np.float32)
        squares = (known**2).sum(axis=1)  # all are whole numbers below 2²⁴, which float32 holds as they are
        rows = _NEAR // len(known)
        nearest = [
            (squares - 2 * cells[start : start + rows] @ known.T).argmin(axis=1) for start in range(0, len(cells), rows)
        ]
        return np.concatenate(nearest).astype(np.uint8)


def _is_gray(pixels: Bytes) -> NDArray[np.bool_]:
    return (pixels[:, 0] == pixels[:, 1]) & (pixels[:, 1] == pixels[:, 2])


def _levels(counts: NDArray[np.int64], most: int) -> NDArray[np.int64]:
    """Return at most ``most`` of the 256 gray levels: those that occur, or without the rarest.

    As far as possible, of two neighbors one stays, so that no gray moves by more than one level.
    """
    levels = np.flatnonzero(counts)
    if len(levels) <= most:
        return levels
    keep = np.ones(len(levels), np.bool_)
    for strict in (True, False):
        for place in np.argsort(counts[levels], kind="stable").tolist():
            beside = keep[max(place - 1, 0) : place + 2]
            if keep.sum() > most and keep[place] and (beside.all() or not strict):
                keep[place] = False
    return levels[keep]


def _shades(pixels: Bytes, most: int) -> Bytes:
    """Return at most ``most`` colors that stand for those of ``pixels`` ``[N, 3]``."""
    if not len(pixels):
        return pixels
    some = np.ascontiguousarray(pixels[:: len(pixels) // _ENOUGH + 1])
    packed = Image.fromarray(some[None]).quantize(most, Image.Quantize.MEDIANCUT)
    return np.unique(np.array(packed.getpalette(), np.uint8).reshape(-1, 3), axis=0)[:most]
