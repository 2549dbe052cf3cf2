"""Where eye and number disagree: of two, a person prefers the one whose Fréchet distance is worse."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

from engine.i18n import joined, number, tr, trn
from engine.preference.players import Player
from engine.preference.ranking import Ranking

_SURE = 0.75  # how probable a preference must be
_WORSE = 1.1  # how many times larger a Fréchet distance must be; less is what a judge's few samples are unsure of
_MOST = 5


@dataclass(frozen=True)
class Disagreement:
    """``preferred`` is liked better than ``other``, and the number says the opposite."""

    preferred: Player
    other: Player
    weight: float


def disagreements(players: Sequence[Player], ranking: Ranking) -> list[Disagreement]:
    """Return the pairs of ``players`` on which eye and number disagree, the clearest first, a few at most."""
    found = []
    for one, other in _comparable(players, ranking):
        assert one.frechet is not None and other.frechet is not None
        worse = one.frechet / other.frechet
        if worse >= _WORSE and ranking.is_sure(one.key, other.key, _SURE):
            ahead = (ranking.score(one.key) or 0.0) - (ranking.score(other.key) or 0.0)
            found.append(Disagreement(one, other, ahead * math.log(worse)))
    return sorted(found, key=lambda each: -each.weight)[:_MOST]


def agreement(players: Sequence[Player], ranking: Ranking) -> tuple[int, int]:
    """Return in how many pairs eye and number agree, of how many in which both are clear."""
    agreed = clear = 0
    for one, other in _comparable(players, ranking):
        assert one.frechet is not None and other.frechet is not None
        if ranking.is_sure(one.key, other.key, _SURE):
            ratio = other.frechet / one.frechet
            agreed += ratio >= _WORSE
            clear += ratio >= _WORSE or ratio <= 1 / _WORSE
    return agreed, clear


def told(players: Sequence[Player], ranking: Ranking) -> str:
    """Say in words how far eye and number agree, and where they do not."""
    agreed, clear = agreement(players, ranking)
    found = disagreements(players, ranking)
    if not clear:
        return tr("Eye and number cannot be compared yet: give more answers.")
    counted = trn(
        "Eye and Fréchet distance agree in {agreed} of {count} clear pair.",
        "Eye and Fréchet distance agree in {agreed} of {count} clear pairs.",
        clear,
        agreed=number(agreed),
    )
    if not found:
        return counted
    first = found[0]
    clearest = tr(
        "You prefer “{one}”, whose Fréchet distance of {high} is worse than the {low} of “{other}”.",
        one=first.preferred.title,
        other=first.other.title,
        high=number(first.preferred.frechet or 0.0, ".2f"),
        low=number(first.other.frechet or 0.0, ".2f"),
    )
    return joined(clearest, counted)


def _comparable(players: Sequence[Player], ranking: Ranking) -> list[tuple[Player, Player]]:
    """Return both orders of each pair that has scores and distances that mean the same."""
    known = [each for each in players if each.frechet and ranking.score(each.key) is not None]
    return [(one, other) for one, other in permutations(known, 2) if one.may_meet(other) and
            one.reference == other.reference]  # fmt: skip
