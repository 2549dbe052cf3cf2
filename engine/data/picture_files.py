"""Finds the pictures in a person's folder and tells which class each belongs to. Opens none of them."""

from __future__ import annotations

import functools
import os
import re
import stat
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from PIL import Image

from engine.data.pace import Pace
from engine.errors import UserError, reason
from engine.events import Loading
from engine.i18n import mark, tr
from engine.text import LONGEST_NAME, plain

# EPS runs Ghostscript on whatever the file says; the others Pillow only recognises and cannot read by itself.
_UNWANTED_FORMATS = {"EPS", "BUFR", "GRIB", "HDF5", "MPEG", "WMF"}


class Reason(StrEnum):
    """Why a picture is not trained on."""

    UNREADABLE = "unreadable"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    DUPLICATE = "duplicate"
    OUTSIDE = "outside"
    EMPTY = "empty"


REASON_TITLES: dict[Reason, str] = {
    Reason.UNREADABLE: mark("cannot be read"),
    Reason.TOO_SMALL: mark("smaller than 16 pixels"),
    Reason.TOO_LARGE: mark("too many pixels"),
    Reason.DUPLICATE: mark("looks the same as another one"),
    Reason.OUTSIDE: mark("lies beside the folders of the classes"),
    Reason.EMPTY: mark("folder without pictures"),
}


class Skipped(NamedTuple):
    """A file or folder, named relative to the chosen folder with ``/``, that is left out, and why."""

    path: str
    reason: Reason


class PictureFile(NamedTuple):
    """A file that should be a picture; ``path`` is relative to the chosen folder with ``/``, ``label`` may be -1."""

    path: str
    label: int
    bytes: int
    mtime_ns: int


@dataclass(frozen=True)
class Found:
    """What a folder holds: ``class_names`` is empty where there are no classes."""

    folder: Path
    class_names: tuple[str, ...]
    files: tuple[PictureFile, ...]
    skipped: tuple[Skipped, ...]


def readable_formats() -> tuple[str, ...]:
    """Return Pillow's names of the formats that own pictures may have."""
    Image.init()
    return tuple(name for name in Image.OPEN if name not in _UNWANTED_FORMATS)


def is_picture_name(name: str) -> bool:
    """Whether a file called ``name`` should be a picture: not hidden, and ending as a readable format does."""
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in _extensions()


@functools.cache
def _extensions() -> frozenset[str]:
    formats = set(readable_formats())
    return frozenset(extension for extension, kind in Image.registered_extensions().items() if kind in formats)


def natural(name: str) -> tuple[list[str | int], str]:
    """Return the key that sorts "digit 2" before "digit 10", whatever the case."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], name


def find(folder: Path, classes: tuple[int, ...] = ()) -> Generator[Loading, None, Found]:
    """Look through ``folder``: its sub-folders are the classes, in natural order; deeper ones are searched too.

    A folder without sub-folders, or whose sub-folders hold no pictures, has no classes. Pictures beside the classes
    are reported as skipped. With ``classes``, indices in that order, only those are looked at and numbered anew.
    Raises ``UserError`` where ``folder`` cannot be read or has not that many classes.
    """
    inside, beside, broken = _entries(folder)
    groups: list[tuple[str, list[PictureFile]]] = []
    skipped = [Skipped(name, Reason.UNREADABLE) for name in broken]
    for name in inside:
        groups.append((name, (yield from _gather(folder, name, skipped))))
    named = [(name, files) for name, files in groups if files]
    loose = [file for name in beside if is_picture_name(name) and (file := _picture(folder, name, skipped))]
    if not named:
        _check_classes(classes, 0)
        return Found(folder, (), tuple(loose), tuple(skipped))
    skipped += [Skipped(name, Reason.EMPTY) for name, files in groups if not files]
    skipped += [Skipped(file.path, Reason.OUTSIDE) for file in loose]
    _check_classes(classes, len(named))
    chosen = [named[index] for index in classes] if classes else named
    files = tuple(file._replace(label=label) for label, (_, group) in enumerate(chosen) for file in group)
    return Found(folder, tuple(_printable(name) for name, _ in chosen), files, tuple(skipped))


def _entries(folder: Path) -> tuple[list[str], list[str], list[str]]:
    """Return the names of sub-folders, of files, and of links that lead nowhere in ``folder``, hidden ones left out."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: natural(entry.name))
    except OSError as error:
        raise UserError(
            tr("The folder “{folder}” cannot be read: {reason}.", folder=folder, reason=reason(error)),
            tr("Choose a folder with pictures."),
        ) from error
    names: dict[str, list[str]] = {"folder": [], "file": [], "broken": [], "other": []}
    for entry in entries:
        if not entry.name.startswith("."):
            names[_kind(entry)].append(entry.name)
    return names["folder"], names["file"], names["broken"]


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_dir():
            return "folder"
        return "file" if entry.is_file() else "broken" if entry.is_symlink() else "other"
    except OSError:  # a link to itself, or in a circle
        return "broken"


def _gather(folder: Path, name: str, skipped: list[Skipped]) -> Generator[Loading, None, list[PictureFile]]:
    pace, files = Pace(), []
    for path in _walk(folder, name, skipped):
        if is_picture_name(os.path.basename(path)) and (file := _picture(folder, path, skipped)):
            files.append(file)
        if pace.is_due():
            yield Loading(tr("Looking for pictures"), len(files), 0, tr("pictures"))
    return files


def _walk(folder: Path, name: str, skipped: list[Skipped]) -> Iterator[str]:
    """Yield every file below the sub-folder ``name``, relative to ``folder``; links to folders are not followed."""

    def tell(error: OSError) -> None:
        skipped.append(Skipped(_relative(folder, error.filename), Reason.UNREADABLE))

    for place, inner, names in os.walk(folder / name, onerror=tell):
        inner[:] = sorted((one for one in inner if not one.startswith(".")), key=natural)
        for file in sorted(names, key=natural):
            yield _relative(folder, os.path.join(place, file))


def _relative(folder: Path, path: str) -> str:
    return Path(path).relative_to(folder).as_posix()


def _picture(folder: Path, path: str, skipped: list[Skipped]) -> PictureFile | None:
    try:
        about = os.stat(folder / path)
        if not stat.S_ISREG(about.st_mode):  # reading a pipe would wait for ever
            raise OSError
    except OSError:
        skipped.append(Skipped(path, Reason.UNREADABLE))
        return None
    return PictureFile(path, -1, about.st_size, about.st_mtime_ns)


def _printable(name: str) -> str:
    """Return ``name`` as it may be shown: short, and without what a foreign file system may bring."""
    return plain(os.fsencode(name).decode("utf-8", "replace"), LONGEST_NAME)


def _check_classes(classes: tuple[int, ...], count: int) -> None:
    if classes and not count:
        raise UserError(
            tr("These pictures have no classes to choose from."),
            tr("Put the pictures of each class into a sub-folder of its own."),
        )
    for index in classes:
        if not 0 <= index < count:
            raise UserError(
                tr("The data set “{name}” has no class {label}.", name="pictures", label=index),
                tr("Choose classes from 0 to {last}.", last=count - 1),
            )
