"""Measures a class wall of thirty runs, all of which change between two looks. Importing this module imports no Qt."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Any

import numpy as np

from studio.bench.many_runs import make_runs
from studio.bench.parts import Beats, wait, wait_seconds

_RUNS = 30
_LOOKS = 10
_WATCHED_SECONDS = 0.3  # after each look


def measure(window: Any) -> dict[str, float]:
    """Return the longest gap of the event loop while every card changes ten times."""
    from engine.runs import RunFolder
    from engine.wall.places import begin_wall
    from engine.wall.sharing import SharedRun

    with tempfile.TemporaryDirectory() as folder:
        home, wall = Path(folder) / "home", Path(folder) / "wall"
        make_runs(home, _RUNS)
        wall.mkdir()
        begin_wall(wall)
        runs = [RunFolder(path) for path in sorted(home.iterdir())]
        shared = [SharedRun(run, wall, f"Student {number}") for number, run in enumerate(runs)]
        compare = window.workspaces["compare"]
        service, page = compare.wall.service, compare.wall_page
        window.show_workspace("compare")
        compare.pages.setCurrentWidget(page)
        service.open(wall)
        gaps = []
        for look in range(_LOOKS + 1):
            for run, copy in zip(runs, shared, strict=True):
                run.save_samples(5 + look, np.random.default_rng(look).integers(0, 256, (280, 280), np.uint8))
                copy.update()
            before, beats = page.list.cards, Beats()
            service.look()
            wait(lambda before=before: page.list.cards is not before and len(page.list.cards) == _RUNS)  # type: ignore[misc]
            wait_seconds(_WATCHED_SECONDS)
            gaps += beats.gaps() if look else []  # the first look reads them all
        service.stop_looking()
    return {"wall_gap_ms": max(gaps)}
