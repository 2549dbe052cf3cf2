"""How a training is at a moment: in trouble, healthy, cured and watched, or too young to tell. Pure functions."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Literal

import numpy as np

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.diagnosis.curves import Floats, RunCurves, curves_of
from engine.diagnosis.diagnosing import diagnose
from engine.diagnosis.grace_period import grace_period
from engine.diagnosis.record import Diagnosis
from engine.diagnosis.trends import has_enough_evaluations
from engine.events import MetricsRow, Quality

_MOST_CHANGES = 8  # that are looked back over for the trouble that they cured
_LOOKS_BACK = 8  # over the last grace period, before a training is called healthy

Change = tuple[int, str, float]
State = Literal["trouble", "healthy", "watched", "early"]


@dataclass(frozen=True)
class Health:
    """``diagnoses`` in ``state`` "trouble", the most important first; ``config`` are the options of that moment.

    Images seen: ``now``; ``since``, from when on it is healthy, or the change that ended the trouble ``cured``, or its
    last sign where ``passed`` says that it ended by itself, or the last change (0 for none) where it is too early;
    ``until``, when it can be told. ``ends`` where the training is over.
    """

    state: State
    config: Config
    now: int = 0
    since: int = 0
    until: int = 0
    ends: int = 0
    cured: str = ""
    passed: bool = False
    diagnoses: tuple[Diagnosis, ...] = ()


@dataclass(frozen=True, eq=False)
class Recorded:
    """What is known of a run: its options, ``columns`` of ``MetricsRow`` ``[N, fields]``, judgments and live changes.

    ``not_finite`` is the images_seen at which a number was not finite, None where none was or the training went on:
    ``went_back`` are such moments, each with the one that it went back to. ``spreads`` are those of the sample grids:
    (images_seen, how much the pictures differ from each other, of what real images do).
    """

    config: Config
    facts: DatasetInfo
    columns: Floats
    qualities: Sequence[Quality] = ()
    changes: Sequence[Change] = ()
    not_finite: int | None = None
    went_back: Sequence[tuple[int, int]] = ()
    spreads: Sequence[tuple[int, float]] = ()

    def curves(self) -> RunCurves:
        """Return the course since the last change."""
        told = (self.columns, self.qualities, self.changes, self.not_finite, self.spreads)
        return curves_of(self.config, self.facts, *told)

    def at(self, images_seen: int) -> Recorded:
        """Return what was known at that moment, under the options of that moment."""
        seen = self.columns[:, MetricsRow._fields.index("images_seen")]
        count = int(np.searchsorted(seen, images_seen, side="right"))
        spoiled = self.not_finite
        return replace(
            self,
            columns=self.columns[:count],
            qualities=[look for look in self.qualities if look.images_seen <= images_seen],
            spreads=[each for each in self.spreads if each[0] <= images_seen],
            changes=[change for change in self.changes if change[0] < images_seen],
            not_finite=spoiled if spoiled is not None and spoiled <= images_seen else None,
        )

    def health(self, named: Named | None = None) -> Health:
        """Return how the training is at its last moment; ``named`` knows what is to be named at moments before it."""
        return _health(self, _MOST_CHANGES, named or _named_at)


Named = Callable[[Recorded, int], Sequence[Diagnosis]]
"""What of a run is named at the images_seen of a moment."""


def _named_at(run: Recorded, moment: int) -> tuple[Diagnosis, ...]:
    """Return the troubles that ``run`` had at ``moment``."""
    return diagnose(run.at(moment).curves())


def _health(run: Recorded, depth: int, named: Named) -> Health:
    curves = run.curves()
    found = diagnose(curves)
    now = int(curves.images[-1]) if len(curves.images) else curves.began
    ends = run.config.total_images or run.config.epochs * run.facts.image_count
    here = Health("early", curves.config, now, curves.began, curves.began + grace_period(curves), ends)
    if found:
        return replace(here, state="trouble", since=min(each.since for each in found), diagnoses=found)
    if has_enough_evaluations(curves):
        return _passed(run, curves, here, named) or replace(
            here, state="healthy", since=max(curves.began, now - grace_period(curves))
        )
    if run.changes and depth:
        before = _health(_before_it(run, curves.began), depth - 1, named)
        return _after_a_change(before, run.changes, here)
    return here


def _passed(run: Recorded, curves: RunCurves, here: Health, named: Named) -> Health | None:
    """Return ``here``, watched after a trouble that was named within the last grace period and is no more."""
    apart = max(grace_period(curves) // _LOOKS_BACK, 1)
    last = here.now - here.now % apart  # moments that stay the same as the training goes on
    for moment in range(last, max(here.now - grace_period(curves), curves.began), -apart):
        if found := named(run, moment):
            until = moment + grace_period(curves)
            return replace(here, state="watched", since=moment, until=until, cured=found[0].failure_mode, passed=True)
    return None


def _before_it(run: Recorded, moment: int) -> Recorded:
    """Return ``run`` as it was when the change of that ``moment`` was made, NaN that it went back from included."""
    spoiled = [broke for broke, back in run.went_back if back == moment]
    before = run.at(moment)
    return replace(before, not_finite=spoiled[-1]) if spoiled else before


def _after_a_change(before: Health, changes: Sequence[Change], here: Health) -> Health:
    """Return ``here``, too early to tell, or that a trouble was cured by the last of ``changes`` and is watched."""
    made = [(name, value) for moment, name, value in changes if moment == here.since]
    if before.state == "watched":
        return replace(before, config=here.config, now=here.now, until=here.until)
    cures = (each.failure_mode for each in before.diagnoses if _follows(before.config, each, made))
    cured = next(cures, "")
    return replace(here, state="watched", cured=cured) if cured else here


def _follows(config: Config, diagnosis: Diagnosis, made: Sequence[tuple[str, float]]) -> bool:
    """Whether the changes that were ``made`` to ``config`` go where the cure of ``diagnosis`` points."""
    remedy = diagnosis.remedy
    return any((value - getattr(config, n)) * (remedy[n] - getattr(config, n)) > 0 for n, value in made if n in remedy)
