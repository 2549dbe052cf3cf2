"""Checks and what was measured, in the person's language; how far a value is on its way, for a gauge."""

from __future__ import annotations

from contextlib import suppress

from engine.config import OPTIONS, parse_value
from engine.datasets.sets import noun_of
from engine.diagnosis.own import DETECTORS
from engine.errors import UserError
from engine.i18n import Noun, joined, noun_spoken_of, number, tr, trn
from engine.lessons.conditions import Condition, MeasureCondition, OptionCondition, Reading, StateCondition
from engine.lessons.lesson import Lesson, LessonStep
from engine.lessons.measures import MEASURES
from engine.recipes import recipe
from engine.recipes.words import choice_title, value_words

_SIGNS = {">=": "≥", "<=": "≤", ">": ">", "<": "<", "=": "=", "!=": "≠"}
_GAUGE_BEYOND = 1.25  # a goal without an upper end stands at four fifths of its gauge


def noun_at(lesson: Lesson, place: int) -> Noun:
    """Return what the page at ``place`` speaks of: what it, or the last page before it that does, proposes to train on.

    What is trained on meanwhile may be other data; where no page proposes any, it is those.
    """
    steps = (page for page in lesson.pages[place::-1] if isinstance(page, LessonStep))
    for setup in (step.setup for step in steps if step.setup is not None):
        return noun_of(recipe(setup.recipe).config(**setup.values).dataset)
    return noun_spoken_of()


def asked(condition: Condition) -> str:
    """Return what a condition asks for: “Variety ≥ 60%, within 10 epochs”."""
    if isinstance(condition, MeasureCondition):
        return _measure_asked(condition)
    if isinstance(condition, OptionCondition):
        label, sign = tr(OPTIONS[condition.option].label), _SIGNS[condition.sign]
        return tr(
            "{what} {sign} {number}", what=label, sign=sign, number=_option_value(condition.option, condition.value)
        )
    return _state_asked(condition)


def _measure_asked(condition: MeasureCondition) -> str:
    measure = MEASURES[condition.measure]
    if measure.kind == "yes":
        return tr(measure.title)
    text = tr(
        "{what} {sign} {number}",
        what=tr(measure.title),
        sign=_SIGNS[condition.sign],
        number=written(condition.measure, condition.number),
    )
    parts = [text]
    if condition.classes:
        parts.append(tr("for {classes}", classes=", ".join(map(str, condition.classes))))
    if condition.within:
        parts.append(trn("within {count} epoch", "within {count} epochs", condition.within))
    return joined(*parts, between=", ")


def _state_asked(condition: StateCondition) -> str:
    name = tr(DETECTORS[condition.name].title) if condition.name else ""
    match condition.kind:
        case "diagnosis":
            return tr("The diagnosis says: {trouble}", trouble=name)
        case "no diagnosis":
            return tr("The diagnosis does not say: {trouble}", trouble=name) if name else tr("No trouble is named")
        case "healthy":
            return tr("The diagnosis says: healthy")
        case "cured":
            return tr("Healthy again after: {trouble}", trouble=name)


def value_told(condition: Condition, reading: Reading | None) -> str:
    """Return what was measured, “43%”, or that nothing was yet."""
    if reading is None or reading.value is None:
        return tr("not measured yet")
    if isinstance(condition, MeasureCondition):
        return written(condition.measure, float(reading.value))
    if isinstance(condition, OptionCondition):
        return _option_value(condition.option, reading.value)
    return tr("now: {state}", state=state_told(str(reading.value)))


def long_values(condition: Condition) -> tuple[str, ...]:
    """Return values as long as most that may be measured; none where values are no numbers."""
    if not isinstance(condition, MeasureCondition):
        return ()
    kind, goal = MEASURES[condition.measure].kind, condition.number
    values = {"share": (0.088, 0.88, 1.0), "count": (10 * goal,), "yes": ()}.get(kind, (88.8, 8.88, goal))
    return tuple(written(condition.measure, value) for value in values)


def state_told(state: str) -> str:
    """Return a state of health, or the trouble that is named, in words."""
    if state in DETECTORS:
        return tr(DETECTORS[state].title)
    return {"healthy": tr("healthy"), "watched": tr("watched"), "early": tr("too early to tell")}.get(state, state)


def written(measure: str, value: float) -> str:
    """Return a value of ``measure`` with its unit."""
    match MEASURES[measure].kind:
        case "share":
            return number(value, ".0%" if abs(value) >= 0.1 or not value else ".1%")
        case "count":
            return number(value, ",.0f")
        case "yes":
            return tr("yes") if value >= 0.5 else tr("no")
        case _:
            return number(float(f"{value:.3g}"))


def gauge(condition: Condition, reading: Reading | None) -> tuple[float, float] | None:
    """Return how far the value is, and where the goal stands, both 0 to 1; None where there is nothing to draw."""
    if not isinstance(condition, MeasureCondition) or MEASURES[condition.measure].kind == "yes":
        return None
    if condition.sign in ("=", "!="):  # no value is half-way to it
        return None
    measure = MEASURES[condition.measure]
    low = 0.0 if condition.number >= 0 else max(measure.low, condition.number * _GAUGE_BEYOND)
    high = measure.high
    if measure.kind != "share":
        high = max(condition.number * _GAUGE_BEYOND, 1e-9)
        if condition.sign in ("<", "<="):  # what shall become small comes from far above
            high = max(condition.number * 4, 1e-9)
        high = min(high, measure.high)
    value = reading.value if reading is not None else None
    span = max(high - low, 1e-9)
    goal = (condition.number - low) / span
    now = (float(value) - low) / span if isinstance(value, int | float) else 0.0
    return min(max(now, 0.0), 1.0), min(max(goal, 0.0), 1.0)


def _option_value(name: str, value: object) -> str:
    """Return the value of an option as its form has it; what a reading says of it may be text."""
    with suppress(UserError):  # as a later Duelo may have kept it
        value = parse_value(name, value) if isinstance(value, str) else value
        return choice_title(name, value) or value_words(name, value)
    return str(value)
