"""What every measurement of a window needs: a window, its parts, waiting, the beat of the event loop.

Importing this module imports no Qt.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Any

_BEAT_MS = 5
_LOOK_MS = 20


def opened() -> tuple[Any, float]:
    """Open the real window, whole, in this process; return it, and when it was on the screen, in seconds since 1970."""
    from studio import app

    application, window = app.build([])
    window.show()
    while not window.windowHandle().isExposed():
        application.processEvents()
    application.processEvents()  # paints
    on_screen_at = time.time()
    window.wake()
    wait(lambda: window.building.is_over)
    return window, on_screen_at


def part(window: Any, name: str) -> Any:
    """Return the part of ``window`` with this object name, wherever it stands."""
    from PySide6.QtWidgets import QWidget

    return window.findChild(QWidget, name)


def wait(until: Callable[[], bool], look_ms: int = _LOOK_MS) -> None:
    """Let the event loop run until something is true, which is looked at every ``look_ms``."""
    from PySide6.QtCore import QEventLoop, QTimer

    loop = QEventLoop()
    look = QTimer(interval=look_ms)
    look.timeout.connect(lambda: loop.quit() if until() else None)
    look.start()
    loop.exec()


def wait_seconds(seconds: float, look_ms: int = _LOOK_MS) -> None:
    """Let the event loop run for so long."""
    end = time.perf_counter() + seconds
    wait(lambda: time.perf_counter() > end, look_ms)


class Beats:
    """Counts the time of the event loop, from now on."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self._times: list[float] = []
        self._timer = QTimer(interval=_BEAT_MS)
        self._timer.timeout.connect(lambda: self._times.append(time.perf_counter()))
        self._timer.start()

    def gaps(self) -> list[float]:
        """Stop, and return the gaps in milliseconds."""
        self._timer.stop()
        pairs = zip(self._times, self._times[1:], strict=False)
        return [1000 * (later - earlier) for earlier, later in pairs]
