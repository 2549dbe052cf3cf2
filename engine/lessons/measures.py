"""The vocabulary of lessons: everything that a check can ask about, in one table.

A measure says what it is called, in what it is counted, between which values it lies, and where it comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Literal, TypeAlias

import numpy as np

from engine.diagnosis import Recorded
from engine.events import MetricsRow, Quality
from engine.i18n import mark
from engine.lessons.measured import Measured

Kind = Literal["share", "number", "count", "yes"]
Series: TypeAlias = Sequence[tuple[float, float]]
"""(epochs, value) in order; what was measured beside a training has the epoch 0."""

TRAINING, JUDGE, EXPLORE, STYLE, DATA = (
    mark("the curves of the training"),
    mark("the judge"),
    mark("the workspace Explore"),
    mark("the workspace Style"),
    mark("the data"),
)
_DRAWN = 0.02  # of the samples, from which on a class counts as drawn


@dataclass(frozen=True)
class Measure:
    """``name`` is what a lesson calls it; ``title`` and ``help`` are English source texts.

    ``kind``: a share (0 to 1, shown in percent), a number, a count, or a yes (1) or no (0). It lies between ``low`` and
    ``high``, which a gauge spans. ``read`` returns the values of a run in order, and those of ``classes`` (indices)
    where it is measured ``by_class``; nothing where it has not been measured.
    """

    name: str
    title: str
    help: str
    source: str
    kind: Kind
    read: Callable[[Measured, Sequence[int]], Series]
    low: float = 0.0
    high: float = 1.0
    by_class: bool = False


# --- of the rows of a training


def _row(name: str) -> Callable[[Measured, Sequence[int]], Series]:
    """Return what reads the column ``name`` at the newest row."""

    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        run = measured.run
        return [(_epochs(run), float(_column(run, name)[-1]))] if run is not None and len(run.columns) else ()

    return read


def _mean(name: str) -> Callable[[Measured, Sequence[int]], Series]:
    """Return what reads the mean of a column over the last epoch, or what there is of it."""

    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        run = measured.run
        if run is None or not len(run.columns):
            return ()
        return [(_epochs(run), float(_column(run, name)[_last_epoch(run)].mean()))]

    return read


def _epochs_seen(measured: Measured, _classes: Sequence[int]) -> Series:
    run = measured.run
    return [(_epochs(run), _epochs(run))] if run is not None and len(run.columns) else ()


def _lead(measured: Measured, _classes: Sequence[int]) -> Series:
    real, fake = (_mean(name)(measured, ()) for name in ("d_real", "d_fake"))
    return [(real[0][0], real[0][1] - fake[0][1])] if real and fake else ()


def _swings(measured: Measured, _classes: Sequence[int]) -> Series:
    """Count how often G's loss turned, rising after it fell or falling after it rose."""
    run = measured.run
    if run is None or not len(run.columns):
        return ()
    loss = _column(run, "g_loss")
    ways = np.sign(np.diff(loss[np.isfinite(loss)]))
    ways = ways[ways != 0]
    return [(_epochs(run), float((ways[1:] != ways[:-1]).sum()))]


def _sum(name: str) -> Callable[[Measured, Sequence[int]], Series]:
    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        run = measured.run
        return [(_epochs(run), float(_column(run, name).sum()))] if run is not None and len(run.columns) else ()

    return read


def _changes(measured: Measured, _classes: Sequence[int]) -> Series:
    run = measured.run
    return [(_epochs(run), float(len(run.changes)))] if run is not None and len(run.columns) else ()


def _of_data(read: Callable[[Recorded], float]) -> Callable[[Measured, Sequence[int]], Series]:
    def read_it(measured: Measured, _classes: Sequence[int]) -> Series:
        return [(0.0, read(measured.run))] if measured.run is not None else ()

    return read_it


def _column(run: Recorded, name: str) -> np.ndarray:
    return run.columns[:, MetricsRow._fields.index(name)]


def _epochs(run: Recorded) -> float:
    return float(_column(run, "images_seen")[-1]) / max(run.facts.image_count, 1)


def _last_epoch(run: Recorded) -> slice:
    seen = _column(run, "images_seen")
    return slice(int(np.searchsorted(seen, seen[-1] - run.facts.image_count, side="right")), len(seen))


# --- of what the judge said


def _judged(value: Callable[[Quality], float | None]) -> Callable[[Measured, Sequence[int]], Series]:
    """Return what reads a value of every judgment that has it."""

    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        looks = measured.run.qualities if measured.run is not None else ()
        count = max(measured.run.facts.image_count, 1) if measured.run is not None else 1
        found = ((look.images_seen / count, value(look)) for look in looks)
        return [(epoch, each) for epoch, each in found if each is not None]

    return read


def _places(measured: Measured, classes: Sequence[int]) -> list[int]:
    """Return where ``classes`` of the data set stand among those that the run was trained on; -1 where they do not."""
    run = measured.run
    chosen = (run.config.classes or range(len(run.facts.class_names))) if run is not None else ()
    known = {label: place for place, label in enumerate(chosen)}
    return [known.get(label, -1) for label in classes]


def _as_asked(measured: Measured, classes: Sequence[int]) -> Series:
    """Return what was read as asked: of all samples, or of the class that does worst of ``classes``."""
    places = _places(measured, classes)

    def value(look: Quality) -> float | None:
        if not places:
            return look.accuracy
        matrix = look.confusion_matrix
        if matrix is None:
            return None
        return min(matrix[each][each] if 0 <= each < len(matrix) else 0.0 for each in places)

    return _judged(value)(measured, ())


def _drawn(measured: Measured, classes: Sequence[int]) -> Series:
    """Return the share of samples that are read as the class of ``classes`` that is drawn least."""
    places = _places(measured, classes)

    def value(look: Quality) -> float | None:
        shares = look.histogram
        if shares is None or not places:
            return None
        return min(shares[each] if 0 <= each < len(shares) else 0.0 for each in places)

    return _judged(value)(measured, ())


def _classes_drawn(look: Quality) -> float | None:
    return None if look.histogram is None else float(sum(share >= _DRAWN for share in look.histogram))


def _readable(look: Quality) -> float | None:
    return None if look.low_confidence is None else 1 - look.low_confidence


# --- of what was done beside a training


def _noted(name: str) -> Callable[[Measured, Sequence[int]], Series]:
    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        return [(0.0, measured.noted[name])] if name in measured.noted else ()

    return read


def _beside(name: str, title: str, help: str, source: str, kind: Kind, high: float = 1.0, low: float = 0.0) -> Measure:
    return Measure(name, title, help, source, kind, _noted(name), low, high)


_TABLE = (
    Measure("steps", mark("Steps"), mark("Updates of G so far"), TRAINING, "count", _row("step"), high=1e9),
    Measure(
        "epochs",
        mark("Epochs"),
        mark("Times that all real images were seen"),
        TRAINING,
        "number",
        _epochs_seen,
        high=1e6,
    ),
    Measure(
        "images",
        mark("Images seen"),
        mark("Real images that D was shown"),
        TRAINING,
        "count",
        _row("images_seen"),
        high=1e12,
    ),
    Measure(
        "seconds",
        mark("Seconds of training"),
        mark("Pauses do not count"),
        TRAINING,
        "number",
        _row("seconds"),
        high=1e9,
    ),
    Measure("d_loss", mark("D's loss"), mark("Mean of the last epoch"), TRAINING, "number", _mean("d_loss"), -1e6, 1e6),
    Measure("g_loss", mark("G's loss"), mark("Mean of the last epoch"), TRAINING, "number", _mean("g_loss"), -1e6, 1e6),
    Measure(
        "d_real",
        mark("D of real pictures"),
        mark("How real D takes real pictures to be, mean of the last epoch"),
        TRAINING,
        "share",
        _mean("d_real"),
    ),
    Measure(
        "d_fake",
        mark("D of generated pictures"),
        mark("How real D takes generated pictures to be, mean of the last epoch"),
        TRAINING,
        "share",
        _mean("d_fake"),
    ),
    Measure(
        "d_lead",
        mark("D's lead"),
        mark("D's verdict on real pictures minus that on generated ones: 0 is indecision, 1 is certainty"),
        TRAINING,
        "share",
        _lead,
        -1.0,
    ),
    Measure(
        "swings",
        mark("Turns of G's loss"),
        mark("How often it rose after falling, or fell after rising"),
        TRAINING,
        "count",
        _swings,
        high=1e9,
    ),
    Measure(
        "d_skipped",
        mark("Updates that D left out"),
        mark("Because its loss was too low"),
        TRAINING,
        "count",
        _sum("d_skipped"),
        high=1e9,
    ),
    Measure(
        "changes",
        mark("Options changed while training"),
        mark("Those that are marked on the curves"),
        TRAINING,
        "count",
        _changes,
        high=1e6,
    ),
    Measure(
        "frechet",
        mark("Fréchet distance"),
        mark("How far the samples are from real images; smaller is better"),
        JUDGE,
        "number",
        _judged(lambda look: look.frechet),
        high=1e6,
    ),
    Measure(
        "precision",
        mark("Fidelity"),
        mark("The share of samples that look like real images"),
        JUDGE,
        "share",
        _judged(lambda look: look.precision),
    ),
    Measure(
        "recall",
        mark("Variety"),
        mark("The share of real images that samples come near to"),
        JUDGE,
        "share",
        _judged(lambda look: look.recall),
    ),
    Measure(
        "read_as_asked",
        mark("Read as asked"),
        mark("The share of samples in which the judge reads what was asked for; of several classes, the worst"),
        JUDGE,
        "share",
        _as_asked,
        by_class=True,
    ),
    Measure(
        "drawn",
        mark("Drawn"),
        mark("The share of all samples that the judge reads as the class; of several classes, the rarest"),
        JUDGE,
        "share",
        _drawn,
        by_class=True,
    ),
    Measure(
        "classes_drawn",
        mark("Classes that are drawn"),
        mark("Those with at least 2% of the samples"),
        JUDGE,
        "count",
        _judged(_classes_drawn),
        high=1000,
    ),
    Measure(
        "readable",
        mark("Readable"),
        mark("The share of samples of which the judge is sure"),
        JUDGE,
        "share",
        _judged(_readable),
    ),
    Measure(
        "memorized",
        mark("Learned by heart"),
        mark("The share of samples that are copies of training images"),
        JUDGE,
        "share",
        _judged(lambda look: look.memorization),
    ),
    Measure(
        "duplicates",
        mark("Drawn twice"),
        mark("The share of samples that have a double among the samples"),
        JUDGE,
        "share",
        _judged(lambda look: look.duplicates),
    ),
    Measure(
        "data_images",
        mark("Real images"),
        mark("So many make an epoch"),
        DATA,
        "count",
        _of_data(lambda run: float(run.facts.image_count)),
        high=1e9,
    ),
    Measure(
        "data_classes",
        mark("Classes of the data"),
        mark("So many kinds of real images"),
        DATA,
        "count",
        _of_data(lambda run: float(len(run.facts.class_names))),
        high=1000,
    ),
    _beside(
        "found_off",
        mark("Difference to your picture"),
        mark("How far off each pixel of the picture is that was found"),
        EXPLORE,
        "share",
    ),
    _beside(
        "found_alike",
        mark("Read as the same"),
        mark("The judge reads the same in your picture and in the one found"),
        EXPLORE,
        "yes",
    ),
    _beside(
        "play_right",
        mark("Told apart"),
        mark("How many of the 20 pictures of your last round you told right"),
        EXPLORE,
        "count",
        20,
    ),
    _beside(
        "play_lead",
        mark("Your lead over D"),
        mark("What you told right in your last round minus what D did"),
        EXPLORE,
        "count",
        20,
        -20,
    ),
    _beside(
        "asked_verdict",
        mark("D's verdict on your picture"),
        mark("How real D takes to be what you drew or dropped"),
        EXPLORE,
        "share",
    ),
    _beside(
        "inspected",
        mark("Samples looked at closely"),
        mark("So many were examined since the lesson began"),
        EXPLORE,
        "count",
        1e6,
    ),
    _beside(
        "kept",
        mark("Points kept"),
        mark("So many points of latent space are kept with the run"),
        EXPLORE,
        "count",
        1000,
    ),
    _beside(
        "directions",
        mark("Directions found"),
        mark("Ways through z that change a picture in one respect"),
        EXPLORE,
        "count",
        1000,
    ),
    _beside(
        "truncated_variety",
        mark("Variety at the strongest truncation"),
        mark("What ψ = 0.3 left of it when its effect was measured"),
        EXPLORE,
        "share",
    ),
    _beside(
        "style_steps", mark("Steps of the painting"), mark("How often the picture was changed"), STYLE, "count", 100_000
    ),
    _beside(
        "style_left",
        mark("Style that is missing"),
        mark("The style loss of now, of what it was before the first step"),
        STYLE,
        "share",
        10,
    ),
)

MEASURES: dict[str, Measure] = {each.name: each for each in _TABLE}
