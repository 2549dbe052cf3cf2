"""Waiting for what a person must mend, such as a full disk: told once, however often it is tried. Knows no work."""

from __future__ import annotations

import time
from collections.abc import Callable

from engine.cli.terminal import say

_RETRY_SECONDS = 5.0


class Waiting:
    """Waits a while before each new try, until ``is_over``; ``sentence`` says that it does."""

    def __init__(self, sentence: str, is_over: Callable[[], bool]) -> None:
        self._sentence, self._is_over = sentence, is_over
        self._told = ""

    def wait(self, message: str, hint: str) -> None:
        """Say what is in the way, unless that was said of the try before, and wait."""
        if message != self._told:
            say(hint, message)
            say(self._sentence)
        self._told = message
        end = time.monotonic() + _RETRY_SECONDS
        while time.monotonic() < end and not self._is_over():
            time.sleep(0.1)

    def end(self) -> None:
        """Know that nothing is in the way any more."""
        self._told = ""
