"""Options and their values in words, and what of them differs from a recipe. Knows no run."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.config import OPTIONS, Config
from engine.datasets.catalog import DATASETS
from engine.i18n import again, joined, number, tr
from engine.recipes import RECIPES
from engine.text import LONGEST_NAME, plain

_TABLES: dict[str, Mapping[str, Any]] = {"recipe": RECIPES, "dataset": DATASETS}
"""What the run bar chooses among, and not the form."""
_ONLY_SHOWN = frozenset(
    {"sample_rows", "sample_columns", "sample_every", "checkpoint_every", "max_snapshot_mb", "max_branch_mb"}
)


def set_to(name: str, value: Any) -> str:
    """Return what an option was set to: "Learning rate of D 0.0012"."""
    return joined(tr(OPTIONS[name].label), value_words(name, value))


def describe_change(name: str, value: float) -> str:
    """Say that an option, or what a stranger's run calls one, was set to a number while training."""
    label = tr(OPTIONS[name].label) if name in OPTIONS else name
    return tr("{option} set to {value}", option=label, value=number(value, ",.6g"))


def choice_title(name: str, value: Any) -> str:
    """Return what ``value`` is called among the choices of an option, nothing where it is none of them."""
    titles = {name: choice.title for name, choice in (_TABLES.get(name) or OPTIONS[name].table).items()}
    return tr(titles[value]) if value in titles else ""


def value_words(name: str, value: Any) -> str:
    """Return the value of an option as a person reads it in the form."""
    option = OPTIONS[name]
    if title := choice_title(name, value):
        return tr("“{name}”", name=title)
    if option.kind is bool:
        return tr("on") if value else tr("off")
    if option.kind is tuple:
        return ", ".join(map(str, value)) or tr("all")
    if option.zero and not value:
        return tr(option.zero)
    return number(value, ",.12g") if isinstance(value, int | float) else str(again(value))


def recipe_title(config: Config) -> str:
    """Return what the recipe of ``config`` is called; its bare name where it is not known here."""
    known = RECIPES.get(config.recipe)
    return tr(known.title) if known else plain(config.recipe, LONGEST_NAME)


def dataset_title(config: Config) -> str:
    """Return what the data of ``config`` is called; its bare name where it is not known here."""
    known = DATASETS.get(config.dataset)
    return tr(known.title) if known else plain(config.dataset, LONGEST_NAME)


def differences(one: Config, other: Config, *, also_shown: bool = False) -> dict[str, Any]:
    """Return the options of ``one`` that are not as in ``other``, with their values; the machine's are left out.

    So are those of which nothing depends but what is shown and kept of a training, unless ``also_shown``.
    """
    names = (name for name, option in OPTIONS.items() if not option.of_machine and name != "recipe")
    wanted = (name for name in names if also_shown or name not in _ONLY_SHOWN)
    return {name: getattr(one, name) for name in wanted if getattr(one, name) != getattr(other, name)}


def set_by_hand(config: Config, *, also_shown: bool = False) -> dict[str, Any]:
    """Return the options of ``config`` that are not as its recipe has them, with their values, as ``differences`` does.

    Where the recipe is not known here, those that are not as they go with the architecture and the loss.
    """
    known = RECIPES.get(config.recipe)
    of_kind = {"architecture": config.architecture, "loss": config.loss}
    return differences(config, known.config() if known else Config.of(of_kind), also_shown=also_shown)


def options_told(values: Mapping[str, Any]) -> str:
    """Return options and their values in words: "Learning rate of D 0.0012, Seed 3"."""
    return joined(*(set_to(name, value) for name, value in values.items()), between=", ")
