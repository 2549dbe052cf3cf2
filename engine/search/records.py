"""What is told of a trial, and the events of a search: frozen records. Knows neither Optuna nor files."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from engine.diagnosis.own import DETECTORS
from engine.i18n import mark, tr
from engine.job import Progress
from engine.search.knobs import Value

State = Literal["waiting", "learning", "finished", "pruned", "trouble", "refused", "cut", "stopped", "lost", "failed"]

_TITLES: Mapping[str, str] = {
    "waiting": mark("waiting"),
    "learning": mark("learning"),
    "finished": mark("trained to its end"),
    "pruned": mark("stopped early: others were better by then"),
    "trouble": mark("stopped early: in trouble"),
    "refused": mark("refused: these options make no sense together"),
    "cut": mark("cut short: the time was over"),
    "stopped": mark("stopped by you"),
    "lost": mark("lost: its process ended"),
    "failed": mark("failed"),
}


@dataclass(frozen=True)
class Measure:
    """What the judge says when ``share`` (0 to 1) of a trial is trained; ``seconds`` of training, pauses excluded."""

    share: float
    images_seen: int
    seconds: float
    frechet: float
    frechet_real: float
    precision: float
    recall: float


@dataclass(frozen=True)
class TrialRecord:
    """What is known of a trial, of whomever it is.

    ``values`` of the knobs; ``value`` is its measure in the objective's own unit, None while there is none;
    ``measures`` in order of time. ``failure_mode`` names what stopped it, ``reason`` says in a sentence why it
    ended, where that is not said by ``state``. ``run`` is its run folder and ``thumbnail`` a PNG of its newest
    samples, None where there are none (any more). ``is_start``: it has the options that the search begins with.
    ``retry_of``: the trial that was lost or stopped and is taken up again here. ``worker`` is the machine it is on.
    ``seconds`` of work. ``began`` is in seconds since 1970, 0 where it has not.
    """

    number: int
    state: State
    values: Mapping[str, Value]
    value: float | None = None
    measures: tuple[Measure, ...] = ()
    failure_mode: str = ""
    reason: str = ""
    run: Path | None = None
    thumbnail: Path | None = None
    is_start: bool = False
    retry_of: int | None = None
    worker: str = ""
    seconds: float = 0.0
    began: float = 0.0

    @property
    def is_over(self) -> bool:
        """Whether it has ended."""
        return self.state not in ("waiting", "learning")

    @property
    def told(self) -> str:
        """Return in a few words how it is."""
        if self.failure_mode in DETECTORS:
            return tr(DETECTORS[self.failure_mode].title)
        return tr(_TITLES[self.state])


@dataclass(frozen=True)
class SearchStarted:
    """The search is about to begin its first trial: ``seconds`` of work buy about ``trials`` of ``trial_seconds``.

    ``known`` trials have begun in the study already.
    """

    seconds: float
    trials: float
    trial_seconds: float
    known: int


@dataclass(frozen=True)
class TrialStarted:
    """A trial with these values of the knobs begins; ``run`` is where it is trained, None in memory."""

    number: int
    values: Mapping[str, Value]
    run: Path | None = None
    is_start: bool = False
    retry_of: int | None = None


@dataclass(frozen=True)
class TrialProgress:
    """A trial goes on: ``share`` (0 to 1) of it is trained, ``seconds_left`` are left of the whole search.

    ``measure`` and ``grid``, its samples uint8 ``[H, W]`` or ``[H, W, 3]`` of 224 × 320 pixels at most, come when the
    judge has looked, and are None between.
    """

    number: int
    images_seen: int
    share: float
    images_per_second: float
    seconds_left: float
    measure: Measure | None = None
    grid: NDArray[np.uint8] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class TrialEnded:
    """A trial is over, and all that is to be known of it is in the study."""

    trial: TrialRecord
    seconds_left: float


@dataclass(frozen=True)
class SearchBlocked:
    """A storage or a disk refuses; nothing is lost. Asking for the next event tries again."""

    message: str
    hint: str


SearchEvent = Progress | SearchStarted | TrialStarted | TrialProgress | TrialEnded | SearchBlocked


@dataclass(frozen=True)
class SearchResult:
    """How a worker's search ended: ``trials`` that it ended, after ``seconds`` of work.

    ``is_exhausted``: a grid has no combination left.
    """

    trials: int
    seconds: float
    is_exhausted: bool = False


@dataclass(frozen=True)
class PutAway:
    """A search that went into the trash: how it is called, how many trials it has, what its pictures and runs take.

    ``gone`` are the titles of those that left the trash for good. ``others`` are the machines that still work on it.
    """

    name: str
    title: str
    trials: int
    size_bytes: int
    gone: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
