"""Studies in a storage: begun, joined, found again, listed, forgotten. Imports Optuna."""

from __future__ import annotations

from dataclasses import dataclass

import optuna
from optuna.exceptions import DuplicatedStudyError

from engine.config import Config
from engine.errors import UserError, unknown_name
from engine.i18n import tr
from engine.search import storages
from engine.search.plan import Plan, check, from_json
from engine.search.study import SearchStudy, direction

_PLAN = "duelo"


@dataclass(frozen=True)
class StudySummary:
    """One of the studies in a storage: ``trials`` of it have begun, ``best`` is None while none has finished.

    ``trouble`` is a sentence that says why it cannot be gone on with, or nothing; ``plan`` is None then.
    """

    name: str
    plan: Plan | None
    trials: int
    best: float | None
    began: float
    trouble: str = ""


def join(plan: Plan, where: str = "", name: str = "") -> SearchStudy:
    """Begin the search ``plan`` in the storage ``where``, or go on with it there; ``name`` is the plan's own, or given.

    Raises ``UserError`` where a study of that name searches something else, and ``StorageError``.
    """
    check(plan)
    storage = storages.open_storage(where)
    name = name or plan.name
    with storages.telling_errors(where):
        try:
            study = optuna.create_study(study_name=name, storage=storage, direction=direction(plan))
            is_new = True
        except DuplicatedStudyError:
            study = optuna.load_study(study_name=name, storage=storage)
            is_new = _PLAN not in study.user_attrs and not study.get_trials(deepcopy=False)
        if is_new:
            study.set_user_attr(_PLAN, plan.to_json())
            if plan.start:
                study.enqueue_trial(plan.start, user_attrs={"is_start": True})
            if plan.proven and plan.sampler != "grid":  # a search need not find again what is known
                study.enqueue_trial(plan.proven)
    known = _plan_of(study, name)
    if different := known.difference(plan):
        raise UserError(
            tr("The search “{name}” is another one; what differs: {names}.", name=name, names=different),
            tr("Give another name with --study, or the same options."),
        )
    return SearchStudy(study, plan, where)


def open_study(where: str = "", name: str = "", machine: Config | None = None) -> SearchStudy:
    """Open a search that is there already, the only one or the one called ``name``; raises ``UserError``.

    ``machine`` are options whose device, threads and data folder count here.
    """
    storage = storages.open_storage(where, must_exist=True)
    with storages.telling_errors(where):
        names = optuna.get_all_study_names(storage)
        if not name and len(names) == 1:
            name = names[0]
        if name not in names:
            message = tr("There is no search “{name}” in {storage}.", name=name, storage=storages.told(where))
            raise unknown_name(message, name, names)
        study = optuna.load_study(study_name=name, storage=storage)
    plan = _plan_of(study, name)
    return SearchStudy(study, plan.on_this_machine(machine) if machine else plan, where)


def studies(where: str = "") -> list[StudySummary]:
    """Return the studies in the storage ``where``, the newest first; none where there is no storage yet."""
    try:
        storage = storages.open_storage(where, must_exist=True)
    except storages.StorageError:
        if where:
            raise
        return []
    found = []
    with storages.telling_errors(where):
        for summary in optuna.get_all_study_summaries(storage, include_best_trial=True):
            trouble, plan = "", None
            try:
                plan = from_json(summary.user_attrs.get(_PLAN, ""))
            except UserError as error:
                trouble = error.whole
            best = summary.best_trial.value if summary.best_trial else None
            began = summary.datetime_start.timestamp() if summary.datetime_start else 0.0
            found.append(StudySummary(summary.study_name, plan, summary.n_trials, best, began, trouble))
    storages.close(storage)
    return sorted(found, key=lambda each: each.began, reverse=True)


def forget(name: str, where: str = "") -> None:
    """Delete the study ``name`` from its storage; runs and pictures of its trials stay where they are."""
    storage = storages.open_storage(where, must_exist=True)
    with storages.telling_errors(where):
        optuna.delete_study(study_name=name, storage=storage)
    storages.close(storage)


def _plan_of(study: optuna.Study, name: str) -> Plan:
    try:
        return from_json(study.user_attrs.get(_PLAN, ""))
    except UserError as error:
        raise UserError(
            tr("“{name}” cannot be gone on with: {why}", name=name, why=error.message), error.hint
        ) from None
