"""Measures the page of a search with 64 trials on show, at rest and while it goes on. Importing this imports no Qt."""

from __future__ import annotations

import time
from typing import Any

from studio.bench.many_trials import SIZE, make_search
from studio.bench.parts import Beats, opened, wait, wait_seconds

_TRIALS = 64
_TRIAL_SECONDS = 6.0
_MINUTES = 2.0
_WATCHED_SECONDS = 60.0
_LOOK_MS = 100
_REDRAWN = 40
_COLUMNS = 10


def measure() -> dict[str, Any]:
    """Return the figures of one window, opened in this process."""
    from studio.model.work_state import WorkState

    name = make_search(_TRIALS, _TRIAL_SECONDS)
    window, _ = opened()
    page, service = _show(window, name), window.services.searching
    result = {"shown_mb": _memory()}
    began: list[Any] = []
    service.started.connect(began.append)
    beats = Beats()
    page.form.minutes.setValue(_MINUTES)
    page.start()
    wait(lambda: bool(began))
    result["begin_gap_ms"] = max(beats.gaps())
    beats = Beats()
    most = _watch()
    result |= _told(beats.gaps()) | {"searching_mb": most, "trials": len(service.trials)}
    service.stop()
    wait(lambda: service.state is WorkState.IDLE)
    result |= {"after_mb": _memory(), "redraw_ms": _redraw(window, page)}
    window.close()
    return result


def _show(window: Any, name: str) -> Any:
    """Bring the page to the front with the search on it."""
    window.show_workspace("compare")
    compare, page = window.workspaces["compare"], window.workspaces["compare"].searching
    compare.pages.setCurrentWidget(page.page)
    box = page.form.chooser.search
    wait(lambda: box.findData(name) > 0)
    box.setCurrentIndex(box.findData(name))
    wait(lambda: len(page.sheet.model.rows) == _TRIALS)
    return page


def _watch() -> float:
    """Let the search go on for a while, and return the most memory that was seen."""
    seen, end = [0.0], time.perf_counter() + _WATCHED_SECONDS

    def is_over() -> bool:
        seen.append(_memory())
        return time.perf_counter() > end

    wait(is_over, _LOOK_MS)
    return max(seen)


def _told(gaps: list[float]) -> dict[str, float]:
    import numpy as np

    return {"gap_p99_ms": float(np.percentile(gaps, 99)), "gap_max_ms": max(gaps)}


def _memory() -> float:
    import psutil

    return float(psutil.Process().memory_info().rss) / 2**20


def _redraw(window: Any, page: Any) -> float:
    """Return the milliseconds in which 64 tiles are drawn, each with a new picture: 95 of 100 times it takes no longer.

    The sheet is as large as it must be for all of them to be in sight.
    """
    import numpy as np
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QApplication

    from engine.search.evaluators import cut

    view, model = page.sheet.view, page.sheet.model
    tile = view.sizeHintForIndex(model.index(0))
    view.setParent(window, Qt.WindowType.Window)
    view.setGeometry(0, 0, tile.width() * _COLUMNS + 40, tile.height() * (_TRIALS // _COLUMNS + 2))
    view.show()
    wait_seconds(0.5)
    chance, times = np.random.default_rng(0), []
    numbers = [trial.number for trial in model.rows[:_TRIALS]]
    pictures = [cut(chance.integers(0, 256, (10 * SIZE, 10 * SIZE, 3), np.uint8), SIZE) for _ in numbers]
    for turn in range(_REDRAWN):
        begin = time.perf_counter()
        for place, number in enumerate(numbers):
            model.put_picture(number, pictures[(place + turn) % len(pictures)])
        view.viewport().repaint()
        QApplication.processEvents()
        times.append(1000 * (time.perf_counter() - begin))
    return float(np.percentile(times, 95))
