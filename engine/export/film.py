"""The film of a training: its samples epoch by epoch, and the curves beside them. Knows no window and no terminal."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.export import encoders
from engine.export.frames import Frames
from engine.export.options import ExportOptions, evenly, kind_of
from engine.export.palette import Palette
from engine.export.sheet import contact_sheet, draw_sheet
from engine.export.timeline import Mark, Timeline, epochs_of, read_timeline
from engine.files import atomic_path
from engine.job import Job, Progress, result_of
from engine.runs import RunFolder

FILMS = (".mp4", ".gif")
"""The endings of files that are films."""
_LOOKED_AT = 6  # pictures that choose the colors of a GIF
_TELLING = 0.6  # of the way: there, both what was and what comes can be seen

Draw = Callable[[Mark], Image.Image]


def save(run: RunFolder, path: Path, options: ExportOptions | None = None) -> Job[Progress, None]:
    """Save what the ending of ``path`` names, a film or a contact sheet, and yield how far it is.

    Closing the generator cancels. Raises ``UserError``: another ending, no samples yet, a damaged file of the run, a
    place that cannot be written. The file is there whole or not at all.
    """
    if kind_of(path) in FILMS:
        yield from film(run, path, options)
    else:
        yield from contact_sheet(run, path, dark=bool(options and options.dark))


def film(run: RunFolder, path: Path, options: ExportOptions | None = None) -> Job[Progress, None]:
    """Save the film of ``run`` as ``path``, .mp4 or .gif, and yield how many pictures are done; see ``save``."""
    kind, options = kind_of(path, FILMS), options or ExportOptions()
    epochs = epochs_of(run)
    timeline = read_timeline(run, options.chosen(epochs), epochs)
    frames, draw = _drawing(run, timeline, options)
    total, speed = len(timeline.marks), options.speed(len(epochs))
    with atomic_path(path) as part, encoder(kind, part, timeline, frames, draw, options) as add:
        yield Progress(0, total)
        for done, mark in enumerate(timeline.marks, 1):
            add(draw(mark), 1 / speed if done < total else options.seconds_held)
            yield Progress(done, total)


def preview(run: RunFolder, kind: str, options: ExportOptions, room: tuple[int, int]) -> tuple[NDArray[np.uint8], int]:
    """Return a picture RGB ``[H, W, 3]`` of what ``save`` would write, and how many epochs there are to show.

    It is no larger than ``room`` (width, height). ``kind`` is one of ``KINDS``. Raises ``UserError``.
    """
    epochs = epochs_of(run)
    if kind in FILMS:
        timeline = read_timeline(run, [epochs[round(_TELLING * (len(epochs) - 1))], epochs[-1]], epochs)
        picture = _drawing(run, timeline, options)[1](timeline.marks[0])
    else:
        picture = result_of(draw_sheet(run, dark=options.dark))
    picture.thumbnail(room, Image.Resampling.LANCZOS)
    return np.asarray(picture), len(epochs)


def last_picture(run: RunFolder, options: ExportOptions, room: tuple[int, int]) -> tuple[NDArray[np.uint8], int]:
    """Return the last picture of the film RGB ``[H, W, 3]``, with the whole curves, as ``preview`` returns its own."""
    epochs = epochs_of(run)
    timeline = read_timeline(run, [epochs[-1]], epochs)
    picture = _drawing(run, timeline, options)[1](timeline.marks[-1])
    picture.thumbnail(room, Image.Resampling.LANCZOS)
    return np.asarray(picture), len(epochs)


def _drawing(run: RunFolder, timeline: Timeline, options: ExportOptions) -> tuple[Frames, Draw]:
    frames = Frames(timeline, run.read_samples(timeline.epochs[-1]), dark=options.dark)
    return frames, lambda mark: frames.draw(mark, run.read_samples(mark.epoch))


def encoder(
    kind: str, path: Path, timeline: Timeline, frames: Frames, draw: Draw, options: ExportOptions
) -> AbstractContextManager[encoders.Add]:
    """Return what writes the film ``path`` of a ``kind`` of file; ``draw`` shows it what colors there are."""
    if kind == ".mp4":
        return encoders.mp4(path, frames.size, options.speed(len(timeline.epochs)))
    pictures = [draw(mark) for mark in evenly(timeline.marks, _LOOKED_AT)]
    palette = Palette(pictures, frames.inks, is_color=frames.is_color)
    return encoders.gif(path, frames.size, options.seconds_held, palette)
