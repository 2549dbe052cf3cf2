"""How often a long job reports: often enough to cancel it, seldom enough to cost nothing."""

from __future__ import annotations

import time

_PERIOD_SECONDS = 0.05


class Pace:
    """Says when a report is due: at once, and then every 50 ms of work."""

    def __init__(self) -> None:
        self._next = 0.0

    def is_due(self) -> bool:
        """Whether it is time to report again."""
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _PERIOD_SECONDS
        return True
