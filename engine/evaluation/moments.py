"""Simple measures of what a picture shows: stroke thickness, slant, size, place, loops, brightness, color. Numpy only.

Ink is whatever differs from the ground, and the ground is the middle value of the picture's rim: white strokes on
black are measured as black ones on white. A measure that does not make sense of a picture (the slant of an empty one)
is 0.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Pictures
from engine.i18n import mark

_INK = 0.5  # of the most ink in the picture: what belongs to a stroke when loops are counted
_LEAST_INK = 0.04  # of the whole range; fainter pictures are empty
_LUMA = np.array([0.299, 0.587, 0.114], np.float32)  # ITU-R 601-2

Values = NDArray[np.float64]


class PictureMeasure(NamedTuple):
    """``name`` is for files; ``title``, what grows (``more``) and shrinks (``less``), and the unit are source texts."""

    name: str
    title: str
    less: str
    more: str
    unit: str = ""


MEASURES: tuple[PictureMeasure, ...] = (
    PictureMeasure(
        "thickness", mark("stroke thickness"), mark("thinner strokes"), mark("thicker strokes"), mark("pixels")
    ),
    PictureMeasure("slant", mark("slant"), mark("leaning to the left"), mark("leaning to the right"), mark("degrees")),
    PictureMeasure("width", mark("width"), mark("narrower"), mark("wider"), mark("pixels")),
    PictureMeasure("height", mark("height"), mark("lower"), mark("taller"), mark("pixels")),
    PictureMeasure("loops", mark("loops"), mark("fewer loops"), mark("more loops")),
    PictureMeasure("brightness", mark("brightness"), mark("darker"), mark("brighter")),
    PictureMeasure("ground", mark("brightness of the ground"), mark("darker ground"), mark("brighter ground")),
    PictureMeasure(
        "x", mark("place from left to right"), mark("more to the left"), mark("more to the right"), mark("pixels")
    ),
    PictureMeasure("y", mark("place from top to bottom"), mark("higher up"), mark("further down"), mark("pixels")),
    PictureMeasure("saturation", mark("saturation"), mark("grayer"), mark("more colorful")),
    PictureMeasure("warmth", mark("warmth"), mark("bluer"), mark("redder")),
    PictureMeasure("green", mark("green"), mark("more purple"), mark("greener")),
)
"""Those of color are 0 for gray pictures."""

BY_NAME = {measure.name: measure for measure in MEASURES}


def measure(images: Pictures) -> dict[str, Values]:
    """Return each of ``MEASURES`` by its name as ``[N]`` for images uint8 ``[N, H, W]`` or ``[N, H, W, 3]``.

    Brightness (0 to 1) is that of the ink, ground that of the rest; saturation (0 to 1), warmth and green (-1 to 1)
    are of all pixels. Lengths are in pixels, x and y from the middle, the slant in degrees, positive where the top
    leans to the right.
    """
    pixels = images.astype(np.float32) / np.float32(255)
    gray = pixels @ _LUMA if pixels.ndim == 4 else pixels
    ground = _ground(pixels)
    inked = _ink(pixels, ground)
    total = inked.sum((1, 2), dtype=np.float64)
    x, y, variance_x, variance_y, covariance = _second_moments(inked, total)
    found = {
        "thickness": _ratio(2 * total, _outline(inked)),
        "slant": np.degrees(np.arctan(_ratio(-covariance, variance_y))),
        "width": np.sqrt(12 * variance_x),
        "height": np.sqrt(12 * variance_y),
        "loops": 1 - euler_number(inked > _INK * np.maximum(inked.max((1, 2), keepdims=True), _LEAST_INK)),
        "brightness": np.where(total > 0, _ratio((gray * inked).sum((1, 2)), total), gray.mean((1, 2))),
        "ground": np.asarray(ground @ _LUMA if pixels.ndim == 4 else ground, np.float64),
        "x": x,
        "y": y,
    }
    found["loops"] = np.where(total > 0, found["loops"], 0.0)
    return found | _colors(pixels)


def ink(images: Pictures) -> NDArray[np.float32]:
    """Return how much each pixel of images uint8 differs from the ground, ``[N, H, W]`` from 0 to 1."""
    pixels = images.astype(np.float32) / np.float32(255)
    return _ink(pixels, _ground(pixels))


def euler_number(inked: NDArray[np.bool_]) -> Values:
    """Return pieces minus holes ``[N]`` of ``inked`` ``[N, H, W]``, whose pixels also touch at corners (Gray, 1971).

    A ring counts 0, an 8 is -1, two separate strokes are 2.
    """
    padded = np.pad(inked, ((0, 0), (1, 1), (1, 1))).astype(np.int8)
    a, b, c, d = padded[:, :-1, :-1], padded[:, :-1, 1:], padded[:, 1:, :-1], padded[:, 1:, 1:]
    count = a + b + c + d
    diagonal = (count == 2) & (a == d)
    ones, threes, diagonals = ((kind).sum((1, 2)) for kind in (count == 1, count == 3, diagonal))
    return np.asarray((ones - threes - 2 * diagonals) / 4, np.float64)


def _ground(pixels: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return the middle value of the rim, ``[N]`` or ``[N, 3]``."""
    rim = np.concatenate([pixels[:, 0], pixels[:, -1], pixels[:, :, 0], pixels[:, :, -1]], axis=1)
    return np.asarray(np.median(rim, axis=1), np.float32)


def _ink(pixels: NDArray[np.float32], ground: NDArray[np.float32]) -> NDArray[np.float32]:
    """Return how much each pixel differs from ``ground``, ``[N, H, W]`` from 0 to 1, faint differences left out."""
    difference = np.abs(pixels - (ground[:, None, None, :] if pixels.ndim == 4 else ground[:, None, None]))
    ink = difference.max(-1) if pixels.ndim == 4 else difference
    return np.where(ink > _LEAST_INK, ink, np.float32(0))


def _outline(ink: NDArray[np.float32]) -> Values:
    """Return the total variation ``[N]``: the length of the outline, however soft the edge is (coarea formula).

    The gradient is taken where four pixels meet, so that no direction is favored.
    """
    padded = np.pad(ink, ((0, 0), (1, 1), (1, 1)))
    a, b, c, d = padded[:, :-1, :-1], padded[:, :-1, 1:], padded[:, 1:, :-1], padded[:, 1:, 1:]
    across, down = (b + d - a - c) / 2, (c + d - a - b) / 2
    return np.sqrt(across * across + down * down).sum((1, 2), dtype=np.float64)


def _second_moments(ink: NDArray[np.float32], total: Values) -> tuple[Values, Values, Values, Values, Values]:
    """Return the center from the middle, the variances of x and y, a pixel's own among them, and their covariance."""
    height, width = ink.shape[1:]
    across, down = np.arange(width) - (width - 1) / 2, np.arange(height) - (height - 1) / 2
    columns, rows = ink.sum(1, dtype=np.float64), ink.sum(2, dtype=np.float64)
    x, y = _ratio(columns @ across, total), _ratio(rows @ down, total)
    own = np.where(total > 0, 1 / 12, 0)
    variance_x = _ratio(columns @ across**2, total) - x**2 + own
    variance_y = _ratio(rows @ down**2, total) - y**2 + own
    mixed = _ratio(np.einsum("nhw,h,w->n", ink, down, across), total)
    return x, y, np.maximum(variance_x, 0), np.maximum(variance_y, 0), mixed - x * y


def _colors(pixels: NDArray[np.float32]) -> dict[str, Values]:
    if pixels.ndim == 3:
        return {name: np.zeros(len(pixels)) for name in ("saturation", "warmth", "green")}
    red, green, blue = (pixels[..., channel].mean((1, 2), dtype=np.float64) for channel in range(3))
    saturation = (pixels.max(-1) - pixels.min(-1)).mean((1, 2), dtype=np.float64)
    return {"saturation": saturation, "warmth": red - blue, "green": green - (red + blue) / 2}


def _ratio(above: NDArray[np.floating], below: NDArray[np.floating]) -> Values:
    return np.divide(above, below, out=np.zeros(len(below)), where=below > 0, dtype=np.float64)
