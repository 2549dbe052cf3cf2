"""How one option is declared: type, default, range, unit, label, explanation, may-change-live. Knows no option."""

from __future__ import annotations

import typing
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal, TypedDict, Unpack

from pydantic import BaseModel, ConfigDict, Field, GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

Group = Literal["basic", "balance", "training", "networks", "loss", "regularization", "data", "machine", "hidden"]

Shaping = Literal["", "value", "zero"]
"""Whether weights have other shapes or names with another value of an option, or only between 0 and any other."""

FastPath = Literal["manual_mlp", "cuda_graph"]
"""A shorter way to take the same step: ``engine.training.manual_mlp``, ``engine.training.cuda_graphs``."""
FastPaths = Mapping[FastPath, tuple[Any, ...]]
"""The values of an option under which each of them takes the same step; a path that is not named, under none."""
ANY: tuple[Any, ...] = (...,)
BOTH: FastPaths = {"manual_mlp": ANY, "cuda_graph": ANY}


@dataclass(frozen=True)
class Tune:
    """What a search draws an option's values from unless told otherwise; all choices where the option has choices.

    ``log``: as many below as above the middle of the exponents, for what is told by its order of magnitude.
    """

    low: float = 0.0
    high: float = 0.0
    log: bool = False


class Choice(typing.Protocol):
    """What a registry knows of one choice; both are English source texts."""

    @property
    def title(self) -> str:
        """What it is called."""

    @property
    def help(self) -> str:
        """What it is, in a sentence."""


class Named(typing.NamedTuple):
    """A choice that needs no explanation."""

    title: str
    help: str = ""


@dataclass(frozen=True)
class OneOf:
    """Makes a text a choice among the names in ``table``, a registry that plug-ins may add to."""

    table: Mapping[str, Choice]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """Return a schema that refuses other names."""
        return core_schema.no_info_after_validator_function(self._known, handler(source))

    def _known(self, name: str) -> str:
        if name not in self.table:
            raise ValueError(name)
        return name


@dataclass(frozen=True)
class Option:
    """What a person is told about one option; label, help, unit and titles of choices are English source texts.

    ``zero``, one more, says what 0 means where that is no amount. ``step`` is what an arrow of its box adds, 0 for what
    suits its magnitude. One ``of_machine`` belongs to no recipe. ``tune`` is the range that makes sense in a search; an
    option without is no knob that a search offers. ``safe`` are the values between which trainings seldom fail,
    whatever the architecture; it has a strip of pictures. ``overruled_by`` names the option, of numbers, of which any
    value but 0 counts instead of this one. ``shapes`` says when networks that were trained no longer fit.
    ``fast_paths`` that ignore the option need not be named: they are left alone then.
    """

    name: str
    kind: type
    default: Any
    label: str
    help: str
    group: Group
    unit: str = ""
    zero: str = ""
    minimum: float | None = None
    maximum: float | None = None
    step: float = 0.0
    table: Mapping[str, Choice] = field(default_factory=dict)
    live: bool = False
    logarithmic: bool = False
    of_machine: bool = False
    tune: Tune | None = None
    safe: tuple[float, float] | None = None
    overruled_by: str = ""
    shapes: Shaping = ""
    fast_paths: FastPaths = field(default_factory=dict)

    @property
    def choices(self) -> tuple[str, ...]:
        """The values that it may have, where they can be counted."""
        return tuple(self.table)

    @property
    def choice_titles(self) -> tuple[str, ...]:
        """What they are called."""
        return tuple(choice.title for choice in self.table.values())

    @property
    def choice_helps(self) -> tuple[str, ...]:
        """What they are, in a sentence each; empty where the option's own help says so."""
        return tuple(choice.help for choice in self.table.values())


class Declarations(BaseModel):
    """The base of every group of options: immutable, and closed to names that nobody declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


class Traits(TypedDict, total=False):
    """What an ``Option`` may say beside label, help and group; ``titles`` name the choices of a ``Literal``."""

    minimum: float | None
    maximum: float | None
    step: float
    unit: str
    zero: str
    titles: tuple[str, ...]
    live: bool
    logarithmic: bool
    of_machine: bool
    tune: Tune
    safe: tuple[float, float]
    overruled_by: str
    shapes: Shaping
    fast_paths: FastPaths


def declare(default: Any, label: str, help: str, *, group: Group, **traits: Unpack[Traits]) -> Any:
    """Declare an option as a field; what is not said of it is as ``Option`` has it."""
    extra: dict[str, Any] = {"label": label, "help": help, "group": group, **traits}
    if isinstance(default, int | float) and not isinstance(default, bool):
        low, high = traits.get("minimum"), traits.get("maximum")
        return Field(default, ge=low, le=high, allow_inf_nan=False, json_schema_extra=extra)
    return Field(default, json_schema_extra=extra)


def describe(model: type[Declarations], name: str) -> Option:
    """Return the declaration of the field ``name``."""
    info = model.model_fields[name]
    extra = dict(typing.cast("dict[str, Any]", info.json_schema_extra))
    titles = extra.pop("titles", ())
    literals = typing.get_args(info.annotation) if typing.get_origin(info.annotation) is Literal else ()
    table: Mapping[str, Choice] = dict(zip(literals, map(Named, titles or literals), strict=True))
    table = next((each.table for each in info.metadata if isinstance(each, OneOf)), table)
    kind = str if literals else type(info.default)
    return Option(name=name, kind=kind, default=info.default, table=table, **extra)
