"""What the window knows of a search: what is wished, what was opened, and what it is doing. Knows no Qt, no Optuna."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.search.knobs import Knob
from engine.search.plan import Plan
from engine.search.records import TrialRecord
from engine.search.why import Findings

if TYPE_CHECKING:
    from engine.search.calibration import Speed


class PlacedSearch(NamedTuple):
    """A search by its ``name`` and the storage ``where`` it lies, nothing for home: each may have one of that name."""

    name: str
    where: str = ""


@dataclass(frozen=True)
class SearchWish:
    """What shall be searched: options to begin with, what varies, and what for.

    A trial is ``images`` long, or ``seconds``; where both are 0, a tenth of the time.
    """

    config: Config
    knobs: tuple[Knob, ...]
    objective: str
    target: float
    images: int
    seconds: float
    sampler: str
    pruner: str

    @property
    def needs_speed(self) -> bool:
        """Whether the length of a trial follows from how fast this machine is."""
        return not (self.images or self.seconds)

    def plan(self, minutes: float, speed: Speed | None) -> Plan:
        """Return the plan of it; ``speed`` is needed where ``needs_speed``."""
        plan = Plan(
            self.config,
            self.knobs,
            images=self.images,
            seconds=self.seconds,
            objective=self.objective,
            target=self.target,
            sampler=self.sampler,
            pruner=self.pruner,
        )
        if not self.needs_speed:
            return plan
        assert speed is not None
        return speed.fitted(plan, minutes)


@dataclass(frozen=True)
class Offer:
    """What ``minutes`` buy: ``trials`` whole ones of ``images`` (0: nobody knows yet), each ``seconds`` long."""

    minutes: float
    trials: float
    seconds: float
    images: int


def offer(wish: SearchWish, minutes: float, speed: Speed) -> Offer:
    """Return what ``minutes`` buy on a machine of this ``speed``."""
    plan = wish.plan(minutes, speed)
    return Offer(minutes, speed.trials(plan, minutes), speed.trial_seconds(plan), plan.images)


@dataclass(frozen=True)
class OpenedSearch:
    """A search as it was found: its plan, every trial of it, their newest pictures by number, and what was found."""

    name: str
    plan: Plan
    trials: tuple[TrialRecord, ...]
    pictures: Mapping[int, NDArray[np.uint8]]
    findings: Findings


@dataclass(frozen=True)
class SearchNews:
    """What is new of the search ``name``: trials that began or changed, whoever works on them, and what was found."""

    name: str
    trials: tuple[TrialRecord, ...]
    pictures: Mapping[int, NDArray[np.uint8]]
    findings: Findings
