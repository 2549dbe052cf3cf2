"""What a person's answers make of those who were compared: a score for each, and which two are worth asking next."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from itertools import combinations

import numpy as np

from engine.preference.answers import Answer, Question
from engine.preference.bradley_terry import Floats, Strengths, fit

_LEFT_WINS = {"left": 1.0, "right": 0.0, "equal": 0.5}
_FEWEST, _FOR_EACH = 6, 2
_ALIKE = 1e-9

MayMeet = Callable[[str, str], bool]


def enough(players: int) -> int:
    """Return how many answers a ranking of so many players needs before anything is built on it."""
    return max(_FEWEST, _FOR_EACH * players)


class Ranking:
    """Of ``keys``, by ``answers`` to one question in which two of them met."""

    def __init__(self, keys: Sequence[str], answers: Iterable[Answer]) -> None:
        self.keys = tuple(keys)
        self.answers = tuple(answers)
        self._place = {key: place for place, key in enumerate(self.keys)}

    @property
    def counted(self) -> list[Answer]:
        """The answers that say something."""
        return [each for each in self.answers if each.said in _LEFT_WINS]

    @property
    def is_enough(self) -> bool:
        """Whether the ranking is worth building on."""
        return len(self.counted) >= enough(len(self.keys)) and len(self._met) == len(self.keys)

    def score(self, key: str) -> float | None:
        """Return the share (0 to 1) of duels with the others that ``key`` would win, None where it was in none.

        The others are those that it can be compared with, by way of whomever.
        """
        group = next((group for group in self._groups if key in group), set())
        others = [self._place[other] for other in group if other != key]
        return float(np.mean(self.strengths.chances()[self._place[key], others])) if others else None

    @property
    def scores(self) -> dict[str, float]:
        """The scores of all that have one, the best first."""
        known = {key: score for key in self.keys if (score := self.score(key)) is not None}
        return dict(sorted(known.items(), key=lambda each: -each[1]))

    @property
    def well_known(self) -> dict[str, float]:
        """The scores of those about whom enough was said to show it beside measures."""
        met = Counter(key for each in self.counted for key in (each.left, each.right))
        return {key: score for key, score in self.scores.items() if met[key] >= _FOR_EACH}

    def is_sure(self, one: str, other: str, chance: float) -> bool:
        """Whether ``one`` is stronger than ``other`` with at least that ``chance`` (0.5 to 1)."""
        means, (first, second) = self.strengths.means, (self._place[one], self._place[other])
        deviation = math.sqrt(self.strengths.variances()[first, second])
        return 0.5 * math.erfc(-(means[first] - means[second]) / max(deviation, _ALIKE) / math.sqrt(2)) >= chance

    def next_pair(self, random: np.random.Generator, may_meet: MayMeet) -> tuple[str, str] | None:
        """Return the two whose duel tells most, left and right by lot; None where no two can meet.

        That is where the difference of strengths is uncertain and the outcome open. Those that nobody could decide wait
        until all others were asked, and the same two come again at once only where there are no others.
        """
        pairs = [pair for pair in combinations(self.keys, 2) if may_meet(*pair)]
        skipped = [pair for pair in pairs if any(each.said == "skip" and each.is_about(*pair) for each in self.answers)]
        pairs = [pair for pair in pairs if pair not in skipped] or skipped
        if self.answers and len(pairs) > 1:
            pairs = [pair for pair in pairs if not self.answers[-1].is_about(*pair)]
        if not pairs:
            return None
        told = self._told()
        values = np.array([told[self._place[one], self._place[other]] for one, other in pairs])
        best = np.flatnonzero(values >= values.max() - _ALIKE)
        one, other = pairs[int(random.choice(best))]
        return (one, other) if random.random() < 0.5 else (other, one)

    @cached_property
    def strengths(self) -> Strengths:
        """How strong each of ``keys`` is."""
        wins = np.zeros((len(self.keys),) * 2)
        for answer in self.counted:
            left, right, share = self._place[answer.left], self._place[answer.right], _LEFT_WINS[answer.said]
            wins[left, right] += share
            wins[right, left] += 1 - share
        return fit(wins)

    def _told(self) -> Floats:
        """Return ``[N, N]``: how much a duel of two is expected to tell, in nats, about the difference between them."""
        chances = self.strengths.chances()
        return 0.5 * np.log1p(chances * (1 - chances) * self.strengths.variances())

    @cached_property
    def _met(self) -> set[str]:
        return {key for answer in self.counted for key in (answer.left, answer.right)}

    @cached_property
    def _groups(self) -> list[set[str]]:
        """Those who met, or could be compared by way of others."""
        groups: list[set[str]] = []
        for answer in self.counted:
            joined = {answer.left, answer.right}
            apart = [group for group in groups if not group & joined]
            groups = [*apart, joined.union(*(group for group in groups if group & joined))]
        return groups


def ranked(answers: Sequence[Answer], question: Question) -> Ranking:
    """Return the ranking of all who met in ``answers`` to ``question``."""
    asked = [each for each in answers if each.question == question]
    return Ranking(list(dict.fromkeys(key for each in asked for key in (each.left, each.right))), asked)
