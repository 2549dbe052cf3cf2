"""The options that a search varies: their ranges, as declared or as a person types them. Knows no Optuna."""

from __future__ import annotations

import itertools
import math
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.config import OPTIONS, Config, Option, option, refusal
from engine.errors import UserError, unknown_name
from engine.i18n import number, tr
from engine.numbers import NotTaken, read_number

Value = bool | int | float | str

_NO_KNOBS = {"epochs", "total_images"}  # a search compares trainings of equal length
_NO_KNOB_GROUPS = {"data", "machine", "hidden"}
FOLLOWED = ("architecture", "loss")  # other options go along with them
_LEADING = (*FOLLOWED, "training_mode")  # they say which other options are used
_GRID_POINTS = 5
_TO = ".."


@dataclass(frozen=True)
class Knob:
    """The option ``name`` varies from ``low`` to ``high``, or among ``choices``; ``log``: by orders of magnitude."""

    name: str
    low: float = 0.0
    high: float = 0.0
    log: bool = False
    choices: tuple[Value, ...] = ()

    @property
    def option(self) -> Option:
        """What is declared of it."""
        return OPTIONS[self.name]

    @property
    def is_whole(self) -> bool:
        """Whether its values are whole numbers."""
        return not self.choices and self.option.kind is int

    @property
    def typed(self) -> str:
        """What ``parse`` reads as this knob."""
        if self.choices:
            return f"{self.name}={','.join(map(_choice_text, self.choices))}"
        return f"{self.name}={self.low:.12g}{_TO}{self.high:.12g}{':log' if self.log else ':linear'}"

    def moves(self, kept: Collection[str], config: Config) -> bool:
        """Whether a trial that begins with ``config`` could change one of the options ``kept``."""
        if self.name in kept or self.name not in FOLLOWED:
            return self.name in kept
        others = [config.adapted(**{self.name: str(value)}) for value in self.choices]
        return any(getattr(other, name) != getattr(config, name) for other in others for name in kept)

    def holds(self, value: Any) -> bool:
        """Whether ``value`` is in its range."""
        return value in self.choices if self.choices else self.low <= value <= self.high

    def nearest(self, value: Any) -> Value:
        """Return the value in its range that is nearest to ``value``."""
        if self.choices:
            return value if value in self.choices else self.choices[0]
        nearest = min(max(value, self.low), self.high)
        return int(nearest) if self.is_whole else float(nearest)

    def grid(self) -> list[Value]:
        """Return the values that a grid tries."""
        if self.choices:
            return list(self.choices)
        if self.is_whole and self.high - self.low < _GRID_POINTS:
            return list(range(int(self.low), int(self.high) + 1))
        shares = [step / (_GRID_POINTS - 1) for step in range(_GRID_POINTS)]
        values = [self._at(share) for share in shares]
        return sorted({round(value) for value in values}) if self.is_whole else [float(f"{v:.6g}") for v in values]

    def _at(self, share: float) -> float:
        if self.log:
            return math.exp(math.log(self.low) + share * (math.log(self.high) - math.log(self.low)))
        return self.low + share * (self.high - self.low)

    def position(self, value: Any) -> float:
        """Return where ``value`` stands between both ends of an axis, from 0 to 1."""
        if self.choices:
            return (self.choices.index(value) + 0.5) / len(self.choices)
        low, high, at = ((math.log(v) for v in (self.low, self.high, value)) if self.log
                         else (self.low, self.high, value))  # fmt: skip
        return (at - low) / (high - low)


def told(name: str, value: Any) -> str:
    """Return ``value`` of an option for a person, with three digits that count."""
    spec = option(name)
    if spec.choices:
        titles = dict(zip(spec.choices, spec.choice_titles, strict=True))
        return tr(titles[value]) if value in titles else str(value)
    if isinstance(value, bool):
        return tr("on") if value else tr("off")
    return number(value if isinstance(value, int) else float(f"{value:.3g}"))


def offered(config: Config) -> list[Knob]:
    """Return the knobs that make sense for a training with ``config``, each with the range that is declared."""
    unused = config.unused()
    return [declared(spec) for spec in OPTIONS.values() if spec.tune is not None and spec.name not in unused]


def parse(texts: Iterable[str], config: Config) -> tuple[Knob, ...]:
    """Turn ``["d_lr=1e-5..1e-2:log", "loss=hinge,wgan-gp", "d_steps"]`` into knobs; raises ``UserError``.

    A name alone takes the range that is declared. Numbers may have a comma or a point.
    """
    knobs: dict[str, Knob] = {}
    for text in texts:
        knob = _parse(text)
        if knob.name in knobs:
            raise UserError(tr("“{name}” is to be tuned twice.", name=knob.name), tr("Give one range for each option."))
        knobs[knob.name] = knob
    if not knobs:
        raise UserError(
            tr("A search needs at least one option to tune."),
            tr("Name one, as option=from..to, or alone for its usual range, e.g. d_lr."),
            options=("--tune",),
        )
    check(tuple(knobs.values()), config)
    return tuple(knobs.values())


def check(knobs: tuple[Knob, ...], config: Config) -> None:
    """Raise ``UserError`` where a knob has no effect, whatever the others are."""
    for knob in knobs:
        reasons = [kind.unused().get(knob.name, "") for kind in _kinds(knobs, config)]
        if all(reasons):
            raise UserError(
                tr("Tuning “{name}” would change nothing: {why}", name=knob.name, why=tr(reasons[0])),
                tr("Leave it out."),
            )


def _kinds(knobs: tuple[Knob, ...], config: Config) -> Iterator[Config]:
    """Yield ``config`` with each combination of what says which options are used."""
    leading = [knob for knob in knobs if knob.name in _LEADING]
    for values in itertools.product(*(knob.choices for knob in leading)):
        yield with_values(config, dict(zip((knob.name for knob in leading), values, strict=True)))


def in_order(knobs: Iterable[Knob]) -> list[Knob]:
    """Return ``knobs`` with those first that say which others are used."""
    return sorted(knobs, key=lambda knob: knob.name not in _LEADING)


def with_values(config: Config, values: Mapping[str, Any]) -> Config:
    """Return ``config`` with ``values``; what goes with another architecture or loss comes along. Raises ``UserError``.

    Whether the options make sense together is not looked at.
    """
    kinds = {name: str(values[name]) for name in FOLLOWED if name in values}
    return config.adapted(**kinds).changed(**values)


# --- what a person types


def _parse(text: str) -> Knob:
    name, equals, asked = (part.strip() for part in text.partition("="))
    spec = option(name)
    if spec.group in _NO_KNOB_GROUPS or name in _NO_KNOBS:
        offered_names = [each.name for each in OPTIONS.values() if each.tune is not None]
        raise UserError(
            tr("“{name}” cannot be tuned: it says what is trained on, where, or how long.", name=name),
            tr("Choose one of: {choices}.", choices=", ".join(offered_names)),
        )
    if not equals:
        return declared(spec)
    if spec.choices or spec.kind is bool:
        return Knob(name, choices=_choices(spec, asked))
    if spec.minimum is None:
        raise UserError(tr("“{name}” cannot be tuned.", name=name), tr("Tune numbers and choices."))
    return _range(spec, asked)


def declared(spec: Option) -> Knob:
    """Return the knob over all that is declared of an option."""
    if spec.choices:
        return Knob(spec.name, choices=spec.choices)
    if spec.kind is bool:
        return Knob(spec.name, choices=(False, True))
    if spec.tune is None:
        raise UserError(
            tr("“{name}” needs a range.", name=spec.name), tr("Write it as {name}=from..to.", name=spec.name)
        )
    return Knob(spec.name, spec.tune.low, spec.tune.high, spec.tune.log)


def _range(spec: Option, asked: str) -> Knob:
    ends, colon, scale = (part.strip() for part in asked.partition(":"))
    if colon and scale not in ("log", "linear"):
        raise UserError(
            tr("“{scale}” is no scale for the range of “{name}”.", scale=scale, name=spec.name),
            tr("Choose one of: {choices}.", choices="log, linear"),
        )
    first, to, last = (part.strip() for part in ends.partition(_TO))
    example = tr("Write it as {name}=from..to, e.g. {example}.", name=spec.name, example=_example(spec))
    if not (to and first and last):
        raise UserError(tr("“{text}” is no range for “{name}”.", text=asked, name=spec.name), example)
    low, high = (_number(spec, end) for end in (first, last))
    if low >= high:
        raise UserError(
            tr("The range of “{name}”, {text}, is empty.", name=spec.name, text=ends),
            tr("Write the smaller number first, and a larger one after it."),
        )
    log = scale == "log" if colon else bool(spec.tune and spec.tune.log) and low > 0
    if log and low <= 0:
        raise UserError(
            tr("The logarithmic range of “{name}” cannot begin at {low}.", name=spec.name, low=number(low)),
            tr("Begin above 0, or write :linear after the range."),
        )
    return Knob(spec.name, low, high, log)


def _number(spec: Option, text: str) -> float:
    try:
        return read_number(text, spec.minimum or 0.0, spec.maximum or 0.0, whole=spec.kind is int)
    except NotTaken as error:
        raise refusal(spec, text, str(error)) from None


def _example(spec: Option) -> str:
    return declared(spec).typed if spec.tune else f"{spec.name}={spec.minimum:g}{_TO}{spec.maximum:g}"


def _choices(spec: Option, asked: str) -> tuple[Value, ...]:
    known: Mapping[str, Value] = (
        {"true": True, "false": False} if spec.kind is bool else {name: name for name in spec.choices}
    )
    found = tuple(dict.fromkeys(known[name] for name in _names(spec, known, asked)))
    if len(found) < 2:
        raise UserError(
            tr("Tuning “{name}” needs at least two choices.", name=spec.name),
            tr("Choose some of: {choices}.", choices=", ".join(known)),
        )
    return found


def _names(spec: Option, known: Mapping[str, Value], asked: str) -> Iterator[str]:
    """Yield the names in ``asked``, between commas; a name may hold commas, and the longest one that fits is meant."""
    parts = [part.strip() for part in asked.split(",")]
    while parts:
        for count in range(len(parts), 0, -1):
            name = ",".join(parts[:count])
            alike = name if name in known else name.lower().replace("-", "_")
            if alike in known:
                yield alike
                del parts[:count]
                break
        else:
            raise unknown_name(
                tr("“{name}” cannot be “{value}”.", name=spec.name, value=parts[0] or asked), parts[0], known
            )


def _choice_text(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
