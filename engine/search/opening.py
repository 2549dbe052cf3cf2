"""Studies in a storage: begun, joined, found again, listed. Imports Optuna."""

from __future__ import annotations

import itertools
import math
import time
from collections.abc import Iterator
from dataclasses import dataclass

import optuna
from optuna.exceptions import DuplicatedStudyError
from optuna.storages import BaseStorage
from optuna.trial import TrialState

from engine.config import Config
from engine.errors import UserError, unknown_name
from engine.i18n import tr
from engine.search import storages
from engine.search.plan import Plan, check, from_json
from engine.search.study import SearchStudy, direction

_PLAN = "duelo"
_LOOKS, _LOOK_SECONDS = 30, 0.1  # at a study that somebody else has made and not yet begun
TITLE, DELETED = "duelo_title", "duelo_deleted"
"""What a person says of a search, kept in its study: how it is called, and when it went into the trash."""


@dataclass(frozen=True)
class StudySummary:
    """One of the studies in a storage: ``trials`` of it have begun, ``best`` is None while none has finished.

    ``trouble`` is a sentence that says why it cannot be gone on with, or nothing; ``plan`` is None then. ``is_ours``:
    a Duelo made it, of whichever version. ``title`` is how a person calls it, else its name; ``deleted``, in seconds
    since 1970, when it went into the trash, 0 where it did not.
    """

    name: str
    plan: Plan | None
    trials: int
    best: float | None
    began: float
    trouble: str = ""
    is_ours: bool = True
    title: str = ""
    deleted: float = 0.0


def join(plan: Plan, where: str = "", name: str = "") -> SearchStudy:
    """Begin the search ``plan`` in the storage ``where``, or go on with it there; ``name`` is the plan's own, or given.

    Raises ``UserError`` where a study of that name searches something else, and ``StorageError``.
    """
    check(plan)
    with storages.closing_if_it_fails(storages.open_storage(where)) as storage:
        with storages.telling_errors(where):
            study = _begun_or_found(plan, storage, name)
        known = _plan_of(study, study.study_name)
        if different := known.difference(plan):
            called = study.study_name
            raise UserError(
                tr("The search “{name}” is another one; what differs: {names}.", name=called, names=different),
                tr("Give another name, or the same options."),
                options=("--study",),
            )
        return SearchStudy(study, plan, where)


def _begun_or_found(plan: Plan, storage: BaseStorage, name: str) -> optuna.Study:
    """Return the study called ``name``, else the plan's own that is in no trash; begun, where there is none."""
    for each in [name] if name else _names(plan.name):
        try:
            study = optuna.create_study(study_name=each, storage=storage, direction=direction(plan))
            is_new = True
        except DuplicatedStudyError:
            study = optuna.load_study(study_name=each, storage=storage)
            is_new = _is_left_unplanned(study)
        if not name and study.user_attrs.get(DELETED):
            continue
        _insist_on_being_there(study)
        if is_new:
            _begin(study, plan)
        return study
    raise AssertionError("names do not end")


def _begin(study: optuna.Study, plan: Plan) -> None:
    """Line up what is tried first, then say what is searched: by that others see that it is begun."""
    if not study.get_trials(deepcopy=False):
        if plan.start:
            study.enqueue_trial(plan.start, user_attrs={"is_start": True})
        if plan.proven and plan.sampler != "grid":  # a search need not find again what is known
            study.enqueue_trial(plan.proven)
    study.set_user_attr(_PLAN, plan.to_json())


def _is_left_unplanned(study: optuna.Study) -> bool:
    """Whether who made ``study`` did not come to say what is searched; one who is at it right now is waited for.

    A study of another program, in which something was tried, is not ours to begin.
    """
    for _ in range(_LOOKS):
        trials = study.get_trials(deepcopy=False)
        if _PLAN in study.user_attrs or any(trial.state != TrialState.WAITING for trial in trials):
            return False
        time.sleep(_LOOK_SECONDS)
    return True


def _names(name: str) -> Iterator[str]:
    yield name
    for count in itertools.count(2):
        yield f"{name}-{count}"


def _insist_on_being_there(study: optuna.Study) -> None:
    if study.user_attrs.get(DELETED):
        raise UserError(
            tr("The search “{name}” is in the trash.", name=study.study_name),
            tr("Take it back on the page Search of the window, or give another name."),
            options=("--study",),
        )


def open_study(where: str = "", name: str = "", machine: Config | None = None) -> SearchStudy:
    """Open a search that is there already, the only one or the one called ``name``; raises ``UserError``.

    ``machine`` are options whose device, threads and data folder count here.
    """
    with storages.closing_if_it_fails(storages.open_storage(where, must_exist=True)) as storage:
        with storages.telling_errors(where):
            study = _found(storage, where, name)
        _insist_on_being_there(study)
        plan = _plan_of(study, study.study_name)
        return SearchStudy(study, plan.on_this_machine(machine) if machine else plan, where)


def _found(storage: BaseStorage, where: str, name: str) -> optuna.Study:
    names = optuna.get_all_study_names(storage)
    if not name and len(names) == 1:
        name = names[0]
    if name not in names:
        message = tr("There is no search “{name}” in {storage}.", name=name, storage=storages.told(where))
        raise unknown_name(message, name, names)
    return optuna.load_study(study_name=name, storage=storage)


def studies(where: str = "") -> list[StudySummary]:
    """Return the studies in the storage ``where``, the newest first, also those in the trash; none where there is no
    storage yet."""
    try:
        storage = storages.open_storage(where, must_exist=True)
    except storages.StorageError:
        if where:
            raise
        return []
    try:
        with storages.telling_errors(where):
            found = [_summary(each) for each in optuna.get_all_study_summaries(storage, include_best_trial=True)]
    finally:
        storages.close(storage)
    return sorted(found, key=lambda each: each.began, reverse=True)


def _summary(study: optuna.study.StudySummary) -> StudySummary:
    trouble, plan, kept = "", None, study.user_attrs
    try:
        plan = from_json(kept.get(_PLAN, ""))
    except UserError as error:
        trouble = error.message  # the way out is said by who shows it: here or on the command line
    return StudySummary(
        study.study_name,
        plan,
        study.n_trials,
        study.best_trial.value if study.best_trial else None,
        study.datetime_start.timestamp() if study.datetime_start else 0.0,
        trouble,
        is_ours=_PLAN in kept,
        title=str(kept.get(TITLE) or study.study_name),
        deleted=_seconds(kept.get(DELETED)),
    )


def _seconds(kept: object) -> float:
    return float(kept) if isinstance(kept, int | float) and math.isfinite(kept) else 0.0


def _plan_of(study: optuna.Study, name: str) -> Plan:
    try:
        return from_json(study.user_attrs.get(_PLAN, ""))
    except UserError as error:
        raise UserError(
            tr("“{name}” cannot be gone on with: {why}", name=name, why=error.message), error.hint, error.options
        ) from None
