"""The film of a training: its samples epoch by epoch, and the curves beside them. Knows no window and no terminal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.export import encoders
from engine.export.choice import Wish, evenly, kind_of
from engine.export.course import Course, Moment, epochs_of, read_course
from engine.export.frames import Frames
from engine.export.half import whole_or_nothing
from engine.export.palette import Palette
from engine.export.sheet import contact_sheet, draw_sheet
from engine.job import Job, Progress, result_of
from engine.runs import RunFolder

_FILMS = (".mp4", ".gif")
_LOOKED_AT = 6  # pictures that choose the colours of a GIF
_TELLING = 0.6  # of the way: there, both what was and what comes can be seen

Draw = Callable[[Moment], Image.Image]


def save(run: RunFolder, path: Path, wish: Wish | None = None) -> Job[Progress, None]:
    """Save what the ending of ``path`` names, a film or a contact sheet, and yield how far it is.

    Closing the generator cancels. Raises ``UserError``: another ending, no samples yet, a damaged file of the run, a
    place that cannot be written. The file is there whole or not at all.
    """
    if kind_of(path) in _FILMS:
        yield from film(run, path, wish)
    else:
        yield from contact_sheet(run, path, dark=bool(wish and wish.dark))


def film(run: RunFolder, path: Path, wish: Wish | None = None) -> Job[Progress, None]:
    """Save the film of ``run`` as ``path``, .mp4 or .gif, and yield how many pictures are done; see ``save``."""
    kind, wish = kind_of(path, _FILMS), wish or Wish()
    epochs = epochs_of(run)
    course = read_course(run, wish.chosen(epochs), epochs)
    frames, draw = _drawing(run, course, wish)
    total, speed = len(course.moments), wish.speed(len(epochs))
    with whole_or_nothing(path) as part, _encoder(kind, part, course, frames, draw, wish) as add:
        yield Progress(0, total)
        for done, moment in enumerate(course.moments, 1):
            add(draw(moment), 1 / speed if done < total else wish.seconds_held)
            yield Progress(done, total)


def preview(run: RunFolder, kind: str, wish: Wish, room: tuple[int, int]) -> tuple[NDArray[np.uint8], int]:
    """Return a picture RGB ``[H, W, 3]`` of what ``save`` would write, and how many epochs there are to show.

    It is no larger than ``room`` (width, height). ``kind`` is one of ``KINDS``. Raises ``UserError``.
    """
    epochs = epochs_of(run)
    if kind in _FILMS:
        course = read_course(run, [epochs[round(_TELLING * (len(epochs) - 1))], epochs[-1]], epochs)
        picture = _drawing(run, course, wish)[1](course.moments[0])
    else:
        picture = result_of(draw_sheet(run, dark=wish.dark))
    picture.thumbnail(room, Image.Resampling.LANCZOS)
    return np.asarray(picture), len(epochs)


def _drawing(run: RunFolder, course: Course, wish: Wish) -> tuple[Frames, Draw]:
    frames = Frames(course, run.read_samples(course.epochs[-1]), dark=wish.dark)
    return frames, lambda moment: frames.draw(moment, run.read_samples(moment.epoch))


def _encoder(
    kind: str, path: Path, course: Course, frames: Frames, draw: Draw, wish: Wish
) -> AbstractContextManager[encoders.Add]:
    if kind == ".mp4":
        return encoders.mp4(path, frames.size, wish.speed(len(course.epochs)))
    pictures = [draw(moment) for moment in evenly(course.moments, _LOOKED_AT)]
    palette = Palette(pictures, frames.inks, is_colour=frames.is_colour)
    return encoders.gif(path, frames.size, wish.seconds_held, palette)
