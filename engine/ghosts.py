"""Where the curves of healthy trainings of a recipe lie: a band to hold one's own against, made once and shipped.

``resources/ghosts/make_ghosts.py`` makes them. Knows no torch and no Qt.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.architectures import ARCHITECTURES
from engine.config import OPTIONS, Config
from engine.files import open_plain
from engine.recipes import RECIPES
from engine.recipes.words import differences
from engine.resources import RESOURCES

FOLDER = RESOURCES / "ghosts"
MANIFEST = "ghosts.json"
SERIES = ("g_loss", "d_loss", "d_real", "d_fake")
_SHORTEST = 2 / 3
"""Of the length where that matters: of `studio` with 83,000 images in place of 120,000, 94 % to 98 % of the points lie
in the band pressed together, with 60,000 only 54 % to 96 %; with 40,000 in that of 60,000, 87 % to 97 %."""
_MAY_DIFFER = {"seed", "data_root", "epochs", "total_images"} | {
    name for name, option in OPTIONS.items() if option.group == "machine"
}


@dataclass(frozen=True, eq=False)
class Ghost:
    """Where healthy trainings of ``recipe`` with ``options`` of its own lie, as ``runs`` of them tell.

    Nine of ten points of the curves ``SERIES`` of a further one should lie between ``low`` and ``high``, both
    ``[4, K]``, around the epochs ``x`` ``[K]``. They would train ``total_images`` images; ``x`` ends where they did.
    """

    recipe: str
    options: Mapping[str, Any]
    runs: int
    total_images: int
    x: NDArray[np.float64]
    low: NDArray[np.float64]
    high: NDArray[np.float64]

    def fits(self, config: Config, total_images: int) -> bool:
        """Whether a training of ``total_images`` images with these options should stay in the band."""
        if config.recipe != self.recipe or self.recipe not in RECIPES:
            return False
        if _depends_on_length(config) and not _SHORTEST <= total_images / self.total_images <= 1:
            return False
        other = differences(config, RECIPES[self.recipe].config(**self.options)).keys()
        return not other - _MAY_DIFFER


def fitting(ghosts: Iterable[Ghost], config: Config, total_images: int) -> Ghost | None:
    """Return the ghost that fits a training, as long as that where its length matters; None where nobody made one."""
    found = next((ghost for ghost in ghosts if ghost.fits(config, total_images)), None)
    if found is None or not _depends_on_length(config):
        return found
    return replace(found, x=found.x * (total_images / found.total_images))


def read_ghosts(folder: Path = FOLDER) -> tuple[Ghost, ...]:
    """Return all that are shipped."""
    with open_plain(folder / MANIFEST, folder) as file:
        manifest = json.load(file)
    return tuple(map(_ghost, manifest["ghosts"]))


def _depends_on_length(config: Config) -> bool:
    """Whether what happens at an epoch is another thing where the training is to be longer."""
    grows = ARCHITECTURES[config.architecture].is_progressive
    return config.lr_decay_start < 1 or config.instance_noise > 0 or grows


def _ghost(told: dict[str, Any]) -> Ghost:
    x, low, high = (np.asarray(told[name], np.float64) for name in ("epochs", "low", "high"))
    return Ghost(told["recipe"], told["options"], len(told["seeds"]), told["total_images"], x, low, high)
