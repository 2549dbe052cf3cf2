"""Large files that arrive bit by bit: they get their name when they are whole, and leave nothing behind if not."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

from engine import files


class Growing:
    """An open file whose failing writes are told as ``DiskError`` and so never taken for a failing network."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path

    def write(self, data: bytes) -> None:
        """Append ``data``."""
        try:
            self._file.write(data)
        except OSError as error:
            raise files.disk_error(self._path, error) from error

    def finish(self) -> None:
        """Flush everything to the disk."""
        try:
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise files.disk_error(self._path, error) from error


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[Growing]:
    """Write to a temporary name beside ``path`` that becomes ``path`` at the end, or goes when anything fails.

    Several threads or processes may do so for the same ``path``. Raises ``DiskError``.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        file = open(part, "wb")  # noqa: SIM115 - closed below, before it is renamed
    except OSError as error:
        raise files.disk_error(path, error) from error
    try:
        with file:
            growing = Growing(file, path)
            yield growing
            growing.finish()
        _rename(part, path)
    finally:
        part.unlink(missing_ok=True)


def _rename(part: Path, path: Path) -> None:
    try:
        os.replace(part, path)
    except OSError as error:
        raise files.disk_error(path, error) from error
