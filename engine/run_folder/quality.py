"""Lines of ``quality.jsonl`` and back: what the judge made of each epoch. Knows no folder."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from typing import Any, BinaryIO

from pydantic import TypeAdapter, ValidationError

from engine.events import Quality

MOST_LINES = 100_000
_LONGEST_LINE = 4 * 2**20
_MOST_CLASSES = 1000
_adapter = TypeAdapter(Quality)


def format_line(quality: Quality) -> str:
    """Return the line of ``quality``."""
    return json.dumps(asdict(quality)) + "\n"


def format_lines(qualities: Iterable[Quality]) -> str:
    """Return the lines of ``qualities``."""
    return "".join(map(format_line, qualities))


def read_lines(file: BinaryIO) -> Iterator[Quality]:
    """Yield the records up to the first torn or foreign line."""
    before = 0
    while (line := file.readline(_LONGEST_LINE)).endswith(b"\n"):
        try:
            quality = _adapter.validate_python(_plain(json.loads(line)))
        except (ValidationError, ValueError, TypeError, RecursionError):
            return
        if quality.images_seen < before:
            return
        before = quality.images_seen
        yield quality


def _plain(values: Any) -> dict[str, Any]:
    """Return ``values`` with tuples for lists; raises ``ValueError`` unless every number can be and shapes agree."""
    if not isinstance(values, dict):
        raise ValueError("not a record")
    histogram, matrix = values.get("histogram"), values.get("matrix")
    classes = len(histogram or ())
    if classes > _MOST_CLASSES or (matrix is not None and any(len(row) != classes for row in (*matrix, matrix))):
        raise ValueError("the shapes do not agree")
    for number in _numbers(values):
        if isinstance(number, bool) or not math.isfinite(number) or not 0 <= number <= 2**53:
            raise ValueError("a number is out of range")
    return values


def _numbers(value: Any) -> Iterator[float]:
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, list):
        for item in value:
            yield from _numbers(item)
    elif value is not None:
        yield value
