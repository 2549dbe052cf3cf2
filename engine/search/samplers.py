"""Optuna's samplers and pruners, as a plan asks for them. Imports Optuna."""

from __future__ import annotations

from collections.abc import Sequence
from copy import copy
from typing import Any

from optuna.pruners import BasePruner, HyperbandPruner, MedianPruner, NopPruner
from optuna.samplers import BaseSampler, GridSampler, RandomSampler, TPESampler
from optuna.study import Study
from optuna.trial import FrozenTrial, Trial, TrialState

from engine.search.knobs import Knob, Value, in_order, with_values
from engine.search.plan import Plan

_RANDOM_TRIALS = 4  # before TPE has something to go by, the start among them; of 12, 20 and 40 trials, better than 6
_UNPRUNED_TRIALS = 4  # before a median means something; early pictures say little of late ones, so half is waited for
_GRID_ID, _FIXED = "grid_id", "fixed_params"


class _Grid(GridSampler):
    """Optuna's, asked and told: it is for the search to end when there is nothing left."""

    def before_trial(self, study: Study, trial: FrozenTrial) -> None:
        """Give the point whose turn it is by what was there before, so that two workers never get the same at once.

        Optuna goes by the number alone, which trials that are taken up again use up, and in the end by chance.
        """
        turn = copy(trial)
        earlier = study.get_trials(deepcopy=False)[: trial.number]
        turn.number = sum(_FIXED not in each.system_attrs for each in earlier)
        super().before_trial(study, turn)

    def after_trial(self, study: Study, trial: FrozenTrial, state: TrialState, values: Sequence[float] | None) -> None:
        """Leave the study alone."""


def sampler(plan: Plan, seed: int) -> BaseSampler:
    """Return what chooses the values of the next trial; with the same ``seed`` and trials it chooses the same."""
    if plan.sampler == "grid":
        return _Grid(_grid(plan), seed=plan.config.seed)  # the same order for every worker
    if plan.sampler == "random":
        return RandomSampler(seed=seed)
    return TPESampler(seed=seed, n_startup_trials=_RANDOM_TRIALS)


def pruner(plan: Plan) -> BasePruner:
    """Return what says that a trial is worse than others were by then."""
    if plan.pruner == "none":
        return NopPruner()
    if plan.pruner == "hyperband":
        return HyperbandPruner(min_resource=1, max_resource=plan.looks)
    return MedianPruner(n_startup_trials=_UNPRUNED_TRIALS, n_warmup_steps=plan.looks // 2)


def is_exhausted(plan: Plan, trials: Sequence[FrozenTrial]) -> bool:
    """Whether a grid has been tried, or is being tried, at each of its points."""
    if plan.sampler != "grid":
        return False
    count = 1
    for values in _grid(plan).values():
        count *= len(values)
    taken = {trial.system_attrs[_GRID_ID] for trial in trials if _GRID_ID in trial.system_attrs}
    is_waiting = any(trial.state == TrialState.WAITING for trial in trials)
    return len(taken) >= count and not is_waiting


def is_taken(number: int, trials: Sequence[FrozenTrial]) -> bool:
    """Whether another worker was given the same point of a grid at the same moment, and an earlier ``number``."""
    point = trials[number].system_attrs.get(_GRID_ID)
    return point is not None and any(trial.system_attrs.get(_GRID_ID) == point for trial in trials[:number])


def is_choosing(number: int, trials: Sequence[FrozenTrial]) -> bool:
    """Whether an earlier trial than ``number``, which is on a grid, has no point yet: it may get the same and keep it.

    (Lamport's bakery: who has the lower number goes first, once all that have one have chosen.)
    """
    return _GRID_ID in trials[number].system_attrs and any(
        trial.state == TrialState.RUNNING and not {_GRID_ID, _FIXED} & trial.system_attrs.keys()
        for trial in trials[:number]
    )


def suggest(plan: Plan, trial: Trial) -> dict[str, Value]:
    """Return the values of the knobs for ``trial``; of those that have an effect with the others, unless on a grid."""
    values: dict[str, Value] = {}
    for knob in in_order(plan.knobs):
        if plan.sampler == "grid" or knob.name not in with_values(plan.config, values).unused():
            values[knob.name] = _suggested(knob, trial)
    return values


def _suggested(knob: Knob, trial: Trial) -> Any:
    if knob.choices:
        return trial.suggest_categorical(knob.name, knob.choices)
    if knob.is_whole:
        return trial.suggest_int(knob.name, int(knob.low), int(knob.high), log=knob.log)
    return trial.suggest_float(knob.name, knob.low, knob.high, log=knob.log)


def _grid(plan: Plan) -> dict[str, list[Value]]:
    return {knob.name: knob.grid() for knob in plan.knobs}
