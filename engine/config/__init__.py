"""Every option, declared once: the command line, the options form, the run folder and the trainer read this.

It knows nothing of networks or torch; a value that only another module can judge is judged there.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from pydantic import ValidationError

from engine.architectures import ARCHITECTURES
from engine.config import rules
from engine.config.data import DataOptions, parse_classes
from engine.config.declare import BOTH, Option, Tune, declare, describe
from engine.config.defaults import defaults, following, unused
from engine.config.loss import LossOptions
from engine.config.machine import MachineOptions
from engine.config.networks import NetworkOptions
from engine.config.refusals import refusal, refused, unknown_option
from engine.config.training import MINUTES, TrainingOptions
from engine.errors import UserError
from engine.i18n import mark, tr
from engine.numbers import NotTaken, read_number

__all__ = [
    "GROUP_TITLES",
    "MINUTES",
    "OPTIONS",
    "Config",
    "Option",
    "Tune",
    "option",
    "parse_assignments",
    "parse_classes",
    "parse_value",
    "refusal",
]

GROUP_TITLES: dict[str, str] = {
    "basic": mark("Training"),
    "balance": mark("Balance of the duel"),
    "training": mark("Optimizers and schedule"),
    "networks": mark("Networks"),
    "loss": mark("Loss"),
    "regularization": mark("Regularization"),
    "data": mark("{data:Images}"),
    "machine": mark("Machine and reports"),
}


class Config(MachineOptions, LossOptions, NetworkOptions, TrainingOptions, DataOptions):
    """A complete set of valid options. Immutable: a change makes a new one."""

    recipe: str = declare(
        "studio",
        mark("Recipe"),
        mark("The named set of options this training started from."),
        group="hidden",
        fast_paths=BOTH,
    )

    @classmethod
    def parse(cls, values: Mapping[str, Any]) -> Config:
        """Return the config with ``values`` set and everything else at its default.

        Raises ``UserError`` that names the first bad option, its value and what is allowed.
        """
        try:
            return cls.model_validate(dict(values))
        except ValidationError as error:
            raise refused(error.errors()[0], OPTIONS) from None

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Config:
        """Return the config with ``values`` set, the rest as it goes with their architecture and loss; as ``parse``."""
        chosen = cls.parse({name: values[name] for name in ("architecture", "loss") if name in values})
        return cls.parse({**defaults(chosen, chosen.architecture, chosen.loss), **values})

    def changed(self, **values: Any) -> Config:
        """Return a copy with ``values`` changed and validated; raises ``UserError``."""
        return self.parse(self.model_dump() | values)

    def given(self, **values: Any) -> Config:
        """Return a copy with ``values`` as a person gave them: what would overrule one of them no longer does."""
        overruling = {OPTIONS[name].overruled_by for name in values if name in OPTIONS} - {""}
        return self.changed(**dict.fromkeys(overruling, 0) | values)

    def overruled(self) -> Mapping[str, str]:
        """Return the options that do not count, each with the name of the one that counts instead."""
        pairs = {name: each.overruled_by for name, each in OPTIONS.items() if each.overruled_by}
        return {name: other for name, other in pairs.items() if getattr(self, other)}

    def adapted(self, architecture: str = "", loss: str = "") -> Config:
        """Return a copy with another architecture or loss; options that go with the old one take the new one's value.

        Raises ``UserError`` where there is no such architecture or loss.
        """
        chosen = self.changed(architecture=architecture or self.architecture, loss=loss or self.loss)
        return chosen.changed(**following(self, chosen.architecture, chosen.loss))

    def check(self, earlier: Config | None = None) -> None:
        """Raise ``UserError`` with the reason when options make no sense together.

        A run that was begun with the options ``earlier``, before there was a rule against them, may go on with them.
        """
        rules.check(self, earlier)

    def unused(self) -> Mapping[str, str]:
        """Return the options that architecture, loss or data do not use, each with the reason (a source text)."""
        return unused(self)

    def asked_classes(self, class_names: tuple[str, ...]) -> tuple[str, ...]:
        """Return the classes of the data that the generator can be asked for: none where it takes no labels."""
        return class_names if ARCHITECTURES[self.architecture].is_conditional else ()


OPTIONS: dict[str, Option] = {name: describe(Config, name) for name in Config.model_fields}


def option(name: str) -> Option:
    """Return the declaration of ``name``; raises ``UserError`` with the nearest name that exists."""
    try:
        return OPTIONS[name]
    except KeyError:
        raise unknown_option(name, OPTIONS) from None


def parse_assignments(assignments: Iterable[str]) -> dict[str, Any]:
    """Turn ``["g_lr=0,001"]`` into ``{"g_lr": 0.001}``; raises ``UserError`` on bad form, name or number."""
    values: dict[str, Any] = {}
    for assignment in assignments:
        name, equals, value = assignment.partition("=")
        if not equals:
            raise UserError(
                tr("“{text}” does not set an option.", text=assignment),
                tr("Write it as option=value, e.g. g_lr=0.001."),
            )
        values[name.strip()] = parse_value(name.strip(), value.strip())
    return values


def parse_value(name: str, text: str) -> Any:
    """Return the value of the option ``name`` that a person means by ``text``; raises ``UserError``.

    Numbers and classes are read; whatever else is, ``Config.parse`` checks.
    """
    spec = option(name)
    if spec.kind is tuple:
        return parse_classes(text)
    if spec.minimum is None or spec.maximum is None:
        return text
    try:
        return read_number(text, spec.minimum, spec.maximum, whole=spec.kind is int)
    except NotTaken as error:
        raise refusal(spec, text, str(error)) from None
