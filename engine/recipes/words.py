"""Options and their values in words. Qt-free."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.config import OPTIONS
from engine.datasets.catalog import DATASETS
from engine.i18n import again, joined, number, tr
from engine.recipes import RECIPES

_TABLES: dict[str, Mapping[str, Any]] = {"recipe": RECIPES, "dataset": DATASETS}
"""What the run bar chooses among, and not the form."""


def set_to(name: str, value: Any) -> str:
    """Return what an option was set to: "Learning rate of D 0.0012"."""
    return joined(tr(OPTIONS[name].label), value_words(name, value))


def change_told(name: str, value: float) -> str:
    """Say that an option, or what a stranger's run calls one, was set to a number while training."""
    label = tr(OPTIONS[name].label) if name in OPTIONS else name
    return tr("{option} set to {value}", option=label, value=number(value, ",.6g"))


def value_words(name: str, value: Any) -> str:
    """Return the value of an option as a person reads it in the form."""
    option = OPTIONS[name]
    titles = {name: choice.title for name, choice in (_TABLES.get(name) or option.table).items()}
    if value in titles:
        return tr("“{name}”", name=tr(titles[value]))
    if option.kind is bool:
        return tr("on") if value else tr("off")
    if option.kind is tuple:
        return ", ".join(map(str, value)) or tr("all")
    return number(value, ",.12g") if isinstance(value, int | float) else str(again(value))
