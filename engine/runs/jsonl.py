"""Files that grow by one JSON record to a line, as text and back. Knows neither what a record means nor a folder."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO, Protocol, TypeVar

MOST_RECORDS = 100_000
_LONGEST_LINE = 4 * 2**20
_USUAL_TAIL = 2**16
_LAST_LINES = 3


class Record(Protocol):
    """What every record has: the moment it was made at."""

    @property
    def images_seen(self) -> int:
        """The training's clock."""


_R = TypeVar("_R", bound=Record)
_T = TypeVar("_T")


def read_records(file: BinaryIO, parse: Callable[[Any], _R]) -> Iterator[_R]:
    """Yield the records up to the first torn or foreign line.

    ``parse`` turns the JSON of a line into a record and raises ``ValueError`` or ``TypeError`` where it is none.
    """
    before = 0
    while (line := file.readline(_LONGEST_LINE)).endswith(b"\n"):
        try:
            record = parse(json.loads(line))
        except (ValueError, TypeError, RecursionError):
            return
        if record.images_seen < before:
            return
        before = record.images_seen
        yield record


def read_each(file: BinaryIO, parse: Callable[[Any], _T]) -> Iterator[_T]:
    """Yield every record that can be read, whatever stands between them: for lines that build on no other."""
    for _ in range(MOST_RECORDS):
        if not (line := file.readline(_LONGEST_LINE)):
            return
        try:
            record = parse(json.loads(line))
        except (ValueError, TypeError, RecursionError):
            continue
        yield record


def read_last(file: BinaryIO, parse: Callable[[Any], _R]) -> _R | None:
    """Return the last record that is whole, None where the last lines are none."""
    end = os.fstat(file.fileno()).st_size
    for length in (_USUAL_TAIL, 2 * _LONGEST_LINE):
        file.seek(max(end - length, 0))
        for line in reversed(file.read(length).splitlines(keepends=True)[-_LAST_LINES:]):
            try:
                if line.endswith(b"\n"):
                    return parse(json.loads(line))
            except (ValueError, TypeError, RecursionError):
                continue
        if length >= end:
            break
    return None


def read_thinned(file: BinaryIO, parse: Callable[[Any], _R], most: int) -> list[_R]:
    """Return the records of all of the course, at most ``most`` and the newest.

    Where there are more, every second one is passed over, again and again.
    """
    kept: list[_R] = []
    stride, record = 1, None
    for index, record in enumerate(read_records(file, parse)):
        if index % stride == 0:
            kept.append(record)
        if len(kept) > most:
            kept, stride = kept[::2], 2 * stride
    if record is not None and kept[-1] is not record:
        kept.append(record)
    return kept
