"""What is told of a run: its words, its epochs and its curves. Reads the run folder; draws nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.datasets.sets import DATASETS
from engine.errors import UserError
from engine.events import MetricsRow, Quality
from engine.i18n import mark, number, speaking_of, tr
from engine.recipes import RECIPES
from engine.runs import RunFolder, RunInfo
from engine.text import LONGEST_NAME, plain

Floats = NDArray[np.float64]
Role = Literal["generator", "discriminator", "real"]
Form = Literal["plain", "percent", "distance"]
Dash = tuple[int, int]

SOLID: Dash = (1, 0)
DASHED: Dash = (9, 5)
DOTTED: Dash = (3, 3)
_FEWEST_POINTS, _MOST_POINTS = 60, 240  # of a curve: more would be noise on a plot of some hundred pixels
_ROWS_TO_A_POINT = 3  # the row at an epoch's end may be the mean over few steps
_LARGEST = 1e12
_LEAST_DISTANCE = 1e-2  # a logarithm needs more than nothing


@dataclass(frozen=True)
class Mark:
    """An epoch's end: ``x`` is its place on the time axis, in epochs; the texts are in the caller's language."""

    epoch: int
    x: float
    epoch_text: str
    images_text: str


@dataclass(frozen=True)
class Curve:
    """Values ``y`` over ascending ``x`` (in epochs), both ``[points]``; a NaN is a gap."""

    name: str
    role: Role
    dash: Dash
    x: Floats
    y: Floats

    def value(self, x: float) -> float:
        """Return the newest value at ``x``, NaN where there is none yet or it is a gap."""
        place = int(np.searchsorted(self.x, x, "right")) - 1
        return float(self.y[place]) if place >= 0 else float("nan")

    def height(self, x: float) -> float:
        """Return where the line is at ``x``, NaN outside it and in a gap."""
        return float(np.interp(x, self.x, self.y, left=np.nan, right=np.nan)) if len(self.x) else float("nan")


@dataclass(frozen=True)
class Plot:
    """Curves that share an axis; ``form`` says how its numbers are read and, of a distance, that it is logarithmic.

    ``along`` is a source text: what the numbers below count.
    """

    title: str
    form: Form
    curves: tuple[Curve, ...]
    along: str = mark("Epochs")


@dataclass(frozen=True)
class Timeline:
    """All that is told of a run beside its samples; ``x_end`` is where the time axis ends, in epochs."""

    title: str
    data: str
    epochs: tuple[int, ...]
    marks: tuple[Mark, ...]
    plots: tuple[Plot, ...]
    x_end: float


def read_timeline(run: RunFolder, chosen: Sequence[int], epochs: Sequence[int]) -> Timeline:
    """Return the timeline of ``run`` with the marks of the ``chosen`` out of all its ``epochs``; raises ``UserError``.

    Texts are in the language of this moment, whatever it is later.
    """
    info = run.info()
    with speaking_of(info.facts.noun):
        return _timeline(run, info, chosen, epochs)


def _timeline(run: RunFolder, info: RunInfo, chosen: Sequence[int], epochs: Sequence[int]) -> Timeline:
    qualities = run.qualities()
    image_count = info.facts.image_count
    table = run.metrics_table()
    marks = _marks(table, chosen, epochs[-1], image_count)
    x = _column(table, "images_seen") / image_count
    return Timeline(
        _title(info),
        _data(info),
        tuple(epochs),
        marks,
        _plots(table, x, qualities, image_count),
        max(marks[-1].x, *x[-1:].tolist(), 1e-6),
    )


def epochs_of(run: RunFolder) -> list[int]:
    """Return the epochs of which ``run`` has samples, in order; raises ``UserError`` where there are none."""
    epochs = list(run.sample_files())
    if not any(epochs):  # epoch 0 alone is no training
        run.info()  # whatever is wrong with the run itself is said first
        raise UserError(
            tr("The run “{path}” has no samples yet.", path=run.path), tr("Train at least one whole epoch first.")
        )
    return epochs


def _marks(table: Floats, chosen: Sequence[int], last: int, image_count: int) -> tuple[Mark, ...]:
    """The samples of an epoch are drawn at its end: after the last row that belongs to it."""
    epochs, images = np.maximum.accumulate(_column(table, "epoch")), _column(table, "images_seen")
    rows = np.searchsorted(epochs, chosen, "right") - 1
    seen = [images[row] if row >= 0 else epoch * image_count for epoch, row in zip(chosen, rows, strict=True)]
    return tuple(
        Mark(
            epoch,
            float(count / image_count),
            tr("Epoch {epoch} of {total}", epoch=number(epoch), total=number(last)),
            tr("{count} {data:images} seen", count=number(count)),
        )
        for epoch, count in zip(chosen, seen, strict=True)
    )


def _title(info: RunInfo) -> str:
    recipe = RECIPES.get(info.config.recipe)
    return tr(recipe.title) if recipe else plain(info.config.recipe, LONGEST_NAME)


def _data(info: RunInfo) -> str:
    data = DATASETS.get(info.config.dataset)
    size, names = f"{info.facts.size}×{info.facts.size}", [column.name for column in info.facts.columns]
    shape = plain(", ".join(names), LONGEST_NAME) if names else size
    return " · ".join([tr(data.title) if data else info.config.dataset, shape])


def _column(table: Floats, name: str) -> Floats:
    return table[:, MetricsRow._fields.index(name)]


def _plots(table: Floats, x: Floats, qualities: Sequence[Quality], image_count: int) -> tuple[Plot, ...]:
    steps = np.diff(_column(table, "step"), prepend=0.0)
    points = min(max(len(table) // _ROWS_TO_A_POINT, _FEWEST_POINTS), _MOST_POINTS)

    def curve(name: str, role: Role, dash: Dash, column: str) -> Curve:
        return Curve(name, role, dash, *means(x, _column(table, column), steps, points))

    losses = (
        curve(tr("Generator"), "generator", SOLID, "g_loss"),
        curve(tr("Discriminator"), "discriminator", DASHED, "d_loss"),
    )
    verdicts = (
        curve(tr("{data:generated}"), "generator", SOLID, "d_fake"),
        curve(tr("real {data:images}"), "real", DOTTED, "d_real"),
    )
    plots = (Plot(tr("Loss"), "plain", losses), Plot(tr("Realism, says D"), "percent", verdicts))
    return (*plots, _distances(qualities, image_count)) if qualities else plots


def _distances(qualities: Sequence[Quality], image_count: int) -> Plot:
    x = np.array([quality.images_seen / image_count for quality in qualities])
    generated, real = (
        np.maximum([getattr(quality, name) for quality in qualities], _LEAST_DISTANCE)
        for name in ("frechet", "frechet_real")
    )
    curves = (
        Curve(tr("{data:generated}"), "generator", SOLID, x, generated),
        Curve(tr("as many real {data:images}"), "real", DASHED, x, real),
    )
    return Plot(tr("Fréchet distance"), "distance", curves)


def means(x: Floats, y: Floats, weights: Floats, points: int) -> tuple[Floats, Floats]:
    """Thin a curve ``[rows]`` to at most ``points`` weighted means over equal stretches of ascending ``x``.

    What is not finite, or so large that it might as well be, makes its point NaN, a gap. The ends stay where they are.
    """
    y = np.where(np.abs(y) < _LARGEST, y, np.nan)
    if len(x) <= points:
        return x, y
    starts = np.unique(np.searchsorted(x, np.linspace(x[0], x[-1], points, endpoint=False)))
    weights = np.maximum(weights, 1e-9)
    totals = np.add.reduceat(weights, starts)
    places, values = (np.add.reduceat(each * weights, starts) / totals for each in (x, y))
    places[[0, -1]] = x[[0, -1]]
    return places, values
