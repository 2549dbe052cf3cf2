"""Named, complete sets of options to start from: those that work, and those that fail in a way worth seeing."""

from __future__ import annotations

from engine.datasets.sets import dataset, is_points
from engine.errors import unknown_name
from engine.i18n import tr
from engine.recipes.entry import Recipe
from engine.recipes.failures import FAILURES
from engine.recipes.working import WORKING
from engine.registry import Registry

__all__ = ["DEFAULT_RECIPE", "FIRST_RECIPE", "RECIPES", "Recipe", "check", "failing", "recipe", "usual", "working"]

DEFAULT_RECIPE = "studio"  # what a lesson or a file means that names none: its options are the defaults
FIRST_RECIPE = WORKING[0].name  # what a person begins with who has chosen none


def check(entry: Recipe) -> None:
    """Raise ``UserError`` where an option, an architecture, a loss or the data set of ``entry`` does not exist."""
    config = entry.config()
    config.check()
    dataset(config.dataset)


RECIPES = Registry("duelo.recipes", Recipe, (*WORKING, *FAILURES), check)


def working() -> list[Recipe]:
    """Return the recipes that are known to work; of those of one's own nobody knows."""
    return [entry for entry in RECIPES.values() if not entry.failure_mode and not entry.is_own]


def failing() -> list[Recipe]:
    """Return those that are made to fail."""
    return [entry for entry in RECIPES.values() if entry.failure_mode]


def usual(dataset_name: str) -> Recipe:
    """Return the recipe to begin with where nobody named one: for points the first of theirs, else the very first."""
    known = (entry for entry in working() if entry.config().dataset == dataset_name) if is_points(dataset_name) else ()
    return next(iter(known), RECIPES[FIRST_RECIPE])


def recipe(name: str) -> Recipe:
    """Return the recipe called ``name``; raises ``UserError`` with the names that exist."""
    try:
        return RECIPES[name]
    except KeyError:
        raise unknown_name(tr("There is no recipe “{name}”.", name=name), name, RECIPES) from None
