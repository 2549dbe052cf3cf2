"""One visible table of starting points: named, complete sets of options that are known to work.

A recipe states only what differs from the defaults in ``engine.config``; it knows no networks.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.config import Config
from engine.errors import unknown_name
from engine.i18n import mark, tr

DEFAULT_RECIPE = "studio"


@dataclass(frozen=True)
class Recipe:
    """``title``, ``summary`` and ``expect`` are English source texts; ``options`` differ from the defaults."""

    name: str
    title: str
    summary: str
    expect: str
    options: Mapping[str, Any] = field(default_factory=dict)

    def config(self, **values: Any) -> Config:
        """Return the recipe's complete config with ``values`` changed; raises ``UserError``."""
        return Config.parse({"recipe": self.name, **self.options, **values})


RECIPES: dict[str, Recipe] = {
    recipe.name: recipe
    for recipe in [
        Recipe(
            name="studio",
            title=mark("Studio: digits in a minute"),
            summary=mark("A small conditional GAN made for two CPU cores: you say which digit, it writes one."),
            expect=mark("Shapes after 5 seconds, readable digits after 15, good handwriting after a minute."),
        ),
    ]
}


def recipe(name: str) -> Recipe:
    """Return the recipe called ``name``; raises ``UserError`` with the names that exist."""
    try:
        return RECIPES[name]
    except KeyError:
        raise unknown_name(tr("There is no recipe “{name}”.", name=name), name, RECIPES) from None
