"""Garbage is looked for in the UI thread only. Knows neither Qt nor the window; whoever has threads asks for it.

By itself Python collects in whatever thread comes by, and finalizes there what it finds. A worker that so deletes an
object of Qt holds Python's lock and waits for Qt's, while the UI thread, which connects or disconnects something, holds
Qt's and waits for Python's: the window stands still for ever (tests/studio/test_garbage.py).
"""

from __future__ import annotations

import gc
from itertools import count

PERIOD_MS = 500
_MANY = 700  # objects more than there were, as many as Python itself lets come together
_turns = count(1)


def only_when_asked() -> None:
    """Let no thread collect by itself any more, for as long as this process lives."""
    gc.disable()


def collect() -> None:
    """Collect what has come together since, old objects every tenth time, all of them every hundredth."""
    if gc.get_count()[0] >= _MANY:
        turn = next(_turns)
        gc.collect(2 if turn % 100 == 0 else 1 if turn % 10 == 0 else 0)
