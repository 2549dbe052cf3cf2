"""Whether a lock file is held, without taking it from whoever wants it. Knows no run."""

from __future__ import annotations

import os
import stat
from pathlib import Path

PROBE_SECONDS = 0.2
"""Whoever wants the lock tries this long, so that somebody who only looks does not keep it from them."""


def is_held(path: Path) -> bool:
    """Whether another holds the lock of the file ``path``; never waits, writes nothing, follows no link."""
    try:
        if not stat.S_ISREG(os.lstat(path).st_mode):
            return False
        return _is_held(path)
    except OSError:
        return False


if os.name == "nt":

    def _is_held(path: Path) -> bool:
        from filelock import FileLock, Timeout

        try:
            with FileLock(path, timeout=0):
                return False
        except Timeout:
            return True

else:
    import fcntl

    def _is_held(path: Path) -> bool:
        descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        finally:
            os.close(descriptor)
        return False
