"""How fast every recipe that works trains on its own images, or on the embedded digits where those would be fetched."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from rich.table import Table

from engine.bench.part import Measured, Part, PartStep, table
from engine.datasets.sets import DATASETS, dataset
from engine.i18n import number, tr
from engine.recipes import recipe, working

_TURN_SECONDS = 4.0
_SECONDS = 8.0  # warm-up included


def _steps() -> list[PartStep]:
    return [
        PartStep(tr("{recipe} for some seconds…", recipe=entry.name), _SECONDS, partial(_measure, entry.name))
        for entry in working()
    ]


def _measure(name: str) -> Measured:
    from engine.bench import turns

    own = recipe(name).config().dataset
    at_hand = own if dataset(own).is_embedded else next(_alike(own))
    config = recipe(name).config(dataset=at_hand, classes=(), epochs=100_000, device="auto")
    return {"recipe": name, "images_per_second": turns.speed(config, _TURN_SECONDS)}


def _alike(name: str) -> Iterator[str]:
    """Yield the sets that come with Duelo and are points, or pictures, as the set ``name`` is."""
    return (each.name for each in DATASETS.values() if each.is_embedded and each.points == dataset(name).points)


def _tables(found: Sequence[Measured]) -> list[Table]:
    rows = ((each["recipe"], number(each["images_per_second"], ",.0f")) for each in found)
    return [table(tr("Every recipe on images that come with Duelo"), (tr("Recipe"), tr("Images/s")), rows)]


PART = Part("recipes", _steps, _tables)
