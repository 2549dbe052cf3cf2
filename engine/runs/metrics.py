"""Rows of ``metrics.csv`` as text and back. Knows no folder."""

from __future__ import annotations

import math
import os
import typing
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from itertools import islice
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.events import MetricsRow

Table = NDArray[np.float64]
"""``[N, fields of MetricsRow]``."""
MOST_ROWS = 2**16  # thirty for each pixel of a screen; a run of weeks writes millions
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


def read_table(file: BinaryIO, most: int = MOST_ROWS) -> Table:
    """Return the rows as a table: all of the course, in at most ``most`` rows.

    Where there are more, every two become one, again and again.
    """
    table, rows = np.empty((0, len(MetricsRow._fields))), read_rows(file)
    while piece := list(islice(rows, max(most // 8, 1))):
        table = fitting(np.concatenate([table, np.array(piece, np.float64)]), most)
    return table


def read_last_row(file: BinaryIO) -> MetricsRow | None:
    """Return the last whole row, None where there is none."""
    header = file.readline(_LONGEST_LINE)
    file.seek(max(os.fstat(file.fileno()).st_size - 3 * _LONGEST_LINE, len(header)))
    if file.tell() > len(header):
        file.readline(_LONGEST_LINE)  # the rest of a line
    rows = list(read_rows(BytesIO(header + file.read(3 * _LONGEST_LINE))))
    return rows[-1] if rows else None


def fitting(table: Table, most: int = MOST_ROWS) -> Table:
    """Return the table with every two rows made one, as often as it takes until there are at most ``most``."""
    while len(table) > most:
        table = _halved(table)
    return table


def _halved(table: Table) -> Table:
    """Return every two rows as the one that half as many reports would have written; an odd last row stays."""
    steps = np.diff(table[:, _STEP], prepend=0.0)[:, None]
    pairs, paired = len(table) // 2, len(table) // 2 * 2
    first, second = table[0:paired:2], table[1:paired:2]
    both = second.copy()  # the clocks at the end of both
    weights = steps[0:paired:2], steps[1:paired:2]
    both[:, _MEANS] = (first[:, _MEANS] * weights[0] + second[:, _MEANS] * weights[1]) / (weights[0] + weights[1])
    both[:, _COUNTS] = first[:, _COUNTS] + second[:, _COUNTS]
    return np.concatenate([both[:pairs], table[paired:]])


def rows_of(table: Table) -> list[MetricsRow]:
    """Return the rows of a table."""
    return [MetricsRow._make(kind(value) for kind, value in zip(_TYPES, row, strict=True)) for row in table.tolist()]


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
_TYPES = tuple(typing.get_type_hints(MetricsRow).values())
_STEP = MetricsRow._fields.index("step")
_MEANS = [MetricsRow._fields.index(name) for name in ("d_loss", "g_loss", "d_real", "d_fake")]
_COUNTS = [MetricsRow._fields.index("d_skipped")]
