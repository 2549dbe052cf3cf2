"""Measures the table of a thousand runs, and four of them side by side. Importing this module imports no Qt."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from studio.bench.many_runs import make_runs

_RUNS = 1000
_BEAT_MS = 5
_STEPS = 40
_SEARCHES = ("d", "dc", "dcgan", "dcgan 9", "", "seed 5", "")
_WATCHED_MS = 30  # after each thing that is done

Wait = Callable[[Callable[[], bool]], None]


def measure(window: Any, wait: Wait) -> dict[str, float]:
    """Return seconds until 1,000 runs stand in the table, the longest gap while it is used, and a step of the mirror.

    The runs were listed before, as at any start but the first.
    """
    from engine.runs import RunStore

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_runs(root, _RUNS)
        RunStore(root).runs()
        window.show_workspace("compare")
        beats = _Beats()
        seconds = _fill(window, root, wait)
        _use(window.workspaces["compare"].run_table, wait)
        gap = beats.longest()
        steps = _mirror(window, [root / f"run-{number:04d}" for number in range(0, 8, 2)], wait)
        window.services.runs.list_runs(root.parent / "none")
    return {"table_fill_s": seconds, "table_gap_ms": gap, "mirror_step_ms": steps}


class _Beats:
    """Counts the time of the event loop."""

    def __init__(self) -> None:
        from PySide6.QtCore import QTimer

        self._times: list[float] = []
        self._timer = QTimer(interval=_BEAT_MS)
        self._timer.timeout.connect(lambda: self._times.append(time.perf_counter()))
        self._timer.start()

    def longest(self) -> float:
        """Stop, and return the longest gap in milliseconds."""
        self._timer.stop()
        pairs = zip(self._times, self._times[1:], strict=False)
        return 1000 * max((later - earlier for earlier, later in pairs), default=0.0)


def _fill(window: Any, root: Path, wait: Wait) -> float:
    begin, listed = time.perf_counter(), []
    window.services.runs.listed.connect(lambda runs: listed.append(time.perf_counter()))
    window.services.runs.list_runs(root)
    wait(lambda: bool(listed) and window.workspaces["compare"].run_table.model.count_all == _RUNS)
    return listed[0] - begin


def _use(table: Any, wait: Wait) -> None:
    """Sort, search and scroll, and look at each for a moment."""
    from PySide6.QtCore import Qt

    bar = table.table.verticalScrollBar()
    for column in range(table.model.columnCount()):
        table.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        _rest(wait)
    for text in _SEARCHES:
        table.search.setText(text)
        _rest(wait)
    for share in range(_STEPS):
        bar.setValue(bar.maximum() * share // _STEPS)
        _rest(wait)


def _rest(wait: Wait) -> None:
    end = time.perf_counter() + _WATCHED_MS / 1000
    wait(lambda: time.perf_counter() > end)


def _mirror(window: Any, paths: list[Path], wait: Wait) -> float:
    """Return the milliseconds of a step of the slider of four runs, 95 of 100 of which take no longer."""
    import numpy as np
    from PySide6.QtWidgets import QApplication

    compare, times = window.workspaces["compare"], []
    compare.mirror.open(paths)
    panel = compare.mirror_panel
    wait(lambda: len(panel.pictures) == len(paths) and panel.pictures[0].picture is not None)
    arrived: list[int] = []
    window.services.mirror.pictures_ready.connect(lambda moment, _: arrived.append(moment))
    for number in range(_STEPS):
        arrived.clear()
        begin = time.perf_counter()
        panel.slider.setValue(number % 2)
        while not arrived:
            QApplication.processEvents()
        QApplication.processEvents()  # paints
        times.append(1000 * (time.perf_counter() - begin))
    return float(np.percentile(times, 95))
