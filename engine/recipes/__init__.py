"""Named, complete sets of options to start from: those that work, and those that fail in a way worth seeing."""

from __future__ import annotations

from engine.errors import unknown_name
from engine.i18n import tr
from engine.recipes.entry import Recipe
from engine.recipes.failures import FAILURES
from engine.recipes.working import WORKING

__all__ = ["DEFAULT_RECIPE", "FAILURES", "RECIPES", "WORKING", "Recipe", "recipe"]

DEFAULT_RECIPE = "studio"
RECIPES: dict[str, Recipe] = {recipe.name: recipe for recipe in (*WORKING, *FAILURES)}


def recipe(name: str) -> Recipe:
    """Return the recipe called ``name``; raises ``UserError`` with the names that exist."""
    try:
        return RECIPES[name]
    except KeyError:
        raise unknown_name(tr("There is no recipe “{name}”.", name=name), name, RECIPES) from None
