"""Opens the real window, trains with every panel in place, and measures what a person would notice."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from typing import Any

from studio.bench import LAUNCHED, TRAIN_SECONDS
from studio.bench.parts import Beats, opened, part, wait, wait_seconds

_DRAG_SECONDS = 10.0
_DRAG_MS = 40  # from one timed move to the next
_MOUSE_MS = 16  # from one move of a mouse to the next
_GAP_SECONDS = 10.0
_SELDOM_MS = 500  # each look, as each beat, takes a tenth of a millisecond from the training


def measure(*, is_short: bool) -> dict[str, Any]:
    """Return the figures of one window, opened in this process, whose imports count as its start.

    ``is_short`` leaves out slider, time machine, the table of runs and the class wall.
    """
    window, on_screen_at = opened()

    import numpy as np
    import psutil  # only now: the window does not need it to come up
    from PySide6.QtWidgets import QApplication

    from studio.model.work_state import WorkState

    shown_after = on_screen_at - float(os.environ[LAUNCHED])
    result: dict[str, Any] = {"platform": QApplication.platformName(), "on_screen_s": shown_after}
    _show_all_panels(window)
    wait(lambda: "engine.trainer" in sys.modules and part(window, "sample_grid").picture is not None)

    ticks: list[tuple[float, int]] = []
    window.services.training.ticked.connect(lambda tick: ticks.append((time.perf_counter(), tick.images_seen)))
    begin = time.perf_counter()
    window.run_bar.train_button.click()
    wait(lambda: any(images for _, images in ticks))
    result["first_step_s"] = time.perf_counter() - begin
    wait(lambda: bool(window.services.shown.data.qualities))  # as in the trainings that it is held against
    result |= _in_turns(ticks, "training", TRAIN_SECONDS)
    with _dragging(window):  # at once: both have seen as much so far
        result |= _in_turns(ticks, "exploring", TRAIN_SECONDS)
    result |= _gaps()
    if not is_short:
        result["slider_p95_ms"] = float(np.percentile(_drag(window), 95))
    result["memory_mb"] = psutil.Process().memory_info().rss / 2**20
    wait(lambda: any(window.services.shown.data.grid_files))
    window.services.training.stop()
    wait(lambda: window.services.training.state is WorkState.IDLE)
    if not is_short:
        result |= _look_back_and_compare(window)
    window.close()
    QApplication.processEvents()
    return result


def _look_back_and_compare(window: Any) -> dict[str, float]:
    """Measure what is done with runs that rest."""
    import numpy as np

    from studio.bench import class_wall, run_table, time_machine

    assert window.services.shown.run is not None
    frames = time_machine.measure(window, window.services.shown.run.path)
    frame = {"frame_p95_ms": float(np.percentile(frames, 95))}
    return frame | run_table.measure(window) | class_wall.measure(window)


def _in_turns(ticks: list[tuple[float, int]], name: str, seconds: float) -> dict[str, list[tuple[float, int]]]:
    """Let the window train in turns with a training that has none; return the images that it had seen, and when.

    Nothing is measured beside it: what wakes the window two hundred times a second takes one percent of the speed.
    """
    from engine.bench import alternation

    del ticks[:-1]
    wait_seconds(alternation.ask(name, seconds), _SELDOM_MS)
    return {f"counts {name}": list(ticks)}


def _gaps() -> dict[str, float]:
    """Return the gaps of the event loop while the window trains."""
    import numpy as np

    beats = Beats()
    wait_seconds(_GAP_SECONDS, _SELDOM_MS)
    gaps = beats.gaps()
    return {"gap_p99_ms": float(np.percentile(gaps, 99)), "gap_max_ms": max(gaps)}


def _show_all_panels(window: Any) -> None:
    """Give the panels that lie behind others windows of their own, so that each one is seen and drawn."""
    from PySide6.QtCore import Qt
    from PySide6.QtWidgets import QWidget

    names = ("quality_panel", "sample_panel", "latent_explorer", "digit_picker", "run_history")
    for place, name in enumerate(names):
        panel = window.findChild(QWidget, name)
        panel.setParent(window, Qt.WindowType.Window)
        panel.setGeometry(100 + place * 240, 100, 360, 560)
        panel.show()


@contextmanager
def _dragging(window: Any) -> Iterator[None]:
    """Let somebody drag a slider of the latent explorer to and fro, as often as a mouse tells of itself."""
    from PySide6.QtCore import QTimer

    slider, moves = _slider(window), count()
    timer = QTimer(interval=_MOUSE_MS)
    timer.timeout.connect(lambda: slider.setSliderPosition(slider.maximum() - abs(next(moves) * 5 % 1200 - 600)))
    slider.setSliderDown(True)  # held, and moved as a mouse moves what it holds
    timer.start()
    yield
    timer.stop()
    slider.setSliderDown(False)


def _slider(window: Any) -> Any:
    """Return the first slider of the latent explorer, in sight."""
    from PySide6.QtWidgets import QSlider

    explorer = part(window, "latent_explorer")
    explorer.pages.setCurrentWidget(explorer.dimensions)
    return next(s for s in explorer.sliders.findChildren(QSlider) if s.isVisible())


def _drag(window: Any) -> list[float]:
    """Drag a slider of the latent explorer and return the milliseconds until its picture came, move by move."""
    from PySide6.QtCore import QTimer

    from studio.workspaces.explore.latent_explorer import PICTURE

    slider = _slider(window)
    moved_at: list[float] = []
    delays: list[float] = []

    def move() -> None:
        if not moved_at:
            moved_at.append(time.perf_counter())
            middle = (slider.minimum() + slider.maximum()) // 2
            slider.setValue(middle + (len(delays) * 37) % max(slider.maximum() - middle, 1))

    def arrived(channel: str, _images: object) -> None:
        if channel == PICTURE and moved_at:
            delays.append(1000 * (time.perf_counter() - moved_at.pop()))

    window.services.generator.pictures_ready.connect(arrived)
    timer = QTimer(interval=_DRAG_MS)
    timer.timeout.connect(move)
    timer.start()
    wait_seconds(_DRAG_SECONDS, _SELDOM_MS)
    timer.stop()
    return delays
