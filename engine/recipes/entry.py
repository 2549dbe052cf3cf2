"""What a recipe is. Knows no recipe."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.config import Config


@dataclass(frozen=True)
class Recipe:
    """``title``, ``summary`` and ``expect`` are English source texts; ``options`` differ from the defaults.

    ``images_per_second`` was measured with ``bench`` on two cores and only serves to say how long it takes. ``trouble``
    is the name of what goes wrong, where a recipe is made to fail.
    """

    name: str
    title: str
    summary: str
    expect: str
    images_per_second: float
    options: Mapping[str, Any] = field(default_factory=dict)
    trouble: str = ""

    def config(self, **values: Any) -> Config:
        """Return the recipe's complete config with ``values`` changed; raises ``UserError``."""
        return Config.parse({"recipe": self.name, **self.options, **values})
