"""Reads images and labels of MNIST and its sisters from the files that ``set_files`` found.

Every size is checked before memory is taken for it. Knows no data set but the number of its images and classes.
"""

from __future__ import annotations

import gzip
import itertools
import math
import os
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from engine.datasets.pace import Pace
from engine.datasets.picture_files import is_picture_name, natural
from engine.datasets.set_files import ClassFolders, IdxFiles, Stored, TableFile
from engine.files import insist_on_file
from engine.i18n import tr
from engine.job import Job, Progress

_SIDE = 28
_PIXELS = _SIDE * _SIDE
_LABEL_NAMES = ("label", "labels", "class", "digit", "target", "y")
_LONGEST_LINE = 32 * (_PIXELS + 1)  # names of columns may be long
_CHUNK = 1000


class Arrays(NamedTuple):
    """Images uint8 ``[N, 28, 28]`` and labels int64 ``[N]``."""

    images: NDArray[np.uint8]
    labels: NDArray[np.int64]


class BadFileError(Exception):
    """``path`` is not what its name says; ``reason`` says why in the person's language."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path}: {reason}")
        self.path = path
        self.reason = reason


def read(stored: Stored, title: str, most: int, classes: int) -> Job[Progress, Arrays]:
    """Return what is stored, at most ``most`` images of ``classes`` classes, and report on the way.

    Raises ``BadFileError``.
    """
    what = tr("Reading {name}", name=title)
    yield Progress(0, 0, what)
    if isinstance(stored, IdxFiles):
        arrays, path = _read_idx(stored, most), stored.labels
    elif isinstance(stored, TableFile):
        arrays, path = (yield from _read_table(stored.path, what, most)), stored.path
    else:
        return (yield from _read_folders(stored, what, most))
    if not 0 <= arrays.labels.min() <= arrays.labels.max() < classes:
        raise BadFileError(path, tr("it has labels that are none of the {count} classes", count=classes))
    return arrays


# --- IDX


def _read_idx(files: IdxFiles, most: int) -> Arrays:
    images = _idx(files.images, (most, _SIDE, _SIDE))
    labels = _idx(files.labels, (most,))
    if len(images) != len(labels):
        raise BadFileError(
            files.labels,
            tr("it has {labels} labels for {images} images", labels=len(labels), images=len(images)),
        )
    return Arrays(images, labels.astype(np.int64))


def _idx(path: Path, largest: tuple[int, ...]) -> NDArray[np.uint8]:
    """Read an array of bytes whose first side is at most, and whose others are exactly, those of ``largest``."""
    try:
        with _unpacked(path) as file:
            head = file.read(4 + 4 * len(largest))
            shape = tuple(np.frombuffer(head[4:], ">u4").tolist())
            fits = head[:4] == bytes((0, 0, 8, len(largest))) and shape[1:] == largest[1:]
            if not fits or not 0 < shape[0] <= largest[0]:
                raise BadFileError(path, tr("it is not an IDX file of images 28 pixels wide, or of their labels"))
            size = math.prod(shape)
            data = file.read(size + 1)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise BadFileError(path, tr("it cannot be read")) from error
    if len(data) != size:
        raise BadFileError(path, tr("its length is not the one that it names"))
    return np.frombuffer(data, np.uint8).reshape(shape)


def _unpacked(path: Path) -> IO[bytes]:
    """Open a file that may be packed, whatever its name says."""
    with open(path, "rb") as file:
        is_packed = file.read(2) == b"\x1f\x8b"
    return gzip.open(path, "rb") if is_packed else open(path, "rb")  # type: ignore[return-value]


# --- a table


def _read_table(path: Path, what: str, most: int) -> Job[Progress, Arrays]:
    images: list[NDArray[np.uint8]] = []
    labels: list[NDArray[np.int64]] = []
    try:
        with _unpacked(path) as file:
            lines = _lines(file, path)
            first = next(lines, b"")
            names = [name.strip(b" \"'\r\n").decode("utf-8", "replace").casefold() for name in first.split(b",")]
            column = next((names.index(name) for name in _LABEL_NAMES if name in names), 0)
            if names and names[0].replace(".", "").isdigit():
                lines = itertools.chain([first], lines)
            while chunk := list(itertools.islice(lines, _CHUNK)):
                values = np.loadtxt(chunk, np.float32, delimiter=",", ndmin=2, encoding="utf-8")
                rows, side = np.delete(values, column, 1), values[:, column]
                if rows.shape[1] != _PIXELS or rows.min() < 0 or rows.max() > 255 or (side % 1).any():
                    raise ValueError(path)
                images.append(rows.astype(np.uint8).reshape(-1, _SIDE, _SIDE))
                labels.append(side.astype(np.int64))
                yield Progress(sum(map(len, labels)), 0, what, tr("images"))
                if sum(map(len, labels)) > most:
                    raise ValueError(path)
    except (OSError, EOFError, zlib.error, ValueError) as error:
        raise BadFileError(path, tr("it is not a table with a label and 784 pixels in each row")) from error
    if not images:
        raise BadFileError(path, tr("it is not a table with a label and 784 pixels in each row"))
    return Arrays(np.concatenate(images), np.concatenate(labels))


def _lines(file: IO[bytes], path: Path) -> Iterator[bytes]:
    while line := file.readline(_LONGEST_LINE):
        if not line.endswith(b"\n") and len(line) == _LONGEST_LINE:
            raise ValueError(path)
        if line.strip():
            yield line


# --- pictures


def _read_folders(stored: ClassFolders, what: str, most: int) -> Job[Progress, Arrays]:
    files = [
        (folder / name, label)
        for label, folder in enumerate(stored.folders)
        for name in sorted(filter(is_picture_name, os.listdir(folder)), key=natural)
    ]
    if not 0 < len(files) <= most:
        raise BadFileError(stored.folders[0].parent, tr("it has {count} pictures", count=len(files)))
    images, pace = np.empty((len(files), _SIDE, _SIDE), np.uint8), Pace()
    for number, (path, _) in enumerate(files):
        if pace.is_due():
            yield Progress(number, len(files), what, tr("images"))
        images[number] = _picture(path)
    return Arrays(images, np.array([label for _, label in files], np.int64))


def _picture(path: Path) -> NDArray[np.uint8]:
    try:
        insist_on_file(path)
        with Image.open(path, formats=("PNG", "JPEG", "BMP", "TIFF", "GIF", "WEBP", "PPM")) as picture:
            if picture.size == (_SIDE, _SIDE):
                return np.asarray(picture.convert("L"))
    except Exception as error:  # Pillow's readers raise nearly everything on damaged files
        raise BadFileError(path, tr("it cannot be read")) from error
    raise BadFileError(path, tr("it is not 28 pixels wide and high"))
