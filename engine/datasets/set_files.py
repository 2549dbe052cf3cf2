"""Finds the training images of MNIST and its sisters under the names and in the places where people have them.

IDX files flat or in folders, packed or not; a table (CSV) with a label in each row; a folder of pictures for each
class. Opens none of them.
"""

from __future__ import annotations

import os
import re
from pathlib import Path
from typing import NamedTuple

from engine.datasets.picture_files import natural
from engine.datasets.sets import DATASETS, DataSet

_IDX = re.compile(r"(?:(emnist)-(\w+)-)?(?:\w+-)?train(?:ing)?-(images?|labels?)(?:-idx[13])?(?:-u?byte)?")
_LONG_NAMES = {"images": "images", "image": "images", "labels": "labels", "label": "labels"}


class IdxFiles(NamedTuple):
    """The two files that hold the training half."""

    images: Path
    labels: Path


class TableFile(NamedTuple):
    """One row for each image: its label and its pixels."""

    path: Path


class ClassFolders(NamedTuple):
    """One folder with pictures for each class, in the order of the classes."""

    folders: tuple[Path, ...]


Stored = IdxFiles | TableFile | ClassFolders


def find(dataset: DataSet, root: Path) -> Stored | None:
    """Return where the training images of ``dataset`` lie in or near ``root``, or None."""
    places = _places(dataset, root)
    for look in (_idx_files, _table_file, _class_folders):
        for place in places:
            found = look(dataset, place)
            if found:
                return found
    return None


def names_in(folder: Path) -> list[str]:
    """Return what lies in ``folder``, folders with a slash, hidden ones left out; nothing where it cannot be read."""
    try:
        with os.scandir(folder) as found:
            entries = [one for one in found if not one.name.startswith(".")]
            return sorted((one.name + "/" * one.is_dir() for one in entries), key=natural)
    except OSError:
        return []


def _places(dataset: DataSet, root: Path) -> list[Path]:
    """Return the folders to look in: those that bear the set's name, and ``root`` unless it bears another one's."""
    mine = {_bare(dataset.name), _bare(dataset.torchvision_class)}
    others = {_bare(name) for one in DATASETS.values() for name in (one.name, one.torchvision_class) if name} - mine
    own = [root / name[:-1] for name in names_in(root) if name.endswith("/") and _bare(name) in mine]
    places = [*(folder / "raw" for folder in own), *own]
    named = root.parent if root.name.casefold() == "raw" else root
    if _bare(named.name) not in others:
        places += [root, root / "raw"]
    return places


def _bare(name: str) -> str:
    return re.sub(r"[\W_]", "", name.casefold())


def _idx_files(dataset: DataSet, place: Path) -> IdxFiles | None:
    halves: dict[str, Path] = {}
    for name in sorted(names_in(place), key=len):  # unpacked before packed
        match = _IDX.fullmatch(re.sub(r"[._]", "-", name.casefold().removesuffix(".gz")))
        if not match or not (place / name).is_file():
            continue
        is_emnist = dataset.torchvision_class == "EMNIST"
        if (match[1] is not None) == is_emnist and match[2] in (None, "digits"):
            halves.setdefault(_LONG_NAMES[match[3]], place / name)
    return IdxFiles(halves["images"], halves["labels"]) if len(halves) == 2 else None


def _table_file(dataset: DataSet, place: Path) -> TableFile | None:
    tables = [name for name in names_in(place) if name.casefold().endswith((".csv", ".csv.gz"))]
    named = [name for name in tables if "train" in name.casefold()]
    chosen = named or [name for name in tables if "test" not in name.casefold()]
    return TableFile(place / chosen[0]) if len(chosen) == 1 and (place / chosen[0]).is_file() else None


def _class_folders(dataset: DataSet, place: Path) -> ClassFolders | None:
    for inner in ("", "train", "training"):
        there = {_bare(name): place / inner / name[:-1] for name in names_in(place / inner) if name.endswith("/")}
        for names in (map(str, range(len(dataset.class_names))), map(_bare, dataset.class_names)):
            folders = [there.get(name) for name in names]
            if all(folders):
                return ClassFolders(tuple(folder for folder in folders if folder))
    return None
