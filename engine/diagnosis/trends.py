"""How the rows and judgments of a run go over time, seen over the grace period. Names no trouble."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from engine.diagnosis.curves import Floats, RunCurves
from engine.diagnosis.grace_period import grace_period
from engine.events import Quality

ONE_PICTURE_SHARE = 0.1  # of the grace period, where every picture is the same
_LOOKS = 3  # that agree, before the judge's word counts


def lately(curves: RunCurves, column: Floats) -> float | None:
    """Return the mean of ``column`` over the last half of the grace period, None before there was reason to lose it."""
    needed = grace_period(curves)
    if curves.seen < needed:
        return None
    rows = column[curves.last_rows(needed / 2)]
    return float(rows.mean()) if len(rows) >= 2 and np.isfinite(rows).all() else None


def agreeing(curves: RunCurves, says: Callable[[Quality], bool], share: float = 1.0) -> Sequence[Quality]:
    """Return the judgments, from the first to the last, that say so without a break until now; none if too few do.

    Two of them must come after ``share`` of the grace period.
    """
    looks: list[Quality] = []
    for look in reversed(curves.qualities):
        if not says(look):
            break
        looks.insert(0, look)
    ripe = [look for look in looks if look.images_seen >= curves.began + share * grace_period(curves)]
    return looks if len(looks) >= _LOOKS and len(ripe) >= 2 else []


def has_looked_enough(curves: RunCurves) -> bool:
    """Whether enough is known of ``curves`` to call it healthy where no sign of trouble is seen."""
    needed = grace_period(curves)
    if not curves.config.eval_time_percent:
        return curves.seen >= 2 * needed
    ripe = [look for look in curves.qualities if look.images_seen >= curves.began + needed]
    return curves.seen >= needed and len(curves.qualities) >= _LOOKS and len(ripe) >= 2


def recent_looks(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments within the last grace period, at least the last two where there are as many."""
    first = curves.began + grace_period(curves) / 2
    last = float(curves.images[-1]) if len(curves.images) else 0.0
    ripe = [look for look in curves.qualities if look.images_seen > max(first, last - grace_period(curves))]
    return ripe if len(ripe) >= 2 else curves.qualities[-2:]


def spaced_looks(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments after the grace period, a quarter of it apart: what trembles between is no swing."""
    apart = grace_period(curves) / 4
    kept: list[Quality] = []
    for look in curves.qualities:
        if look.images_seen > curves.began + 4 * apart and (
            not kept or look.images_seen >= kept[-1].images_seen + apart
        ):
            kept.append(look)
    return kept


def gets_better(curves: RunCurves) -> bool:
    """Whether the Fréchet distance fell lately to a tenth below all before, or nobody has looked and it may have.

    Coming back to where it was is no progress, and being a little less absurd is none either.
    """
    looks = recent_looks(curves)
    if len(looks) < 2:
        return curves.seen < 2 * grace_period(curves)
    late = looks[len(looks) // 2 :]
    before = min(look.frechet for look in curves.qualities if look.images_seen < late[0].images_seen)
    best = min(late, key=lambda look: look.frechet)
    return best.frechet < 0.9 * before and not is_absurd(best)


def is_absurd(look: Quality) -> bool:
    """Whether the pictures are farther from real ones than noise is."""
    return look.frechet > 150 * look.frechet_real


def is_nonsense(look: Quality) -> bool:
    """Whether nobody would take the pictures for real ones."""
    return look.frechet > 50 * look.frechet_real


def worsening(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments from the best one on, where there were some since and the last two are worse by far."""
    far = 1.15
    best = min(range(len(curves.qualities)), key=lambda place: curves.qualities[place].frechet, default=0)
    looks = curves.qualities[best:]
    last = min((look.frechet for look in looks[-2:]), default=0.0)
    return looks if len(looks) > _LOOKS and last > far * looks[0].frechet else []


def one_picture(curves: RunCurves) -> Sequence[Quality]:
    """Return the judgments that saw one picture only, and saw it get no better, for a tenth of the grace period."""

    def is_one(look: Quality) -> bool:
        return look.twins >= 0.95 and look.recall == 0.0 and look.count <= curves.facts.image_count

    looks = list(agreeing(curves, is_one, ONE_PICTURE_SHARE))
    middle = len(looks) // 2
    hopes = looks and min(look.frechet for look in looks[middle:]) < 0.97 * min(look.frechet for look in looks[:middle])
    return [] if hopes and not all(map(is_absurd, looks[middle:])) else looks


def stands_still(curves: RunCurves) -> bool:
    """Whether the Fréchet distance hardly changes while hardly any picture lies among real ones."""
    looks = recent_looks(curves)
    values = [look.frechet for look in looks]
    return len(looks) >= 2 and max(values) < 1.15 * min(values) and max(look.precision for look in looks) < 0.2


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
    looks = curves.qualities
    long_ago = [look for look in looks if look.images_seen <= looks[-1].images_seen - grace_period(curves) / 2]
    before = min(looks[-_LOOKS], (long_ago or looks)[-1], key=lambda look: look.images_seen)
    return looks[-1].twins < 0.8 * before.twins
