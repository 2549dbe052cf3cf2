"""Rows of ``metrics.csv`` as text and back. Knows no folder."""

from __future__ import annotations

import math
import os
import typing
from collections.abc import Callable, Iterable, Iterator
from io import BytesIO
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from engine.events import MetricsRow

Table = NDArray[np.float64]
"""``[N, fields of MetricsRow]``."""
Row = NDArray[np.float64]
"""``[fields of MetricsRow]``."""
MOST_ROWS = 2**16  # thirty for each pixel of a screen; a run of weeks writes millions
HEADER = ",".join(MetricsRow._fields) + "\n"

_LONGEST_LINE = 1000
_BLOCK = 2**17  # bytes that are read at once: Python's lock is held for each step of that
# Beyond this a float no longer holds every whole number; steps and images stay far below.
_LARGEST = 2**53


def format_rows(rows: Iterable[MetricsRow]) -> str:
    """Return the lines of ``rows``; floats keep nine digits, which is all that a float32 has."""
    return "".join(
        ",".join(f"{value:.9g}" if isinstance(value, float) else str(value) for value in row) + "\n" for row in rows
    )


def read_rows(file: BinaryIO) -> Iterator[MetricsRow]:
    """Yield the rows up to the first torn or foreign line. Columns go by the header: an older run has fewer."""
    for table in read_tables(file):
        yield from rows_of(table)


def read_table(file: BinaryIO, most: int = MOST_ROWS) -> Table:
    """Return the rows as a table: all of the course, in at most ``most`` rows.

    Where there are more, every two become one, again and again.
    """
    table, pieces = np.empty((0, len(MetricsRow._fields))), list[Table]()
    for piece in read_tables(file):
        pieces.append(piece)
        if sum(map(len, pieces)) >= most // 2:
            table, pieces = fitting(np.concatenate([table, *pieces]), most), []
    return fitting(np.concatenate([table, *pieces]), most)


def read_tables(file: BinaryIO) -> Iterator[Table]:
    """Yield the rows of ``read_rows`` some thousands at a time: one by one, two million take half a minute."""
    try:
        columns = _split(_line(file))
    except ValueError:
        return
    places = [columns.index(name) if name in columns else None for name in MetricsRow._fields]
    if any(
        place is None and name not in MetricsRow._field_defaults
        for name, place in zip(MetricsRow._fields, places, strict=True)
    ):
        return
    before, rest = np.zeros(len(MetricsRow._fields)), b""
    while len(rest) <= _LONGEST_LINE and (data := file.read(_BLOCK)):
        lines, newline, rest = (rest + data).rpartition(b"\n")
        if not newline:
            continue
        table = _parse_at_once(lines + newline, len(columns), places, before)
        is_whole = table is not None
        if table is None:  # something in it is foreign: up to there
            table = np.array(list(_parse_one_by_one(lines + newline, places, before)), np.float64)
            is_whole = len(table) == lines.count(newline) + 1
        if len(table):
            yield table
            before = table[-1]
        if not is_whole:
            return


def _parse_at_once(lines: bytes, columns: int, places: list[int | None], before: Row) -> Table | None:
    """Return the rows of ``lines``, None where it is not certain that each is one."""
    ends = np.flatnonzero(np.frombuffer(lines, np.uint8) == ord("\n"))
    if np.diff(ends, prepend=-1).max() > _LONGEST_LINE:
        return None
    try:
        values = np.loadtxt(BytesIO(lines), delimiter=",", comments=None, ndmin=2)
    except ValueError:
        return None
    if values.shape != (len(ends), columns):  # it leaves out empty lines
        return None
    table = np.empty((len(ends), len(places)))
    for number, (name, place) in enumerate(zip(MetricsRow._fields, places, strict=True)):
        table[:, number] = MetricsRow._field_defaults[name] if place is None else values[:, place]
    whole = table[:, _WHOLE]
    if (whole != np.floor(whole)).any():
        return None
    bounded = table[:, _BOUNDED]
    moved = np.diff(table[:, _CLOCKS], axis=0, prepend=before[None, _CLOCKS])
    is_fine = (bounded >= 0).all() and (bounded <= _LARGEST).all() and (moved >= 0).all() and (moved[:, 0] > 0).all()
    return table if is_fine else None


def _parse_one_by_one(lines: bytes, places: list[int | None], before: Row) -> Iterator[MetricsRow]:
    """Yield the rows of ``lines`` up to the first foreign one."""
    file, (step, images_seen) = BytesIO(lines), before[_CLOCKS]
    try:
        while True:
            row = _parse(_split(_line(file)), places)
            if row.step <= step or row.images_seen < images_seen:
                return
            yield row
            step, images_seen = row.step, row.images_seen
    except (ValueError, IndexError, KeyError, OverflowError):
        return


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
_CLOCKS = [_STEP, MetricsRow._fields.index("images_seen")]
_WHOLE = [place for place, name in enumerate(MetricsRow._fields) if _KINDS[name] is _count]
_BOUNDED = [place for place, name in enumerate(MetricsRow._fields) if _KINDS[name] is not float]
_MEANS = [MetricsRow._fields.index(name) for name in ("d_loss", "g_loss", "d_real", "d_fake")]
_COUNTS = [MetricsRow._fields.index("d_skipped")]
