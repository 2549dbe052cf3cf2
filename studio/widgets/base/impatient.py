"""Short waits for Python's lock while something is painted whose parts Qt asks for one by one. Knows no widget."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

_SECONDS = 0.0005


@contextmanager
def impatient() -> Iterator[None]:
    """Let the thread of the window have Python's lock soon, each time that it asks for it.

    A thread that computes in Python keeps it for 5 ms otherwise, before each of 64 tiles at worst. To leave it so for
    good would cost a training 6 to 10 % of its speed.
    """
    usual = sys.getswitchinterval()
    sys.setswitchinterval(_SECONDS)
    try:
        yield
    finally:
        sys.setswitchinterval(usual)
