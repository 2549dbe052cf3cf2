"""What the window wants of the disk and no other service does: to be called in jobs, never in the UI thread."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QStandardPaths

from engine import files
from engine.class_file import ENDING
from engine.datasets.picture_files import is_picture_name, is_run_folder
from engine.job import Job, Progress
from engine.runs.archive import SUFFIX
from engine.runs.pictures import to_png
from engine.style.history import History

FILE_SUFFIXES = (".csv", ".tsv", ENDING)
_DOCUMENTS = QStandardPaths.StandardLocation.DocumentsLocation


def write_picture(path: Path, picture: NDArray[np.uint8]) -> Path:
    """Write ``picture``, uint8 [H, W] or [H, W, 3], as PNG; raises ``DiskError``. Returns ``path``."""
    files.write_atomically(path, to_png(picture))
    return path


def folder_of(paths: Sequence[Path]) -> Path | None:
    """Return the folder that is meant: a single one itself, else the one that holds everything; None without any."""
    wanted = [path for path in paths if path.is_dir() or is_picture_name(path.name)]
    if not wanted:
        return None
    if len(wanted) == 1 and wanted[0].is_dir():
        return wanted[0]
    parents = {path.parent for path in wanted}
    return parents.pop() if len(parents) == 1 else None


def file_of(paths: Sequence[Path]) -> Path | None:
    """Return the table of numbers, or the class file, that is meant; None where it is none, or several."""
    found = [path for path in paths if path.suffix.lower() in FILE_SUFFIXES and path.is_file()]
    return found[0] if len(paths) == len(found) == 1 else None


def runs_of(paths: Sequence[Path]) -> tuple[Path, ...]:
    """Return the runs that are meant, the folder of one or files that hold some; none where there is anything else."""
    packed = [path for path in paths if path.suffix.lower() == SUFFIX and path.is_file()]
    is_all = len(packed) == len(paths) or (len(paths) == 1 and is_run_folder(paths[0]))
    return tuple(paths) if is_all else ()


def free_film_path(name: str, last: str = "") -> Path:
    """Return where a film called ``name`` may go without replacing another: among the films of this person."""
    return free_path(name, last, QStandardPaths.StandardLocation.MoviesLocation)


def free_path(name: str, last: str = "", among: QStandardPaths.StandardLocation = _DOCUMENTS) -> Path:
    """Return where something called ``name`` may go without replacing another.

    That is in the folder ``last`` used, or else ``among`` what this person has.
    """
    places = [Path(place) for place in (last, QStandardPaths.writableLocation(among)) if place]
    path = next((place for place in places if place.is_dir()), Path.home()) / name
    candidates = [path, *(path.with_stem(f"{path.stem}-{count}") for count in range(2, 100))]
    return next((candidate for candidate in candidates if not candidate.exists()), path)


def is_taken(path: Path) -> bool:
    """Whether something lies at ``path`` already."""
    return path.exists()


def save_style_film(history: History, path: Path) -> Job[Progress, Path]:
    """Save the film of a style transfer, yield how far it is and return ``path``; raises ``UserError``."""
    from engine.style import film

    yield from film.save(history, path)
    return path
