"""What the window knows of a blind duel: who meets, where answers are kept, what they say of a search. Knows no Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.preference.answers import Answers
from engine.preference.duel import Duel
from engine.search.why import Findings
from studio.model.search import PlacedSearch


@dataclass(frozen=True, eq=False)
class OpenedDuel:
    """A ``duel`` whose answers go to ``kept``; ``search`` is the one whose trials meet, None where runs do.

    ``left_out`` were to take part and have nothing to show.
    """

    duel: Duel
    kept: Answers
    search: PlacedSearch | None = None
    left_out: int = 0


@dataclass(frozen=True)
class LikedTrials:
    """How well a person likes the trials of a ``search``, by their numbers, and what follows from it.

    Nothing of it while too little was said; ``findings`` is None then.
    """

    search: PlacedSearch
    scores: Mapping[int, float]
    findings: Findings | None = None
