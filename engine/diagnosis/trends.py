"""How the rows and judgments of a run go over time, seen over the grace period. Names no trouble."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from engine.diagnosis.curves import Floats, RunCurves
from engine.diagnosis.grace_period import grace_period
from engine.events import Quality

ONE_PICTURE_SHARE = 0.1  # of the grace period, where every picture is the same
_EVALUATIONS = 3  # that agree, before the judge's word counts


def lately(curves: RunCurves, column: Floats) -> float | None:
    """Return the mean of ``column`` ``[N]`` over the last half of the grace period, None before there was reason to
    lose it.
    """
    needed = grace_period(curves)
    if curves.seen < needed:
        return None
    rows = column[curves.last_rows(needed / 2)]
    return float(rows.mean()) if len(rows) >= 2 and np.isfinite(rows).all() else None


def agreeing(curves: RunCurves, says: Callable[[Quality], bool], share: float = 1.0) -> Sequence[Quality]:
    """Return the judgments, from the first to the last, that say so without a break until now; none if too few do.

    Two of them must come after ``share`` of the grace period.
    """
    qualities: list[Quality] = []
    for quality in reversed(curves.qualities):
        if not says(quality):
            break
        qualities.insert(0, quality)
    first = curves.began + share * grace_period(curves)
    ripe = [quality for quality in qualities if quality.images_seen >= first]
    return qualities if len(qualities) >= _EVALUATIONS and len(ripe) >= 2 else []


def has_enough_evaluations(curves: RunCurves) -> bool:
    """Whether enough is known of ``curves`` to call it healthy where no sign of trouble is seen."""
    needed = grace_period(curves)
    if not curves.config.eval_time_percent:
        return curves.seen >= 2 * needed
    ripe = [quality for quality in curves.qualities if quality.images_seen >= curves.began + needed]
    return curves.seen >= needed and len(curves.qualities) >= _EVALUATIONS and len(ripe) >= 2


def recent_evaluations(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments within the last grace period, at least the last two where there are as many."""
    needed, last = grace_period(curves), float(curves.images[-1]) if len(curves.images) else 0.0
    first = max(curves.began + needed / 2, last - needed)
    ripe = [quality for quality in curves.qualities if quality.images_seen > first]
    return ripe if len(ripe) >= 2 else curves.qualities[-2:]


def spaced_evaluations(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments after the grace period, a quarter of it apart: what trembles between is no swing."""
    apart = grace_period(curves) / 4
    kept: list[Quality] = []
    for quality in curves.qualities:
        if quality.images_seen > curves.began + 4 * apart and (
            not kept or quality.images_seen >= kept[-1].images_seen + apart
        ):
            kept.append(quality)
    return kept


def gets_better(curves: RunCurves) -> bool:
    """Whether the Fréchet distance fell lately to a tenth below all before, or nobody has looked and it may have.

    Coming back to where it was is no progress, and being a little less absurd is none either.
    """
    qualities = recent_evaluations(curves)
    if len(qualities) < 2:
        return curves.seen < 2 * grace_period(curves)
    late = qualities[len(qualities) // 2 :]
    before = min(quality.frechet for quality in curves.qualities if quality.images_seen < late[0].images_seen)
    best = min(late, key=lambda quality: quality.frechet)
    return best.frechet < 0.9 * before and not is_absurd(best)


def is_absurd(quality: Quality) -> bool:
    """Whether the pictures are farther from real ones than noise is."""
    return quality.frechet > 150 * quality.frechet_real


def is_nonsense(quality: Quality) -> bool:
    """Whether nobody would take the pictures for real ones."""
    return quality.frechet > 50 * quality.frechet_real


def worsening(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments from the best one on, where there were some since and the last two are worse by far."""
    far = 1.15
    best = min(range(len(curves.qualities)), key=lambda place: curves.qualities[place].frechet, default=0)
    qualities = curves.qualities[best:]
    last = min((quality.frechet for quality in qualities[-2:]), default=0.0)
    return qualities if len(qualities) > _EVALUATIONS and last > far * qualities[0].frechet else []


def one_picture(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments that saw one picture only, and saw it get no better, for a tenth of the grace period."""

    enough = curves.facts.image_count  # of fewer images than samples, even a perfect G must draw twins
    qualities = agreeing(
        curves, lambda quality: _is_one_picture(quality) and quality.count <= enough, ONE_PICTURE_SHARE
    )
    return [] if _hopes(qualities) else qualities


def _is_one_picture(quality: Quality) -> bool:
    return quality.duplicates >= 0.95 and quality.recall == 0.0


def _hopes(qualities: Sequence[Quality]) -> bool:
    """Whether the one picture comes nearer to real ones, and is not absurd."""
    before, late = qualities[: len(qualities) // 2], qualities[len(qualities) // 2 :]
    if not before or all(map(is_absurd, late)):
        return False
    return min(quality.frechet for quality in late) < 0.97 * min(quality.frechet for quality in before)


def one_picture_drawn(curves: RunCurves) -> Sequence[tuple[int, float]]:
    """Return the sample grids, until now, that show one picture only for a tenth of the grace period.

    Where the judge has looked, it must have seen one picture, too, and no progress; where it never has, they are waited
    for twice as long.
    """
    alike = 0.25
    share = ONE_PICTURE_SHARE if curves.qualities else 2 * ONE_PICTURE_SHARE
    grids: list[tuple[int, float]] = []
    for moment, spread in reversed(curves.spreads):
        if spread > alike:
            break
        grids.insert(0, (moment, spread))
    ripe = bool(grids) and grids[-1][0] >= curves.began + share * grace_period(curves)
    hopes = not all(map(_is_one_picture, curves.qualities)) or _hopes(curves.qualities)
    return [] if len(grids) < _EVALUATIONS or not ripe or hopes else grids


def stands_still(curves: RunCurves) -> bool:
    """Whether the Fréchet distance hardly changes while hardly any picture lies among real ones."""
    qualities = recent_evaluations(curves)
    values = [quality.frechet for quality in qualities]
    return (
        len(qualities) >= 2
        and max(values) < 1.15 * min(values)
        and max(quality.precision for quality in qualities) < 0.2
    )


def climbs(values: Sequence[float], factor: float) -> list[tuple[float, float]]:
    """Return each climb from a lowest to the next highest value that is ``factor`` times as high, or more.

    A new climb begins where half of the last one, on a logarithmic scale, is lost again.
    """
    found: list[tuple[float, float]] = []
    low = high = values[0] if values else math.inf
    for value in values[1:]:
        if value > high:
            high = value
        elif value * math.sqrt(factor) < high:
            found.append((low, high))
            low = high = value
        low, high = (value, value) if value < low else (low, high)
    return [(low, high) for low, high in [*found, (low, high)] if math.inf > high >= factor * low > 0]


def is_bad(curves: RunCurves) -> bool:
    """Whether the pictures are far from real ones: ten times farther than real images are from each other."""
    return not curves.qualities or curves.qualities[-1].frechet > 10 * curves.qualities[-1].frechet_real


def thins_out(curves: RunCurves) -> bool:
    """Whether twins are getting fewer, seen over half the grace period and at least some judgments."""
    qualities = curves.qualities
    long_ago = [
        quality for quality in qualities if quality.images_seen <= qualities[-1].images_seen - grace_period(curves) / 2
    ]
    before = min(qualities[-_EVALUATIONS], (long_ago or qualities)[-1], key=lambda quality: quality.images_seen)
    return qualities[-1].duplicates < 0.8 * before.duplicates
