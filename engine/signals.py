"""Who asks a program to end, and how it listens. Knows neither what it does nor how it ends."""

from __future__ import annotations

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

# What the system sends to end a program, and what it sends when the terminal is gone; Windows has not both.
_ASKING = tuple(getattr(signal, name) for name in ("SIGINT", "SIGTERM", "SIGHUP") if hasattr(signal, name))


@contextmanager
def on_signals(handler: Callable[[int, object], None]) -> Iterator[None]:
    """Handle what asks to end. A terminal that goes is no reason to where ``nohup`` has said so."""
    before: dict[int, Any] = {}
    if threading.current_thread() is threading.main_thread():
        for number in _ASKING:
            ignored = signal.getsignal(number) is signal.SIG_IGN
            if number == signal.SIGINT or not ignored:  # a shell lets its background jobs ignore Ctrl-C, not us
                before[number] = signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)
