"""What a search found, and why: importance, axes, slices, contours, and a sentence in words. Imports Optuna late."""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.i18n import joined, number, tr
from engine.search.knobs import Knob, told
from engine.search.plan import Plan
from engine.search.preference import by_eye
from engine.search.records import TrialRecord

if TYPE_CHECKING:
    from engine.search.study import SearchStudy

_FEWEST = 4  # trials that something can be said of
_TICKS = 5
_CELLS = 32


@dataclass(frozen=True)
class Axis:
    """An axis of parallel coordinates, of a slice or a contour: ``ticks`` are positions (0 to 1) and what is there.

    ``knob`` is None for the axis of the measure; its better end is at 1 where ``is_better_higher``, else at 0.
    """

    name: str
    title: str
    ticks: tuple[tuple[float, str], ...]
    knob: Knob | None = None


@dataclass(frozen=True)
class Line:
    """One trial in parallel coordinates: its position (0 to 1) on each axis, None where it has no such value."""

    number: int
    positions: tuple[float | None, ...]


@dataclass(frozen=True)
class Slice:
    """Each judged trial along one knob: ``positions`` float64 ``[N]`` (0 to 1), ``values`` ``[N]`` of the objective."""

    axis: Axis
    numbers: tuple[int, ...]
    positions: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Contour:
    """The objective over two knobs: ``surface`` float64 ``[32, 32]``, rows along ``y``, a mean of the trials that
    weighs near ones most; ``points`` ``[N, 2]`` (x, y, 0 to 1) and ``values`` ``[N]`` are the trials themselves."""

    x: Axis
    y: Axis
    surface: NDArray[np.float64]
    numbers: tuple[int, ...]
    points: NDArray[np.float64]
    values: NDArray[np.float64]


@dataclass(frozen=True)
class Findings:
    """``importance`` of each knob (0 to 1, together 1), the most important first, empty while nobody can tell.

    ``sentence`` says it in words; ``against_start`` how much better the best is than what was begun with, or nothing.
    """

    importance: Mapping[str, float]
    sentence: str
    against_start: str = ""


def judged(plan: Plan, trials: Sequence[TrialRecord]) -> list[tuple[TrialRecord, float]]:
    """Return the trials that can be compared, each with its value; what was stopped early has what it was by then."""
    found = []
    for trial in trials:
        if trial.value is not None:
            found.append((trial, trial.value))
        elif trial.measures and trial.is_over and not plan.goal.needs_target:
            found.append((trial, plan.goal.of_measure(trial.measures[-1])))
    return found


def findings(study: SearchStudy, liked: Mapping[int, float] | None = None) -> Findings:
    """Return what the study shows by now: Optuna's importance (PED-ANOVA), and what it means.

    Where trials are ``liked``, by their numbers, that counts and not what the search was after.
    """
    from engine.search.study import ranked

    plan, trials = study.plan, tuple(study.trials())
    if liked is not None:
        plan, trials = by_eye(plan, trials, liked)
    best = next(iter(ranked(plan, trials)), None)
    if best is None:
        return Findings({}, tr("No trial has finished yet."))
    shares = importance(study, liked)
    value = plan.goal.told(best.value or 0.0)
    if not shares:
        return Findings({}, tr("Too few trials to tell what matters; the best so far is number {number} with {value}.",
                               number=best.number, value=value))  # fmt: skip
    name = next((name for name in shares if name in best.values), "")
    label = tr(plan.knob(name).option.label) if name else ""
    sentence = tr(
        "{label} matters most ({share}); best near {value}.",
        label=label,
        share=number(shares[name], ".0%"),
        value=told(name, best.values[name]),
    ) if name else ""  # fmt: skip
    return Findings(shares, sentence, against_start(plan, trials, best))


def importance(study: SearchStudy, liked: Mapping[int, float] | None = None) -> dict[str, float]:
    """Return how much of the difference each knob makes, the most first; nothing while there are too few trials."""
    from optuna.importance import PedAnovaImportanceEvaluator, get_param_importances

    copy = study.completed(liked)
    names = [knob.name for knob in study.plan.knobs]
    tried = [name for name in names if len({trial.params.get(name) for trial in copy.get_trials(deepcopy=False)}) > 1]
    if len(copy.get_trials(deepcopy=False)) < _FEWEST or not tried:
        return {}
    if len(tried) == 1:
        return {tried[0]: 1.0}
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return get_param_importances(copy, evaluator=PedAnovaImportanceEvaluator(), params=tried)


def against_start(plan: Plan, trials: Sequence[TrialRecord], best: TrialRecord) -> str:
    """Return how the best compares with the options that were begun with, where those were tried."""
    start = next((each for each in judged(plan, trials) if each[0].is_start), None)
    if start is None or not best.value or start[0].number == best.number:
        return ""
    begun = tr(
        "{title}: {best}, where the options that the search began with have {start}.",
        title=plan.goal_title,
        best=plan.goal.told(best.value),
        start=plan.goal.told(start[1]),
    )
    early = "" if start[0].state == "finished" else tr("Those were stopped early: {why}.", why=start[0].told)
    return joined(begun, early)


# --- data for drawing


def axes(plan: Plan, trials: Sequence[TrialRecord]) -> tuple[Axis, ...]:
    """Return the axes of parallel coordinates: every knob, and the measure last."""
    values = [value for _, value in judged(plan, trials)]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    shares = np.linspace(0.0, 1.0, _TICKS)
    ticks = tuple((float(share), plan.goal.told(_between(low, high, float(share)))) for share in shares)
    return (*map(axis, plan.knobs), Axis("", plan.goal_title, ticks))


def axis(knob: Knob) -> Axis:
    """Return the axis of ``knob``."""
    values = knob.choices or tuple(knob.grid())
    ticks = tuple((knob.position(value), told(knob.name, value)) for value in values)
    return Axis(knob.name, tr(knob.option.label), ticks, knob)


def lines(plan: Plan, trials: Sequence[TrialRecord]) -> list[Line]:
    """Return the judged trials in parallel coordinates, on the axes of ``axes``."""
    known = judged(plan, trials)
    values = [value for _, value in known]
    low, high = (min(values), max(values)) if values else (0.0, 1.0)
    return [
        Line(
            trial.number,
            (
                *(knob.position(trial.values[knob.name]) if knob.name in trial.values else None for knob in plan.knobs),
                _share(low, high, value),
            ),
        )
        for trial, value in known
    ]


def slice_of(plan: Plan, trials: Sequence[TrialRecord], name: str) -> Slice:
    """Return the judged trials along the knob ``name``."""
    knob = plan.knob(name)
    known = [(trial, value) for trial, value in judged(plan, trials) if name in trial.values]
    return Slice(
        axis(knob),
        tuple(trial.number for trial, _ in known),
        np.array([knob.position(trial.values[name]) for trial, _ in known], np.float64),
        np.array([value for _, value in known], np.float64),
    )


def contour_of(plan: Plan, trials: Sequence[TrialRecord], x: str, y: str) -> Contour:
    """Return the objective over the knobs ``x`` and ``y``; the surface is NaN where no trial was judged."""
    knobs = (plan.knob(x), plan.knob(y))
    known = [(t, v) for t, v in judged(plan, trials) if x in t.values and y in t.values]
    points = np.array([[knob.position(t.values[knob.name]) for knob in knobs] for t, _ in known], np.float64)
    points = points.reshape(-1, 2)
    values = np.array([v for _, v in known], np.float64)
    at = (np.arange(_CELLS) + 0.5) / _CELLS
    surface = np.full((_CELLS, _CELLS), np.nan)
    if len(values):
        dx = at[None, :, None] - points[:, 0]
        dy = at[:, None, None] - points[:, 1]
        weights = 1.0 / (dx**2 + dy**2 + (0.5 / _CELLS) ** 2) ** 1.5
        surface = (weights * values).sum(-1) / weights.sum(-1)
    return Contour(axis(knobs[0]), axis(knobs[1]), surface, tuple(t.number for t, _ in known), points, values)


def _between(low: float, high: float, share: float) -> float:
    """Return the value at ``share`` of the axis of a measure, which goes by orders of magnitude where it can."""
    return (
        float(np.exp(_between_lines(np.log(low), np.log(high), share))) if low > 0 else _between_lines(low, high, share)
    )


def _between_lines(low: float, high: float, share: float) -> float:
    return low + share * (high - low)


def _share(low: float, high: float, value: float) -> float:
    if low > 0:
        low, high, value = (float(np.log(each)) for each in (low, high, value))
    return (value - low) / (high - low) if high > low else 0.5
