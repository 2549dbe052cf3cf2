"""Finds the pictures in a person's folder and tells which class each belongs to. Opens none of them."""

from __future__ import annotations

import functools
import os
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import NamedTuple

from engine.datasets.pace import Pace
from engine.errors import UserError, reason
from engine.i18n import mark, tr
from engine.job import Job, Progress
from engine.text import LONGEST_NAME, plain

# EPS runs Ghostscript on whatever the file says; the others Pillow only recognizes and cannot read by itself.
_UNWANTED_FORMATS = {"EPS", "BUFR", "GRIB", "HDF5", "MPEG", "WMF"}


class Reason(StrEnum):
    """Why a picture is not trained on."""

    UNREADABLE = "unreadable"
    TOO_SMALL = "too_small"
    TOO_LARGE = "too_large"
    DUPLICATE = "duplicate"
    OUTSIDE = "outside"
    EMPTY = "empty"
    SYSTEM = "system"
    RUN = "run"
    LOOP = "loop"
    LINK = "link"


NO_PICTURE = {Reason.EMPTY, Reason.SYSTEM, Reason.RUN, Reason.LOOP, Reason.LINK}  # what is no picture was not lost

REASON_TITLES: dict[Reason, str] = {
    Reason.UNREADABLE: mark("cannot be read"),
    Reason.TOO_SMALL: mark("smaller than 16 pixels"),
    Reason.TOO_LARGE: mark("too many pixels"),
    Reason.DUPLICATE: mark("looks the same as another one"),
    Reason.OUTSIDE: mark("lies beside the folders of the classes"),
    Reason.EMPTY: mark("folder without pictures"),
    Reason.SYSTEM: mark("made by the system, not by you"),
    Reason.RUN: mark("training that Duelo wrote"),
    Reason.LOOP: mark("link back to a folder that it lies in"),
    Reason.LINK: mark("link to another folder"),
}


# What systems, storage servers and photo programs leave among a person's files.
_SYSTEM = {
    *("__macosx", "@eadir", "#recycle", "@recycle", "$recycle.bin", "system volume information", "lost+found"),
    *(".thumbnails", ".@__thumb", "thumbs.db", "desktop.ini", ".ds_store", ".picasaoriginals", ".ipynb_checkpoints"),
}
# Parts of one collection, which are no classes of it.
_PARTS = {
    *("train", "training", "test", "testing", "val", "valid", "validation", "dev", "eval"),
    *("trainset", "testset", "train_set", "test_set", "entrenamiento", "prueba", "pruebas", "validación"),
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
    """What a folder holds: ``class_names`` is empty where there are no classes.

    ``parts`` are folders such as "train" and "test" that were not taken for classes.
    """

    folder: Path
    class_names: tuple[str, ...]
    files: tuple[PictureFile, ...]
    skipped: tuple[Skipped, ...]
    parts: tuple[str, ...] = ()


def readable_formats() -> tuple[str, ...]:
    """Return Pillow's names of the formats that own pictures may have."""
    from PIL import Image  # late: the window comes up without any picture

    Image.init()
    return tuple(name for name in Image.OPEN if name not in _UNWANTED_FORMATS)


def is_picture_name(name: str) -> bool:
    """Whether a file called ``name`` should be a picture: not hidden, and ending as a readable format does."""
    return not name.startswith(".") and os.path.splitext(name)[1].lower() in _extensions()


@functools.cache
def _extensions() -> frozenset[str]:
    from PIL import Image

    formats = set(readable_formats())
    return frozenset(extension for extension, kind in Image.registered_extensions().items() if kind in formats)


def natural(name: str) -> tuple[list[str | int], str]:
    """Return the key that sorts "digit 2" before "digit 10", whatever the case."""
    parts = re.split(r"([0-9]+)", name.casefold())
    return [int(part) if index % 2 else part for index, part in enumerate(parts)], name


def find(folder: Path, classes: tuple[int, ...] = (), level: str = "auto") -> Job[Progress, Found]:
    """Look through ``folder``: its sub-folders are the classes, in natural order; deeper ones are searched too.

    A folder without sub-folders, or whose sub-folders hold no pictures, has no classes. ``level`` is the option
    ``image_classes``: the classes may be the folders inside the sub-folders, whose pictures of one name belong
    together. Pictures beside the classes, and what is none of the person's pictures, are reported as skipped. With
    ``classes``, indices in that order, only those are looked at and numbered anew. Raises ``UserError`` where
    ``folder`` cannot be read, is a run of Duelo, or has not that many classes.
    """
    skipped: list[Skipped] = []
    inside, beside = _entries(folder, skipped)
    groups: list[tuple[str, list[PictureFile]]] = []
    for name in inside:
        groups.append((name, (yield from _gather(folder, name, skipped))))
    named = [(name, files) for name, files in groups if files]
    loose = [file for name in beside if is_picture_name(name) and (file := _picture(folder, name, skipped))]
    parts = tuple(name for name, _ in named) if _are_parts(named, level) else ()
    if parts:
        skipped += [Skipped(name, Reason.EMPTY) for name, files in groups if not files]
        groups, more = _inner_classes(named)
        named, loose = groups, [*loose, *more]
    if not named:
        _check_classes(classes, 0)
        return Found(folder, (), tuple(loose), tuple(skipped), parts)
    skipped += [Skipped(name, Reason.EMPTY) for name, files in groups if not files]
    skipped += [Skipped(file.path, Reason.OUTSIDE) for file in loose]
    _check_classes(classes, len(named))
    chosen = [named[index] for index in classes] if classes else named
    files = tuple(file._replace(label=label) for label, (_, group) in enumerate(chosen) for file in group)
    return Found(folder, tuple(_printable(name) for name, _ in chosen), files, tuple(skipped), parts)


def _are_parts(named: list[tuple[str, list[PictureFile]]], level: str) -> bool:
    """Whether the classes are to be looked for inside these folders."""
    names = {name.casefold() for name, _ in named}
    return bool(names) and (level == "inner" or (level == "auto" and names <= _PARTS))


def _inner_classes(
    parts: list[tuple[str, list[PictureFile]]],
) -> tuple[list[tuple[str, list[PictureFile]]], list[PictureFile]]:
    """Return the classes inside ``parts``, the pictures of one name from all of them together, and those beside."""
    classes: dict[str, list[PictureFile]] = {}
    loose: list[PictureFile] = []
    for _, files in parts:
        for file in files:
            _, inner, *rest = file.path.split("/")
            if rest:
                classes.setdefault(inner, []).append(file)
            else:
                loose.append(file)
    return sorted(classes.items(), key=lambda one: natural(one[0])), loose


def _entries(folder: Path, skipped: list[Skipped]) -> tuple[list[str], list[str]]:
    """Return the names of the sub-folders and of the files of ``folder``, hidden ones left out."""
    try:
        with os.scandir(folder) as found:
            entries = sorted(found, key=lambda entry: natural(entry.name))
    except OSError as error:
        raise UserError(
            tr("The folder “{folder}” cannot be read: {reason}.", folder=folder, reason=reason(error)),
            tr("Choose a folder with pictures."),
        ) from error
    if is_run_folder(folder):
        raise UserError(
            tr("“{folder}” is a training that Duelo wrote, not a folder of pictures.", folder=folder),
            tr("Choose a folder with pictures."),
        )
    names: dict[str, list[str]] = {"folder": [], "file": [], "broken": [], "other": []}
    for entry in entries:
        names[_kind(entry)].append(entry.name)
    skipped += [Skipped(name, Reason.UNREADABLE) for name in names["broken"] if not name.startswith(".")]
    return _wanted(folder, "", names["folder"], skipped), _own(names["file"], "", skipped)


def _kind(entry: os.DirEntry[str]) -> str:
    try:
        if entry.is_dir():
            return "folder"
        return "file" if entry.is_file() else "broken" if entry.is_symlink() else "other"
    except OSError:  # a link to itself, or in a circle
        return "broken"


def _wanted(folder: Path, place: str, names: list[str], skipped: list[Skipped]) -> list[str]:
    """Return those of the folders ``names`` in ``place`` that may hold a person's pictures; tell of the others."""
    wanted = []
    for name in _own(names, place, skipped):
        path = os.path.join(place, name)
        if os.path.islink(folder / path) and (why := _bad_link(folder, path)):
            skipped.append(Skipped(Path(path).as_posix(), why))
        elif is_run_folder(folder / path):
            skipped.append(Skipped(Path(path).as_posix(), Reason.RUN))
        else:
            wanted.append(name)
    return wanted


def _own(names: list[str], place: str, skipped: list[Skipped]) -> list[str]:
    """Return ``names`` without hidden ones, and tell of those that a system made."""
    made = [name for name in names if name.casefold() in _SYSTEM]
    skipped += [Skipped(Path(place, name).as_posix(), Reason.SYSTEM) for name in made]
    return [name for name in names if name not in made and not name.startswith(".")]


def _bad_link(folder: Path, path: str) -> Reason | None:
    """Say why the link ``path`` is not followed: only those in the chosen folder itself, to elsewhere, are."""
    target = os.path.realpath(folder / path)
    if Path(os.path.realpath((folder / path).parent)).is_relative_to(target):
        return Reason.LOOP
    return Reason.LINK if os.path.dirname(path) else None


def is_run_folder(folder: Path) -> bool:
    """Whether ``folder`` is a run that Duelo wrote."""
    inside = [folder / name for name in ("samples", "checkpoints")]
    return (folder / "config.json").is_file() and any(map(Path.is_dir, inside))


def _gather(folder: Path, name: str, skipped: list[Skipped]) -> Job[Progress, list[PictureFile]]:
    pace, files = Pace(), []
    for path in _walk(folder, name, skipped):
        if is_picture_name(os.path.basename(path)) and (file := _picture(folder, path, skipped)):
            files.append(file)
        if pace.is_due():
            yield Progress(len(files), 0, tr("Looking for pictures"), tr("pictures"))
    return files


def _walk(folder: Path, name: str, skipped: list[Skipped]) -> Iterator[str]:
    """Yield every file below the sub-folder ``name``, relative to ``folder``; links to folders are not followed."""

    def tell(error: OSError) -> None:
        skipped.append(Skipped(_relative(folder, error.filename), Reason.UNREADABLE))

    for place, inner, names in os.walk(folder / name, onerror=tell):
        where = _relative(folder, place)
        inner[:] = _wanted(folder, where, sorted(inner, key=natural), skipped)
        for file in _own(sorted(names, key=natural), where, skipped):
            yield f"{where}/{file}"


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
