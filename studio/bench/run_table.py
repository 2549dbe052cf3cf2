"""Measures the table of a thousand runs, and four of them side by side. Importing this module imports no Qt."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from studio.bench.many_runs import make_runs
from studio.bench.parts import Beats, wait, wait_seconds

_RUNS = 1000
_STEPS = 40
_SEARCHES = ("d", "dc", "dcgan", "dcgan 9", "", "seed 5", "")
_WATCHED_SECONDS = 0.03  # after each thing that is done


def measure(window: Any) -> dict[str, float]:
    """Return seconds until 1,000 runs stand in the table, the longest gap while it is used, and a step of the mirror.

    The runs were listed before, as at any start but the first.
    """
    from engine.runs import RunStore

    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        make_runs(root, _RUNS)
        RunStore(root).runs()
        window.show_workspace("compare")
        beats = Beats()
        seconds = _fill(window, root)
        _use(window.workspaces["compare"].run_table)
        gap = max(beats.gaps())
        steps = _mirror(window, [root / f"run-{number:04d}" for number in range(0, 8, 2)])
        window.services.runs.list_runs(root.parent / "none")
    return {"table_fill_s": seconds, "table_gap_ms": gap, "mirror_step_ms": steps}


def _fill(window: Any, root: Path) -> float:
    begin, listed = time.perf_counter(), []
    window.services.runs.listed.connect(lambda runs: listed.append(time.perf_counter()))
    window.services.runs.list_runs(root)
    wait(lambda: bool(listed) and window.workspaces["compare"].run_table.model.count_all == _RUNS)
    return listed[0] - begin


def _use(table: Any) -> None:
    """Sort, search and scroll, and look at each for a moment."""
    from PySide6.QtCore import Qt

    bar = table.table.verticalScrollBar()
    for column in range(table.model.columnCount()):
        table.table.sortByColumn(column, Qt.SortOrder.AscendingOrder)
        wait_seconds(_WATCHED_SECONDS)
    for text in _SEARCHES:
        table.search.setText(text)
        wait_seconds(_WATCHED_SECONDS)
    for share in range(_STEPS):
        bar.setValue(bar.maximum() * share // _STEPS)
        wait_seconds(_WATCHED_SECONDS)


def _mirror(window: Any, paths: list[Path]) -> float:
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
