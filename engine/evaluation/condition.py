"""How a run is that lies in its folder, and what goes wrong in it, in the person's language."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from engine.diagnosis import words
from engine.runs import RunFolder
from engine.runs.summary import recorded


@dataclass(frozen=True)
class Trouble:
    """A named trouble: its name, title and evidence in the person's language, and the options that would cure it."""

    name: str
    title: str
    evidence: tuple[str, ...]
    remedy: Mapping[str, Any]


@dataclass(frozen=True)
class Condition:
    """How a run is: ``state`` is "trouble", "healthy", "watched" after a cure, or "early", too early to tell.

    ``sentence`` says so in the person's language where no trouble is named.
    """

    state: str
    sentence: str
    troubles: tuple[Trouble, ...] = ()


def condition_of(run: RunFolder) -> Condition:
    """Return how ``run`` is and what goes wrong in it, as its rows and judgments tell; raises ``UserError``."""
    record = recorded(run)
    health, image_count = record.health(), record.facts.image_count
    if not health.diagnoses:
        return Condition(health.state, words.describe_health(health, image_count))
    troubles = tuple(
        Trouble(
            each.failure_mode,
            words.title(each.failure_mode),
            tuple(words.describe(evidence, image_count) for evidence in each.evidence),
            each.remedy,
        )
        for each in health.diagnoses
    )
    return Condition(health.state, "", troubles)
