"""A blind duel under way: who stands where, what was answered, and whose turn it is. Knows no file and no widget."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from engine.arrays import Picture
from engine.preference.answers import Answer, Question, Said, about
from engine.preference.players import Player, side_by_side
from engine.preference.ranking import Ranking, enough


class Duel:
    """``players`` meet in pairs, and a person answers ``question``; ``answers`` were given before, to any question.

    ``seed`` decides who stands left; without one, it is another each time.
    """

    def __init__(
        self, players: Sequence[Player], question: Question, answers: Iterable[Answer] = (), seed: int | None = None
    ) -> None:
        self.players = {player.key: player for player in players}
        self._random = np.random.default_rng(seed)
        self._given = list(answers)
        self.ask(question)

    def ask(self, question: Question) -> None:
        """Ask this from now on."""
        self.question: Question = question
        self._take_stock()
        self.pair = self._next()
        """The keys of those who stand left and right, None where no two can meet."""

    @property
    def wanted(self) -> int:
        """How many answers make a preference."""
        return enough(len(self.players))

    @property
    def can_undo(self) -> bool:
        """Whether there is an answer to take back."""
        return bool(self.ranking.answers)

    def pictures(self) -> tuple[Picture, Picture]:
        """Return the two grids ``[H, W]`` or ``[H, W, 3]`` of the pair that stands there."""
        assert self.pair is not None
        left, right = (self.players[key] for key in self.pair)
        return side_by_side(left, right, self._random)

    def answer(self, said: Said) -> Answer:
        """Take an answer about the pair that stands there, and let the next one come."""
        assert self.pair is not None
        given = Answer(self.question, *self.pair, said)
        self._given.append(given)
        self._take_stock()
        self.pair = self._next()
        return given

    def undo(self) -> Answer:
        """Take the newest answer back: the two stand there again."""
        taken = self.ranking.answers[-1]
        self._given.remove(taken)
        self._take_stock()
        self.pair = (taken.left, taken.right)
        return taken

    def _take_stock(self) -> None:
        self.ranking = Ranking(list(self.players), about(self._given, self.question, self.players))

    def _next(self) -> tuple[str, str] | None:
        return self.ranking.next_pair(self._random, self._may_meet)

    def _may_meet(self, one: str, other: str) -> bool:
        return self.players[one].may_meet(self.players[other])
