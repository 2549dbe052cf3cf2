"""The film of a style transfer: the picture step by step, its losses beside it. Knows no window and no terminal."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from PIL import Image

from engine.arrays import Picture
from engine.export.film import FILMS, encoder
from engine.export.frames import Frames
from engine.export.options import ExportOptions, kind_of
from engine.export.timeline import DASHED, DOTTED, SOLID, Curve, Mark, Plot, Timeline
from engine.files import atomic_path
from engine.i18n import mark, number, tr
from engine.job import Job, Progress
from engine.style.events import StyleTick
from engine.style.history import History, positive

_SIDE = 512  # pixels that a picture is enlarged to


def save(history: History, path: Path, options: ExportOptions | None = None) -> Job[Progress, None]:
    """Save the film of ``history`` as ``path``, .mp4 or .gif, and yield how many pictures are done.

    Closing the generator cancels. Raises ``UserError``: another ending, a place that cannot be written. The file is
    there whole or not at all.
    """
    kind, options = kind_of(path, FILMS), options or ExportOptions()
    ticks = [history.ticks[place] for place in options.chosen(range(len(history.ticks)))]
    timeline = _timeline(history, ticks)
    frames = Frames(timeline, _enlarged(ticks[-1].picture), dark=options.dark)
    pictures = dict(zip(timeline.epochs, (tick.picture for tick in ticks), strict=True))

    def draw(at: Mark) -> Image.Image:
        return frames.draw(at, _enlarged(pictures[at.epoch]))

    total, speed = len(timeline.marks), options.speed(len(history.ticks))
    with atomic_path(path) as part, encoder(kind, part, timeline, frames, draw, options) as add:
        yield Progress(0, total)
        for done, at in enumerate(timeline.marks, 1):
            add(draw(at), 1 / speed if done < total else options.seconds_held)
            yield Progress(done, total)


def _timeline(history: History, ticks: Sequence[StyleTick]) -> Timeline:
    last = ticks[-1].step
    marks = tuple(
        Mark(
            tick.step,
            float(tick.step),
            tr("Step {step} of {total}", step=number(tick.step), total=number(last)),
            f"{tick.picture.shape[1]}×{tick.picture.shape[0]}",
        )
        for tick in ticks
    )
    x = history.steps

    def curve(title: str, name: str, role: str, dash: tuple[int, int]) -> Curve:
        return Curve(title, role, dash, x, positive(history.curve(name)))  # type: ignore[arg-type]

    curves = (
        curve(tr("Content"), "content", "discriminator", DASHED),
        curve(tr("Style"), "style", "generator", SOLID),
        curve(tr("Variation"), "variation", "real", DOTTED),
    )
    plot = Plot(tr("Losses"), "distance", curves, mark("Steps"))
    return Timeline(tr("Style transfer"), "", tuple(tick.step for tick in ticks), marks, (plot,), max(float(last), 1.0))


def _enlarged(picture: Picture) -> Picture:
    """Return ``picture`` so large that nobody sees its pixels."""
    image = Image.fromarray(picture)
    scale = _SIDE / max(image.size)
    return np.asarray(image.resize((round(scale * image.width), round(scale * image.height)), Image.Resampling.LANCZOS))
