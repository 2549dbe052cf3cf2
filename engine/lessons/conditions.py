"""What a step asks for: conditions over measures, a trouble, a cure, an option. Read from text, held against numbers.

read_as_asked >= 0.9 for classes 3, 8
recall >= 60% within 10 epochs
diagnosis mode-collapse         that trouble is named now
no diagnosis                    none is named now (no diagnosis d-wins: not that one)
healthy                         the diagnosis has seen enough, and finds nothing
cured mode-collapse             healthy after that trouble was named, in this run or one before it
option d_lr < 0.001             an option of the run, as it is now; = and != take words, too
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from engine.config import option, parse_value
from engine.datasets.sets import dataset
from engine.diagnosis.own import DETECTORS
from engine.errors import UserError, unknown_name
from engine.i18n import tr
from engine.lessons.measured import Measured
from engine.lessons.measures import MEASURES
from engine.numbers import NotTaken, read_number
from engine.recipes import recipe

_COMPARE: dict[str, Callable[[Any, Any], bool]] = {
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
    "=": operator.eq,
    "!=": operator.ne,
}
_SIGN = "|".join(map(re.escape, sorted(_COMPARE, key=len, reverse=True)))
_MEASURE = re.compile(
    rf"(?P<name>\w+) *(?P<sign>{_SIGN}) *(?P<number>[-+]?[\d.,]+)(?P<percent> ?%)?"
    r"(?: +for +class(?:es)? +(?P<classes>\d+(?: *, *\d+)*))?"
    r"(?: +within +(?P<within>\d+) +epochs?)?"
)
_OPTION = re.compile(rf"option +(?P<name>\w+) *(?P<sign>{_SIGN}) *(?P<value>\S.*)")
_STATE = re.compile(r"(?P<kind>no diagnosis|diagnosis|healthy|cured)(?: +(?P<name>[\w-]+))?")
_LARGEST = 1e12
_NAMED: Mapping[str, Callable[[str], object]] = {"dataset": dataset, "recipe": recipe}
"""What may be an option's value, where others may bring along more: raises ``UserError`` for what is none."""

StateKind = Literal["diagnosis", "no diagnosis", "healthy", "cured"]


@dataclass(frozen=True)
class Reading:
    """What a condition makes of a moment: ``value`` is what was measured, None where nothing was yet.

    ``is_missed``: it can no longer be met by this run, whose time for it is over.
    """

    is_met: bool
    value: float | str | None = None
    is_missed: bool = False


@dataclass(frozen=True)
class MeasureCondition:
    """``measure`` compared with ``number``, of ``classes`` (none: of all), in the first ``within`` epochs (0: ever)."""

    measure: str
    sign: str
    number: float
    classes: tuple[int, ...] = ()
    within: int = 0

    def read(self, measured: Measured, _troubles: Collection[str]) -> Reading:
        """Hold what was measured against it."""
        series = MEASURES[self.measure].read(measured, self.classes)
        if not series:
            return Reading(False)
        compare = _COMPARE[self.sign]
        if not self.within:
            value = series[-1][1]
            return Reading(compare(value, self.number), value)
        in_time = [value for epoch, value in series if epoch <= self.within]
        met = [value for value in in_time if compare(value, self.number)]
        if met:
            return Reading(True, met[-1])
        is_over = _epoch_now(measured, series) > self.within
        return Reading(False, in_time[-1] if in_time else series[-1][1], is_missed=is_over)


@dataclass(frozen=True)
class StateCondition:
    """What the diagnosis says: trouble ``name`` is there, or not (none without a name), was cured, or all is well."""

    kind: StateKind
    name: str = ""

    def read(self, measured: Measured, troubles: Collection[str]) -> Reading:
        """Hold the diagnosis against it; ``troubles`` were named before, in other runs of the same lesson."""
        health = measured.health
        if health is None:
            return Reading(False)
        now = measured.troubles
        told = next(iter(sorted(now)), health.state)
        match self.kind:
            case "diagnosis":
                return Reading(self.name in now, told)
            case "no diagnosis":
                return Reading(not (now & {self.name} if self.name else now), told)
            case "healthy":
                return Reading(health.state == "healthy", told)
            case "cured":
                before = {each.failure_mode for each in measured.spells} | set(troubles)
                return Reading(health.state == "healthy" and self.name in before, told)


@dataclass(frozen=True)
class OptionCondition:
    """The ``option`` of the run, as it stands now, compared with ``value``."""

    option: str
    sign: str
    value: Any

    def read(self, measured: Measured, _troubles: Collection[str]) -> Reading:
        """Hold the option against it."""
        if measured.run is None:
            return Reading(False)
        changed = {name: value for _, name, value in measured.run.changes}
        now = changed.get(self.option, getattr(measured.run.config, self.option))
        return Reading(_COMPARE[self.sign](now, self.value), _as_text(now))


Condition = MeasureCondition | StateCondition | OptionCondition


def parse(text: str) -> Condition:
    """Return the condition that ``text`` asks for; raises ``UserError``."""
    text = " ".join(text.replace("\u2060", "").split())  # which stands behind "<" in text that was made plain
    for pattern, make in ((_STATE, _state), (_OPTION, _option), (_MEASURE, _measure)):
        if found := pattern.fullmatch(text):
            return make(found.groupdict())
    raise UserError(
        tr("“{text}” is no check.", text=text),
        tr(
            "Write it as one of these: {examples}.",
            examples="recall >= 0.6 within 10 epochs · diagnosis mode-collapse · healthy · option d_lr < 0.001",
        ),
    )


def easier(condition: Condition, numbers: Mapping[str, float]) -> Condition:
    """Return ``condition`` with another number where ``numbers`` has one for its measure, in any epoch."""
    if isinstance(condition, MeasureCondition) and condition.measure in numbers:
        return replace(condition, number=numbers[condition.measure], within=0)
    return condition


def _state(found: Mapping[str, str]) -> StateCondition:
    kind, name = found["kind"], found["name"] or ""
    if name and name not in DETECTORS:
        raise unknown_name(tr("There is no trouble “{name}”.", name=name), name, DETECTORS)
    if kind in ("diagnosis", "cured") and not name:
        raise UserError(
            tr("“{kind}” needs the name of a trouble.", kind=kind),
            tr("Choose one of: {choices}.", choices=", ".join(DETECTORS)),
        )
    if kind == "healthy" and name:
        raise UserError(
            tr("“healthy” stands alone."), tr("Write “cured {name}” where that trouble is meant.", name=name)
        )
    return StateCondition(kind, name)  # type: ignore[arg-type]  # the pattern knows no other


def _option(found: Mapping[str, str]) -> OptionCondition:
    spec = option(found["name"])
    value, sign = parse_value(spec.name, found["value"]), found["sign"]
    if spec.choices and value not in spec.choices:
        raise unknown_name(
            tr("“{name}” has no choice “{value}”.", name=spec.name, value=value), str(value), spec.choices
        )
    if spec.name in _NAMED:
        _NAMED[spec.name](str(value))
    if sign not in ("=", "!=") and not isinstance(value, int | float):
        raise UserError(
            tr("“{name}” has no order, so that {sign} means nothing.", name=spec.name, sign=sign), tr("Take = or !=.")
        )
    return OptionCondition(spec.name, sign, value)


def _measure(found: Mapping[str, str]) -> MeasureCondition:
    if found["name"] not in MEASURES:
        message = tr("Nothing is measured that is called “{name}”.", name=found["name"])
        raise unknown_name(message, found["name"], MEASURES)
    measure = MEASURES[found["name"]]
    classes = tuple(sorted({int(each) for each in re.findall(r"\d+", found["classes"] or "")}))
    if classes and not measure.by_class:
        raise UserError(
            tr("“{name}” is not measured for each class.", name=measure.name),
            tr("Choose one of: {choices}.", choices=", ".join(it.name for it in MEASURES.values() if it.by_class)),
        )
    if measure.name == "drawn" and not classes:
        raise UserError(tr("“drawn” needs classes."), tr("Write which, for example: drawn >= 0.2 for classes 3, 8."))
    share = 100 if found["percent"] else 1
    try:
        number = read_number(found["number"], measure.low * share, min(measure.high, _LARGEST) * share, whole=False)
    except NotTaken as error:
        raise UserError(
            tr("“{name}” can never be {number}.", name=measure.name, number=found["number"]), str(error)
        ) from None
    return MeasureCondition(measure.name, found["sign"], number / share, classes, int(found["within"] or 0))


def _epoch_now(measured: Measured, series: Sequence[tuple[float, float]]) -> float:
    now = MEASURES["epochs"].read(measured, ())
    return now[-1][1] if now else series[-1][0]


def _as_text(value: Any) -> str | float:
    if isinstance(value, bool | str):
        return str(value)
    return ", ".join(map(str, value)) if isinstance(value, tuple) else float(value)
