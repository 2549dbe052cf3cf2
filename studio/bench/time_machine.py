"""Measures how smoothly the window goes through the epochs of a long run. Importing this module imports no Qt."""

from __future__ import annotations

import tempfile
import time
from pathlib import Path
from typing import Any

from studio.bench.long_run import stretch
from studio.bench.parts import part, wait

_EPOCHS = 200
_FRAMES = 300
_FIRST_FRAMES = 5  # while the run is being opened
_PITCH_MS = 100  # the fastest playback
_STRIDE = 37  # far jumps, as a slider makes them, in the second half of the frames


def measure(window: Any, run: Path) -> list[float]:
    """Return the milliseconds of each frame: from the choice of an epoch until everything is painted.

    That is all panels, in whatever place they are, and the explorer's picture by the generator of that epoch. ``run``
    is stretched to 200 epochs, one sample of which is looked at closely.
    """
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "long"
        stretch(run, path, _EPOCHS)
        window.services.open(path)
        wait(
            lambda: (
                window.services.shown.run.path == path and part(window, "latent_explorer").picture.picture is not None
            )
        )
        part(window, "sample_grid").select(0)
        part(window, "sample_grid").tile_chosen.emit(0)
        frames = _Frames(window)
        wait(lambda: len(frames.durations) >= _FRAMES + _FIRST_FRAMES)
        frames.stop()
    return frames.durations[_FIRST_FRAMES:]


class _Frames:
    """Chooses an epoch ten times a second and takes the time until its pictures are on the screen."""

    def __init__(self, window: Any) -> None:
        from PySide6.QtCore import QTimer

        self.durations: list[float] = []
        self._window = window
        self._began: float | None = None
        self._epoch = 0
        explorer = window.services.generator
        explorer.generator_changed.connect(self._on_generator_changed)
        explorer.pictures_ready.connect(self._on_pictures_ready)
        self._has_generator = False
        self._timer = QTimer(interval=_PITCH_MS)
        self._timer.timeout.connect(self._go)
        self._timer.start()

    def stop(self) -> None:
        """Choose no more epochs."""
        self._timer.stop()

    def _go(self) -> None:
        if self._began is None:
            stride = 1 if len(self.durations) < _FRAMES / 2 else _STRIDE
            self._epoch = (self._epoch + stride - 1) % (_EPOCHS - 1) + 1
            self._began = time.perf_counter()
            self._window.epoch_strip.choose(self._epoch)

    def _on_generator_changed(self, origin: Any) -> None:
        self._has_generator = origin.asked == self._epoch

    def _on_pictures_ready(self, channel: str, _images: object) -> None:
        from PySide6.QtCore import QTimer

        from studio.workspaces.explore.latent_explorer import PICTURE

        if channel == PICTURE and self._has_generator and self._began is not None:
            self._has_generator = False
            QTimer.singleShot(0, self._on_shown)

    def _on_shown(self) -> None:
        from PySide6.QtWidgets import QApplication

        QApplication.processEvents()  # paints what the pictures changed
        if self._began is not None:
            self.durations.append(1000 * (time.perf_counter() - self._began))
            self._began = None
