"""What a class wall is on the disk: a folder with a sign in it, and one folder for each student.

    class-wall.json            the sign: without it, a share that is not there looks like an empty folder
    STUDENT/student.json       what the student is called
    STUDENT/RUN/…              what is shared of a run, a run folder itself

Everybody writes into a folder of their own, so that any number may write at once without waiting for each other.
"""

from __future__ import annotations

import json
import os
from pathlib import Path

from engine import files
from engine.errors import UserError
from engine.i18n import tr
from engine.runs.arriving import folder_name
from engine.text import LONGEST_NAME, plain

_SCHEMA = 1
_SIGN = "class-wall.json"
_STUDENT = "student.json"
_MOST_BYTES = 2**16


def begin_wall(folder: Path) -> None:
    """Make ``folder`` a class wall, unless it is one; raises ``UserError`` where nothing may be written."""
    if not os.path.isdir(folder):
        raise UserError(
            tr("There is no folder “{path}”.", path=folder), tr("Make it first, where the whole class can reach it.")
        )
    if not os.path.lexists(folder / _SIGN):
        _write(folder / _SIGN, {})
    check_wall(folder)


def check_wall(folder: Path) -> None:
    """Raise ``UserError`` where ``folder`` is no class wall, cannot be reached, or is one of a newer Duelo."""
    if _read(folder, _SIGN) is None:
        if not os.path.isdir(folder):
            raise UserError(
                tr("The class wall “{path}” cannot be reached.", path=folder),
                tr("Connect this computer with the folder again; what is trained here stays here, too."),
            )
        raise UserError(
            tr("“{path}” is no class wall, or not the one it was.", path=folder),
            tr("The teacher makes it one: Compare, “Class wall”, or the command “wall begin”."),
        )


def student_folder(wall: Path, name: str) -> Path:
    """Return the folder of the student called ``name``; raises ``UserError`` where the name is empty."""
    if not plain(name).strip():
        raise UserError(tr("The name is empty."), tr("Type the name that shall stand on the class wall."))
    return wall / folder_name(name)


def sign_in(wall: Path, name: str) -> Path:
    """Make the folder of the student called ``name``, and return it; raises ``UserError``."""
    folder = student_folder(wall, name)
    if student_name(folder) != plain(name.strip(), LONGEST_NAME):
        with files.telling_disk_errors(folder):
            folder.mkdir(exist_ok=True)
        _write(folder / _STUDENT, {"name": plain(name.strip(), LONGEST_NAME)})
    return folder


def student_name(folder: Path) -> str:
    """Return what the student of ``folder`` is called; by the folder's name where the file tells nothing."""
    found = _read(folder, _STUDENT) or {}
    name = found.get("name")
    return plain(name if isinstance(name, str) and name.strip() else folder.name, LONGEST_NAME)


def student_folders(wall: Path) -> list[Path]:
    """Return the folders of all students, by name; none where the wall cannot be read."""
    try:
        with os.scandir(wall) as entries:
            return [wall / entry.name for entry in sorted(entries, key=lambda it: it.name) if _is_student(entry)]
    except OSError:
        return []


def _is_student(entry: os.DirEntry[str]) -> bool:
    try:
        return not entry.name.startswith(".") and entry.is_dir(follow_symlinks=False)
    except OSError:
        return False


def _write(path: Path, content: dict[str, str]) -> None:
    files.write_atomically(path, json.dumps({"schema": _SCHEMA} | content).encode(), shared=True)


def _read(folder: Path, name: str) -> dict[str, object] | None:
    """Return what the file says, None where there is none or none of ours; raises ``UserError`` of a newer one."""
    try:
        with files.open_plain(folder / name, folder) as file:
            content = json.loads(file.read(_MOST_BYTES))
        is_newer = content["schema"] > _SCHEMA
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    if is_newer:
        raise UserError(tr("The class wall was made by a newer Duelo."), tr("Update Duelo to use it."))
    return content if isinstance(content, dict) else None
