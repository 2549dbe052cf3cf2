"""Where the curves of healthy trainings of a recipe lie: a band to hold one's own against, made once and shipped.

``resources/ghosts/make_ghosts.py`` makes them. Knows no torch and no Qt.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.config import OPTIONS, Config
from engine.files import open_plain
from engine.recipes import RECIPES
from engine.recipes.words import differences
from engine.resources import RESOURCES

FOLDER = RESOURCES / "ghosts"
MANIFEST = "ghosts.json"
SERIES = ("g_loss", "d_loss", "d_real", "d_fake")
_LEAVE_IT_THE_SAME = ("seed", "log_every", "sample_every", "sample_rows", "sample_columns", "checkpoint_every")
_OF_REPORTS = tuple(name for name, option in OPTIONS.items() if option.group == "machine")


@dataclass(frozen=True, eq=False)
class Ghost:
    """Between ``low`` and ``high`` ``[4, K]`` lie nine of ten points of the curves ``SERIES`` of so many healthy
    ``runs`` of ``recipe`` at the epochs ``x`` ``[K]``, which all trained ``total_images`` images.
    """

    recipe: str
    runs: int
    total_images: int
    x: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def fits(self, config: Config, total_images: int) -> bool:
        """Whether a training of ``total_images`` images with these options should stay in the band."""
        if config.recipe != self.recipe or self.recipe not in RECIPES or total_images != self.total_images:
            return False
        other = differences(config, RECIPES[self.recipe].config()).keys()
        return not other - {*_LEAVE_IT_THE_SAME, *_OF_REPORTS, "epochs", "total_images"}


def read_ghosts(folder: Path = FOLDER) -> dict[str, Ghost]:
    """Return the ghosts by the names of their recipes."""
    with open_plain(folder / MANIFEST, folder) as file:
        manifest = json.load(file)
    return {name: _ghost(name, told) for name, told in manifest["ghosts"].items()}


def _ghost(recipe: str, told: dict[str, object]) -> Ghost:
    x, low, high = (np.asarray(told[name], np.float64) for name in ("epochs", "low", "high"))
    return Ghost(recipe, len(list(told["seeds"])), int(str(told["total_images"])), x, low, high)  # type: ignore[call-overload]
