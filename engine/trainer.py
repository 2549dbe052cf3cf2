"""THE loop: a generator of events that the command line, the tests and the window consume alike.

Stopping is ``close()`` (the run is saved), pausing is not asking for the next event. Knows nothing of who asks.
"""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import torch

from engine import device as devices
from engine import distributed
from engine.config import MINUTES, Config, option
from engine.datasets import catalogue
from engine.datasets.batches import Batches
from engine.diagnosis.remedies import after_not_finite
from engine.errors import DiskError, UserError
from engine.evaluation.inspector import Inspector
from engine.events import (
    CheckpointSaved,
    EvaluatorTraining,
    Event,
    Finished,
    GeneratorSnapshot,
    MetricsRow,
    NotFinite,
    OptionChanged,
    OutOfMemory,
    QualityReady,
    SamplesReady,
    Started,
    Tick,
    WriteBlocked,
)
from engine.i18n import tr
from engine.job import Job
from engine.numbers import limits
from engine.runs import Branch, RunFolder, RunInfo, check_changes, with_change
from engine.training import checkpoint
from engine.training.gan import GAN
from engine.training.live_changes import LiveOptions
from engine.training.metrics_accumulator import MetricsAccumulator
from engine.training.sample_logger import SampleLogger
from engine.training.schedule import (
    EpochSchedule,
    Throughput,
    TrainState,
    budget_from_minutes,
    lr_scale_at,
    train_state_from,
)
from engine.training.threads import SystemLoad, ThreadCount, TrainingThreads
from engine.training.train_step import StepInfo

_TICK_SECONDS = 0.07
_MEASURE_SECONDS = 5.0
_UNKNOWN = 2**62
_T = TypeVar("_T")


class Trainer:
    """One training: from scratch in a new run folder, or (``resume``) on from a run's newest checkpoint.

    ``minutes`` replaces the epochs by a number of images that is fixed from the speed measured in the first
    seconds and written into the run, so that the training can be repeated and resumed exactly. ``branch_of`` gives a
    new run the networks of another one to begin with; position, optimizers and chance are new.
    Iterate ``run`` in the thread that shall train; ``change`` and ``request_snapshot`` may be called from any. What is
    changed before ``run`` holds from the first step on.
    """

    def __init__(
        self,
        config: Config,
        run_folder: RunFolder,
        *,
        minutes: float | None = None,
        resume: bool = False,
        branch_of: Branch | None = None,
    ) -> None:
        if minutes is not None and not MINUTES[0] <= minutes <= MINUTES[1]:
            raise UserError(
                tr("The minutes of training cannot be {minutes}.", minutes=f"{minutes:g}"),
                limits(*MINUTES, whole=False),
            )
        config.check(config if resume else None)
        self._live = LiveOptions(config)
        self.folder = run_folder
        self._minutes = minutes
        self._resume = resume
        self._branch_of = branch_of
        self._snapshot_requested = threading.Event()
        self._written_step = 0
        if minutes is not None and distributed.world_size() > 1:
            raise UserError(
                tr("Several processes cannot agree on minutes."), tr("Give --epochs, or --set total_images=….")
            )

    def change(self, name: str, value: float) -> None:
        """Give an option that may change live a new value from the next tick on; raises ``UserError``."""
        if not option(name).live:
            raise UserError(
                tr("“{label}” cannot change while training.", label=tr(option(name).label)),
                tr("Stop, change it, and start a new run."),
            )
        self._config.changed(**{name: value}).check(self._config)
        self._live.wish(name, value)

    def request_snapshot(self) -> None:
        """Ask for a ``GeneratorSnapshot`` at the next tick."""
        self._snapshot_requested.set()

    def run(self) -> Job[Event, None]:
        """Train and yield what happens. Raises ``UserError``; the run's last good state stays intact."""
        self._device = distributed.local_device(devices.resolve(self._config.device))
        self._dist = distributed.init(self._device, self._config.batch_size)
        try:
            yield from self._run()
        finally:
            distributed.shut_down()

    def _run(self) -> Iterator[Event]:
        self._threads = self._training_threads()
        data = yield from catalogue.read(self._config)
        self._info = RunInfo(self._config, data.facts, minutes=self._minutes, branch_of=self._branch_of)
        self._remarks = data.remarks
        self._batches = Batches(
            data, self._config.seed, self._device, self._config.data_range, shuffle=self._config.shuffle
        )
        self._sample_logger = SampleLogger(self._config, data, self.folder)
        self._inspector = Inspector(self._config, data)
        self._throughput = Throughput()
        if not self._dist.is_rank_zero:
            self._run_worker()
        else:
            yield from self._run_rank0()

    def _run_rank0(self) -> Iterator[Event]:
        if self._resume:
            self.folder.info()
        else:
            self.folder.create()
        with self.folder.lock():
            try:
                is_left = self._resume_run() if self._resume else self._start()
                for remark in self._remarks:
                    self._log(remark)
                yield self._started()
                if self._at.images_seen == 0 and 0 not in self.folder.verdicts():
                    yield (yield from self._retry_io(self._hang))  # epoch 0, which no step's time has begun to count
                if is_left:
                    yield from self._find_judge()
                    yield from self._train()
                else:
                    yield Finished(self._at.ended_epochs, self._at.images_seen, self._at.seconds)
            except (MemoryError, RuntimeError) as error:
                if not devices.is_out_of_memory(error):
                    raise
                self._log("out of memory; stopped")
                smaller = self._config.batch_size // 2
                yield OutOfMemory(self._at.images_seen, smaller if smaller >= 2 else 0)

    def _train(self) -> Iterator[Event]:
        must_save = True
        try:
            while True:
                # Done?
                calendar, at = self._schedule, self._at
                done = calendar.is_over(at)

                # Report
                rows, nonfinite = self._metrics.compute()
                must_save = nonfinite is None
                yield from self._report(rows, nonfinite, done)
                if nonfinite is not None:
                    return

                # Sample
                if is_sampled := self._sample_is_due:
                    if self._budget_known and not self.folder.has_state():
                        yield from self._retry_io(self._keep_state)  # nothing is made that cannot be gone on with
                    yield (yield from self._retry_io(self._sample))
                at.ended_epochs = calendar.shown_epochs(at)

                # Hand over
                if self._snapshot_requested.is_set() or done:
                    self._snapshot_requested.clear()
                    yield GeneratorSnapshot(self._at.images_seen, checkpoint.network_state(self._gan.ema.network))

                # Checkpoint
                if self._budget_known and calendar.checkpoint_is_due(at, self._config.checkpoint_every):
                    saved = yield from self._retry_io(self._save)
                    must_save = not done
                    yield saved

                # Judge, when all is safe
                if is_sampled or done:
                    yield from self._judge(done)

                # Break
                if done:
                    break

                # Change
                yield from self._apply_live_changes()
                yield from self._follow_machine()

                # Teach the judge
                yield from self._teach_judge()

                # Steps of this tick: nothing is told before its numbers were looked at
                self._run_tick()
                if self._is_measured:
                    self._resolve_budget()
                    yield from self._retry_io(self._write_budget)
        except GeneratorExit:
            if must_save:
                self._save_where_it_stands()
            raise
        self._log(f"finished after {self._at.images_seen} images and {self._at.seconds:.1f} s")
        yield Finished(self._at.ended_epochs, self._at.images_seen, self._at.seconds)

    def _report(self, rows: tuple[MetricsRow, ...], nonfinite: str | None, done: bool) -> Iterator[Event]:
        """Write and tell the rows of the last tick, and whose numbers, if anybody's, were not finite."""
        if nonfinite is not None:
            rows = self._nonfinite_row(rows, nonfinite)
        elif done:
            rows += self._last_row()
        if rows:
            yield from self._retry_io(partial(self.folder.append_metrics, rows))
            self._written_step = rows[-1].step
        yield self._tick(rows)
        if nonfinite is not None:
            yield self._not_finite()

    def _run_tick(self) -> None:
        at, calendar = self._at, self._schedule
        begin = time.perf_counter()
        seconds_before = at.seconds
        while not calendar.is_over(at):
            self._live.replay(at.images_seen)
            self._threads.replay(at.images_seen)
            self._step()
            elapsed = time.perf_counter() - begin
            at.seconds = seconds_before + elapsed
            ended_epoch = calendar.has_just_ended(at)
            if ended_epoch or at.step % self._config.log_every == 0:
                self._metrics.flush(at.step, calendar.epoch(at), at.images_seen, at.seconds)
            if ended_epoch or elapsed >= _TICK_SECONDS:
                break
        self._just_stepped = time.perf_counter() - begin
        self._stepping += self._just_stepped

    def _step(self) -> None:
        at, config = self._at, self._config
        share = at.images_seen / self._schedule.total_images
        factor = lr_scale_at(config, share)
        batches = []
        for _ in range(config.d_steps):
            images, labels = self._batches.get_batch(at.images_seen, config.batch_size)
            batches.append((self._dist.shard(images), self._dist.shard(labels)))
            at.images_seen += config.batch_size
        self._metrics.add(self._gan.step(config, StepInfo(at.step, at.images_seen, share, factor), batches))
        self._pace.step()
        at.step += 1

    # --- beginnings

    def _start(self) -> bool:
        """Begin, and return whether anything is to be trained: always."""
        self._start_afresh()
        if self._resume:
            self._wipe()
        self.folder.save_info(self._info)
        self.folder.save_noise(self._sample_logger.noise())
        self._log(f"began on {devices.describe(self._device)}, torch {torch.__version__}")
        if branch := self._info.branch_of:
            self._keep_state()
            self._log(f"the networks are those of epoch {branch.epoch} of {branch.run}; all else is new")
        return True

    def _resume_run(self) -> bool:
        """Go on where the run stands, and return whether anything is left to train. Without, nothing is written."""
        earlier = self.folder.info()
        if earlier.facts != self._info.facts:
            raise UserError(
                tr("The data set is not the one that this run was trained on."),
                tr("Give the folder with the same images, or start a new run."),
            )
        check_changes(earlier)
        self._info.changes, self._info.branch_of = earlier.changes, earlier.branch_of
        self._info.threads, self._info.went_back = earlier.threads, earlier.went_back
        has_same_length = (self._config.epochs, self._config.total_images) == (
            earlier.config.epochs,
            earlier.config.total_images,
        )
        self._info.minutes = self._minutes = earlier.minutes if has_same_length else None
        # What was made while the speed was measured is made again; else what was made has its checkpoint.
        if earlier.minutes is not None or not (self.folder.has_state() or self.folder.has_made()):
            self._remember_going_back(0)
            return self._start()
        self._load_state()
        owes = self._sample_is_due or self._inspector.owes(self.folder.qualities(), self._at.images_seen)
        if self._schedule.is_over(self._at) and not owes:
            return False
        self._remember_going_back(self._at.images_seen)
        self._roll_back()
        self.folder.save_info(self._info)
        self._log(f"resumed at {self._at.images_seen} images on {devices.describe(self._device)}")
        return True

    def _remember_going_back(self, images_seen: int) -> None:
        """Keep in the run's record that a number was not finite: the row that tells it is about to go."""
        row = self.folder.last_row()
        if row is not None and not math.isfinite(row.d_loss + row.g_loss):
            self._info.went_back = [*self._info.went_back, (row.images_seen, images_seen)]

    def _roll_back(self) -> None:
        """Drop what the run folder tells of the time after the checkpoint, or tells again in a moment."""
        at = self._at
        self.folder.truncate(at.step - bool(at.unfinished_row), at.images_seen - self._sample_is_due)
        self.folder.drop_after(at.ended_epochs, at.images_seen)
        self._inspector.start_again(self.folder.qualities())
        at.ended_epochs = min(at.ended_epochs, self._schedule.shown_epochs(at))  # one cut short goes on

    def _wipe(self) -> None:
        """Drop all that was made: the training begins again."""
        self.folder.truncate(0, 0)
        self.folder.drop_after(0, -1)
        self._inspector.start_again([])

    def _start_afresh(self) -> None:
        self._at = TrainState()
        self._stepping = self._just_stepped = 0.0  # seconds spent in steps since the beginning, and in the last tick
        self._budget_known = self._minutes is None
        self._live.begin(self._info.config, self._info.changes, 0)
        self._begin_threads()
        self._build()
        if branch := self._info.branch_of:
            self._gan.load_networks(self._config, self._info.facts, *RunFolder(branch.run).snapshot(branch.epoch))

    def _load_state(self) -> None:
        self._stepping = self._just_stepped = 0.0
        arrays, facts = self.folder.state()
        checkpoint.validate_shapes(self._config, self._info.facts, arrays)
        self._budget_known = True
        self._build()
        self._gan.load_state_dict(arrays)
        try:
            self._at = train_state_from(facts)
            self._metrics.load_state(arrays["statistics.sum"], self._at.unfinished_row)
        except (ValueError, TypeError, KeyError, RuntimeError):
            raise checkpoint.does_not_fit() from None
        self._written_step = self._at.step
        self._live.begin(self._info.config, self._info.changes, self._at.images_seen)
        self._begin_threads()

    def _begin_threads(self) -> None:
        self._threads.begin(self._info.threads, self._at.images_seen)
        self._info.threads = self._threads.record

    def _run_worker(self) -> None:
        """Train along with the leading process, which alone reports and writes."""
        if self._resume:
            earlier = self.folder.info()
            self._info.changes, self._info.branch_of = earlier.changes, earlier.branch_of
        self._load_state() if self._resume and self.folder.has_state() else self._start_afresh()
        for _ in self._live.taken(self._at.images_seen):
            pass
        with suppress(RuntimeError):  # the leading process has ended, and with it the connection
            while not self._schedule.is_over(self._at):
                self._live.replay(self._at.images_seen)
                self._step()

    def _build(self) -> None:
        self._gan = GAN(self._config, self._info.facts, self._device, self._dist)
        self._metrics = MetricsAccumulator(self._device)
        self._pace = devices.Pace(self._device)

    # --- troubles

    def _retry_io(self, write: Callable[[], _T]) -> Generator[Event, None, _T]:
        """Write, and where the disk refuses, say so and try again whenever asked for the next event."""
        while True:
            try:
                return write()
            except DiskError as error:
                self._log(error.message)
                yield WriteBlocked(self._at.images_seen, error.message, error.hint)
                with suppress(DiskError):  # a torn last line goes, and a folder that was removed comes back
                    if not self.folder.exists():
                        self.folder.restore_folder(self._info, self._sample_logger.noise())
                    self.folder.truncate_metrics(self._written_step)

    def _last_row(self) -> tuple[MetricsRow, ...]:
        """Return the row under way as it stands; a training that goes on from here ends it in its time."""
        at = self._at
        return self._metrics.unfinished(at.step, self._schedule.epoch(at), at.images_seen, at.seconds)

    def _nonfinite_row(self, rows: tuple[MetricsRow, ...], nonfinite: str) -> tuple[MetricsRow, ...]:
        """End the row under way, if one is; the last row says NaN of the player that went wrong.

        It does so where only a gradient was infinite, too: from it alone a run knows later what happened.
        """
        at = self._at
        self._metrics.flush(at.step, self._schedule.epoch(at), at.images_seen, at.seconds)
        *rest, last = (*rows, *self._metrics.compute().rows)
        return (*rest, last._replace(d_loss=math.nan) if nonfinite == "d" else last._replace(g_loss=math.nan))

    def _not_finite(self) -> NotFinite:
        self._log(f"a number was not finite at step {self._at.step}; stopped")
        cure = after_not_finite(self._config)
        return NotFinite(self._at.step, self._at.images_seen, self.folder.images_seen(), cure)

    def _log(self, text: str) -> None:
        with suppress(DiskError):  # nobody waits for a log
            self.folder.log(text)

    # --- parts of the loop

    @property
    def _config(self) -> Config:
        return self._live.config

    @property
    def _schedule(self) -> EpochSchedule:
        return EpochSchedule(self._info.facts.image_count, self._info.total_images if self._budget_known else _UNKNOWN)

    @property
    def _sample_is_due(self) -> bool:
        return self._schedule.sample_is_due(self._at, self._config.sample_every)

    @property
    def _is_measured(self) -> bool:
        """Whether the minutes can become images by now."""
        if self._budget_known or self._minutes is None:
            return False
        return self._at.seconds >= min(_MEASURE_SECONDS, 30 * self._minutes)

    def _started(self) -> Started:
        return Started(
            self.folder.path,
            devices.describe(self._device),
            self._info.config,
            self._info.facts,
            self._at.images_seen,
            self._info.total_images if self._budget_known else 0,
            *self._gan.parameter_counts(),
            self._remarks,
        )

    def _tick(self, rows: tuple[MetricsRow, ...]) -> Tick:
        at = self._at
        speed = self._throughput.measure(at)
        total = self._info.total_images if self._budget_known else 0
        if self._minutes is not None and not self._budget_known:
            left: float | None = max(self._minutes * 60 - at.seconds, 0.0)
        else:
            left = max(total - at.images_seen, 0) / speed if speed else None
        return Tick(
            at.step,
            self._schedule.epoch(at),
            at.images_seen,
            total,
            at.seconds,
            speed,
            left,
            rows,
            self._threads.in_use,
        )

    def _sample(self) -> SamplesReady:
        with self._timed():
            return self._hang()

    def _hang(self) -> SamplesReady:
        epoch = self._schedule.sampled_epoch(self._at)
        return self._sample_logger.log(self._gan, epoch, self._at.images_seen, self._inspector.best_epochs)

    def _save_where_it_stands(self) -> None:
        if not self._budget_known:
            self._resolve_budget()
            self._write_budget()
        self._save()
        if row := self._last_row():
            self.folder.append_metrics(row)
        self._log(f"stopped at {self._at.images_seen} images")

    def _find_judge(self) -> Iterator[Event]:
        self._inspector.prepare()
        if remark := self._inspector.remark:
            self._log(remark)
        if self._inspector.still_teaches():
            yield self._judge_learning(0.0)

    def _judge(self, must: bool) -> Iterator[Event]:
        at = self._at
        while must and self._inspector.still_teaches():  # so that even a short run is judged, and the judge kept
            with self._timed():
                share = self._inspector.teach_for(_TICK_SECONDS)
            yield self._judge_learning(share, is_last=True)  # whoever wants to stop or to pause is heard
        with self._timed():
            quality = self._inspector.look(
                self._gan.ema.network,
                self._device,
                self._schedule.epochs_done(at),
                at.images_seen,
                at.seconds,
                must,
            )
        if quality is not None:
            yield from self._retry_io(partial(self.folder.append_quality, quality))
            yield QualityReady(quality)

    def _teach_judge(self) -> Iterator[Event]:
        with self._timed():
            share = self._inspector.teach(self._just_stepped)
        if share is not None:
            yield self._judge_learning(share)

    def _judge_learning(self, share: float, *, is_last: bool = False) -> EvaluatorTraining:
        return EvaluatorTraining(share, is_last, self._inspector.remark)

    def _save(self) -> CheckpointSaved:
        path = self._keep_state()
        self._at.saved_epoch = self._schedule.epochs_done(self._at)
        return CheckpointSaved(self._at.saved_epoch, self._at.images_seen, path)

    def _keep_state(self) -> Path:
        with self._timed():
            return self.folder.save_state(self._at.images_seen, *self._state())

    def _state(self) -> tuple[checkpoint.Arrays, dict[str, Any]]:
        total, unfinished_row = self._metrics.state()
        facts = asdict(self._at) | {
            "saved_epoch": self._schedule.epochs_done(self._at),
            "unfinished_row": unfinished_row,
        }
        return self._gan.state_dict() | {"statistics.sum": total}, facts

    @contextmanager
    def _timed(self) -> Iterator[None]:
        """Count what is done here as training time."""
        begin = time.perf_counter()
        yield
        self._at.seconds += time.perf_counter() - begin

    def _apply_live_changes(self) -> Iterator[Event]:
        for change in self._live.taken(self._at.images_seen):
            self._info.changes = with_change(self._info.changes, change)
            yield from self._retry_io(lambda: self.folder.save_info(self._info))
            images_seen, name, value = change
            yield OptionChanged(name, value, images_seen)

    def _training_threads(self) -> TrainingThreads:
        """Prepare this thread, and return what sets the number of threads that train along with it."""
        devices.prepare_training_thread(self._config.threads)
        follows = not self._config.threads and self._device.type == "cpu" and self._dist.size == 1
        count = ThreadCount(devices.cores(), SystemLoad()) if follows else None
        return TrainingThreads(count, torch.set_num_threads)

    def _follow_machine(self) -> Iterator[Event]:
        if self._threads.follow(self._at.images_seen):
            self._info.threads = self._threads.record
            yield from self._retry_io(lambda: self.folder.save_info(self._info))

    def _resolve_budget(self) -> None:
        """Turn the minutes into images. Where a schedule should have begun by now, begin again, knowing it."""
        assert self._minutes is not None
        lessons = self._inspector.seconds_to_learn
        total, begins_again = budget_from_minutes(self._minutes * 60, self._config, self._at, self._stepping, lessons)
        self._info.config = self._info.config.changed(total_images=total)
        self._info.minutes = self._minutes = None
        self._budget_known = True
        if begins_again:
            self._info.threads = []
            self._start_afresh()
        else:
            self._live.begin(self._info.config, self._info.changes, self._at.images_seen)

    def _write_budget(self) -> None:
        """Write how many images there are to train on, and first the state to go on from."""
        if not self._at.step:
            self._wipe()
        self._save()
        self.folder.save_info(self._info)
