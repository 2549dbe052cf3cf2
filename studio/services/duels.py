"""The door to blind duels: gathers the pictures of those who meet, and keeps what a person answers. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.errors import UserError
from engine.i18n import tr
from engine.preference import of_runs
from engine.preference.answers import Answer, Answers
from engine.preference.duel import Duel
from engine.preference.players import Player
from studio.model.duel import LikedTrials, OpenedDuel
from studio.model.search import PlacedSearch
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

_ANSWERS = "keeping an answer"  # whoever reads answers does so after the last one is kept


class DuelService(QObject):
    """``opened`` answers the newest wish for a duel, ``liked`` what is known of a search's trials."""

    opened = Signal(OpenedDuel)
    liked = Signal(LikedTrials)
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._looking: dict[str, RunningJob[None, Any]] = {}

    def between_runs(self, paths: Sequence[Path]) -> None:
        """Let the runs in ``paths``, all in one folder, meet."""
        self._look("opening a blind duel", partial(_between_runs, list(paths)), self.opened.emit)

    def between_trials(self, search: PlacedSearch, machine: Config, numbers: Sequence[int] = ()) -> None:
        """Let these trials of ``search`` meet; without ``numbers``, all that were trained to the end."""
        work = partial(_between_trials, search, machine, list(numbers))
        self._look("opening a blind duel", work, self.opened.emit)

    def look_what_is_liked(self, search: PlacedSearch, machine: Config) -> None:
        """Tell what a person's answers say of the trials of ``search``."""
        self._look("reading a preference", partial(_liked, search, machine), self.liked.emit)

    def keep(self, duel: OpenedDuel, answer: Answer) -> None:
        """Keep ``answer``."""
        self._write(partial(duel.kept.add, answer))

    def take_back(self, duel: OpenedDuel, answer: Answer) -> None:
        """Let ``answer`` not count any more."""
        self._write(partial(duel.kept.take_back, answer))

    def when_kept(self, then: Callable[[], object]) -> None:
        """Call ``then`` when all that was answered by now is kept, so that others can read it."""
        self._jobs.in_turn(_ANSWERS, _nothing, Listeners(result=lambda _: then()))

    def _write(self, work: Callable[[], None]) -> None:
        self._jobs.keep(_ANSWERS, work, Listeners(failed=self.failed.emit))

    def _look(self, name: str, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        if before := self._looking.pop(name, None):
            before.cancel(silently=True)
        listeners: Listeners[None, Any] = Listeners(result=then, failed=self.failed.emit)
        self._looking[name] = self._jobs.do(name, work, listeners, after=_ANSWERS)


# --- beside the window


def _nothing() -> None:
    pass


def _between_runs(paths: Sequence[Path]) -> OpenedDuel:
    return _opened(of_runs.players(paths), of_runs.answers_beside(paths), left_out_of=len(paths))


def _between_trials(search: PlacedSearch, machine: Config, numbers: Sequence[int]) -> OpenedDuel:
    from engine.search.opening import open_study
    from engine.search.preference import answers_of, players

    with closing(open_study(search.where, search.name, machine)) as study:
        found = players(study, numbers)
        return _opened(found, answers_of(study.folder), search, len(numbers) or len(found))


def _opened(
    players: Sequence[Player], kept: Answers, search: PlacedSearch | None = None, left_out_of: int = 0
) -> OpenedDuel:
    duel = Duel(players, "better", kept.read())
    if duel.pair is None:
        raise UserError(
            tr("No two of these can be compared in a blind duel."),
            tr("Choose two or more that have samples of the same kind of pictures."),
        )
    return OpenedDuel(duel, kept, search, left_out_of - len(players))


def _liked(search: PlacedSearch, machine: Config) -> LikedTrials:
    from engine.search.opening import open_study
    from engine.search.preference import answers_of, scores
    from engine.search.why import findings

    with closing(open_study(search.where, search.name, machine)) as study:
        known = scores(answers_of(study.folder).read())
        return LikedTrials(search, known, findings(study, known) if known else None)
