"""How the rows and judgements of a course go over time, seen over the time of patience. Names no trouble."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np

from engine.diagnosis.curves import Course, Floats
from engine.diagnosis.grace_period import patience
from engine.events import Quality

ONE_PICTURE_SHARE = 0.1  # of the patience, where every picture is the same
_LOOKS = 3  # that agree, before the judge's word counts


def lately(course: Course, column: Floats) -> float | None:
    """Return the mean of ``column`` over the last half of the patience, None before there was reason to lose it."""
    needed = patience(course)
    if course.seen < needed:
        return None
    rows = column[course.last_rows(needed / 2)]
    return float(rows.mean()) if len(rows) >= 2 and np.isfinite(rows).all() else None


def agreeing(course: Course, says: Callable[[Quality], bool], share: float = 1.0) -> Sequence[Quality]:
    """Return the judgements, from the first to the last, that say so without a break until now; none if too few do.

    Two of them must come after ``share`` of the patience.
    """
    looks: list[Quality] = []
    for look in reversed(course.qualities):
        if not says(look):
            break
        looks.insert(0, look)
    ripe = [look for look in looks if look.images_seen >= course.began + share * patience(course)]
    return looks if len(looks) >= _LOOKS and len(ripe) >= 2 else []


def has_looked_enough(course: Course) -> bool:
    """Whether enough is known of ``course`` to call it healthy where no sign of trouble is seen."""
    needed = patience(course)
    if not course.config.eval_time_percent:
        return course.seen >= 2 * needed
    ripe = [look for look in course.qualities if look.images_seen >= course.began + needed]
    return course.seen >= needed and len(course.qualities) >= _LOOKS and len(ripe) >= 2


def recent_looks(course: Course) -> Sequence[Quality]:
    """Return the judgements within the last time of patience, at least the last two where there are as many."""
    first = course.began + patience(course) / 2
    last = float(course.images[-1]) if len(course.images) else 0.0
    ripe = [look for look in course.qualities if look.images_seen > max(first, last - patience(course))]
    return ripe if len(ripe) >= 2 else course.qualities[-2:]


def spaced_looks(course: Course) -> Sequence[Quality]:
    """Return the judgements after the time of patience, a quarter of it apart: what trembles between is no swing."""
    apart = patience(course) / 4
    kept: list[Quality] = []
    for look in course.qualities:
        if look.images_seen > course.began + 4 * apart and (
            not kept or look.images_seen >= kept[-1].images_seen + apart
        ):
            kept.append(look)
    return kept


def gets_better(course: Course) -> bool:
    """Whether the Fréchet distance fell lately to a tenth below all before, or nobody has looked and it may have.

    Coming back to where it was is no progress, and being a little less absurd is none either.
    """
    looks = recent_looks(course)
    if len(looks) < 2:
        return course.seen < 2 * patience(course)
    late = looks[len(looks) // 2 :]
    before = min(look.frechet for look in course.qualities if look.images_seen < late[0].images_seen)
    best = min(late, key=lambda look: look.frechet)
    return best.frechet < 0.9 * before and not is_absurd(best)


def is_absurd(look: Quality) -> bool:
    """Whether the pictures are farther from real ones than noise is."""
    return look.frechet > 150 * look.frechet_real


def is_nonsense(look: Quality) -> bool:
    """Whether nobody would take the pictures for real ones."""
    return look.frechet > 50 * look.frechet_real


def worsening(course: Course) -> Sequence[Quality]:
    """Return the judgements from the best one on, where there were some since and the last two are worse by far."""
    far = 1.15
    best = min(range(len(course.qualities)), key=lambda place: course.qualities[place].frechet, default=0)
    looks = course.qualities[best:]
    last = min((look.frechet for look in looks[-2:]), default=0.0)
    return looks if len(looks) > _LOOKS and last > far * looks[0].frechet else []


def one_picture(course: Course) -> Sequence[Quality]:
    """Return the judgements that saw one picture only, and saw it get no better, for a tenth of the patience."""

    def is_one(look: Quality) -> bool:
        return look.twins >= 0.95 and look.recall == 0.0 and look.count <= course.facts.image_count

    looks = list(agreeing(course, is_one, ONE_PICTURE_SHARE))
    middle = len(looks) // 2
    hopes = looks and min(look.frechet for look in looks[middle:]) < 0.97 * min(look.frechet for look in looks[:middle])
    return [] if hopes and not all(map(is_absurd, looks[middle:])) else looks


def stands_still(course: Course) -> bool:
    """Whether the Fréchet distance hardly changes while hardly any picture lies among real ones."""
    looks = recent_looks(course)
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


def is_bad(course: Course) -> bool:
    """Whether the pictures are far from real ones: ten times farther than real images are from each other."""
    return not course.qualities or course.qualities[-1].frechet > 10 * course.qualities[-1].frechet_real


def thins_out(course: Course) -> bool:
    """Whether twins are getting fewer, seen over half the time of patience and at least some judgements."""
    looks = course.qualities
    long_ago = [look for look in looks if look.images_seen <= looks[-1].images_seen - patience(course) / 2]
    before = min(looks[-_LOOKS], (long_ago or looks)[-1], key=lambda look: look.images_seen)
    return looks[-1].twins < 0.8 * before.twins
