"""The only door from the window to the engine: start, pause, resume, stop, change, open. Knows no widgets."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from engine.config import OPTIONS, Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.evaluation.owed import judged_share, owes_verdict
from engine.events import (
    EvaluatorTraining,
    Finished,
    GeneratorSnapshot,
    NotFinite,
    OptionChanged,
    OutOfMemory,
    QualityReady,
    SamplesReady,
    Started,
    Tick,
    WriteBlocked,
)
from engine.runs import Branch, RunFolder, RunInfo, RunStore, new_run_path, runs_root, with_change
from studio.model.run_data import RunData
from studio.model.sample import Sample
from studio.model.training_state import TrainingState
from studio.services import readers
from studio.services.examiner import ExaminerThread
from studio.services.explorer import ExplorerThread
from studio.services.snapshot_selector import SnapshotSelector
from studio.workers import training_worker as worker
from studio.workers.bridge import Bridge

READING_IMAGES = "reading data"
_LIVE_GENERATOR_MS = 500
_SAVING_SECONDS = 20.0  # a training is never left before it is saved
_ANSWER_SECONDS = 5.0  # for one answer of the explorer or the examiner, which may just import torch
_PATIENCE_SECONDS = 0.2  # for all other threads together: they hold nothing that could be lost


class RunController(QObject):
    """Owns the threads that train, explore and examine, and the history of the run that the window shows."""

    state_changed = Signal(object)
    run_shown = Signal(object, object)  # RunData, Config: another run takes the window
    loading = Signal(object)
    started = Signal(object)
    ticked = Signal(object)
    samples_ready = Signal(object)
    quality_ready = Signal(object)
    judge_learning = Signal(object)
    finished = Signal(object)
    option_changed = Signal(object)
    marks_changed = Signal()
    halted = Signal(object)
    broken = Signal(object)  # NotFinite or OutOfMemory, once the run may be resumed
    images_looked_at = Signal(object)  # RealImages or ImagesAbsent
    runs_listed = Signal(object)
    cost_read = Signal(object)
    failed = Signal(object)
    stopped = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.history = RunData()
        self.run_path: Path | None = None
        self.info: RunInfo | None = None
        self.images_seen = 0
        self.state = TrainingState.IDLE
        self._worker: worker.TrainingWorker | None = None
        self._trouble: NotFinite | OutOfMemory | None = None
        self.only_judges = False
        """The run is trained and saved, and only its judge is still at work."""
        self._helpers: list[threading.Thread] = []
        self._store = RunStore(runs_root())
        self.bridge = Bridge(self)
        self.explorer = ExplorerThread(self)
        self._refresh = QTimer(self, interval=_LIVE_GENERATOR_MS, singleShot=True)
        self._refresh.timeout.connect(self._want_generator)
        self.explorer.generator_changed.connect(lambda _: self._refresh.start())
        self.examiner = ExaminerThread(self)
        self.examiner.failed.connect(lambda error: self.failed.emit(worker.failure(error)))
        self._time_machine = SnapshotSelector(self.explorer, self._want_generator)
        self._connect()

    def _connect(self) -> None:
        bridge = self.bridge
        bridge.loading.connect(self.loading)
        bridge.started.connect(self._on_started)
        bridge.ticked.connect(self._on_ticked)
        bridge.samples_ready.connect(self._on_samples_ready)
        bridge.quality_ready.connect(self._on_quality_ready)
        bridge.judge_learning.connect(self._on_judge_learning)
        bridge.generator_ready.connect(self._on_generator_ready)
        bridge.option_changed.connect(self._on_option_changed)
        bridge.not_finite.connect(self._on_trouble)
        bridge.out_of_memory.connect(self._on_trouble)
        bridge.halted.connect(self._on_halted)
        bridge.finished.connect(self._on_finished)
        bridge.paused.connect(self._on_paused)
        bridge.unpaused.connect(lambda _: self._set_state(TrainingState.TRAINING))
        bridge.failed.connect(self.failed)
        bridge.ended.connect(self._on_ended)
        bridge.answered.connect(self._on_answered)

    # --- commands

    @property
    def is_busy(self) -> bool:
        """Whether a training thread is alive."""
        return self.state is not TrainingState.IDLE

    @property
    def can_go_on(self) -> bool:
        """Whether the run shown rests in its folder, unfinished, or trained and not judged."""
        if self.is_busy or self.run_path is None or self.info is None:
            return False
        return self.images_seen < self.info.total_images or self.owes_verdict

    @property
    def owes_verdict(self) -> bool:
        """Whether the run shown is trained to its end, and ended before its judge had looked at the last samples."""
        info = self.info
        if self.is_busy or info is None or not 0 < info.total_images <= self.images_seen:
            return False
        share = judged_share(info.config, info.facts.image_count)
        return owes_verdict(share, self.history.qualities, self.images_seen)

    @property
    def config_now(self) -> Config | None:
        """The options of the run shown as they stand at its position, with what was changed on the way."""
        return replace(self.info, changes=self.history.changes).config_at(self.images_seen) if self.info else None

    def start(self, config: Config) -> None:
        """Begin a new run."""
        self._launch(config, new_run_path(config.recipe))

    def branch(self, config: Config, epoch: int) -> None:
        """Begin a new run with the networks that the run shown keeps of ``epoch``."""
        if self.run_path:
            origin = Branch(str(self.run_path.resolve()), epoch)
            self._launch(config, new_run_path(f"{config.recipe}-from-epoch-{epoch}"), branch_of=origin)

    def resume(self, changes: Mapping[str, float] | None = None) -> None:
        """Go on with the run shown: out of a pause or a halt, or from its newest checkpoint.

        There, ``changes`` give options other values: live ones at that moment of the training, others for all of it.
        """
        if self.state.rests and self._worker:
            self._worker.unpause()
        elif self.can_go_on and self.run_path and self.info:
            live = {name: value for name, value in (changes or {}).items() if OPTIONS[name].live}
            other = {name: value for name, value in (changes or {}).items() if name not in live}
            self._launch(self.info.config.changed(**other), self.run_path, live, resume=True)

    def pause(self) -> None:
        """Rest after the tick under way; resuming goes on at once."""
        if self.state is TrainingState.TRAINING and self._worker:
            self._worker.pause()

    def stop(self) -> None:
        """Save and end the training."""
        if self._worker and self.is_busy:
            self._worker.ask_to_stop()
            self._set_state(TrainingState.STOPPING)

    def change(self, name: str, value: float) -> None:
        """Change a live option of the training under way; one that may not change is reported."""
        if self._worker and self._worker.trainer and self.state.is_under_way:
            try:
                self._worker.trainer.change(name, value)
            except UserError as error:
                self.failed.emit(worker.failure(error))

    def open(self, path: Path, *, go_on: bool = False) -> None:
        """Show another run, read in the background; ``go_on`` then resumes it."""
        if not self.is_busy:
            self._do("opening", lambda: readers.read_run(path, go_on))

    def look_at(self, epoch: int) -> None:
        """Explore the generator of ``epoch``; at the last epoch the newest one, which follows the training."""
        is_newest = epoch >= max(self.history.grid_files, default=0)
        self._time_machine.go_to(epoch, is_newest=is_newest, is_training=self.is_busy)

    def examine(self, sample: Sample) -> None:
        """Look closely at a sample of the run shown in the background; ``examiner`` answers."""
        self.examiner.examine(sample)

    def list_runs(self, root: Path) -> None:
        """Look in the background which runs there are and answer with ``runs_listed``."""
        if root != self._store.root:
            self._store = RunStore(root)
        self._do("listing runs", self._store.runs)

    def show_real_images(self, config: Config) -> None:
        """Look at the data set in the background, without fetching anything; answer with ``images_looked_at``."""
        self._do(READING_IMAGES, lambda: readers.look_at_images(config))

    def read_cost(self, config: Config, facts: DatasetInfo) -> None:
        """Count in the background what a training with ``config`` costs; answer with ``cost_read``."""
        self._do("counting a cost", lambda: readers.read_cost(config, facts))

    def preload(self) -> None:
        """Import torch behind the window, so that the first training starts at once."""
        self._do("importing torch", worker.import_torch)

    @property
    def must_save(self) -> bool:
        """Whether a training has begun that is not saved yet; while images are fetched or read, nothing is lost."""
        return self.is_busy and self._worker is not None and self._worker.has_begun

    def shut_down(self) -> None:
        """End every thread in order; a training is saved first.

        Who waits for a server or a slow disk cannot be ended: such threads are left to ``app``, which ends all.
        """
        others: list[threading.Thread] = list(self._helpers)
        if self._worker:
            self._worker.ask_to_stop()
            if self.must_save:
                self._worker.join(_SAVING_SECONDS)
            else:
                others.append(self._worker)
        end = time.monotonic() + _PATIENCE_SECONDS
        for thread in others:
            thread.join(max(end - time.monotonic(), 0))
        for helper in (self.examiner, self.explorer):
            helper.stop(_ANSWER_SECONDS)
        self.bridge.stop()
        self._worker, self.state = None, TrainingState.IDLE  # nobody will tell any more that it has ended

    def _do(self, name: str, work: Callable[[], object]) -> None:
        self._helpers = [helper for helper in self._helpers if helper.is_alive()]
        self._helpers.append(worker.in_background(name, work, self.bridge.put))

    def _launch(self, config: Config, path: Path, changes: Mapping[str, float] | None = None, **how: Any) -> None:
        if self.is_busy:
            return
        self._trouble = None
        self.only_judges = False
        self._set_state(TrainingState.PREPARING)

        def make_trainer() -> Any:
            from engine.trainer import Trainer

            trainer = Trainer(config, RunFolder(path), **how)
            for name, value in (changes or {}).items():
                trainer.change(name, value)
            return trainer

        self._worker = worker.TrainingWorker(make_trainer, self.bridge.put)
        self._worker.start()

    # --- what the threads say

    def _set_state(self, state: TrainingState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def _on_started(self, event: Started) -> None:
        self.info = RunInfo(event.config, event.facts)
        if event.run != self.run_path:
            self.history = readers.history_of(self.info)
        else:
            self.history.cut(event.images_seen)
        self.run_path = event.run
        self.images_seen = event.images_seen
        self.history.total_images = event.total_images
        self.history.batch_size = event.config.batch_size
        self._begin_looking(event.run, self.info)
        self.run_shown.emit(self.history, event.config)
        self._set_state(TrainingState.TRAINING)
        self.started.emit(event)
        self._want_generator()

    def _on_ticked(self, event: Tick) -> None:
        self.images_seen = event.images_seen
        self.history.append(event.rows)
        self.ticked.emit(event)

    def _on_samples_ready(self, event: SamplesReady) -> None:
        self.history.add_grid(event.epoch, event.path, event.grid)
        self.history.verdicts[event.epoch] = event.verdicts
        self.samples_ready.emit(event)

    def _on_quality_ready(self, event: QualityReady) -> None:
        self.history.add_quality(event.quality)
        self.quality_ready.emit(event)

    def _on_judge_learning(self, event: EvaluatorTraining) -> None:
        self.only_judges = event.is_last
        self.judge_learning.emit(event)

    def _on_generator_ready(self, event: GeneratorSnapshot) -> None:
        self._time_machine.take_live(event.state)

    def _on_option_changed(self, event: OptionChanged) -> None:
        change = (event.images_seen, event.name, event.value)
        self.history.changes = with_change(self.history.changes, change)
        self.option_changed.emit(event)
        self.marks_changed.emit()

    def _on_trouble(self, event: NotFinite | OutOfMemory) -> None:
        self._trouble = event
        if isinstance(event, NotFinite):
            self.history.troubles.append(event.images_seen)
            self.marks_changed.emit()

    def _on_halted(self, event: WriteBlocked) -> None:
        if self.state is not TrainingState.STOPPING:
            self._set_state(TrainingState.HALTED)
            self.halted.emit(event)

    def _on_paused(self, event: worker.Paused) -> None:
        self.history.pauses.append(event.images_seen)
        self.marks_changed.emit()
        self._set_state(TrainingState.PAUSED)

    def _on_finished(self, event: Finished) -> None:
        self.images_seen = event.images_seen
        self.finished.emit(event)

    def _on_ended(self, _event: worker.Ended) -> None:
        if self._worker:
            self._worker.join()
            self._worker = None
        if self.run_path:
            self.images_seen = RunFolder(self.run_path).images_seen()
            if self.images_seen:
                self._time_machine.rest()
        self._set_state(TrainingState.IDLE)
        self.stopped.emit()
        if self._trouble:
            self.broken.emit(self._trouble)

    def _on_answered(self, answer: object) -> None:
        if isinstance(answer, readers.RealImages | readers.ImagesAbsent):
            self.images_looked_at.emit(answer)
        elif isinstance(answer, readers.CostRead):
            self.cost_read.emit(answer)
        elif isinstance(answer, list):
            self.runs_listed.emit(answer)
        elif isinstance(answer, readers.OpenedRun) and not self.is_busy:
            self._show(answer)

    def _show(self, run: readers.OpenedRun) -> None:
        self.run_path, self.info, self.history = run.path, run.info, run.history
        self.images_seen = run.images_seen
        self._begin_looking(run.path, run.info)
        self.run_shown.emit(self.history, self.info.config)
        if run.generator is None:
            self.explorer.clear()
        else:
            self._time_machine.take_live(*run.generator)
        self.state_changed.emit(self.state)
        if run.go_on:
            self.resume()

    def _begin_looking(self, path: Path, info: RunInfo) -> None:
        self._time_machine.show_run(path, info)
        self.examiner.show_run(path, info)

    def _want_generator(self) -> None:
        if self._time_machine.is_at_newest and self._worker and self._worker.trainer:
            self._worker.trainer.request_snapshot()
