"""Lines of ``verdicts.jsonl`` and back: what D made of the pictures of each epoch's sample grid. Knows no folder."""

from __future__ import annotations

import json
from collections.abc import Iterable
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.runs.info import MOST_EPOCHS, MOST_IMAGES

_MOST_SPREAD = 1e6
_MOST_TILES = 32_000  # as many rows as there can be, and a column to a class


class Verdicts(NamedTuple):
    """``verdicts`` float32 ``[N]``: the probability of being real (0 to 1) of each picture, row by row.

    ``spread``: how much the pictures differ from each other, of what real images do; None where nobody measured it.
    """

    epoch: int
    images_seen: int
    verdicts: NDArray[np.float32]
    spread: float | None = None


def spreads(records: Iterable[Verdicts]) -> list[tuple[int, float]]:
    """Return the images_seen and the spread of those that have one."""
    return [(record.images_seen, record.spread) for record in records if record.spread is not None]


def format_line(record: Verdicts) -> str:
    """Return the line of ``record``; nine digits are all that a float32 has."""
    verdicts = [float(f"{verdict:.9g}") for verdict in record.verdicts]
    line = {"epoch": record.epoch, "images_seen": record.images_seen, "verdicts": verdicts}
    return json.dumps(line | ({} if record.spread is None else {"spread": round(record.spread, 6)})) + "\n"


def parse(values: Any) -> Verdicts:
    """Return the record that the JSON of a line holds; raises ``ValueError`` or ``TypeError``."""
    if not isinstance(values, dict) or values.keys() | {"spread"} != set(Verdicts._fields):
        raise ValueError("not a record")
    epoch, images_seen, verdicts, spread = (values.get(name) for name in Verdicts._fields)
    if type(epoch) is not int or type(images_seen) is not int or not isinstance(verdicts, list):
        raise ValueError("an entry is of another type")
    if not 0 <= epoch <= MOST_EPOCHS or not 0 <= images_seen <= MOST_IMAGES or len(verdicts) > _MOST_TILES:
        raise ValueError("an entry is out of range")
    if not all(type(verdict) in (int, float) and 0 <= verdict <= 1 for verdict in verdicts):
        raise ValueError("a verdict is a probability")
    if spread is not None and not (type(spread) in (int, float) and 0 <= spread <= _MOST_SPREAD):
        raise ValueError("a spread is a number of times")
    return Verdicts(epoch, images_seen, np.array(verdicts, np.float32), spread)
