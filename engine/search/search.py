"""A worker of a search: trial after trial until its minutes are over. Several may work on one study at once.

A ``Job``: pausing is not asking on, stopping is ``close()``; the trial under way is taken up again later. Knows no
storage but through the study that it is given.
"""

from __future__ import annotations

import os
import shutil
import time
from collections.abc import Callable, Sequence
from contextlib import closing, suppress
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from engine import files
from engine.allocator import give_back
from engine.datasets import catalog
from engine.errors import DiskError, UserError
from engine.i18n import number, tr
from engine.job import Job
from engine.runs import AnyRun, MemoryRun, RunFolder
from engine.runs.pictures import to_png
from engine.search.calibration import Speed, calibrate
from engine.search.claims import beating
from engine.search.evaluators import Evaluators
from engine.search.objectives import value_of
from engine.search.records import (
    Measure,
    SearchBlocked,
    SearchEvent,
    SearchResult,
    SearchStarted,
    State,
    TrialEnded,
    TrialProgress,
    TrialRecord,
    TrialStarted,
)
from engine.search.storages import StorageError
from engine.search.study import SearchStudy, ranked
from engine.search.trial import End, Looked, Step, TrialTraining

if TYPE_CHECKING:
    from optuna.trial import Trial

MINUTES = (0.05, 100_000.0)
MAX_MB = 500
_CUT_AT = 1.15  # of the time: what is not over by then is cut short
_MOST_IN_A_ROW = 60  # trials that are refused before they begin
_MOST_FAILURES = 3
_PICTURE = ".png"

_Done = TypeVar("_Done")


class Search:
    """Works on ``study`` for so many ``minutes`` of its own time, pauses excluded.

    ``folder`` is where run folders (``keep_runs``) and pictures of the trials go, the study's own where it is None; all
    runs there together stay below ``max_mb``, the best longest. ``speed`` is what ``calibrate`` found, if it was asked.
    """

    def __init__(
        self,
        study: SearchStudy,
        minutes: float,
        *,
        folder: Path | None = None,
        keep_runs: bool = True,
        max_mb: int = MAX_MB,
        speed: Speed | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.study = study
        self.folder = folder or study.folder
        self._plan = study.plan
        self._budget = minutes * 60
        self._keep_runs, self._max_mb = keep_runs, max_mb
        self._speed = speed
        self._clock = clock
        self._worked = 0.0
        self._since: float | None = None  # when somebody asked for the next event, while nobody has it
        self._done = 0
        self._refused = 0
        self._failed = 0
        self._trial_seconds = 0.0
        self._name = ""  # of what the trial under way leaves

    def run(self) -> Job[SearchEvent, SearchResult]:
        """Search, and tell what happens. Raises ``UserError``; what the study knows by then stays."""
        with closing(self._work()) as work:
            while True:
                self._since = self._clock()
                try:
                    event = next(work)
                except StopIteration as end:
                    result: SearchResult = end.value
                    return result
                finally:
                    self._worked, self._since = self.seconds, None
                yield event

    @property
    def seconds(self) -> float:
        """How long it has worked."""
        return self._worked + (0.0 if self._since is None else self._clock() - self._since)

    @property
    def seconds_left(self) -> float:
        """How long it may still work."""
        return max(self._budget - self.seconds, 0.0)

    # --- the whole

    def _work(self) -> Job[SearchEvent, SearchResult]:
        data = yield from catalog.read(self._plan.config)
        yield from self._insist(lambda: self.study.bind(data.facts))
        evaluators = Evaluators(data)
        yield from evaluators.prepare(self._plan.config)
        give_back()
        begun = sum(trial.state != "waiting" for trial in (yield from self._insist(self.study.trials)))
        self._trial_seconds = yield from self._expected(evaluators)
        if self._trial_seconds > self._budget * _CUT_AT:
            raise no_trial(self._trial_seconds)
        yield SearchStarted(self._budget, self._budget / self._trial_seconds, self._trial_seconds, begun)
        is_exhausted = False
        while self._has_time():
            yield from self._insist(self.study.take_up_lost)
            is_exhausted = yield from self._insist(self.study.is_exhausted)
            if is_exhausted:
                break
            yield from self._trial(evaluators)
        return SearchResult(self._done, self.seconds, is_exhausted)

    def _expected(self, evaluators: Evaluators) -> Job[SearchEvent, float]:
        """Return how long a trial takes: as trials did on this machine, or as is measured now."""
        known = yield from self._insist(self.study.seconds_per_trial)
        if known is not None:
            return known
        if self._speed is None:
            self._speed = yield from calibrate(self._plan.config, evaluators)
        return self._speed.trial_seconds(self._plan)

    def _has_time(self) -> bool:
        """Whether the end is nearer to the time asked for with another trial than without."""
        left = self._budget - self.seconds
        return left > 0 and abs(left - self._trial_seconds) < left

    def _is_over(self) -> bool:
        return self.seconds > self._budget * _CUT_AT

    def _insist(self, work: Callable[[], _Done]) -> Job[SearchEvent, _Done]:
        """Do ``work``; where a storage or a disk refuses, say so and try again whenever asked for the next event."""
        while True:
            try:
                return work()
            except (StorageError, DiskError) as error:
                yield SearchBlocked(error.message, error.hint)

    # --- one trial

    def _trial(self, evaluators: Evaluators) -> Job[SearchEvent, None]:
        trial = yield from self._insist(self.study.ask)
        begin = self.seconds
        run: AnyRun = MemoryRun()
        with beating(lambda count: self.study.beat(trial, count)):
            try:
                values = yield from self._insist(lambda: self.study.claim(trial))
                if (yield from self._insist(lambda: self.study.is_taken(trial))):
                    yield from self._insist(lambda: self.study.stop(trial, "refused", tr("Another worker tries it.")))
                    return
                self._name = yield from self._insist(lambda: self._take_name(trial.number))
                run = RunFolder(self.folder / self._name) if self._keep_runs else run
                facts = trial.user_attrs
                place = run.path if isinstance(run, RunFolder) else None
                yield TrialStarted(trial.number, values, place, bool(facts.get("is_start")), facts.get("retry_of"))
                end = yield from self._trained(trial, values, run, evaluators)
                self._give_back_name()
                yield from self._tell(trial, end, self.seconds - begin)
            except GeneratorExit:
                with suppress(StorageError):  # it is taken up again anyway, once this process is gone
                    if self.study.stop(trial, "stopped"):
                        self.study.again(trial.number)
                self._remove(run)
                self._give_back_name()
                raise
            except BaseException:
                self._give_back_name()
                with suppress(StorageError):
                    self.study.stop(trial, "failed")
                raise
        give_back()
        self._bound_disk()

    def _trained(
        self, trial: Trial, values: dict[str, Any], run: AnyRun, evaluators: Evaluators
    ) -> Job[SearchEvent, End | UserError]:
        """Train the trial, and return how it ended: a ``UserError`` where its options are refused.

        A run that cannot even be begun, because the disk is full, is begun anew once it has room.
        """
        while True:
            try:
                config = self._plan.training_of(values)
                if isinstance(run, RunFolder):
                    self._remove(run, keeps_name=True)
                    yield from self._insist(lambda: self.study.note(trial, run=run.path.absolute()))
                training = TrialTraining(self._plan, config, run, evaluators, self._is_over)
                return (yield from self._followed(trial, training))
            except StorageError:
                raise
            except DiskError as error:
                yield SearchBlocked(error.message, error.hint)
            except UserError as error:
                return error

    def _followed(self, trial: Trial, training: TrialTraining) -> Job[SearchEvent, End]:
        measures: list[Measure] = []
        with closing(training.run()) as job:
            while True:
                try:
                    event = next(job)
                except StopIteration as stop:
                    end: End = stop.value
                    return end
                if isinstance(event, Step):
                    yield self._progress(trial, event.images_seen, event.share, event.images_per_second)
                elif isinstance(event, Looked):
                    look = event.look
                    measures.append(look.measure)
                    yield from self._insist(lambda: self._keep_picture(trial, to_png(look.grid)))  # noqa: B023
                    training.is_hopeless = yield from self._insist(
                        lambda: self.study.report(trial, event.number, measures)  # noqa: B023
                    )
                    at = look.measure
                    yield self._progress(trial, at.images_seen, at.share, event.images_per_second, at, look.grid)
                else:
                    yield event

    def _progress(
        self, trial: Trial, images: int, share: float, speed: float, measure: Measure | None = None, grid: Any = None
    ) -> TrialProgress:
        return TrialProgress(trial.number, images, share, speed, self.seconds_left, measure, grid)

    def _tell(self, trial: Trial, end: End | UserError, seconds: float) -> Job[SearchEvent, None]:
        """Keep in the study how the trial ended, and tell it."""
        yield from self._insist(lambda: self.study.note(trial, seconds=round(seconds, 2)))
        if isinstance(end, End) and end.how == "finished" and end.measures:
            value = value_of(self._plan.objective, self._plan.target, end.measures)
            yield from self._insist(lambda: self.study.finish(trial, value))
            self._trial_seconds = (yield from self._insist(self.study.seconds_per_trial)) or self._trial_seconds
        else:
            state, reason, failure_mode = _stopped(end)
            yield from self._insist(lambda: self.study.stop(trial, state, reason, failure_mode))
            self._count(state, reason)
        self._done += 1
        record = yield from self._insist(lambda: self.study.trials()[trial.number])
        if record.state not in ("refused", "failed"):
            self._refused = self._failed = 0
        yield TrialEnded(record, self.seconds_left)

    def _count(self, state: State, reason: str) -> None:
        """Raise ``UserError`` where trial after trial cannot be trained at all."""
        self._refused += state == "refused"
        self._failed += state == "failed"
        if self._refused >= _MOST_IN_A_ROW:
            raise UserError(
                tr("Of these ranges, one set of options after the other is refused: {why}", why=reason),
                tr("Take other ranges or choices."),
            )
        if self._failed >= _MOST_FAILURES:
            raise UserError(tr("One trial after the other fails: {why}", why=reason), tr("Mend that, and go on."))

    # --- files

    def _take_name(self, number_: int) -> str:
        """Return what run and picture of a trial are called; another search in this folder keeps its own.

        Two may look at the same moment, so the name is taken at once, by a folder or a file that has it.
        """
        name = f"trial-{number_:04d}"
        with files.telling_disk_errors(self.folder):
            self.folder.mkdir(parents=True, exist_ok=True)
            for each in chain([name], (f"{name}_{count}" for count in range(2, 10**4))):
                run, picture = self.folder / each, self.folder / f"{each}{_PICTURE}"
                if os.path.lexists(run if not self._keep_runs else picture):
                    continue
                with suppress(FileExistsError):
                    run.mkdir() if self._keep_runs else picture.touch(exist_ok=False)
                    return each
        raise AssertionError("names do not end")

    def _give_back_name(self) -> None:
        """Leave nothing of a trial that made nothing."""
        run, picture = self.folder / self._name, self.folder / f"{self._name}{_PICTURE}"
        with suppress(OSError):
            if self._name and not picture.stat().st_size:
                picture.unlink()
        with suppress(OSError):
            if self._name:
                run.rmdir()  # which takes an empty folder alone

    def _keep_picture(self, trial: Trial, png: bytes) -> None:
        path = self.folder / f"{self._name}{_PICTURE}"
        with files.telling_disk_errors(path):
            path.parent.mkdir(parents=True, exist_ok=True)
        files.write_atomically(path, png, shared=True)
        self.study.note(trial, thumbnail=path.absolute())

    def _remove(self, run: AnyRun, *, keeps_name: bool = False) -> None:
        """Remove what is in a run of ours, and its folder, unless that ``keeps_name``."""
        if not isinstance(run, RunFolder) or run.path.absolute().parent != self.folder.absolute():
            return
        if not keeps_name:
            shutil.rmtree(run.path, ignore_errors=True)
            return
        with suppress(OSError):
            for each in run.path.iterdir():
                shutil.rmtree(each) if each.is_dir() else each.unlink()

    def _bound_disk(self) -> None:
        """Remove the runs of the worst trials of this folder until all together are small enough."""
        if not self._keep_runs:
            return
        with suppress(StorageError):
            trials = [trial for trial in self.study.trials() if trial.is_over and _is_in(trial, self.folder)]
            best = [trial.number for trial in ranked(self._plan, trials)]
            worst_first = sorted(trials, key=lambda trial: -_rank(best, trial))
            sizes = {trial.number: _size(trial.run) for trial in trials}
            excess = sum(sizes.values()) - self._max_mb * 10**6
            for trial in worst_first[:-1]:
                if excess <= 0:
                    break
                self._remove(RunFolder(trial.run or self.folder))
                excess -= sizes[trial.number]


def no_trial(trial_seconds: float) -> UserError:
    """Say that the time does not suffice for a single trial."""
    minutes = trial_seconds / 60
    return UserError(
        tr("This time buys no trial: one takes about {minutes} minutes here.", minutes=number(minutes, ",.2g")),
        tr("Give more minutes, or make the trials shorter."),
    )


def _stopped(end: End | UserError) -> tuple[State, str, str]:
    """Return state, reason and failure mode of a trial that has no value."""
    if isinstance(end, UserError):
        return "refused", end.whole, ""
    if end.how == "finished":  # so short that the judge never looked
        return "cut", end.reason, end.failure_mode
    return end.how, end.reason, end.failure_mode


def _rank(best: Sequence[int], trial: TrialRecord) -> int:
    return best.index(trial.number) if trial.number in best else len(best) + trial.number


def _is_in(trial: TrialRecord, folder: Path) -> bool:
    return trial.run is not None and trial.run.parent == folder.absolute()


def _size(folder: Path | None) -> int:
    total = 0
    for path in folder.rglob("*") if folder else ():
        with suppress(OSError):
            total += path.stat().st_size
    return total
