"""Measures the window as a person meets it: start, smoothness while training, explorer, time machine, memory.

``python -m studio.bench`` opens the real window, trains with every panel in place, and prints JSON. Importing
this module does not import Qt, so that the command line works where PySide6 is absent.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from engine.i18n import tr
from studio import bench_time_machine

_TRAIN_SECONDS = 20.0
_DRAG_SECONDS = 10.0
_DRAG_MS = 40
_LAUNCHED = "DUELO_BENCH_LAUNCHED"  # when the process was started; the system's own note is up to a second wrong
_BEAT_MS = 5
_LOOK_MS = 20
_TURNS = 2


def measure_in_own_process() -> dict[str, Any]:
    """Run the benchmark in a fresh process, turn by turn with headless training, and return rows for a table."""
    if find_spec("PySide6") is None:
        return {"rows": []}
    environment = dict(os.environ)
    if sys.platform == "linux" and not (environment.get("DISPLAY") or environment.get("WAYLAND_DISPLAY")):
        environment["QT_QPA_PLATFORM"] = "offscreen"
    headless, windows = [], []
    with tempfile.TemporaryDirectory() as home:
        environment |= {"DUELO_HOME": home, "XDG_CONFIG_HOME": home, "PYTHONPATH": str(Path(__file__).parents[1])}
        for _ in range(_TURNS):
            script = f"from engine.bench import speed; print(speed.headless({_TRAIN_SECONDS}))"
            headless.append(float(_run([sys.executable, "-c", script], environment)))
            launched = {_LAUNCHED: repr(time.time())}
            windows.append(json.loads(_run([sys.executable, "-m", "studio.bench"], environment | launched)))
    worst = {key: max(window[key] for window in windows) for key in windows[0] if key != "platform"}
    speed = sum(window["images_per_second"] for window in windows) / sum(headless)
    rows = [
        (tr("window on screen"), f"{worst['on_screen_s']:.2f} s", "≤ 1.0 s"),
        (tr("first step after Train"), f"{worst['first_step_s']:.2f} s", "≤ 5 s"),
        (tr("training speed, of headless"), f"{speed:.2f}", "≥ 0.90"),
        (tr("event-loop gap while training, p99"), f"{worst['gap_p99_ms']:.1f} ms", "≤ 25 ms"),
        (tr("event-loop gap while training, max"), f"{worst['gap_max_ms']:.0f} ms", "≤ 100 ms"),
        (tr("slider to picture while training, p95"), f"{worst['slider_p95_ms']:.1f} ms", "≤ 33 ms"),
        (tr("time machine, one frame of 200 epochs, p95"), f"{worst['frame_p95_ms']:.1f} ms", "≤ 50 ms"),
        (tr("resident memory"), f"{worst['memory_mb']:.0f} MB", "≤ 900 MB"),
    ]
    return {"rows": rows, "windows": windows, "headless_images_per_second": headless}


def _run(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def _measure() -> dict[str, Any]:
    from PySide6.QtCore import QEventLoop, QTimer
    from PySide6.QtWidgets import QApplication

    from studio import app
    from studio.run_controller import State

    application, window = app.build([])
    window.show()

    def wait(until: Callable[[], bool]) -> None:
        loop = QEventLoop()
        look = QTimer(interval=_LOOK_MS)
        look.timeout.connect(lambda: loop.quit() if until() else None)
        look.start()
        loop.exec()

    while not window.windowHandle().isExposed():
        application.processEvents()
    application.processEvents()  # paints
    on_screen_at = time.time()

    import numpy as np
    import psutil  # only now: the window does not need it to come up

    seconds = on_screen_at - float(os.environ[_LAUNCHED])
    result: dict[str, Any] = {"platform": QApplication.platformName(), "on_screen_s": seconds}
    window.wake()
    _show_all_panels(window)
    wait(lambda: "engine.trainer" in sys.modules and window.sample_view.grid.picture is not None)

    ticks: list[Any] = []
    window.controller.ticked.connect(ticks.append)
    begin = time.perf_counter()
    window.run_bar.train_button.click()
    wait(lambda: any(tick.step for tick in ticks))
    result["first_step_s"] = time.perf_counter() - begin
    wait(lambda: ticks[-1].seconds > 2.0)
    result |= _watch(ticks, wait)
    result["slider_p95_ms"] = float(np.percentile(_drag(window, wait), 95))
    result["memory_mb"] = psutil.Process().memory_info().rss / 2**20
    wait(lambda: bool(window.controller.history.grid_files))
    window.controller.stop()
    wait(lambda: window.controller.state is State.IDLE)
    assert window.controller.run_path is not None
    frames = bench_time_machine.measure(window, window.controller.run_path, wait)
    result["frame_p95_ms"] = float(np.percentile(frames, 95))
    window.close()
    application.processEvents()
    return result


def _watch(ticks: list[Any], wait: Callable[[Callable[[], bool]], None]) -> dict[str, float]:
    """Let the window train for a while and return its speed and the gaps of its event loop."""
    import numpy as np
    from PySide6.QtCore import QTimer

    beats: list[float] = []
    beat = QTimer(interval=_BEAT_MS)
    beat.timeout.connect(lambda: beats.append(time.perf_counter()))
    beat.start()
    first = ticks[-1]
    wait(lambda: ticks[-1].seconds - first.seconds >= _TRAIN_SECONDS)
    gaps = 1000 * np.diff(beats)
    last = ticks[-1]
    speed = (last.images_seen - first.images_seen) / (last.seconds - first.seconds)
    return {
        "images_per_second": speed,
        "gap_p99_ms": float(np.percentile(gaps, 99)),
        "gap_max_ms": float(gaps.max()),
    }


def _show_all_panels(window: Any) -> None:
    """Float the panels that lie behind others as tabs, so that each one is seen and drawn."""
    from PySide6.QtWidgets import QDockWidget

    for place, dock in enumerate(d for d in window.findChildren(QDockWidget) if window.tabifiedDockWidgets(d)):
        dock.setFloating(True)
        dock.setGeometry(100 + place * 300, 100, 360, 560)
        dock.show()


def _drag(window: Any, wait: Callable[[Callable[[], bool]], None]) -> list[float]:
    """Drag a slider of the latent explorer and return the milliseconds until its picture came, move by move."""
    from PySide6.QtCore import QTimer
    from PySide6.QtWidgets import QSlider

    from studio.views.latent_explorer import PICTURE

    slider = next(s for s in window.latent_explorer.sliders.findChildren(QSlider) if s.isVisible())
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

    window.controller.explorer.pictures_ready.connect(arrived)
    timer = QTimer(interval=_DRAG_MS)
    timer.timeout.connect(move)
    timer.start()
    end = time.perf_counter() + _DRAG_SECONDS
    wait(lambda: time.perf_counter() > end)
    timer.stop()
    return delays


if __name__ == "__main__":
    print(json.dumps(_measure()))
