"""A run that is copied or unpacked becomes visible when it is whole, or not at all. Knows no run's contents."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine import files
from engine.errors import UserError
from engine.i18n import tr

_WAITING = ".arriving"
_STALE_SECONDS = 86_400
_LONGEST = 80
_RESERVED = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)  # to Windows


@contextmanager
def arriving(path: Path) -> Iterator[Path]:
    """Give an empty folder that becomes ``path`` at the end, and goes when anything fails.

    Raises ``UserError`` where something lies at ``path``, ``DiskError`` where nothing may be written there.
    """
    check_free(path)
    waiting = path.parent / _WAITING
    own = waiting / secrets.token_hex(8)
    with files.telling_disk_errors(path):
        own.mkdir(parents=True)
        _sweep(waiting)
    try:
        yield own
        check_free(path)
        with files.telling_disk_errors(path):
            os.rename(own, path)
    finally:
        shutil.rmtree(own, ignore_errors=True)
        with suppress(OSError):  # another one may be on its way
            waiting.rmdir()


def check_free(path: Path) -> None:
    """Raise ``UserError`` where something lies at ``path``: nothing is ever written over."""
    if os.path.lexists(path):
        raise UserError(tr("“{path}” exists already.", path=path), tr("Choose another name; nothing was changed."))


def folder_name(name: str) -> str:
    """Return what a folder is called that is to be called ``name``, perhaps a stranger's: as any system takes it."""
    stem = re.sub(r"[^A-Za-z0-9_-]+", "-", name).strip("-")[:_LONGEST] or "run"
    return f"run-{stem}" if _RESERVED.fullmatch(stem) else stem


def free_path(root: Path, name: str) -> Path:
    """Return a free folder below ``root`` called as much like ``name`` as can be."""
    stem = folder_name(name)
    paths = (root / (f"{stem}_{number}" if number > 1 else stem) for number in range(1, 10**6))
    return next(path for path in paths if not os.path.lexists(path))


def _sweep(waiting: Path) -> None:
    """Remove what a process that was killed has left."""
    for path in waiting.iterdir():
        with suppress(OSError):  # another one arrives meanwhile
            if time.time() - path.stat().st_mtime > _STALE_SECONDS:
                shutil.rmtree(path, ignore_errors=True)
