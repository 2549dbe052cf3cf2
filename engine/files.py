"""Files that survive a crash while they are written, and that do no harm while they are read. Knows no run."""

from __future__ import annotations

import errno
import os
import secrets
import stat
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from io import BufferedReader, FileIO
from pathlib import Path
from typing import BinaryIO

from engine.errors import DiskError, reason
from engine.i18n import tr


def typed(path: Path | str) -> Path:
    """Return the path that a person typed: "~" is their home, as in a shell."""
    return Path(os.path.expanduser(path))


def home() -> Path:
    """Return where all that Duelo keeps goes: ``Duelo`` in a person's home, or ``$DUELO_HOME``."""
    return typed(os.environ.get("DUELO_HOME") or "~/Duelo")


def write_atomically(path: Path, data: bytes, *, shared: bool = False) -> None:
    """Write ``data`` to a temporary name, flush it to the disk, then rename it to ``path``.

    Raises ``DiskError``; ``path`` then still holds what it held before. A ``shared`` file may be written by several
    processes at once: the last one wins.
    """
    own = f".{secrets.token_hex(4)}" if shared else ""
    temporary = path.with_name(f".{path.name}{own}.tmp")
    try:
        # What lies there is of a crash, or a stranger's link: writing through that would overwrite what it points to.
        temporary.unlink(missing_ok=True)
        with open(temporary, "xb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        os.replace(temporary, path)
    except OSError as error:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
        raise disk_error(path, error) from error


def link_or_copy(source: Path, target: Path) -> None:
    """Let ``target`` be the very file ``source`` under a second name, or a copy where there is no such thing.

    For plain files that are replaced and never changed. Raises ``DiskError``; ``target`` then still holds what it held.
    """
    with telling_disk_errors(target):
        if not stat.S_ISREG(os.lstat(source).st_mode):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        try:
            temporary = target.with_name(f".{target.name}.tmp")
            temporary.unlink(missing_ok=True)
            os.link(source, temporary, follow_symlinks=False)
            os.replace(temporary, target)
            temporary.unlink(missing_ok=True)  # which stays where both were the same file already
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ENOSPC, errno.EDQUOT):
                raise
            write_atomically(target, source.read_bytes())


@contextmanager
def telling_disk_errors(path: Path) -> Iterator[None]:
    """Turn what the system refuses here into a ``DiskError`` about ``path``."""
    try:
        yield
    except OSError as error:
        raise disk_error(path, error) from error


@contextmanager
def atomic_path(path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path``, for a library to write, that becomes ``path`` at the end.

    It goes when anything fails. Several threads or processes may do so for the same ``path``. Raises ``DiskError``, at
    once where nothing may be written there.
    """
    with telling_disk_errors(path), _part_of(path) as part:
        yield part


@contextmanager
def _part_of(path: Path) -> Iterator[Path]:
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    with telling_disk_errors(path):
        part.touch(exist_ok=False)
    try:
        yield part
        with telling_disk_errors(path):
            with open(part, "rb+") as file:
                os.fsync(file.fileno())
            os.replace(part, path)
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)


class GrowingFile:
    """An open file whose failing writes are told as ``DiskError`` and so never taken for a failing network."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path

    def write(self, data: bytes) -> None:
        """Append ``data``."""
        try:
            self._file.write(data)
            self._file.flush()
        except OSError as error:
            raise disk_error(self._path, error) from error


@contextmanager
def atomic_file(path: Path) -> Iterator[GrowingFile]:
    """Write bit by bit what becomes ``path`` at the end, as ``atomic_path`` does; its folder is made where it lacks.

    What else fails meanwhile, such as a network, is told as what it is.
    """
    with telling_disk_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
    with _part_of(path) as part, open(part, "wb") as file:
        yield GrowingFile(file, path)


def append(path: Path, text: str) -> None:
    """Append ``text`` to a file that grows, or nothing of it; raises ``DiskError``.

    Only a power cut can leave a torn last line, which is the reader's to cut.
    """
    try:
        if path.is_symlink() or (path.exists() and not path.is_file()):
            raise OSError(errno.EINVAL, os.strerror(errno.EINVAL))
        with open(path, "ab", buffering=0) as file:
            append_whole(file, text.encode(errors="backslashreplace"))
    except OSError as error:
        raise disk_error(path, error) from error


def append_whole(file: FileIO, data: bytes) -> None:
    """Add all of ``data`` at the end of ``file``, or nothing."""
    end = file.seek(0, os.SEEK_END)
    try:
        while data:
            data = data[file.write(data) :]
    except OSError:
        file.truncate(end)
        raise


def delete(path: Path) -> None:
    """Remove ``path`` if it is there; raises ``DiskError``."""
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        raise disk_error(path, error) from error


def open_plain(path: Path, folder: Path) -> BufferedReader:
    """Open for reading a file of a ``folder`` that a stranger may have made; raises ``OSError``.

    Only a regular file: opening a pipe waits for ever, and a device may do anything. And only one that lies inside
    the folder: a link could show, and pass on with the next copy, what was never meant to be in it.
    """
    real = os.path.realpath(path, strict=True)
    if not Path(real).is_relative_to(os.path.realpath(folder)):
        raise OSError(errno.EPERM, "the link leads out of the folder")
    insist_on_file(Path(real))
    return open(real, "rb")


def insist_on_file(path: Path) -> None:
    """Raise ``OSError`` where ``path``, or what it links to, is no regular file that can be opened without harm."""
    mode = os.stat(path).st_mode
    if stat.S_ISDIR(mode):
        raise OSError(errno.EISDIR, os.strerror(errno.EISDIR))
    if not stat.S_ISREG(mode):
        raise OSError(errno.EINVAL, "not a regular file")


def disk_error(path: Path, error: OSError) -> DiskError:
    """Say in one sentence why ``path`` could not be written, and how to mend it."""
    if error.errno in (errno.ENOSPC, errno.EDQUOT):
        hint = tr("The disk is full: free some space, then go on.")
    elif error.errno in (errno.EACCES, errno.EPERM, errno.EROFS):
        hint = tr("The folder may not be written to: choose another one, or change its permissions.")
    elif error.errno in (errno.ENOENT, errno.ENOTDIR):
        hint = tr("Its folder is not there: make it or bring it back, or choose another one.")
    else:
        hint = tr("The system says: {reason}.", reason=reason(error))
    return DiskError(tr("“{path}” could not be written.", path=path), hint)
