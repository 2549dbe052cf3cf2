"""A file that another library writes under its name: it gets its own name when it is whole. Knows no pictures."""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from engine import files


@contextmanager
def whole_or_nothing(path: Path) -> Iterator[Path]:
    """Give a temporary file beside ``path`` that becomes ``path`` at the end, or goes when anything fails.

    Raises ``DiskError``, at once where nothing may be written there.
    """
    part = path.with_name(f".{path.name}.{secrets.token_hex(4)}.part")
    try:
        part.touch(exist_ok=False)
        yield part
        with open(part, "rb+") as file:
            os.fsync(file.fileno())
        os.replace(part, path)
    except OSError as error:
        raise files.disk_error(path, error) from error
    finally:
        with suppress(OSError):
            part.unlink(missing_ok=True)
