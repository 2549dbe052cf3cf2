"""How each measure of a lesson is read from what was measured. Which there are stands in ``measures``."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeAlias

import numpy as np

from engine.diagnosis import Recorded
from engine.diagnosis.curves import Floats
from engine.events import MetricsRow, Quality
from engine.lessons.measured import Measured

Series: TypeAlias = Sequence[tuple[float, float]]
"""(epochs, value) in order; what was measured beside a training has the epoch 0."""
Read: TypeAlias = Callable[[Measured, Sequence[int]], Series]
"""Returns the values of a run in order, and those of classes (by their numbers in the data) where there are such."""

_DRAWN = 0.02  # of the samples, from which on a class counts as drawn


# --- of the rows of a training


def row(name: str) -> Read:
    """Return what reads the column ``name`` at the newest row."""

    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        run = measured.run
        return [(_epochs(run), float(_column(run, name)[-1]))] if run is not None and len(run.columns) else ()

    return read


def mean(name: str) -> Read:
    """Return what reads the mean of a column over the last epoch, or what there is of it."""

    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        run = measured.run
        if run is None or not len(run.columns):
            return ()
        return [(_epochs(run), float(_column(run, name)[_last_epoch(run)].mean()))]

    return read


def epochs_seen(measured: Measured, _classes: Sequence[int]) -> Series:
    """Read how often all real images were seen."""
    run = measured.run
    return [(_epochs(run), _epochs(run))] if run is not None and len(run.columns) else ()


def lead(measured: Measured, _classes: Sequence[int]) -> Series:
    """Read how far apart D's verdicts on real and generated images are."""
    real, fake = (mean(name)(measured, ()) for name in ("d_real", "d_fake"))
    return [(real[0][0], real[0][1] - fake[0][1])] if real and fake else ()


def swings(measured: Measured, _classes: Sequence[int]) -> Series:
    """Count how often G's loss turned, rising after it fell or falling after it rose."""
    run = measured.run
    if run is None or not len(run.columns):
        return ()
    loss = _column(run, "g_loss")
    ways = np.sign(np.diff(loss[np.isfinite(loss)]))
    ways = ways[ways != 0]
    return [(_epochs(run), float((ways[1:] != ways[:-1]).sum()))]


def total(name: str) -> Read:
    """Return what reads the sum of a column."""

    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        run = measured.run
        return [(_epochs(run), float(_column(run, name).sum()))] if run is not None and len(run.columns) else ()

    return read


def changes(measured: Measured, _classes: Sequence[int]) -> Series:
    """Read how many options were changed live."""
    run = measured.run
    return [(_epochs(run), float(len(run.changes)))] if run is not None and len(run.columns) else ()


def of_data(read: Callable[[Recorded], float]) -> Read:
    """Return what reads a fact of the data."""

    def read_it(measured: Measured, _classes: Sequence[int]) -> Series:
        return [(0.0, read(measured.run))] if measured.run is not None else ()

    return read_it


def _column(run: Recorded, name: str) -> Floats:
    return run.columns[:, MetricsRow._fields.index(name)]


def _epochs(run: Recorded) -> float:
    return float(_column(run, "images_seen")[-1]) / max(run.facts.image_count, 1)


def _last_epoch(run: Recorded) -> slice:
    seen = _column(run, "images_seen")
    return slice(int(np.searchsorted(seen, seen[-1] - run.facts.image_count, side="right")), len(seen))


# --- of what the judge said


def judged(value: Callable[[Quality], float | None]) -> Read:
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


def as_asked(measured: Measured, classes: Sequence[int]) -> Series:
    """Return what was read as asked: of all samples, or of the class that does worst of ``classes``."""
    places = _places(measured, classes)

    def value(look: Quality) -> float | None:
        if not places:
            return look.accuracy
        matrix = look.confusion_matrix
        if matrix is None:
            return None
        return min(matrix[each][each] if 0 <= each < len(matrix) else 0.0 for each in places)

    return judged(value)(measured, ())


def drawn(measured: Measured, classes: Sequence[int]) -> Series:
    """Return the share of samples that are read as the class of ``classes`` that is drawn least."""
    places = _places(measured, classes)

    def value(look: Quality) -> float | None:
        shares = look.histogram
        if shares is None or not places:
            return None
        return min(shares[each] if 0 <= each < len(shares) else 0.0 for each in places)

    return judged(value)(measured, ())


def classes_drawn(look: Quality) -> float | None:
    """Return how many classes are drawn."""
    return None if look.histogram is None else float(sum(share >= _DRAWN for share in look.histogram))


def readable(look: Quality) -> float | None:
    """Return the share of samples that can be read."""
    return None if look.low_confidence is None else 1 - look.low_confidence


# --- of what was done beside a training


def noted(name: str) -> Read:
    """Return what reads a number that was noted beside a training."""

    def read(measured: Measured, _classes: Sequence[int]) -> Series:
        return [(0.0, measured.noted[name])] if name in measured.noted else ()

    return read
