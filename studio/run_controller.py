"""The only door from the window to the engine: start, pause, resume, stop, change, open. Knows no widgets."""

from __future__ import annotations

import threading
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from engine.config import Config
from engine.errors import UserError
from engine.events import Finished, GeneratorReady, NotFinite, OptionChanged, SamplesReady, Started, Tick
from engine.i18n import tr
from engine.pictures import tile
from engine.run_folder import Arrays, RunFolder, RunInfo, list_runs, new_run_path
from studio import worker
from studio.bridge import Bridge
from studio.explorer_thread import ExplorerThread
from studio.run_history import RunHistory

_LIVE_GENERATOR_MS = 500
_SHUTDOWN_SECONDS = 20.0
_HELPER_SECONDS = 5.0
_PREVIEW_ROWS = 8


class State(Enum):
    """What the controller is doing."""

    IDLE = auto()
    PREPARING = auto()
    TRAINING = auto()
    PAUSED = auto()
    STOPPING = auto()


@dataclass(frozen=True)
class _Opened:
    path: Path
    info: RunInfo
    history: RunHistory
    generator: Arrays | None
    images_seen: int
    go_on: bool


@dataclass(frozen=True)
class RealImages:
    """A grid uint8 of real images, one class to a column, to look at before training."""

    dataset: str
    grid: NDArray[np.uint8]
    class_names: tuple[str, ...]
    size: int


class RunController(QObject):
    """Owns the training thread, the explorer thread, and the history of the run that the window shows."""

    state_changed = Signal(object)
    run_shown = Signal(object, object)  # RunHistory, Config: another run takes the window
    started = Signal(object)
    ticked = Signal(object)
    samples_ready = Signal(object)
    finished = Signal(object)
    option_changed = Signal(object)
    marks_changed = Signal()
    real_images_ready = Signal(object)
    runs_listed = Signal(object)
    failed = Signal(object)
    stopped = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = RunHistory()
        self.run_path: Path | None = None
        self.info: RunInfo | None = None
        self.images_seen = 0
        self.state = State.IDLE
        self._worker: worker.TrainingWorker | None = None
        self._helpers: list[threading.Thread] = []
        self.bridge = Bridge(self)
        self.explorer = ExplorerThread(self)
        self._refresh = QTimer(self, interval=_LIVE_GENERATOR_MS, singleShot=True)
        self._refresh.timeout.connect(self._want_generator)
        self.explorer.generator_changed.connect(self._refresh.start)
        self._connect()

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.started.connect(self._on_started)
        bridge.ticked.connect(self._on_ticked)
        bridge.samples_ready.connect(self._on_samples_ready)
        bridge.generator_ready.connect(self._on_generator_ready)
        bridge.option_changed.connect(self._on_option_changed)
        bridge.not_finite.connect(self._on_not_finite)
        bridge.finished.connect(self._on_finished)
        bridge.paused.connect(self._on_paused)
        bridge.unpaused.connect(lambda _: self._set_state(State.TRAINING))
        bridge.failed.connect(self.failed)
        bridge.ended.connect(self._on_ended)
        bridge.answered.connect(self._on_answered)

    # --- commands

    @property
    def is_busy(self) -> bool:
        """Whether a training thread is alive."""
        return self.state is not State.IDLE

    @property
    def can_go_on(self) -> bool:
        """Whether the run shown rests, unfinished, in its folder."""
        return (
            not self.is_busy
            and self.run_path is not None
            and self.info is not None
            and 0 < self.images_seen < self.info.total_images
        )

    def start(self, config: Config) -> None:
        """Begin a new run."""
        self._launch(config, new_run_path(config.recipe), resume=False)

    def resume(self) -> None:
        """Go on with the run shown: out of a pause, or from its newest checkpoint."""
        if self.state is State.PAUSED and self._worker:
            self._worker.unpause()
        elif self.can_go_on and self.run_path and self.info:
            self._launch(self.info.config, self.run_path, resume=True)

    def pause(self) -> None:
        """Rest after the tick under way; resuming goes on at once."""
        if self.state is State.TRAINING and self._worker:
            self._worker.pause()

    def stop(self) -> None:
        """Save and end the training."""
        if self._worker and self.is_busy:
            self._worker.ask_to_stop()
            self._set_state(State.STOPPING)

    def change(self, name: str, value: float) -> None:
        """Change a live option of the training under way; one that may not change is reported."""
        if self._worker and self._worker.trainer and self.state in (State.TRAINING, State.PAUSED):
            try:
                self._worker.trainer.change(name, value)
            except UserError as error:
                self.failed.emit(worker.failure(error))

    def open(self, path: Path, *, go_on: bool = False) -> None:
        """Show another run, read in the background; ``go_on`` then resumes it."""
        if not self.is_busy:
            self._do("opening", lambda: _read_run(path, go_on))

    def list_runs(self, root: Path) -> None:
        """Look in the background which runs there are and answer with ``runs_listed``."""
        self._do("listing runs", lambda: list_runs(root))

    def show_real_images(self, config: Config) -> None:
        """Read the data set in the background and answer with ``real_images_ready``."""
        self._do("reading data", lambda: _real_images(config))

    def preload(self) -> None:
        """Import torch behind the window, so that the first training starts at once."""
        self._do("importing torch", worker.import_torch)

    def shut_down(self) -> None:
        """End every thread in order; a training is saved first."""
        if self._worker:
            self._worker.ask_to_stop()
            self._worker.join(_SHUTDOWN_SECONDS)
        for helper in self._helpers:  # an interpreter must not end while a thread imports torch
            helper.join(_HELPER_SECONDS)
        self.explorer.stop()
        self.bridge.stop()

    def _do(self, name: str, work: Callable[[], object]) -> None:
        self._helpers = [helper for helper in self._helpers if helper.is_alive()]
        self._helpers.append(worker.in_background(name, work, self.bridge.put))

    def _launch(self, config: Config, path: Path, *, resume: bool) -> None:
        if self.is_busy:
            return
        self._set_state(State.PREPARING)

        def make_trainer() -> Any:
            from engine.trainer import Trainer

            return Trainer(config, RunFolder(path), resume=resume)

        self._worker = worker.TrainingWorker(make_trainer, self.bridge.put)
        self._worker.start()

    # --- what the threads say

    def _set_state(self, state: State) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _on_started(self, event: Started) -> None:
        if event.run != self.run_path:
            self.history = RunHistory()
        else:
            self.history.cut(event.images_seen)
        self.run_path = event.run
        self.info = RunInfo(event.config, event.facts)
        self.images_seen = event.images_seen
        self.history.image_count = event.facts.image_count
        self.history.total_images = event.total_images
        self.history.class_names = event.facts.class_names
        self.run_shown.emit(self.history, event.config)
        self._set_state(State.TRAINING)
        self.started.emit(event)
        self._want_generator()

    def _on_ticked(self, event: Tick) -> None:
        self.images_seen = event.images_seen
        self.history.append(event.rows)
        self.ticked.emit(event)

    def _on_samples_ready(self, event: SamplesReady) -> None:
        self.history.add_grid(event.epoch, event.path, event.grid)
        self.samples_ready.emit(event)

    def _on_generator_ready(self, event: GeneratorReady) -> None:
        if self.info:
            self.explorer.set_generator(self.info.config, self.info.facts, event.state)

    def _on_option_changed(self, event: OptionChanged) -> None:
        self.history.changes.append((event.images_seen, event.name, event.value))
        self.option_changed.emit(event)
        self.marks_changed.emit()

    def _on_not_finite(self, event: NotFinite) -> None:
        self.history.troubles.append(event.images_seen)
        self.marks_changed.emit()
        self.failed.emit(
            worker.Failed(
                tr("A loss became infinite or not a number at step {step}; training stopped.", step=event.step),
                tr("The last checkpoint is intact. Lower the learning rates, then press Train."),
            )
        )

    def _on_paused(self, event: worker.Paused) -> None:
        self.history.pauses.append(event.images_seen)
        self.marks_changed.emit()
        self._set_state(State.PAUSED)

    def _on_finished(self, event: Finished) -> None:
        self.images_seen = event.images_seen
        self.finished.emit(event)

    def _on_ended(self, _event: worker.Ended) -> None:
        if self._worker:
            self._worker.join()
            self._worker = None
        if self.run_path:
            self.images_seen = RunFolder(self.run_path).images_seen()
        self._set_state(State.IDLE)
        self.stopped.emit()

    def _on_answered(self, answer: object) -> None:
        if isinstance(answer, RealImages):
            self.real_images_ready.emit(answer)
        elif isinstance(answer, list):
            self.runs_listed.emit(answer)
        elif isinstance(answer, _Opened) and not self.is_busy:
            self.run_path, self.info, self.history = answer.path, answer.info, answer.history
            self.images_seen = answer.images_seen
            self.run_shown.emit(self.history, self.info.config)
            if answer.generator is None:
                self.explorer.clear()
            else:
                self.explorer.set_generator(self.info.config, self.info.facts, answer.generator)
            self.state_changed.emit(self.state)
            if answer.go_on:
                self.resume()

    def _want_generator(self) -> None:
        if self._worker and self._worker.trainer:
            self._worker.trainer.want_generator()


def _read_run(path: Path, go_on: bool) -> _Opened:
    folder = RunFolder(path)
    info = folder.info()
    history = RunHistory(info.facts.image_count, info.total_images, info.facts.class_names, changes=list(info.changes))
    history.append(folder.metrics())
    for epoch, file in folder.sample_files().items():
        history.add_grid(epoch, file)
    images_seen = folder.images_seen()
    return _Opened(path, info, history, folder.generator() if images_seen else None, images_seen, go_on)


def _real_images(config: Config) -> RealImages:
    from engine.data import catalogue

    data = catalogue.load(config)
    classes = range(len(data.class_names))
    columns = [data.images[data.labels == label][:_PREVIEW_ROWS] for label in classes]
    rows = min(len(column) for column in columns)
    images = np.stack([column[row] for row in range(rows) for column in columns])
    shown = images[:, 0] if images.shape[1] == 1 else images.transpose(0, 2, 3, 1)
    return RealImages(
        config.dataset, tile(np.ascontiguousarray(shown), len(columns)), data.class_names, data.facts.size
    )
