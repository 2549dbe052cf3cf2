"""Writing files so that a crash at any moment leaves the old file or the new one, never half of one."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from engine.errors import DiskError
from engine.i18n import tr


def write_atomically(path: Path, data: bytes) -> None:
    """Write ``data`` to a temporary name, flush it to the disk, then rename it to ``path``.

    Raises ``DiskError``; ``path`` then still holds what it held before.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with open(temporary, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        temporary.unlink(missing_ok=True) if temporary.parent.is_dir() else None
        raise disk_error(path, error) from error


def append(path: Path, text: str) -> None:
    """Append whole lines to a file that grows; a torn last line is the reader's to cut. Raises ``DiskError``."""
    try:
        with open(path, "a", encoding="utf-8", newline="") as file:
            file.write(text)
    except OSError as error:
        raise disk_error(path, error) from error


def disk_error(path: Path, error: OSError) -> DiskError:
    """Say in one sentence why ``path`` could not be written, and how to mend it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = tr("The disk is full: free some space, then go on with the run.")
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = tr("The folder may not be written to: choose another one, or change its permissions.")
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        hint = tr("The folder is gone: bring it back, or choose another one.")
    else:
        hint = tr("The system says: {reason}.", reason=error.strerror or error)
    return DiskError(tr("“{path}” could not be written.", path=path), hint)
