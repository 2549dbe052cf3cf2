"""Lines of ``verdicts.jsonl`` and back: what D made of the pictures of each epoch's sample grid. Knows no folder."""

from __future__ import annotations

import json
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.runs.info import MOST_EPOCHS, MOST_IMAGES

_MOST_TILES = 32_000  # as many rows as there can be, and a column to a class


class Verdicts(NamedTuple):
    """``verdicts`` float32 ``[N]``: the probability of being real (0 to 1) of each picture, row by row."""

    epoch: int
    images_seen: int
    verdicts: NDArray[np.float32]


def format_line(record: Verdicts) -> str:
    """Return the line of ``record``; nine digits are all that a float32 has."""
    verdicts = [float(f"{verdict:.9g}") for verdict in record.verdicts]
    return json.dumps({"epoch": record.epoch, "images_seen": record.images_seen, "verdicts": verdicts}) + "\n"


def parse(values: Any) -> Verdicts:
    """Return the record that the JSON of a line holds; raises ``ValueError`` or ``TypeError``."""
    if not isinstance(values, dict) or values.keys() != set(Verdicts._fields):
        raise ValueError("not a record")
    epoch, images_seen, verdicts = (values[name] for name in Verdicts._fields)
    if type(epoch) is not int or type(images_seen) is not int or not isinstance(verdicts, list):
        raise ValueError("an entry is of another type")
    if not 0 <= epoch <= MOST_EPOCHS or not 0 <= images_seen <= MOST_IMAGES or len(verdicts) > _MOST_TILES:
        raise ValueError("an entry is out of range")
    if not all(type(verdict) in (int, float) and 0 <= verdict <= 1 for verdict in verdicts):
        raise ValueError("a verdict is a probability")
    return Verdicts(epoch, images_seen, np.array(verdicts, np.float32))
