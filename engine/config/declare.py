"""How one option is declared: type, default, range, unit, label, explanation, may-change-live. Knows no option."""

from __future__ import annotations

import typing
from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field

Group = Literal["basic", "balance", "training", "networks", "loss", "regularisation", "data", "machine", "hidden"]


@dataclass(frozen=True)
class Option:
    """What a person is told about one option; label, help, unit and choice titles are English source texts."""

    name: str
    kind: type
    default: Any
    label: str
    help: str
    group: Group
    unit: str = ""
    minimum: float | None = None
    maximum: float | None = None
    choices: tuple[str, ...] = ()
    choice_titles: tuple[str, ...] = ()
    live: bool = False
    logarithmic: bool = False
    of_machine: bool = False


class Declarations(BaseModel):
    """The base of every group of options: immutable, and closed to names that nobody declared."""

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)


def declare(
    default: Any,
    label: str,
    help: str,
    *,
    group: Group,
    minimum: float | None = None,
    maximum: float | None = None,
    unit: str = "",
    titles: tuple[str, ...] = (),
    live: bool = False,
    logarithmic: bool = False,
    of_machine: bool = False,
) -> Any:
    """Declare an option as a field.

    ``titles`` name its choices, in their order; one ``of_machine`` belongs to no recipe.
    """
    extra: dict[str, Any] = {
        "label": label,
        "help": help,
        "group": group,
        "unit": unit,
        "minimum": minimum,
        "maximum": maximum,
        "titles": titles,
        "live": live,
        "logarithmic": logarithmic,
        "of_machine": of_machine,
    }
    if isinstance(default, int | float) and not isinstance(default, bool):
        return Field(default, ge=minimum, le=maximum, allow_inf_nan=False, json_schema_extra=extra)
    return Field(default, json_schema_extra=extra)


def describe(model: type[Declarations], name: str) -> Option:
    """Return the declaration of the field ``name``."""
    info = model.model_fields[name]
    extra = dict(typing.cast("dict[str, Any]", info.json_schema_extra))
    choices = typing.get_args(info.annotation) if typing.get_origin(info.annotation) is Literal else ()
    titles = extra.pop("titles") or choices
    assert len(titles) == len(choices), name
    kind = str if choices else type(info.default)
    return Option(name=name, kind=kind, default=info.default, choices=choices, choice_titles=titles, **extra)
