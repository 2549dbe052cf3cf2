"""Several runs side by side at the same moment: which epoch of each, which of their noise is the same. Qt-free."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Arrays
from engine.datasets.sets import DATASETS
from engine.events import Quality
from engine.i18n import PICTURES, Noun
from engine.recipes.words import differences
from engine.runs.info import RunInfo
from studio.model.run import Run
from studio.model.run_data import RunData
from studio.model.shared_noise import Drawn, Source, shared_noise

MOST_SHOWN = 4
"""Runs whose pictures have room beside each other."""
Floats = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class MirroredRun:
    """A run as it is read for the mirror; ``noise`` holds z and labels of its grids, None where they are lost.

    ``kept`` are the epochs whose generator can draw other noise, in order.
    """

    name: str
    run: Run
    noise: Arrays | None = None
    kept: tuple[int, ...] = ()


class Shown(NamedTuple):
    """The epoch of which a run is shown; ``drawn``: what it draws anew, else its own grid is shown at ``places``.

    No ``places`` means all of it, which is of its own noise.
    """

    epoch: int
    drawn: Drawn | None = None
    places: tuple[int, ...] = ()

    @property
    def is_shared(self) -> bool:
        """Whether the pictures are of the noise that all share."""
        return self.drawn is not None or bool(self.places)


class Measure(NamedTuple):
    """What is compared: ``better`` is -1 where less is, 1 where more is, 0 where neither; ``title`` is marked text."""

    name: str
    title: str
    better: int
    percent: bool = False


class Taken(NamedTuple):
    """What a measure of a run was; ``epoch`` is the one that was judged, None where a loss is told of the moment."""

    value: float
    epoch: int | None = None


class Curve(NamedTuple):
    """Runs of the same options drawn as one: mean, least and most of ``numbers``, at ascending images_seen ``x``."""

    numbers: tuple[int, ...]
    x: Floats
    mean: Floats
    low: Floats
    high: Floats


class Mirror:
    """``runs`` beside each other; those that differ in their seed only are a group: one curve with a band."""

    def __init__(self, runs: Sequence[MirroredRun] = ()) -> None:
        self.runs = tuple(runs)
        self.shown = self.runs[:MOST_SHOWN]
        self.moments = sorted({moment for each in self.runs for moment in _moments(each.run.data)})
        """Images seen at which any of them has a grid."""
        self.groups = _groups(self.runs)
        sources = [Source(each.run.info, each.noise, bool(each.kept)) for each in self.shown]
        self.noise = shared_noise(sources)

    @property
    def has_same_images(self) -> bool:
        """Whether an epoch is equally long in all of them."""
        return len({each.run.data.image_count for each in self.runs}) <= 1

    @property
    def noun(self) -> Noun:
        """What all of them are called that the runs are made of; pictures, where that differs."""
        nouns = {each.run.info.facts.noun for each in self.runs}
        return nouns.pop() if len(nouns) == 1 else PICTURES

    @property
    def last_of_all(self) -> int:
        """The place in ``moments`` of the last one that all of them have come to, as far as they have pictures."""
        ends = [max(_moments(each.run.data), default=None) for each in self.runs]
        return max(bisect_right(self.moments, min((end for end in ends if end is not None), default=0)) - 1, 0)

    def epoch_of(self, number: int, moment: int) -> int | None:
        """Return the newest epoch of a run that has a grid and had ended by ``moment``, None where there is none."""
        data = self.runs[number].run.data
        return max((epoch for epoch in data.grid_files if epoch * data.image_count <= moment), default=None)

    def shown_at(self, place: int, moment: int) -> Shown | None:
        """Return what is shown at ``moment`` of a run that is shown, None where it has no picture yet."""
        epoch, drawn = self.epoch_of(place, moment), self.noise.drawn[place]
        if epoch is None or isinstance(drawn, str) or not self.noise.count:
            return None if epoch is None else Shown(epoch)
        if drawn.places is not None:
            return Shown(epoch, places=drawn.places)
        kept = max((it for it in self.shown[place].kept if it <= epoch), default=None)
        return Shown(epoch) if kept is None else Shown(kept, drawn)

    def taken(self, number: int, measure: Measure, moment: int) -> Taken | None:
        """Return what a measure of a run was when it was taken last until ``moment``, None where it was not yet."""
        data = self.runs[number].run.data
        x, y = _series(data, measure.name)
        # What is measured of an epoch is measured after the step in which it ends.
        before = np.flatnonzero((x < moment + data.batch_size) & np.isfinite(y))
        if not len(before):
            return None
        last = int(before[-1])
        return Taken(float(y[last]), _epoch_of(data.qualities[last], data) if measure.name in _OF_QUALITY else None)

    @property
    def has_same_data(self) -> bool:
        """Whether all that are shown learn from the same data: what is measured against others is not comparable."""
        return len({_data(each.run.info) for each in self.shown}) <= 1

    def best(self, measure: Measure, moment: int) -> set[int]:
        """Return which of the runs shown are ahead; none where neither direction is better, or nothing to compare.

        What was judged of different epochs is not compared: that may be the time they had, and nothing else.
        """
        if not self.has_same_data:
            return set()
        taken = {number: self.taken(number, measure, moment) for number in range(len(self.shown))}
        known = {number: measure.better * each.value for number, each in taken.items() if each is not None}
        epochs = {each.epoch for each in taken.values() if each is not None}
        if not measure.better or len(epochs) > 1 or len(set(known.values())) < 2:
            return set()
        return {number for number, value in known.items() if value == max(known.values())}

    def curves(self, measure: Measure) -> list[Curve]:
        """Return the curves of a measure, a group each."""
        curves = [_curve(group, [self.runs[it].run.data for it in group], measure.name) for group in self.groups]
        return [curve for curve in curves if len(curve.x)]


def _data(info: RunInfo) -> tuple[object, ...]:
    config = info.config
    known = DATASETS.get(config.dataset)
    return config.dataset, "" if known and known.is_embedded else config.data_root, config.classes, info.facts


def _moments(data: RunData) -> Iterable[int]:
    return (epoch * data.image_count for epoch in data.grid_files)


def _groups(runs: Sequence[MirroredRun]) -> list[tuple[int, ...]]:
    groups: list[list[int]] = []
    for number, each in enumerate(runs):
        for group in groups:
            if not set(differences(each.run.config_now, runs[group[0]].run.config_now)) - {"seed"}:
                group.append(number)
                break
        else:
            groups.append([number])
    return [tuple(group) for group in groups]


_OF_QUALITY: dict[str, Callable[..., float | None]] = {
    "frechet": lambda quality: quality.frechet,
    "accuracy": lambda quality: quality.accuracy,
    "recall": lambda quality: quality.recall,
    "precision": lambda quality: quality.precision,
}


def _epoch_of(quality: Quality, data: RunData) -> int:
    """Return the epoch whose pictures were judged: at the end of a run the last one, be it cut short."""
    is_end = quality.images_seen >= data.total_images
    return -(-data.total_images // data.image_count) if is_end else quality.epoch


def _series(data: RunData, name: str) -> tuple[Floats, Floats]:
    """Return images_seen and values of a measure."""
    if name not in _OF_QUALITY:
        return data.series("images_seen"), data.series(name)
    values = [(quality.images_seen, _OF_QUALITY[name](quality)) for quality in data.qualities]
    table = np.array([(seen, np.nan if value is None else value) for seen, value in values], np.float64).reshape(-1, 2)
    return table[:, 0], table[:, 1]


def _curve(numbers: tuple[int, ...], runs: Sequence[RunData], name: str) -> Curve:
    """Return the curve of runs of the same options, at each moment of those that were measured before and after it."""
    series = []
    for data in runs:
        x, y = _series(data, name)
        known = np.isfinite(y)
        series.append((x[known], y[known]))
    series = [(x, y) for x, y in series if len(x)]
    if not series:
        return Curve(numbers, *(np.empty(0),) * 4)
    x = np.unique(np.concatenate([x for x, _ in series]))
    values = np.array([np.interp(x, xs, ys, left=np.nan, right=np.nan) for xs, ys in series])
    return Curve(numbers, x, np.nanmean(values, 0), np.nanmin(values, 0), np.nanmax(values, 0))
