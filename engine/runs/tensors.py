"""Reading safetensors (huggingface.co/docs/safetensors) that a stranger may have made. Knows no folder and no torch.

The library writes the files but does not read them: it maps a file into memory, where one cut short by another
program ends the process, takes headers of 100 MB, and has no numpy type for some it accepts.
"""

from __future__ import annotations

import json
import math
import os
from io import BufferedReader
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Arrays

_MOST_HEADER_BYTES = 2**20
_MOST_TENSORS = 10_000
_MOST_DIMENSIONS = 8
_LONGEST_NAME = 300
_TYPES = {
    "F64": "<f8",
    "F32": "<f4",
    "F16": "<f2",
    "I64": "<i8",
    "I32": "<i4",
    "I16": "<i2",
    "I8": "i1",
    "U8": "u1",
    "BOOL": "?",
}


class _Place(NamedTuple):
    """Where the header says that a tensor lies; ``begin`` and ``end`` count from the end of the header."""

    begin: int
    end: int
    name: str
    kind: np.dtype[Any]
    shape: tuple[int, ...]


def read_tensors(file: BufferedReader, prefix: str = "") -> tuple[Arrays, dict[str, str]]:
    """Return the tensors whose name begins with ``prefix``, and the metadata.

    Raises ``ValueError`` for what is not exactly the format, ``MemoryError`` for more than half of the free memory.
    """
    header, start = _read_header(file)
    metadata = header.pop("__metadata__", {})
    if not isinstance(metadata, dict) or not all(isinstance(value, str) for value in metadata.values()):
        raise ValueError("the metadata are no texts")
    if len(header) > _MOST_TENSORS:
        raise ValueError("too many tensors")
    places = sorted(_place(name, entry) for name, entry in header.items())
    _check_cover(places, os.fstat(file.fileno()).st_size - start)
    wanted = [place for place in places if place.name.startswith(prefix)]
    _check_memory(sum(place.end - place.begin for place in wanted))
    return {place.name: _read(file, start, place) for place in wanted}, metadata


def _read_header(file: BufferedReader) -> tuple[dict[str, Any], int]:
    length = int.from_bytes(file.read(8), "little")
    if length > _MOST_HEADER_BYTES:
        raise ValueError("the header is too large")
    header = json.loads(file.read(length).decode("utf-8"))
    if not isinstance(header, dict):
        raise ValueError("the header is no table")
    return header, 8 + length


def _place(name: str, entry: Any) -> _Place:
    if not isinstance(entry, dict) or entry.keys() != {"dtype", "shape", "data_offsets"}:
        raise ValueError("a tensor has a type, a shape and a place")
    kind, shape, offsets = entry["dtype"], entry["shape"], entry["data_offsets"]
    if not isinstance(kind, str) or kind not in _TYPES or len(name) > _LONGEST_NAME or not name.isprintable():
        raise ValueError("the type or the name of a tensor is not one that Duelo writes")
    if not _are_counts(shape, _MOST_DIMENSIONS) or not _are_counts(offsets, 2) or len(offsets) != 2:
        raise ValueError("a shape or a place is not made of counts")
    begin, end = offsets
    place = _Place(begin, end, name, np.dtype(_TYPES[kind]), tuple(shape))
    if end - begin != math.prod(shape) * place.kind.itemsize:
        raise ValueError("a shape does not fill its place")
    return place


def _are_counts(values: Any, most: int) -> bool:
    return (
        isinstance(values, list)
        and len(values) <= most
        and all(type(value) is int and 0 <= value < 2**48 for value in values)
    )


def _check_cover(places: list[_Place], size: int) -> None:
    """Tensors lie end to end and fill the file: so none overlap, and together they are no larger than the file."""
    position = 0
    for place in places:
        if place.begin != position:
            raise ValueError("tensors overlap or leave a hole")
        position = place.end
    if position != size:
        raise ValueError("the file is longer or shorter than its tensors")


def _check_memory(needed: int) -> None:
    import psutil  # late: it would take a twentieth of the time until the window is on screen

    if needed > psutil.virtual_memory().available // 2:
        raise MemoryError


def _read(file: BufferedReader, start: int, place: _Place) -> NDArray[Any]:
    array = np.empty(place.shape, place.kind)
    file.seek(start + place.begin)
    if file.readinto(array.reshape(-1).view(np.uint8).data) != array.nbytes:
        raise ValueError("the file ends too early")
    return array
