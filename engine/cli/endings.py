"""How a command ends in order: on Ctrl-C, when the system asks it to, or when nobody reads what it says any more."""

from __future__ import annotations

import errno
import os
import select
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Any, TextIO, cast

from engine.signals import on_signals

# A pipe that nobody reads, a terminal that was closed, a descriptor that never was; Windows says EINVAL of a pipe.
_GONE = {errno.EPIPE, errno.EIO, errno.EBADF, errno.ESHUTDOWN, *([errno.EINVAL] if os.name == "nt" else [])}


class _Surviving:
    """A standard stream that swallows what nobody reads any more, and then says so by ``is_gone``."""

    def __init__(self, stream: TextIO) -> None:
        self._stream = stream
        self.is_gone = False

    def write(self, text: str) -> int:
        with self._noticing():
            self._stream.write(text)
        return len(text)

    def flush(self) -> None:
        with self._noticing():
            self._stream.flush()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)

    @contextmanager
    def _noticing(self) -> Iterator[None]:
        if self.is_gone:
            with suppress(OSError, ValueError):
                yield
            return
        try:
            yield
        except OSError as error:
            if error.errno not in _GONE:
                raise
            self.is_gone = True
            with suppress(OSError, ValueError):  # what is still in its buffer must not fail once more at the very end
                os.dup2(os.open(os.devnull, os.O_WRONLY), self._stream.fileno())


@contextmanager
def in_order() -> Iterator[None]:
    """Let a command end as on Ctrl-C whoever asks for it, and outlive the terminal or pipe that it speaks to."""
    before = sys.stdout, sys.stderr
    sys.stdout, sys.stderr = (cast("TextIO", _Surviving(stream or _nowhere())) for stream in before)
    try:
        with on_signals(_interrupt):
            yield
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        sys.stdout, sys.stderr = before


def is_unheard() -> bool:
    """Whether the terminal or the pipe that reports go to is gone, even where nothing was written to it since."""
    return bool(getattr(sys.stderr, "is_gone", False)) or _has_hung_up(sys.stderr)


def _has_hung_up(stream: TextIO) -> bool:
    if not hasattr(select, "poll"):  # Windows
        return False
    try:
        poll = select.poll()
        poll.register(stream.fileno(), 0)
        return any(event & (select.POLLHUP | select.POLLERR) for _, event in poll.poll(0))
    except (OSError, ValueError):  # no file behind it
        return False


@contextmanager
def interruptible() -> Iterator[Callable[[], bool]]:
    """Tell by the function that it gives whether to end in order; a second Ctrl-C ends at once."""
    asked = False

    def stop(number: int, frame: object) -> None:
        nonlocal asked
        if asked and number == signal.SIGINT:
            raise KeyboardInterrupt
        asked = True

    with on_signals(stop):
        yield lambda: asked or is_unheard()


def _nowhere() -> TextIO:
    """Return where output goes that was closed before the program began."""
    return open(os.devnull, "w", encoding="utf-8")


def _interrupt(number: int, frame: object) -> None:
    raise KeyboardInterrupt
