"""Measures how long a switch of the workspace takes until all is painted. Importing this module imports no Qt."""

from __future__ import annotations

import os
import time
from typing import Any

from studio.bench import LAUNCHED
from studio.bench.parts import opened, wait, wait_seconds

WORKSPACES = ("explore", "compare", "style", "train")  # in this order: the window begins with the last
_LATER = 8  # switches to each after the first
_REST_SECONDS = 0.4  # between two of them: pictures that were asked for arrive


def measure() -> dict[str, list[float]]:
    """Return the milliseconds of each switch to each workspace, by the clock and of the window's own processor time.

    A run that was trained for a few seconds is shown. The first switch to each is its first showing.
    """
    os.environ.setdefault(LAUNCHED, repr(time.time()))
    window, _ = opened()
    _train_a_little(window)
    found: dict[str, list[float]] = {}
    for _ in range(1 + _LATER):
        for name in WORKSPACES:
            for kind, milliseconds in zip(("clock", "own"), _switch(window, name), strict=True):
                found.setdefault(f"{kind} {name}", []).append(milliseconds)
    window.close()
    return found


def _switch(window: Any, name: str) -> tuple[float, float]:
    from PySide6.QtWidgets import QApplication

    wait_seconds(_REST_SECONDS)
    clock, own = time.perf_counter(), time.thread_time()
    window.show_workspace(name)
    for _ in range(2):  # what is posted, and what that posts: layouts, then pictures
        QApplication.processEvents()
    return 1000 * (time.perf_counter() - clock), 1000 * (time.thread_time() - own)


def _train_a_little(window: Any) -> None:
    from studio.model.work_state import WorkState

    training = window.services.training
    window.run_bar.train_button.click()
    wait(lambda: bool(window.services.shown.data is not None and len(window.services.shown.data.grid_files) > 1))
    training.stop()
    wait(lambda: training.state is WorkState.IDLE)
    wait_seconds(2)  # what is built while nothing else happens
