"""What is said of the trials of a search, and in which order they stand. Knows no Qt."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from engine.amounts import duration
from engine.i18n import joined, mark, number, speaking_of, tr, trn
from engine.recipes import RECIPES
from engine.search.knobs import Knob, told
from engine.search.plan import Plan
from engine.search.records import TrialProgress, TrialRecord
from studio.model.search import Offer

SAMPLERS = {
    "tpe": mark("Learn from the trials so far (TPE)"),
    "random": mark("At random"),
    "grid": mark("Every combination (grid)"),
}
PRUNERS = {
    "median": mark("Worse than the median half way"),
    "hyperband": mark("Several rounds (Hyperband)"),
    "none": mark("Only where it is in trouble"),
}
LENGTHS = {
    "tenth": mark("A tenth of the time"),
    "images": mark("{data:Images}"),
    "seconds": mark("Seconds of training"),
}
BY_MEASURE, BY_TIME = "measure", "time"
ORDERS = {BY_MEASURE: mark("The best first"), BY_TIME: mark("The newest first")}

_SIGNS = {"finished": "✓", "trouble": "⚠", "learning": "▶", "failed": "⚠", "refused": "⚠"}


def sign_of(trial: TrialRecord) -> str:
    """Return a sign of how a trial is, beside the words."""
    return _SIGNS.get(trial.state, "–")


def measure_of(plan: Plan, trial: TrialRecord) -> float | None:
    """Return what orders a trial: its value, or what it was when it was looked at last."""
    if trial.value is not None:
        return trial.value
    return plan.goal.of_measure(trial.measures[-1]) if trial.measures and not plan.goal.needs_target else None


def measure_told(plan: Plan, trial: TrialRecord) -> str:
    """Return its measure; in brackets while it is not that of a whole trial, nothing where there is none."""
    if trial.value is not None:
        return plan.goal.told(trial.value)
    if not trial.measures:
        return ""
    if plan.goal.needs_target:
        return f"({tr('Fréchet {value}', value=number(trial.measures[-1].frechet, ',.1f'))})"
    return f"({plan.goal.told(plan.goal.of_measure(trial.measures[-1]))})"


def values_told(trial: TrialRecord, knobs: Iterable[Knob]) -> list[tuple[str, str]]:
    """Return what a trial tried, name and value of each knob that it has."""
    tried = (knob for knob in knobs if knob.name in trial.values)
    return [(tr(knob.option.label), told(knob.name, trial.values[knob.name])) for knob in tried]


def title_of(trial: TrialRecord) -> str:
    """Return how a trial is called."""
    return tr("Trial {number}", number=number(trial.number))


def trial_told(plan: Plan, trial: TrialRecord) -> str:
    """Return all that is known of a trial, line by line."""
    measure = measure_told(plan, trial)
    return joined(
        title_of(trial),
        tr("{title}: {value}", title=plan.goal_title, value=measure) if measure else "",
        trial.told,
        trial.reason,
        tr("It has the options that the search began with.") if trial.is_start else "",
        *(f"{name} {value}" for name, value in values_told(trial, plan.knobs)),
        between="\n",
    )


def ordered(plan: Plan, trials: Iterable[TrialRecord], order: str) -> list[TrialRecord]:
    """Return ``trials`` as ``order`` says; those without a measure come last, the newest of them first."""
    newest = sorted(trials, key=lambda trial: -trial.number)
    if order == BY_TIME:
        return newest
    sign = -1.0 if plan.goal.is_better_higher else 1.0

    def key(trial: TrialRecord) -> tuple[int, float]:
        value = measure_of(plan, trial)
        if value is None:
            return 2, 0.0
        return (0 if trial.value is not None else 1), sign * value

    return sorted(newest, key=key)


def shares_of(plan: Plan, judged: Sequence[tuple[TrialRecord, float]]) -> list[float]:
    """Return how good each is among them, by rank: 0 is the best, 1 the worst."""
    sign = -1.0 if plan.goal.is_better_higher else 1.0
    ranks = sorted(sign * value for _, value in judged)
    return [ranks.index(sign * value) / max(len(ranks) - 1, 1) for _, value in judged]


def plan_told(plan: Plan) -> str:
    """Say line by line what a search searches."""
    recipe = RECIPES.get(plan.config.recipe)
    length = tr("Each trial trains for {time}.", time=duration(plan.seconds))
    if plan.images:
        with speaking_of(plan.noun):
            length = tr("Each trial sees {images} {data:images}.", images=number(plan.images, ",d"))
    return joined(
        tr("It began with “{recipe}”.", recipe=tr(recipe.title) if recipe else plan.config.recipe),
        tr("It is after: {goal}", goal=plan.goal_title),
        length,
        *(f"{tr(knob.option.label)}: {range_told(knob)}" for knob in plan.knobs),
        between="\n",
    )


def range_told(knob: Knob) -> str:
    """Say in which range a knob varies."""
    if knob.choices:
        return ", ".join(told(knob.name, value) for value in knob.choices)
    low, high = (told(knob.name, int(end) if knob.is_whole else end) for end in (knob.low, knob.high))
    return tr("{low} to {high}", low=low, high=high)


def offer_of_known(plan: Plan, trials: Iterable[TrialRecord], minutes: float) -> Offer | None:
    """Return what ``minutes`` buy of trials as those that were trained to their end, None while none was."""
    seconds = sorted(trial.seconds for trial in trials if trial.state == "finished" and trial.seconds > 0)
    if not seconds:
        return None
    usual = seconds[len(seconds) // 2]
    return Offer(minutes, 60 * minutes / usual, usual, plan.images)


def offer_told(offer: Offer) -> str:
    """Say what a time buys."""
    count = round(offer.trials)
    if offer.trials < 1:
        return tr(
            "This time buys no whole trial: one takes about {time} here. Give more time, or make trials shorter.",
            time=duration(offer.seconds),
        )
    buys = trn(
        "{time} buy about {count} trial of {each} on this machine.",
        "{time} buy about {count} trials of {each} on this machine, and more where some end early.",
        count,
        time=duration(60 * offer.minutes),
        each=duration(offer.seconds),
    )
    images = tr("Each sees {images} {data:images}.", images=number(offer.images, ",d")) if offer.images else ""
    return joined(buys, images)


def progress_told(progress: TrialProgress) -> str:
    """Say how far a search is."""
    return tr(
        "Trial {number}: {share} · {time} left",
        number=number(progress.number),
        share=number(progress.share, ".0%"),
        time=duration(progress.seconds_left),
    )
