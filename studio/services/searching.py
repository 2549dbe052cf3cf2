"""The door to searching for better options: what was searched, how fast trials are, a search. Knows no widget."""

from __future__ import annotations

import time
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.i18n import tr
from engine.job import Progress
from engine.search.plan import Plan
from engine.search.records import (
    SearchBlocked,
    SearchResult,
    SearchStarted,
    TrialEnded,
    TrialProgress,
    TrialRecord,
    TrialStarted,
)
from engine.search.why import Findings
from studio.model.search import OpenedSearch, PlacedSearch, SearchNews, SearchWish
from studio.model.work_state import WorkState
from studio.services import search_jobs
from studio.services.search_keeping import SearchKeeping
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

if TYPE_CHECKING:
    from engine.search.calibration import Speed

_LISTING = "listing searches"


class SearchService(QObject):
    """One search at a time, in a job. ``plan`` and ``trials`` are of the search that is shown, under way or not.

    ``where`` is the storage in which searches are looked for, begun and kept; nothing for the one at home. ``opened``
    tells that another search is shown; what changes of it afterwards is told trial by trial.
    """

    state_changed = Signal(WorkState)
    listed = Signal(list)
    """``StudySummary`` of every search in ``where``, the newest first."""
    opened = Signal(OpenedSearch)
    preparing = Signal(Progress)
    started = Signal(SearchStarted)
    progressed = Signal(TrialProgress)
    trial_changed = Signal(TrialRecord)
    found = Signal(Findings)
    looked = Signal(SearchNews)
    """Others work on the search, too."""
    unreachable = Signal(Failure)
    """Searches cannot be listed or looked at where they are."""
    measured = Signal()
    """``speed_of`` knows more than before."""
    halted = Signal(SearchBlocked)
    finished = Signal(SearchResult)
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.state = WorkState.IDLE
        self.where = ""
        self.name = ""
        self.plan: Plan | None = None
        self.trials: dict[int, TrialRecord] = {}
        self.current: int | None = None
        """The trial under way."""
        self.keeping = SearchKeeping(jobs, self)
        """What a person does with whole searches."""
        self._jobs = jobs
        self._running: RunningJob[Any, SearchResult] | None = None
        self._has_listed = False
        self._looking: dict[str, RunningJob[Any, Any]] = {}
        self._speed: tuple[Config, Speed] | None = None

    @property
    def is_busy(self) -> bool:
        """Whether a search is under way, even one that only waits."""
        return self.state is not WorkState.IDLE

    @property
    def placed(self) -> PlacedSearch:
        """The search that is shown, and where it lies."""
        return PlacedSearch(self.name, self.where)

    def why_no_training(self) -> str:
        """Say that nothing can be trained beside a search, or nothing while there is none."""
        return tr("A search is under way, and trains one trial after the other.") if self.is_busy else ""

    def wait_until_kept(self, end: float) -> None:
        """Wait until a search that was told to end has given back its trial, or ``time.monotonic()`` is ``end``."""
        if self._running and self.current is not None:
            self._running.join(max(end - time.monotonic(), 0))

    # --- look

    @property
    def is_listing(self) -> bool:
        """Whether it is being looked which searches there are, and nobody knows yet."""
        return _LISTING in self._looking and not self._has_listed

    def list_searches(self) -> None:
        """Look which searches there are."""
        work = partial(search_jobs.listed, self.where)
        self._look(_LISTING, self._jobs.do, work, self._on_listed, self.unreachable.emit)

    def look_for_others(self) -> None:
        """Look whether others began a search, unless that is being looked at: a server may take its time to answer."""
        if _LISTING not in self._looking:
            self.list_searches()

    def _on_listed(self, studies: list[Any]) -> None:
        self._has_listed = True
        self.listed.emit(studies)

    def look_elsewhere(self, where: str) -> None:
        """Look for searches in another storage, and begin them there; unless one is under way."""
        if not self.is_busy:
            self.open_none()
            self.where, self._has_listed = where, False
            self.list_searches()

    def open(self, name: str, machine: Config) -> None:
        """Show the search ``name``; the options of ``machine`` say where its images are."""
        if not self.is_busy:
            work = partial(search_jobs.opened, self.where, name, machine)
            self._look("opening a search", self._jobs.do, work, self._on_opened)

    def look_again(self) -> None:
        """Look what others have done on the search that is shown; ``looked`` and ``trial_changed`` tell."""
        if self.name and not self.is_busy and "looking again" not in self._looking:
            work = partial(search_jobs.looked_at_again, self.where, self.name, dict(self.trials))
            self._look("looking again", self._jobs.do, work, self._on_news, self.unreachable.emit)

    def open_none(self) -> None:
        """Show no search."""
        if not self.is_busy:
            self._forget("opening a search")
            self._forget("looking again")
            self.name, self.plan, self.trials = "", None, {}

    def speed_of(self, config: Config) -> Speed | None:
        """Return how fast trials with ``config`` are here, None while that was not measured."""
        return self._speed[1] if self._speed and self._speed[0] == config else None

    def measure(self, config: Config) -> None:
        """Measure how fast trials with ``config`` are; ``measured`` answers."""
        work = partial(search_jobs.measured, config)
        self._look("measuring a trial", self._jobs.start, work, partial(self._on_measured, config))

    def measure_no_more(self) -> None:
        """Leave the machine to others."""
        self._forget("measuring a trial")

    @property
    def is_measuring(self) -> bool:
        """Whether a trial is being measured."""
        return "measuring a trial" in self._looking

    def _look(self, name: str, do: Any, work: Any, then: Any, failed: Any = None) -> None:
        """Do ``work``, instead of what was asked for before by the same ``name``."""
        self._forget(name)

        def told(tell: Any, answer: Any) -> None:
            self._looking.pop(name, None)
            tell(answer)

        listeners: Listeners[Any, Any] = Listeners(
            result=partial(told, then), failed=partial(told, failed or self.failed.emit)
        )
        self._looking[name] = do(name, work, listeners)

    def _forget(self, name: str) -> None:
        if job := self._looking.pop(name, None):
            job.cancel(silently=True)

    def _on_opened(self, search: OpenedSearch) -> None:
        if self._running is None:
            self._show(search)

    def _on_news(self, news: SearchNews | None) -> None:
        """Take up what others did; of the trial under way here, this process knows best."""
        if news is None or news.name != self.name:
            return
        for trial in news.trials:
            if trial.number != self.current:
                self._put(trial)
        self.looked.emit(news)
        self.found.emit(news.findings)

    def _show(self, search: OpenedSearch) -> None:
        self.name, self.plan = search.name, search.plan
        self.trials = {trial.number: trial for trial in search.trials}
        self.opened.emit(search)

    def _on_measured(self, config: Config, speed: Speed) -> None:
        self._speed = (config, speed)
        self.measured.emit()

    # --- search

    def start(self, wish: SearchWish, minutes: float) -> None:
        """Begin a search."""
        self._launch(partial(search_jobs.begun, self.where, wish, minutes, self.speed_of(wish.config)))

    def go_on(self, name: str, minutes: float, machine: Config) -> None:
        """Go on with the search ``name`` for so many more minutes."""
        self._launch(partial(search_jobs.gone_on_with, self.where, name, minutes, machine))

    def pause(self) -> None:
        """Rest at the next tick."""
        if self.state is WorkState.WORKING and self._running:
            self._running.pause()

    def resume(self) -> None:
        """Go on out of a pause, or try again what was refused."""
        if self.state.rests and self._running:
            self._running.resume()

    def stop(self) -> None:
        """End the search; the trial under way is taken up again when it is gone on with."""
        if self._running and self.is_busy:
            self._running.cancel()
            self._set_state(WorkState.STOPPING)

    def _launch(self, job: Any) -> None:
        if self.is_busy:
            return
        for name in list(self._looking):
            self._forget(name)
        self._set_state(WorkState.PREPARING)
        listeners: Listeners[Any, SearchResult] = Listeners(
            event=self.hear,
            result=self.finished.emit,
            failed=self.failed.emit,
            paused=partial(self._go_to, WorkState.PAUSED),
            resumed=partial(self._go_to, WorkState.WORKING),
            end=self.hear_end,
        )
        self._running = self._jobs.start("search", job, listeners, rests_at=SearchBlocked)

    # --- what the job tells

    def _set_state(self, state: WorkState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _go_to(self, state: WorkState) -> None:
        """Take the state that the job tells, unless it was asked to end since."""
        if self.state is not WorkState.STOPPING:
            self._set_state(state)

    def hear(self, event: object) -> None:
        """Take up what the job under way tells, and pass it on to panels."""
        match event:
            case Progress():
                self.preparing.emit(event)
            case OpenedSearch():
                self._show(event)
            case SearchStarted():
                self._go_to(WorkState.WORKING)
                self.started.emit(event)
            case TrialStarted():
                self.current = event.number
                self._put(_begun(event))
            case TrialProgress():
                self._on_progress(event)
            case TrialEnded():
                self.current = None
                self._put(event.trial)
            case SearchNews():
                self._on_news(event)
            case SearchBlocked():
                self._go_to(WorkState.HALTED)
                self.halted.emit(event)

    def _on_progress(self, event: TrialProgress) -> None:
        trial = self.trials.get(event.number)
        if event.measure is not None and trial is not None:
            self._put(replace(trial, measures=(*trial.measures, event.measure)))
        self.progressed.emit(event)

    def _put(self, trial: TrialRecord) -> None:
        self.trials[trial.number] = trial
        self.trial_changed.emit(trial)

    def hear_end(self) -> None:
        """The job is over, whatever the reason."""
        self._running = None
        if self.current is not None and self.current in self.trials:
            self._put(replace(self.trials[self.current], state="stopped"))
            self.current = None
        self._set_state(WorkState.IDLE)


def _begun(event: TrialStarted) -> TrialRecord:
    return TrialRecord(
        event.number, "learning", event.values, run=event.run, is_start=event.is_start, retry_of=event.retry_of
    )
