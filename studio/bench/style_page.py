"""Measures the window while a picture is painted in the style of another. Importing this imports no Qt."""

from __future__ import annotations

from typing import Any

from studio.bench.parts import Beats, opened, wait

_SIZE, _STEPS = 256, 100
_SELDOM_MS = 200


def measure() -> dict[str, Any]:
    """Return the figures of one window, opened in this process: the beat of its event loop from Paint to the end."""
    import numpy as np
    import psutil

    from studio.model.work_state import WorkState

    window, _ = opened()
    window.show_workspace("style")
    knobs = window.workspace.painting.page.knobs
    knobs.show_values({"size": _SIZE, "steps": _STEPS})
    service = window.services.styling
    beats = Beats()
    window.commands.do("style_paint")
    wait(lambda: bool(service.history.ticks), _SELDOM_MS)
    beginning, beats = beats.gaps(), Beats()
    wait(lambda: service.state is WorkState.IDLE, _SELDOM_MS)
    gaps, last = beats.gaps(), service.history.ticks[-1]
    memory = psutil.Process().memory_info().rss / 2**20
    window.close()
    window.services.wait(10)
    return {
        "begin_gap_ms": max(beginning),
        "gap_p99_ms": float(np.percentile(gaps, 99)),
        "gap_max_ms": max(gaps),
        "steps_per_second": last.step / last.seconds,
        "memory_mb": memory,
    }
