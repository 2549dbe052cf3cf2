"""A picture that a person brings, a file or a drawing, as the generator of a run would have to draw it. No torch.

It is prepared as own pictures are. For handwritten digits it becomes one as MNIST's are: white on black, 20 of 28
pixels long, its center of mass in the middle (LeCun et al., 1998, "Gradient-based learning applied to document
recognition"), so that a photo of a digit on paper is understood. Draws no random numbers and knows no run folder.
"""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.arrays import Picture
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.datasets.picture_files import REASON_TITLES
from engine.datasets.prepare import PrepareOptions, UnusableImage, opaque, prepare, squared
from engine.datasets.sets import DATASETS
from engine.errors import UserError, reason
from engine.files import insist_on_file
from engine.i18n import tr
from engine.points.refusals import insist_on_pictures

_DETAIL = 4  # times the side at which strokes are found and measured
_LENGTH = 20 / 28
_STROKE = 0.25  # of the most ink: where a stroke ends
_LEAST = 0.1  # of the whole range: what a picture must differ in to show anything


def from_file(path: Path, config: Config, facts: DatasetInfo) -> Picture:
    """Return the picture in ``path`` as uint8 ``[H, W]`` or ``[H, W, 3]`` of the run's own kind.

    Raises ``UserError`` where it is no picture, or where nothing is on it.
    """
    insist_on_pictures(facts)
    is_own = config.dataset in DATASETS and DATASETS[config.dataset].origin == "folder"
    own = PrepareOptions.of(config) if is_own else PrepareOptions(image_fit="pad")
    look = replace(own, image_size=facts.size, image_color="gray" if facts.channels == 1 else "color")
    is_stroke = _shows_digits(config)
    hint = tr("Give a PNG or JPEG with one thing on it, such as a digit.")
    try:
        insist_on_file(path)
        if not is_stroke:
            return _seen(_picture(prepare(path, look)))
        if _has_its_size(path, facts.size):
            whole = _seen(_picture(prepare(path, look)))
            return 255 - whole if _ground(whole) > 127 else whole
        return _as_digit(_picture(prepare(path, replace(look, image_size=_DETAIL * facts.size))), facts)
    except UnusableImage as error:
        raise UserError(
            tr(
                "“{path}” is no picture that can be looked for: {reason}.",
                path=path,
                reason=tr(REASON_TITLES[error.reason]),
            ),
            hint,
        ) from None
    except OSError as error:
        raise UserError(tr("“{path}” could not be read: {reason}.", path=path, reason=reason(error)), hint) from None


def from_drawing(pixels: NDArray[np.uint8], config: Config, facts: DatasetInfo) -> Picture:
    """Do the same with pixels uint8 ``[H, W]``, ``[H, W, 3]`` or ``[H, W, 4]``; empty ones raise ``UserError``."""
    insist_on_pictures(facts)
    side = facts.size * (_DETAIL if _shows_digits(config) else 1)
    image = opaque(pixels).convert("L" if facts.channels == 1 else "RGB")
    drawn = np.asarray(squared(image, PrepareOptions(image_size=side, image_fit="pad")), np.uint8)
    return _as_digit(drawn, facts) if _shows_digits(config) else _seen(drawn)


def _shows_digits(config: Config) -> bool:
    return config.dataset in DATASETS and DATASETS[config.dataset].judge == "digits"


def _has_its_size(path: Path, size: int) -> bool:
    try:
        with Image.open(path) as image:
            return bool(image.size == (size, size))
    except Exception:  # ``prepare`` says what is wrong with it
        return False


def _picture(pixels: NDArray[np.uint8]) -> Picture:
    return pixels[0] if len(pixels) == 1 else np.ascontiguousarray(pixels.transpose(1, 2, 0))


def _seen(picture: Picture) -> Picture:
    """Return ``picture``; raises ``UserError`` where it is of one color."""
    if int(picture.max()) - int(picture.min()) < _LEAST * 255:
        raise UserError(tr("There is nothing on the picture."), tr("Draw something, or give another picture."))
    return picture


def _as_digit(picture: Picture, facts: DatasetInfo) -> Picture:
    ink = np.abs(_seen(picture).astype(np.float32) - _ground(picture))
    ink *= 255 / ink.max()
    rows, columns = (np.flatnonzero((ink > _STROKE * 255).any(axis)) for axis in (1, 0))
    cut = ink[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1]
    scale = _LENGTH * facts.size / max(cut.shape)
    width, height = (max(round(side * scale), 1) for side in (cut.shape[1], cut.shape[0]))
    small = np.asarray(Image.fromarray(cut.astype(np.uint8)).resize((width, height), Image.Resampling.BOX))
    return _centered(small, facts.size)


def _ground(picture: Picture) -> float:
    """Return the middle value of the rim."""
    return float(np.median(np.concatenate([picture[0], picture[-1], picture[:, 0], picture[:, -1]])))


def _centered(small: Picture, size: int) -> Picture:
    """Return ``small`` ``[h, w]`` on black ``[size, size]``, its center of mass in the middle where it has room."""
    weights, places = small.astype(np.float64), []
    for axis, side in enumerate(small.shape):
        mass = float((weights.sum(1 - axis) * (np.arange(side) + 0.5)).sum() / weights.sum())
        places.append(min(max(round(size / 2 - mass), 0), size - side))
    whole = np.zeros((size, size), np.uint8)
    whole[places[0] : places[0] + small.shape[0], places[1] : places[1] + small.shape[1]] = small
    return whole
