"""The door to training: start, branch, pause, resume, stop, change. Knows no widget, and not what is shown."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from enum import Enum, auto
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from engine.config import OPTIONS, Config
from engine.errors import UserError
from engine.events import (
    CheckpointSaved,
    EvaluatorTraining,
    Event,
    Finished,
    GeneratorSnapshot,
    NotFinite,
    OptionChanged,
    OutOfMemory,
    QualityReady,
    SamplesReady,
    Started,
    StepStage,
    Tick,
    WriteBlocked,
)
from engine.i18n import tr
from engine.job import Progress
from engine.runs import Branch, RunInfo, Schedule, with_change
from engine.runs.planned import Beginning
from studio.model.run import CurrentRun, Run
from studio.model.work_state import WorkState
from studio.services.readers import data_of
from studio.services.training_job import TrainingJob
from studio.workers.failure import Failure, failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

if TYPE_CHECKING:
    from engine.training.train_step import Player


class Looking(Enum):
    """How far a step that is looked at stage by stage has come."""

    AWAY = auto()
    AT_NOTHING_YET = auto()
    AT_STAGES = auto()
    NO_LONGER = auto()
    """The rest of it is taken, and nobody looks."""


class TrainingService(QObject):
    """Trains one run at a time in a job, and adds what it tells to the model of that run.

    ``current`` holds the run that is trained, or was last. Its curves, samples, judgments and marks are announced
    there; the signals tell of the training itself.
    """

    state_changed = Signal(WorkState)
    loading = Signal(Progress)
    started = Signal(Started)
    ticked = Signal(Tick)
    generator_ready = Signal(GeneratorSnapshot)
    evaluator_training = Signal(EvaluatorTraining)
    option_changed = Signal(OptionChanged)
    finished = Signal(Finished)
    halted = Signal(WriteBlocked)
    broken = Signal(object)
    """``NotFinite`` or ``OutOfMemory``, once the run may be resumed."""
    failed = Signal(Failure)
    stopped = Signal()
    stage_reached = Signal(StepStage)
    """A stage of the step that is looked at; the training rests there."""
    step_over = Signal()
    """The step that was looked at is over: the training rests after it, goes on, or has ended."""

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.current = CurrentRun()
        self.state = WorkState.IDLE
        self.begun: Started | None = None
        """What the training under way, or the last one, told when it began."""
        self.why_not: Callable[[], str] = str
        """Says what else must end before anything is trained, or nothing."""
        self.only_judges = False
        """The run is trained and saved, and only its judge is still at work."""
        self._jobs = jobs
        self._job: TrainingJob | None = None
        self._running: RunningJob[Event, None] | None = None
        self._resumed: Run | None = None
        self._trouble: NotFinite | OutOfMemory | None = None
        self._has_started = False
        self._looks = Looking.AWAY
        self._rests_by_stages = False

    # --- what is going on

    @property
    def is_busy(self) -> bool:
        """Whether a training is under way, even one that only waits."""
        return self.state is not WorkState.IDLE

    @property
    def is_broken(self) -> bool:
        """Whether the last training ended because it could not go on as it was."""
        return self._trouble is not None

    @property
    def must_save(self) -> bool:
        """Whether a training has begun that is not saved yet; while images are fetched or read, nothing is lost."""
        return self.is_busy and self._job is not None and self._job.has_begun

    @property
    def resident(self) -> int:
        """How much memory this process had lately while it trained, in bytes; 0 while nothing is trained."""
        return self._job.resident if self._job else 0

    def trains(self, run: Run | None) -> bool:
        """Whether ``run`` is the one being trained right now."""
        return run is not None and self.is_busy and self._has_started and run is self.current.run

    # --- what is wanted

    def start(self, config: Config, *, watched: bool = False) -> None:
        """Begin a new run; ``watched``: to rest at the first stage of its first step."""
        self._launch(TrainingJob(config, name=config.recipe, watched=watched))

    def branch(self, run: Run, config: Config, epoch: int, *, exactly: bool = False) -> None:
        """Begin a new run with the networks that ``run`` keeps of ``epoch``, or from the full state of that moment."""
        name = f"{config.recipe}-from-epoch-{epoch}"
        origin = Branch(str(run.path.absolute()), epoch, is_exact=exactly)
        self._launch(TrainingJob(config, name=name, how={"branch_of": origin}))

    def train_planned(self, beginning: Beginning, path: Path) -> None:
        """Train in the folder ``path`` what was lined up, or go on with what was begun there."""
        config, how = beginning
        self._launch(TrainingJob(config, path, how=how, reads_record=bool(how.get("resume"))))

    def lengthen(self, run: Run, epochs: int, schedule: Schedule) -> None:
        """Train ``run``, which rests, on to ``epochs`` epochs in all; ``schedule`` says what becomes of its rates."""
        config = run.info.config.given(epochs=epochs)
        self._launch(TrainingJob(config, run.path, how={"resume": True, "schedule": schedule}), run)

    def resume(
        self, run: Run | None = None, changes: Mapping[str, float] | None = None, *, watched: bool = False
    ) -> None:
        """Go on out of a pause or a halt; otherwise with ``run``, which rests, from its newest checkpoint.

        There, ``changes`` give options other values: live ones at that moment of the training, others for all of it;
        ``watched``: to rest at the first stage of its next step.
        """
        if self.state.rests and self._running:
            self._look_away()
            self._rests_by_stages = False
            self._running.resume()
        elif run is not None and run.can_go_on:
            live = {name: value for name, value in (changes or {}).items() if OPTIONS[name].live}
            other = {name: value for name, value in (changes or {}).items() if name not in live}
            config = run.info.config.changed(**other)
            self._launch(TrainingJob(config, run.path, changes=live, how={"resume": True}, watched=watched), run)

    def step(self, trial: Player | None = None) -> None:
        """Go on from a pause to the first stage of the next step, or of one in which ``trial`` alone learns."""
        if (
            self.state is WorkState.PAUSED
            and self._running
            and self._job
            and self._job.trainer
            and not self.is_looked_at
        ):
            self._job.trainer.request_stages(trial)
            self._looks = Looking.AT_NOTHING_YET
            self._running.resume(until=StepStage)

    def next_stage(self) -> None:
        """Go on to the next stage of the step that is looked at, or rest after it."""
        if self._looks is Looking.AT_STAGES and self._running:
            self._running.resume(until=(StepStage, Tick))

    def end_step(self) -> None:
        """Take the rest of the step that is looked at, and rest after it."""
        if self.is_looked_at and self._running:
            if self._looks is Looking.AT_NOTHING_YET:  # nothing of it was seen: the training rests at its next report
                self._look_away()
            else:
                self._looks = Looking.NO_LONGER
            self._running.resume(until=Tick)

    @property
    def is_looked_at(self) -> bool:
        """Whether a step is under way stage by stage."""
        return self._looks is not Looking.AWAY

    def _look_away(self) -> None:
        if self.is_looked_at:
            self._looks = Looking.AWAY
            self.step_over.emit()

    def pause(self) -> None:
        """Rest after the tick under way; resuming goes on at once."""
        if self.state is WorkState.WORKING and self._running:
            self._running.pause()

    def stop(self) -> None:
        """Save and end the training."""
        if self._running and self.is_busy:
            self._running.cancel()
            self._set_state(WorkState.STOPPING)

    def wait_until_saved(self, end: float) -> None:
        """Wait for a training that was told to end and has something to save, until ``time.monotonic()`` is ``end``."""
        if self._running and self._job and self._job.has_begun:
            self._running.join(max(end - time.monotonic(), 0))

    def leave(self) -> None:
        """Expect no more of a training that was told to end: nobody will tell that it has ended."""
        self.state = WorkState.IDLE

    def change(self, name: str, value: float) -> None:
        """Change a live option of the training under way; one that may not change is reported."""
        if self._job and self._job.trainer and self.state.is_under_way:
            try:
                self._job.trainer.change(name, value)
            except UserError as error:
                self.failed.emit(failure(error))

    def request_snapshot(self, *, with_opponent: bool = False) -> None:
        """Ask the training under way for a copy of its generator, and of D; ``generator_ready`` brings them."""
        if self._job and self._job.trainer:
            self._job.trainer.request_snapshot(with_opponent=with_opponent)

    def _launch(self, job: TrainingJob, resumed: Run | None = None) -> None:
        if self.is_busy:
            return
        if why_not := self.why_not():
            self.failed.emit(Failure(why_not, tr("Stop the search first, in the workspace Compare.")))
            return
        self._trouble, self._resumed = None, resumed
        self._has_started = self.only_judges = False
        self._set_state(WorkState.PREPARING)
        listeners: Listeners[Event, None] = Listeners(
            event=self.hear,
            failed=self.failed.emit,
            paused=self.hear_pause,
            resumed=self._on_resumed,
            end=self.hear_end,
        )
        self._job = job
        self._looks = Looking.AT_NOTHING_YET if job.watched else Looking.AWAY
        until = StepStage if job.watched else ()
        self._running = self._jobs.start(
            "training", job.events, listeners, rests_at=WriteBlocked, until=until, steady=Tick
        )

    # --- what the job tells

    def _set_state(self, state: WorkState) -> None:
        if state is not self.state:
            self.state = state
            self.state_changed.emit(state)

    def hear(self, event: Event) -> None:
        """Take up what the job under way tells, and pass it on to panels."""
        match event:
            case Progress():
                self.loading.emit(event)
            case Started():
                self._on_started(event)
            case EvaluatorTraining():
                self.only_judges = event.is_last
                self.evaluator_training.emit(event)
            case GeneratorSnapshot():
                self.generator_ready.emit(event)
            case WriteBlocked():
                self._on_halted(event)
            case StepStage():
                self._on_stage(event)
            case CheckpointSaved():
                pass
            case _ if self.current.run:
                self._on_progress(self.current.run, event)

    def _on_started(self, event: Started) -> None:
        self._has_started, self.begun = True, event
        info = RunInfo(event.config, event.facts)
        run = self._resumed or (self._job.parent_record if self._job else None)
        if run is None:
            run = Run(event.run, info, data_of(info), event.images_seen, self._job.run_name if self._job else "")
        else:
            run.info, run.images_seen = info, event.images_seen
            run.data.truncate(event.images_seen)
        run.data.total_images, run.data.batch_size = event.total_images, event.config.batch_size
        self.current.put(run)
        self._go_to(WorkState.WORKING)
        self.started.emit(event)

    def _on_progress(self, run: Run, event: Event) -> None:
        match event:
            case Tick():
                run.images_seen = event.images_seen
                run.data.append(event.rows, event.open_row)
                self.ticked.emit(event)
                if self._looks in (Looking.AT_STAGES, Looking.NO_LONGER):
                    self._look_away()
            case SamplesReady():
                run.data.verdicts[event.epoch] = event.verdicts
                if event.spread is not None:
                    run.data.spreads.append((event.images_seen, event.spread))
                run.data.add_grid(event.epoch, event.path, event.grid)
            case QualityReady():
                run.data.add_quality(event.quality)
            case OptionChanged():
                run.data.set_changes(with_change(run.data.changes, (event.images_seen, event.name, event.value)))
                self.option_changed.emit(event)
            case NotFinite():
                self._trouble = event
                run.data.add_not_finite(event.images_seen)
            case OutOfMemory():
                self._trouble = event
            case Finished():
                run.images_seen = event.images_seen
                self.finished.emit(event)

    def _on_stage(self, event: StepStage) -> None:
        if self._looks in (Looking.AT_NOTHING_YET, Looking.AT_STAGES):
            self._looks, self._rests_by_stages = Looking.AT_STAGES, True
            self._go_to(WorkState.PAUSED)
            self.stage_reached.emit(event)

    def _on_halted(self, event: WriteBlocked) -> None:
        if self._go_to(WorkState.HALTED):
            self.halted.emit(event)

    def hear_pause(self) -> None:
        """The job rests; within and after a step that was looked at it did before, and no pause is marked again."""
        if self.current.run and not self._rests_by_stages:
            self.current.run.data.add_pause(self.current.run.images_seen)
            self.current.run.data.end_row()
        self._rests_by_stages = self.is_looked_at
        self._go_to(WorkState.PAUSED)

    def _on_resumed(self) -> None:
        if not self.is_looked_at:
            self._go_to(WorkState.WORKING)

    def _go_to(self, state: WorkState) -> bool:
        """Take the state that the job tells, unless it was asked to end since."""
        may = self.state is not WorkState.STOPPING
        if may:
            self._set_state(state)
        return may

    def hear_end(self) -> None:
        """The job is over, whatever the reason."""
        job, self._job, self._running, self._resumed = self._job, None, None, None
        if self._has_started and self.current.run and job and job.kept_images_seen is not None:
            self.current.run.images_seen = job.kept_images_seen
            self.current.run.data.end_row()
        self._set_state(WorkState.IDLE)
        self._look_away()
        self.stopped.emit()
        if self._trouble:
            self.broken.emit(self._trouble)
