"""From a photograph of a sheet to digits as MNIST has them: set upright by its black squares, cut, centered, cleaned.

The digits are treated as those of MNIST were: 20 pixels in their longer side, their center of mass in the middle of
28×28 (LeCun et al., http://yann.lecun.com/exdb/mnist).
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from scipy import ndimage

from engine.datasets.prepare import UnusableImage, prepare_whole
from engine.errors import UserError
from engine.i18n import tr
from engine.sheets import layout

_SIDE = 2000  # pixels of the longer side of what is looked at, at least where the photograph has them
_DOTS = 8  # to a millimeter of the sheet set upright
_INK = 0.65  # of the paper's brightness around; below is ink
_RIM = 0.09  # of a box, at each side: its printed edge, if the sheet lay a little wavy
_LEAST_INK = 0.012  # of a box; less is a speck
_INNER, _OUTER = 20, 28
_COARSE = 8  # pixels to one, where the light is looked for

_Gray = NDArray[np.float32]
_Point = tuple[float, float]


@dataclass(frozen=True, eq=False)
class Digits:
    """What was written: ``images`` uint8 ``[N, 28, 28]``, white on black, with ``labels`` int64 ``[N]``.

    ``empty`` boxes held nothing.
    """

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]
    empty: int


def read_sheet(path: Path) -> Digits:
    """Cut the digits out of the photograph in ``path``; raises ``UserError`` where that cannot be."""
    try:
        pixels = prepare_whole(path, _SIDE)
    except UnusableImage as error:
        raise UserError(
            tr("“{path}” cannot be used: {reason}.", path=path, reason=tr(error.reason.value)),
            tr("Take another photograph of the sheet."),
        ) from None
    found = cut(pixels)
    if found is None:
        raise UserError(
            tr("In “{path}” the four black squares of the sheet are not found.", path=path),
            tr("Photograph the whole sheet from above, flat and evenly lit, with a little of the table around it."),
        )
    return found


def cut(pixels: NDArray[np.uint8]) -> Digits | None:
    """Do the same with a photograph uint8 ``[H, W, 3]``; None where the squares are not found."""
    photograph = Image.fromarray(pixels).convert("L")
    photograph.thumbnail((_SIDE, _SIDE))
    paper = _evened(np.asarray(photograph, np.float32))
    corners = _find_marks(paper < _INK)
    if corners is None:
        return None
    upright = _set_upright(paper, corners)
    cut_out = [(label, _digit(_inside(upright, left, top))) for label, left, top in layout.boxes()]
    written = [(label, image) for label, image in cut_out if image is not None]
    images = np.array([image for _, image in written], np.uint8).reshape(-1, _OUTER, _OUTER)
    return Digits(images, np.array([label for label, _ in written], np.int64), len(cut_out) - len(written))


def cut_drawing(drawing: NDArray[np.uint8]) -> NDArray[np.uint8] | None:
    """Return what is drawn white on black on ``drawing`` uint8 ``[S, S]`` as an image uint8 ``[28, 28]``.

    It is treated as what is written in a box of a sheet; None where there is next to nothing.
    """
    return _digit(np.asarray(1 - drawing / 255, np.float32))


def _evened(gray: _Gray) -> _Gray:
    """Return brightness relative to the paper around, 1 where there is nothing: shadows and lamps are gone."""
    small = np.asarray(
        Image.fromarray(gray).resize([side // _COARSE for side in gray.shape[::-1]], Image.Resampling.BOX)
    )
    reach = max(small.shape) // 25
    ground = ndimage.gaussian_filter(ndimage.percentile_filter(small, 80, size=max(reach, 3)), reach / 2)
    rows, columns = (np.linspace(0, side - 1, count) for side, count in zip(ground.shape, gray.shape, strict=True))
    paper = ndimage.map_coordinates(ground, np.meshgrid(rows, columns, indexing="ij"), order=1, mode="nearest")
    evened: _Gray = np.clip(gray / np.maximum(paper, 1), 0, 1).astype(np.float32)
    return evened


def _find_marks(ink: NDArray[np.bool_]) -> list[_Point] | None:
    """Return the middles (x, y) of the four squares, clockwise from the one with a white middle; None without them."""
    parts, _ = ndimage.label(ink)
    places = enumerate(ndimage.find_objects(parts), 1)
    marks = (_mark(parts[place] == number, place, ink.shape) for number, place in places)
    candidates = [mark for mark in marks if mark is not None]
    if len(candidates) < len(layout.MARKS):
        return None
    chosen = [max(candidates, key=lambda point: x * point[0] + y * point[1]) for x, y in _WAYS]
    if len(set(chosen)) < len(layout.MARKS) or not _is_sheet(chosen):
        return None
    hollow = [_ink_share(ink, point) for point in chosen]
    first = int(np.argmin(hollow))
    return chosen[first:] + chosen[:first]


_WAYS = ((-1, -1), (1, -1), (1, 1), (-1, 1))  # clockwise from the upper left


def _mark(part: NDArray[np.bool_], place: tuple[slice, slice], whole: tuple[int, ...]) -> _Point | None:
    """Return the middle of a part of the picture if it is a black square, more or less upright."""
    rows, columns = part.shape
    least, most = min(whole) * 0.02, min(whole) * 0.1
    is_square = least <= rows <= most and least <= columns <= most and 0.6 <= rows / columns <= 1.67
    touches_rim = any(side.start == 0 or side.stop == edge for side, edge in zip(place, whole, strict=True))
    if not is_square or touches_rim:
        return None
    filled = ndimage.binary_fill_holes(part)
    if filled.mean() < 0.62 or part.sum() < 0.7 * filled.sum():
        return None
    y, x = ndimage.center_of_mass(filled)
    return float(x + place[1].start), float(y + place[0].start)


def _is_sheet(corners: list[_Point]) -> bool:
    """Whether the four could be those of a sheet of paper, seen from above: opposite sides are about as long."""
    sides = [float(np.hypot(b[0] - a[0], b[1] - a[1])) for a, b in pairwise([*corners, corners[0]])]
    return all(0.6 <= one / other <= 1.67 for one, other in zip(sides[:2], sides[2:], strict=True)) and min(sides) > 50


def _ink_share(ink: NDArray[np.bool_], point: _Point) -> float:
    """Return how much of the middle of a square is ink."""
    x, y = map(round, point)
    reach = max(round(min(ink.shape) * 0.005), 1)
    return float(ink[y - reach : y + reach + 1, x - reach : x + reach + 1].mean())


def _set_upright(paper: _Gray, corners: list[_Point]) -> _Gray:
    """Return the sheet as it was printed, ``_DOTS`` to a millimeter, bright paper 1."""
    width, height = (round(side * _DOTS) for side in layout.PAPER)
    coefficients = _perspective([(x * _DOTS, y * _DOTS) for x, y in layout.MARKS], corners)
    rows, columns = np.mgrid[0:height, 0:width].astype(np.float32)
    a, b, c, d, e, f, g, h = coefficients
    scale = g * columns + h * rows + 1
    places = ((d * columns + e * rows + f) / scale, (a * columns + b * rows + c) / scale)
    upright: _Gray = ndimage.map_coordinates(paper, places, order=1, mode="nearest")
    return upright


def _perspective(source: list[_Point], target: list[_Point]) -> NDArray[np.float64]:
    """Return the eight numbers of the projective map that leads each of four points to another."""
    rows, values = [], []
    for (x, y), (u, v) in zip(source, target, strict=True):
        rows += [[x, y, 1, 0, 0, 0, -u * x, -u * y], [0, 0, 0, x, y, 1, -v * x, -v * y]]
        values += [u, v]
    return np.linalg.solve(np.array(rows), np.array(values))


def _inside(upright: _Gray, left: float, top: float) -> _Gray:
    """Return what lies within a box, without its edge."""
    rim = _RIM * layout.BOX
    rows, columns = (
        slice(round((begin + rim) * _DOTS), round((begin + layout.BOX - rim) * _DOTS)) for begin in (top, left)
    )
    return upright[rows, columns]


def _digit(box: _Gray) -> NDArray[np.uint8] | None:
    """Return what is written in a box as an image uint8 ``[28, 28]``, None where there is nothing."""
    ink = box < _INK
    parts, count = ndimage.label(ink, np.ones((3, 3)))
    sizes = ndimage.sum_labels(ink, parts, range(1, count + 1))
    kept = np.isin(parts, [number for number, size in enumerate(sizes, 1) if size >= _LEAST_INK / 3 * ink.size])
    if kept.sum() < _LEAST_INK * ink.size:
        return None
    near = ndimage.binary_dilation(kept, iterations=3)
    strength = np.where(near, np.clip((1 - box) / max(1 - float(np.percentile(box[kept], 25)), 0.1), 0, 1), 0)
    rows, columns = (np.flatnonzero(kept.any(axis)) for axis in (1, 0))
    inner = strength[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    small = _shrunk(inner.astype(np.float32))
    y, x = ndimage.center_of_mass(small)
    whole = np.zeros((3 * _OUTER, 3 * _OUTER), np.float32)
    top, left = _OUTER + _OUTER // 2 - round(y), _OUTER + _OUTER // 2 - round(x)
    whole[top : top + small.shape[0], left : left + small.shape[1]] = small
    cut_out = whole[_OUTER : 2 * _OUTER, _OUTER : 2 * _OUTER]
    return np.rint(255 * cut_out / cut_out.max()).astype(np.uint8)


def _shrunk(inner: _Gray) -> _Gray:
    """Return ``inner`` with its longer side 20 pixels long."""
    height, width = inner.shape
    share = _INNER / max(height, width)
    size = (max(round(width * share), 1), max(round(height * share), 1))
    small = Image.fromarray(inner).resize(size, Image.Resampling.BOX if share < 1 else Image.Resampling.BILINEAR)
    return np.clip(np.asarray(small, np.float32), 0, 1)
