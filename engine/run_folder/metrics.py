"""Rows of ``metrics.csv`` as text and back. Knows no folder."""

from __future__ import annotations

import math
import typing
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from engine.events import MetricsRow

MOST_ROWS = 1_000_000
HEADER = ",".join(MetricsRow._fields) + "\n"

_LONGEST_LINE = 1000
# Beyond this a float no longer holds every whole number; steps and images stay far below.
_LARGEST = 2**53


def format_rows(rows: Iterable[MetricsRow]) -> str:
    """Return the lines of ``rows``; floats keep nine digits, which is all that a float32 has."""
    return "".join(
        ",".join(f"{value:.9g}" if isinstance(value, float) else str(value) for value in row) + "\n" for row in rows
    )


def read_rows(file: BinaryIO) -> Iterator[MetricsRow]:
    """Yield the rows up to the first torn or foreign line. Columns go by the header: an older run has fewer."""
    try:
        columns = _split(_line(file))
        places = [columns.index(name) if name in columns else None for name in MetricsRow._fields]
        before = MetricsRow(0, 0, 0, 0.0, 0.0, 0.0, 0.0, 0.0)
        while True:
            row = _parse(_split(_line(file)), places)
            if row.step <= before.step or row.images_seen < before.images_seen:
                return
            yield row
            before = row
    except (ValueError, IndexError, KeyError):
        return


def _line(file: BinaryIO) -> str:
    line = file.readline(_LONGEST_LINE)
    if not line.endswith(b"\n"):
        raise ValueError("the line is torn, or endless")
    return line.decode("utf-8").rstrip("\r\n")


def _split(line: str) -> list[str]:
    return line.split(",")


def _parse(parts: list[str], places: list[int | None]) -> MetricsRow:
    return MetricsRow._make(
        MetricsRow._field_defaults[name] if place is None else _KINDS[name](parts[place])
        for name, place in zip(MetricsRow._fields, places, strict=True)
    )


def _count(text: str) -> int:
    value = int(text)
    if not 0 <= value <= _LARGEST:
        raise ValueError("a count is out of range")
    return value


def _seconds(text: str) -> float:
    value = float(text)
    if not (math.isfinite(value) and 0 <= value <= _LARGEST):
        raise ValueError("training time must be finite")
    return value


_KINDS: dict[str, Callable[[str], float]] = {
    name: _count if kind is int else float for name, kind in typing.get_type_hints(MetricsRow).items()
} | {"seconds": _seconds}
