"""What hangs on a class wall: a card for each run of each student, read again only where it changed."""

from __future__ import annotations

import re
import time
from contextlib import closing
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from engine.job import Job, Progress
from engine.runs import ListedRun, RunStore, RunSummary
from engine.wall.places import check_wall, student_folders, student_name

_LIVE_SECONDS = 120.0
_STUDENT_TWICE = re.compile(r"$|.*conflict", re.IGNORECASE)
"""What a copied folder adds to a student's name: “Ana (2)” is another one, who may begin at the same second as Ana."""
_RUN_TWICE = re.compile(r"$|[ (~]|.*conflict", re.IGNORECASE)


@dataclass(frozen=True, eq=False)
class Card:
    """A run that ``student`` shares. ``is_live``: it is unfinished, and something new came a moment ago."""

    student: str
    run: ListedRun
    is_live: bool = False

    @cached_property
    def troubles(self) -> tuple[str, ...]:
        """The names of the troubles that are seen in it."""
        return self.run.troubles if isinstance(self.run, RunSummary) else ()


class Wall:
    """The class wall in ``folder``. For one thread at a time."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._stores: dict[Path, RunStore] = {}
        self._cards: dict[Path, Card] = {}
        self._changed: dict[Path, float] = {}

    def cards(self) -> Job[Progress, list[Card]]:
        """Return all cards, the newest first: the same card as before where nothing changed.

        Raises ``UserError`` where the wall is out of reach, before and after: a share that went away meanwhile is not
        taken for one on which nothing hangs.
        """
        check_wall(self.folder)
        folders = student_folders(self.folder)
        found: list[Card] = []
        for number, folder in enumerate(folders):
            yield Progress(number, len(folders))
            store = self._stores.setdefault(folder, RunStore(folder, keeps=False))
            name = student_name(folder)
            with closing(store.scan()) as scan:
                runs = yield from scan
            found += [self._card(name, run) for run in runs]
        check_wall(self.folder)
        self._stores = {folder: self._stores[folder] for folder in folders}
        self._cards = {card.run.path: card for card in found}
        return sorted(_without_copies(found), key=lambda card: card.run.modified, reverse=True)

    def _card(self, student: str, run: ListedRun) -> Card:
        known, now = self._cards.get(run.path), time.monotonic()
        if known is None:  # once by the clocks of others; from then on by what is seen to change
            self._changed[run.path] = now if time.time() - run.modified < _LIVE_SECONDS else -_LIVE_SECONDS
        elif known.run is not run:
            self._changed[run.path] = now
        is_new = now - self._changed[run.path] < _LIVE_SECONDS
        is_live = is_new and isinstance(run, RunSummary) and not _is_over(run)
        if known is not None and (known.student, known.run, known.is_live) == (student, run, is_live):
            return known
        return Card(student, run, is_live)


def _without_copies(found: list[Card]) -> list[Card]:
    """Return one card of each run, that which is furthest.

    Where two wrote at once, programs that keep folders in step leave one of them twice: "NAME (conflicted copy)".
    """
    runs: list[list[Card]] = []
    for card in sorted(found, key=lambda card: (len(card.student), len(card.run.path.name))):
        same = next((same for same in runs if _is_copy(card, same[0])), None)
        if same is None:
            runs.append([card])
        else:
            same.append(card)
    return [max(same, key=lambda card: card.run.modified) for same in runs]


def _is_copy(card: Card, first: Card) -> bool:
    run, other = card.run, first.run
    if not (
        _goes_on(card.student, first.student, _STUDENT_TWICE) and _goes_on(run.path.name, other.path.name, _RUN_TWICE)
    ):
        return False
    if not (isinstance(run, RunSummary) and isinstance(other, RunSummary)):
        return False
    return (run.config, run.total_images) == (other.config, other.total_images)


def _goes_on(name: str, first: str, rest: re.Pattern[str]) -> bool:
    return name.startswith(first) and rest.match(name.removeprefix(first)) is not None


def _is_over(run: RunSummary) -> bool:
    """Whether the whole budget was trained; of a copy without states, its newest epoch tells."""
    return run.finished or (bool(run.total_images) and run.left_epoch >= run.total_epochs)
