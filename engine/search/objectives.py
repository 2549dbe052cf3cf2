"""What a search is after: one number of a trial, from what the judge said of it. Knows no Optuna."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.errors import UserError, unknown_name
from engine.i18n import mark, number, tr
from engine.numbers import NotTaken, read_number
from engine.search.records import Measure

TARGETS = (0.01, 1e6)
"""The Fréchet distances that can be asked for."""


@dataclass(frozen=True)
class Objective:
    """``title`` and ``help`` are English source texts; ``of_measure`` is what is looked at on the way, which bad trials
    are stopped by; ``needs_target``: a Fréchet distance that is to be reached. ``form`` writes a value for a person."""

    name: str
    title: str
    help: str
    of_measure: Callable[[Measure], float]
    is_better_higher: bool = False
    needs_target: bool = False
    form: str = ",.2f"

    def told(self, value: float) -> str:
        """Return ``value`` for a person."""
        return number(value, self.form)


OBJECTIVES: Mapping[str, Objective] = {
    each.name: each
    for each in (
        Objective(
            "frechet",
            mark("Fréchet distance"),
            mark("How far the {data:pictures} are from real ones at the end of a trial; smaller is better."),
            lambda measure: measure.frechet,
        ),
        Objective(
            "images",
            mark("{data:Images} to the goal"),
            mark("How many {data:images} a trial needs until its Fréchet distance is as small as asked for."),
            lambda measure: measure.frechet,
            needs_target=True,
            form=",.0f",
        ),
        Objective(
            "variety",
            mark("Variety"),
            mark(
                "Which share of the real {data:images} has something alike among the {data:pictures} at the end "
                "(recall)."
            ),
            lambda measure: measure.recall,
            is_better_higher=True,
            form=".3f",
        ),
    )
}
PREFERENCE = "preference"
GOALS: Mapping[str, Objective] = {
    **OBJECTIVES,
    PREFERENCE: Objective(
        PREFERENCE,
        mark("Preference"),
        mark("Which share of blind duels a trial would win against the others."),
        lambda measure: math.nan,
        is_better_higher=True,
        form=".0%",
    ),
}
"""What trials can be compared by: what a search can be after, and what a person's eye says of them afterwards."""


def parse(text: str) -> tuple[str, float]:
    """Turn ``"frechet"``, ``"variety"`` or ``"images:20"`` into a name and a target; raises ``UserError``."""
    name, colon, target = (part.strip() for part in text.partition(":"))
    if name not in OBJECTIVES:
        raise unknown_name(tr("There is no objective “{name}”.", name=name), name, OBJECTIVES)
    if not OBJECTIVES[name].needs_target:
        if colon:
            raise UserError(
                tr("The objective “{name}” has no goal.", name=name), tr("Leave “:{goal}” out.", goal=target)
            )
        return name, 0.0
    try:
        return name, read_number(target, *TARGETS, whole=False)
    except NotTaken as error:
        raise UserError(
            tr("The objective “{name}” needs the Fréchet distance that is to be reached, e.g. images:20.", name=name),
            str(error),
        ) from None


def value_of(objective: str, target: float, measures: Sequence[Measure]) -> float:
    """Return what a whole trial is worth; ``measures`` is not empty.

    Where the ``target`` was not reached, the images of the whole trial count as many times as it is away from it.
    """
    last = measures[-1]
    if not OBJECTIVES[objective].needs_target:
        return OBJECTIVES[objective].of_measure(last)
    if not is_reached(objective, target, last):
        return last.images_seen * last.frechet / target
    before = measures[-2] if len(measures) > 1 else None
    if before is None or before.frechet <= last.frechet:
        return float(last.images_seen)
    share = (math.log(before.frechet) - math.log(target)) / (math.log(before.frechet) - math.log(last.frechet))
    return before.images_seen + min(max(share, 0.0), 1.0) * (last.images_seen - before.images_seen)


def is_reached(objective: str, target: float, measure: Measure) -> bool:
    """Whether a trial need not go on, because it is where it should arrive."""
    return OBJECTIVES[objective].needs_target and 0 < measure.frechet <= target
