"""Lines of ``quality.jsonl`` and back: what the judge made of each epoch. Knows no folder."""

from __future__ import annotations

import json
from dataclasses import asdict
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from engine.events import Quality

_MOST_CLASSES = 1000
_LARGEST = 2**53
_OF_OLD = {  # what an older Duelo wrote
    "near_copies": "memorization",
    "twins": "duplicates",
    "unreadable": "low_confidence",
    "matrix": "confusion_matrix",
}


def format_line(quality: Quality) -> str:
    """Return the line of ``quality``."""
    return json.dumps(asdict(quality)) + "\n"


def parse(values: Any) -> Quality:
    """Return the record that the JSON of a line holds; raises ``ValueError`` or ``TypeError``.

    Every number must be one that can be, and the shapes must agree.
    """
    if not isinstance(values, dict):
        raise ValueError("not a record")
    values = {_OF_OLD.get(name, name): value for name, value in values.items()}
    histogram, matrix = values.get("histogram"), values.get("confusion_matrix")
    classes, real = len(histogram or ()), values.get("real_histogram")
    if real is not None and len(real) != classes:
        raise ValueError("the shapes do not agree")
    if classes > _MOST_CLASSES or (matrix is not None and any(len(row) != classes for row in (*matrix, matrix))):
        raise ValueError("the shapes do not agree")
    if not _can_be(values):
        raise ValueError("a number is out of range")
    return _adapter().validate_python(values)


@cache
def _adapter() -> TypeAdapter[Quality]:
    """Return what takes 20 ms to be made, and is needed once there are runs."""
    return TypeAdapter(Quality)


def _can_be(value: Any) -> bool:
    """Whether all that is in ``value`` are numbers that can be; quick, for a list of runs holds a thousand records."""
    kind = type(value)
    if kind is float or kind is int:
        return bool(0 <= value <= _LARGEST)
    if kind is list or kind is dict:
        return all(map(_can_be, value.values() if kind is dict else value))
    return value is None
