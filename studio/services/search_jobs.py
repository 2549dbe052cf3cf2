"""What a search does beside the window: listing, opening, measuring, searching. Knows no Qt; imports Optuna late.

``where`` is the storage, nothing for the one at home.
"""

from __future__ import annotations

import gc
from collections.abc import Mapping, Sequence
from contextlib import closing, suppress
from functools import cache
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.errors import UserError
from engine.files import open_plain
from engine.i18n import tr
from engine.job import Job, Progress
from engine.runs.pictures import read_png
from engine.search.places import journal_path
from engine.search.records import SearchEvent, SearchResult, TrialEnded, TrialRecord
from engine.search.why import findings
from studio.model.search import OpenedSearch, SearchNews, SearchWish

if TYPE_CHECKING:
    from engine.search.calibration import Speed
    from engine.search.opening import StudySummary
    from engine.search.study import SearchStudy

_MOST_PICTURES = 400  # of trials, the newest, that are read when a search is opened


@cache
def load() -> None:
    """Import Optuna and what it brings, which takes seconds on a busy machine; whoever asks says so to the person.

    As with torch, nobody need look through it for garbage.
    """
    import optuna.importance  # noqa: F401 - which a search wants when its first trial is over

    import engine.search.search  # noqa: F401

    gc.freeze()


def listed(where: str) -> list[StudySummary]:
    """Return the searches there are, the newest first, also those in the trash."""
    from engine.search.opening import studies

    try:
        return studies(where)
    except UserError as error:
        if _is_new(where):
            return []
        raise error


def _is_new(where: str) -> bool:
    """Whether ``where`` is a journal that the first search will make."""
    path = journal_path(where)
    return path is not None and path.parent.is_dir() and not path.exists()


def tried(where: str) -> None:
    """Raise ``UserError`` where no search can be kept in ``where``; what is there stays as it is."""
    from engine.search.storages import close, open_storage

    if not _is_new(where):
        close(open_storage(where))


def opened(where: str, name: str, machine: Config) -> OpenedSearch:
    """Return the search ``name`` as it is now; raises ``UserError``."""
    load()
    from engine.search.opening import open_study

    with closing(open_study(where, name, machine)) as study:
        return _as_it_is(study)


def looked_at_again(where: str, name: str, known: Mapping[int, TrialRecord]) -> SearchNews | None:
    """Return what others have done since the ``known`` trials were so; None where that is nothing."""
    from engine.search.opening import open_study

    with closing(open_study(where, name)) as study:
        return _news(study, known)


def measured(config: Config) -> Job[Progress, Speed]:
    """Return how fast trials with ``config`` are here."""
    from engine.search.calibration import speed_of

    return (yield from speed_of(config))


def begun(where: str, wish: SearchWish, minutes: float, speed: Speed | None) -> Job[Any, SearchResult]:
    """Begin what is wished, or go on with it where the same was searched before."""
    yield Progress(0, 0, tr("Preparing the search"))
    load()
    from engine.search.opening import join

    if speed is None and wish.needs_speed:
        speed = yield from measured(wish.config)
    return (yield from _searched(join(wish.plan(minutes, speed), where), minutes, speed))


def gone_on_with(where: str, name: str, minutes: float, machine: Config) -> Job[Any, SearchResult]:
    """Go on with the search ``name``."""
    yield Progress(0, 0, tr("Preparing the search"))
    load()
    from engine.search.opening import open_study

    return (yield from _searched(open_study(where, name, machine), minutes, None))


def _searched(
    study: SearchStudy, minutes: float, speed: Speed | None
) -> Job[SearchEvent | OpenedSearch | SearchNews, SearchResult]:
    """Search, and tell after each trial what is known by then, also of what others did."""
    from engine.search.search import Search

    with closing(study), closing(Search(study, minutes, speed=speed).run()) as search:
        opened = _as_it_is(study)
        known = {trial.number: trial for trial in opened.trials}
        yield opened
        while True:
            try:
                event = next(search)
            except StopIteration as end:
                result: SearchResult = end.value
                return result
            yield event
            if isinstance(event, TrialEnded):
                with suppress(UserError):  # what the storage has against it, the search itself will be told as well
                    if news := _news(study, known):
                        known |= {trial.number: trial for trial in news.trials}
                        yield news


def _as_it_is(study: SearchStudy) -> OpenedSearch:
    trials = tuple(study.trials())
    return OpenedSearch(study.name, study.plan, trials, _pictures(trials), findings(study))


def _news(study: SearchStudy, known: Mapping[int, TrialRecord]) -> SearchNews | None:
    changed = tuple(trial for trial in study.trials() if known.get(trial.number) != trial)
    return SearchNews(study.name, changed, _pictures(changed), findings(study)) if changed else None


def _pictures(trials: Sequence[TrialRecord]) -> dict[int, NDArray[np.uint8]]:
    found = {trial.number: _picture(trial) for trial in trials[-_MOST_PICTURES:]}
    return {number: picture for number, picture in found.items() if picture is not None}


def _picture(trial: TrialRecord) -> NDArray[np.uint8] | None:
    """Return the newest samples of a trial, None where there are none that can be read."""
    if trial.thumbnail is None:
        return None
    try:
        with open_plain(trial.thumbnail, trial.thumbnail.parent) as file:
            return read_png(file)
    except (OSError, ValueError):
        return None
