"""A search in its storage: read while others work on it, asked for trials and told of them.

Imports Optuna; the only code that knows what is kept of a trial in a study.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, Literal

import optuna
from optuna.exceptions import UpdateFinishedTrialError
from optuna.trial import FrozenTrial, Trial, TrialState

from engine.datasets.info import Column, DatasetInfo
from engine.errors import UserError
from engine.i18n import tr
from engine.search import claims, places, samplers, storages
from engine.search.knobs import Value
from engine.search.plan import Plan
from engine.search.records import Measure, State, TrialRecord

_DATA = "duelo_data"
_STATES: Mapping[TrialState, State] = {
    TrialState.WAITING: "waiting",
    TrialState.RUNNING: "learning",
    TrialState.COMPLETE: "finished",
    TrialState.PRUNED: "pruned",
    TrialState.FAIL: "failed",
}
_ENDS: Mapping[State, TrialState] = {
    "pruned": TrialState.PRUNED,
    "trouble": TrialState.PRUNED,
    "refused": TrialState.PRUNED,
    "cut": TrialState.PRUNED,
    "stopped": TrialState.FAIL,
    "lost": TrialState.FAIL,
    "failed": TrialState.FAIL,
}
_MOST_RETRIES = 2
_LOOKS, _BETWEEN_LOOKS_SECONDS = 100, 0.01


class SearchStudy:
    """What was planned, and every trial of it. For any thread, and several processes at once.

    Everything raises ``StorageError`` where the storage does not answer.
    """

    def __init__(self, study: optuna.Study, plan: Plan, where: str) -> None:
        self.plan = plan
        self.where = where
        self.name = study.study_name
        self.worker = claims.here()
        self.study = study
        """The study as Optuna has it."""
        self.study.pruner = samplers.pruner(plan)
        self._watch = claims.Watch()

    @property
    def folder(self) -> Path:
        """Where the pictures and runs of its trials lie, unless a worker was told otherwise."""
        return folder_of(self.where, self.name)

    def close(self) -> None:
        """Let go of the storage's files and connections, until something is asked for again."""
        storages.close(self.study._storage)

    # --- read

    def trials(self) -> list[TrialRecord]:
        """Return all trials as they are now, in the order in which they began."""
        with self._told():
            return [self._record(trial) for trial in self._frozen()]

    def best(self) -> TrialRecord | None:
        """Return the finished trial with the best value, None while there is none."""
        return best_of(self.plan, self.trials())

    def facts(self) -> DatasetInfo | None:
        """Return what is known of its images, None while no trial has begun."""
        with self._told():
            known = self.study.user_attrs.get(_DATA)
        if known is None:
            return None
        image_count, channels, size, class_names, *columns = known
        named = tuple(Column(*column) for column in columns[0]) if columns else ()
        return DatasetInfo(image_count, tuple(class_names), channels, size, named)

    def completed(self, liked: Mapping[int, float] | None = None) -> optuna.Study:
        """Return a copy in memory in which every trial that was judged has finished with what it had at its end.

        Optuna's importance looks at finished trials only. Where trials are ``liked``, by numbers, that is their value.
        """
        with self._told():
            trials = self._frozen()
        copy = optuna.create_study(direction=direction(self.plan) if liked is None else "maximize")
        for trial in trials:
            value = trial.value if liked is None else liked.get(trial.number)
            value = value if trial.state.is_finished() else None
            if value is not None:
                copy.add_trial(optuna.create_trial(value=value, params=trial.params, distributions=trial.distributions))
        return copy

    # --- work

    def bind(self, facts: DatasetInfo) -> None:
        """Note which images it is about; raises ``UserError`` where it is about other ones."""
        own: list[Any] = [facts.image_count, facts.channels, facts.size, list(facts.class_names)]
        own += [[list(column) for column in facts.columns]] if facts.is_points else []
        with self._told():
            known = self.study.user_attrs.get(_DATA)
            if known is None:
                self.study.set_user_attr(_DATA, own)
        if known is not None and known != own:
            raise UserError(
                tr("The search “{name}” is about other {data:images} than those here.", name=self.name),
                tr("Give the same {data:images}, or begin a search under another name."),
            )

    def ask(self) -> Trial:
        """Return the next trial, which this process works on from now on."""
        with self._told():
            trials = self._frozen()
            others = sum(trial.state == TrialState.RUNNING for trial in trials)
            seed = _seed(self.plan.config.seed, len(trials), self.worker.facts() if others else None)
            self.study.sampler = samplers.sampler(self.plan, seed)
            return self.study.ask()

    def claim(self, trial: Trial) -> dict[str, Value]:
        """Say that this process works on ``trial``, and return the values of its knobs."""
        with self._told():
            trial.set_user_attr("worker", self.worker.facts())
            return samplers.suggest(self.plan, trial)

    def is_taken(self, trial: Trial) -> bool:
        """Whether another process was given the same point of a grid at the same moment, so that this one lets go."""
        with self._told():
            for _ in range(_LOOKS):  # one that was killed while it chose is waited for in vain
                trials = self._frozen()
                if not samplers.is_choosing(trial.number, trials):
                    break
                time.sleep(_BETWEEN_LOOKS_SECONDS)
            return samplers.is_taken(trial.number, trials)

    def beat(self, trial: Trial, count: int) -> None:
        """Say that this process still works on ``trial``."""
        with self._told(), _unless_it_is_over():
            trial.set_user_attr("beat", count)

    def note(self, trial: Trial, **facts: Any) -> None:
        """Keep ``run``, ``thumbnail``, ``seconds`` … of ``trial``."""
        with self._told(), _unless_it_is_over():
            for name, value in facts.items():
                trial.set_user_attr(name, str(value) if isinstance(value, Path) else value)

    def report(self, trial: Trial, step: int, measures: Sequence[Measure]) -> bool:
        """Keep what the judge said at ``step``; return whether others were so much better by then that it may end."""
        with self._told(), _unless_it_is_over():
            trial.set_user_attr("measures", [list(asdict(measure).values()) for measure in measures])
            trial.report(self.plan.goal.of_measure(measures[-1]), step)
            return trial.should_prune()
        return False

    def finish(self, trial: Trial, value: float) -> bool:
        """End ``trial`` with ``value``; returns whether it was still ours."""
        return self._end(trial, "finished", TrialState.COMPLETE, value)

    def stop(self, trial: Trial, state: State, reason: str = "", failure_mode: str = "") -> bool:
        """End ``trial`` in ``state`` before its time; returns whether it was still ours."""
        self.note(trial, reason=reason, failure_mode=failure_mode)
        return self._end(trial, state, _ENDS[state])

    def again(self, number: int) -> None:
        """Let the trial ``number``, which was stopped or lost, be taken up again by whoever asks next."""
        with self._told():
            trial = self.study.get_trials(deepcopy=False)[number]
            retries = int(trial.user_attrs.get("retries", 0)) + (trial.user_attrs.get("state") != "stopped")
            if trial.params and retries <= _MOST_RETRIES:
                facts = {"retry_of": number, "retries": retries, "is_start": bool(trial.user_attrs.get("is_start"))}
                self.study.enqueue_trial(trial.params, user_attrs=facts)

    def take_up_lost(self) -> None:
        """End the trials whose process is gone, and let them be taken up again."""
        with self._told():
            running = [trial for trial in self._frozen() if trial.state == TrialState.RUNNING]
        for trial in running:
            worker = claims.worker_from(trial.user_attrs.get("worker"))
            if self._watch.is_stale(trial.number, worker, trial.user_attrs.get("beat")) and self._lose(trial):
                self.again(trial.number)

    def is_exhausted(self) -> bool:
        """Whether nothing is left to be tried."""
        with self._told():
            return samplers.is_exhausted(self.plan, self._frozen())

    def seconds_per_trial(self) -> float | None:
        """Return how long a whole trial took on this machine (the median), None while none did."""
        whole = sorted(
            trial.seconds for trial in self.trials() if trial.state == "finished" and trial.worker == self.worker.name
        )
        return whole[len(whole) // 2] if whole else None

    # --- inside

    def _told(self) -> Any:
        return storages.telling_errors(self.where)

    def _frozen(self) -> list[FrozenTrial]:
        return self.study.get_trials(deepcopy=False)

    def _lose(self, trial: FrozenTrial) -> bool:
        """End a trial for the process that is gone; whether it was this process that did."""
        with self._told():
            try:
                storage = self.study._storage
                storage.set_trial_user_attr(trial._trial_id, "state", "lost")
                self.study.tell(trial.number, state=TrialState.FAIL)
            except (UpdateFinishedTrialError, ValueError):
                return False
        return True

    def _end(self, trial: Trial, state: State, end: TrialState, value: float | None = None) -> bool:
        with self._told():
            try:
                trial.set_user_attr("state", state)
                self.study.tell(trial, value, state=end)
            except (UpdateFinishedTrialError, ValueError):
                kept = self._frozen()[trial.number]  # told before, and the answer was lost; or taken by somebody else
                return kept.state == end and kept.user_attrs.get("state") == state
        return True

    def _record(self, trial: FrozenTrial) -> TrialRecord:
        facts = trial.user_attrs
        worker = claims.worker_from(facts.get("worker"))
        state = _STATES[trial.state]
        if trial.state.is_finished():
            state = next((own for own in _ENDS if own == facts.get("state") and _ENDS[own] == trial.state), state)
        fixed = trial.system_attrs.get("fixed_params", {})
        return TrialRecord(
            number=trial.number,
            state=state,
            values=dict(trial.params or fixed),
            value=trial.value if trial.state == TrialState.COMPLETE else None,
            measures=tuple(_measures(facts.get("measures"))),
            failure_mode=str(facts.get("failure_mode", "")),
            reason=str(facts.get("reason", "")),
            run=_path(facts.get("run"), self.folder, "config.json"),
            thumbnail=_path(facts.get("thumbnail"), self.folder),
            is_start=bool(facts.get("is_start")),
            retry_of=facts.get("retry_of"),
            worker=worker.name if worker else "",
            seconds=float(facts.get("seconds", 0.0)),
            began=trial.datetime_start.timestamp() if trial.datetime_start else 0.0,
        )


def folder_of(where: str, name: str) -> Path:
    """Return the folder of the search ``name`` in the storage ``where``: each has one of its own."""
    safe = "".join(sign if sign.isalnum() or sign in "-_" else "-" for sign in name)[:80]
    parts = [name] if safe != name else []
    if places.is_url(where):  # at home, too, there may be one of that name
        parts.append(places.without_password(where)[0])
    return places.folder_of(where) / (f"{safe}-{_seed(*parts):08x}" if parts else safe)


def best_of(plan: Plan, trials: Sequence[TrialRecord]) -> TrialRecord | None:
    """Return the finished one of ``trials`` with the best value, None while there is none."""
    return next(iter(ranked(plan, trials)), None)


def ranked(plan: Plan, trials: Sequence[TrialRecord]) -> list[TrialRecord]:
    """Return those of ``trials`` that have finished, the best first."""
    sign = -1.0 if plan.goal.is_better_higher else 1.0
    finished = [(sign * trial.value, trial.number, trial) for trial in trials if trial.value is not None]
    return [trial for _, _, trial in sorted(finished, key=lambda each: each[:2])]


def direction(plan: Plan) -> Literal["minimize", "maximize"]:
    """Return which values of ``plan`` Optuna is to look for."""
    return "maximize" if plan.goal.is_better_higher else "minimize"


@contextmanager
def _unless_it_is_over() -> Iterator[None]:
    """Keep nothing more of a trial that somebody else has ended."""
    try:
        yield
    except UpdateFinishedTrialError:
        return


def _seed(*parts: object) -> int:
    return int.from_bytes(hashlib.sha256(repr(parts).encode()).digest()[:4], "big")


def _measures(rows: object) -> Iterator[Measure]:
    for row in rows if isinstance(rows, list) else ():
        if isinstance(row, list) and len(row) == 7 and all(isinstance(each, int | float) for each in row):
            share, images, *rest = row
            yield Measure(float(share), int(images), *map(float, rest))


def _path(kept: object, folder: Path, inside: str = "") -> Path | None:
    """Return the path that a worker noted, or where it lies on this machine; None where it is neither."""
    if not isinstance(kept, str) or not kept:
        return None
    paths = (Path(kept), folder / Path(kept).name)
    return next((path for path in paths if os.path.exists(path / inside if inside else path)), None)
