"""What one option does, in pictures: short trainings that differ in nothing else, made once and shipped.

``resources/knobs/make_knobs.py`` makes them. Knows no torch and no Qt.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.files import open_plain
from engine.resources import RESOURCES
from engine.runs.pictures import read_png

FOLDER = RESOURCES / "knobs"
MANIFEST = "knobs.json"


@dataclass(frozen=True)
class Sign:
    """What shows a trouble, as ``engine.diagnosis.record.Evidence`` holds it."""

    sign: str
    since: int
    until: int
    numbers: tuple[float, ...]


@dataclass(frozen=True, eq=False)
class KnobPicture:
    """What came of one training: ``picture`` uint8 ``[H, W]`` of G at its end, and what judge and diagnosis say.

    ``frechet`` is None where a number was not finite. ``troubles``: names, each with what shows it.
    """

    value: float
    picture: NDArray[np.uint8]
    frechet: float | None
    troubles: Mapping[str, tuple[Sign, ...]]


@dataclass(frozen=True, eq=False)
class KnobStrip:
    """Trainings of ``recipe`` that differ in ``options`` alone, which have one and the same value in each of them.

    ``pictures`` are in ascending order of it. Each saw ``images`` real images; an epoch has ``epoch_images``.
    """

    options: tuple[str, ...]
    pictures: tuple[KnobPicture, ...]
    recipe: str
    images: int
    epoch_images: int
    seed: int

    def place(self, value: float) -> float:
        """Return where ``value`` stands: 2 at the third picture, 2.5 between it and the next, -0.5 before the first."""
        values = [picture.value for picture in self.pictures]
        below = sum(each < value for each in values)
        return float(below) if value in values else below - 0.5


def read_strips(folder: Path = FOLDER) -> dict[str, KnobStrip]:
    """Return the strips by the names of the options that they are about."""
    manifest = json.loads((folder / MANIFEST).read_text("utf-8"))
    strips: dict[str, KnobStrip] = {}
    for name, told in manifest["strips"].items():
        strip = KnobStrip(
            tuple(told["options"]),
            tuple(_pictures(folder / f"{name}.png", told["values"])),
            manifest["recipe"],
            manifest["images"],
            told["values"][0]["epoch_images"],
            manifest["seed"],
        )
        strips |= dict.fromkeys(strip.options, strip)
    return strips


def _pictures(path: Path, values: list[dict[str, Any]]) -> Iterator[KnobPicture]:
    """Yield the pictures of a strip, which lie side by side in one file."""
    with open_plain(path, path.parent) as file:
        colors = read_png(file)
    whole = colors[..., 0] if colors.ndim == 3 else colors  # shades of gray from a palette, which takes half the room
    for told, picture in zip(values, np.split(whole, len(values), axis=1), strict=True):
        troubles = {
            trouble["failure_mode"]: tuple(
                Sign(sign, since, until, tuple(numbers)) for sign, since, until, numbers in trouble["evidence"]
            )
            for trouble in told["troubles"]
        }
        yield KnobPicture(told["value"], np.ascontiguousarray(picture), told["frechet"], troubles)
