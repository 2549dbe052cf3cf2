"""What a search does beside the window: listing, opening, measuring, searching. Knows no Qt; imports Optuna late."""

from __future__ import annotations

from contextlib import closing, suppress
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.errors import UserError
from engine.files import open_plain
from engine.i18n import tr
from engine.job import Job, Progress
from engine.runs.pictures import read_png
from engine.search.records import SearchEvent, SearchResult, TrialEnded, TrialRecord
from engine.search.why import Findings, findings
from studio.model.search import OpenedSearch, SearchWish

if TYPE_CHECKING:
    from engine.search.calibration import Speed
    from engine.search.opening import StudySummary
    from engine.search.study import SearchStudy

_MOST_PICTURES = 400  # of trials, the newest, that are read when a search is opened


def listed() -> list[StudySummary]:
    """Return the searches that are kept at home, the newest first."""
    from engine.search.opening import studies

    return studies()


def opened(name: str, machine: Config) -> OpenedSearch:
    """Return the search ``name`` as it is now; raises ``UserError``."""
    from engine.search.opening import open_study

    with closing(open_study("", name, machine)) as study:
        return _as_it_is(study)


def measured(config: Config) -> Job[Progress, Speed]:
    """Return how fast trials with ``config`` are here."""
    from engine.search.calibration import speed_of

    return (yield from speed_of(config))


def begun(wish: SearchWish, minutes: float, speed: Speed | None) -> Job[Any, SearchResult]:
    """Begin what is wished, or go on with it where the same was searched before."""
    from engine.search.opening import join

    yield Progress(0, 0, tr("Preparing the search"))
    if speed is None and wish.needs_speed:
        speed = yield from measured(wish.config)
    return (yield from _searched(join(wish.plan(minutes, speed)), minutes, speed))


def gone_on_with(name: str, minutes: float, machine: Config) -> Job[Any, SearchResult]:
    """Go on with the search ``name``."""
    from engine.search.opening import open_study

    yield Progress(0, 0, tr("Preparing the search"))
    return (yield from _searched(open_study("", name, machine), minutes, None))


def _searched(
    study: SearchStudy, minutes: float, speed: Speed | None
) -> Job[SearchEvent | OpenedSearch | Findings, SearchResult]:
    """Search, and tell after each trial what is known by then."""
    from engine.search.search import Search

    with closing(study), closing(Search(study, minutes, speed=speed).run()) as search:
        yield _as_it_is(study)
        while True:
            try:
                event = next(search)
            except StopIteration as end:
                result: SearchResult = end.value
                return result
            yield event
            if isinstance(event, TrialEnded):
                with suppress(UserError):  # what the storage has against it, the search itself will be told as well
                    yield findings(study)


def _as_it_is(study: SearchStudy) -> OpenedSearch:
    trials = tuple(study.trials())
    pictures = {}
    for trial in trials[-_MOST_PICTURES:]:
        if (picture := _picture(trial)) is not None:
            pictures[trial.number] = picture
    return OpenedSearch(study.name, study.plan, trials, pictures, findings(study))


def _picture(trial: TrialRecord) -> NDArray[np.uint8] | None:
    """Return the newest samples of a trial, None where there are none that can be read."""
    if trial.thumbnail is None:
        return None
    try:
        with open_plain(trial.thumbnail, trial.thumbnail.parent) as file:
            return read_png(file)
    except (OSError, ValueError):
        return None
