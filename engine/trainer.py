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
from engine.diagnosis.cures import after_not_finite
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
from engine.training.duel import Duel
from engine.training.gallery import Gallery
from engine.training.live import LiveOptions
from engine.training.play import Moment
from engine.training.schedule import Calendar, Progress, Speed, images_for, learning_rate_factor, progress_from
from engine.training.statistics import Statistics
from engine.training.threads import SystemLoad, ThreadCount, TrainingThreads

_TICK_SECONDS = 0.07
_MEASURE_SECONDS = 5.0
_UNKNOWN = 2**62
_T = TypeVar("_T")


class Trainer:
    """One training: from scratch in a new run folder, or (``resume``) on from a run's newest checkpoint.

    ``minutes`` replaces the epochs by a number of images that is fixed from the speed measured in the first
    seconds and written into the run, so that the training can be repeated and resumed exactly. ``branch_of`` gives a
    new run the networks of another one to begin with; position, optimisers and chance are new.
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
        self._world = distributed.join(self._device, self._config.batch_size)
        try:
            yield from self._run()
        finally:
            distributed.leave()

    def _run(self) -> Iterator[Event]:
        self._threads = self._training_threads()
        data = yield from catalogue.read(self._config)
        self._info = RunInfo(self._config, data.facts, minutes=self._minutes, branch_of=self._branch_of)
        self._remarks = data.remarks
        self._batches = Batches(
            data, self._config.seed, self._device, self._config.data_range, shuffle=self._config.shuffle
        )
        self._gallery = Gallery(self._config, data, self.folder)
        self._inspector = Inspector(self._config, data)
        self._speed = Speed()
        if not self._world.leads:
            self._follow()
        else:
            yield from self._lead()

    def _lead(self) -> Iterator[Event]:
        if self._resume:
            self.folder.info()
        else:
            self.folder.create()
        with self.folder.lock():
            try:
                is_left = self._continue() if self._resume else self._begin()
                for remark in self._remarks:
                    self._log(remark)
                yield self._started()
                if self._at.images_seen == 0 and 0 not in self.folder.verdicts():
                    yield (yield from self._insist(self._hang))  # epoch 0, which no step's time has begun to count
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
                calendar, at = self._calendar, self._at
                done = calendar.is_over(at)

                # Report
                rows, unfit = self._statistics.fetch()
                must_save = unfit is None
                yield from self._report(rows, unfit, done)
                if unfit is not None:
                    return

                # Sample
                if is_sampled := self._sample_is_due:
                    if self._budget_known and not self.folder.has_state():
                        yield from self._insist(self._keep_state)  # nothing is made that cannot be gone on with
                    yield (yield from self._insist(self._sample))
                at.ended_epochs = calendar.shown_epochs(at)

                # Hand over
                if self._snapshot_requested.is_set() or done:
                    self._snapshot_requested.clear()
                    yield GeneratorSnapshot(self._at.images_seen, checkpoint.network_arrays(self._duel.average.network))

                # Checkpoint
                if self._budget_known and calendar.checkpoint_is_due(at, self._config.checkpoint_every):
                    saved = yield from self._insist(self._save)
                    must_save = not done
                    yield saved

                # Judge, when all is safe
                if is_sampled or done:
                    yield from self._judge(done)

                # Break
                if done:
                    break

                # Change
                yield from self._apply_wishes()
                yield from self._follow_machine()

                # Teach the judge
                yield from self._teach_judge()

                # Steps of this tick: nothing is told before its numbers were looked at
                self._steps_of_a_tick()
                if self._is_measured:
                    self._fix_budget()
                    yield from self._insist(self._write_budget)
        except GeneratorExit:
            if must_save:
                self._save_where_it_stands()
            raise
        self._log(f"finished after {self._at.images_seen} images and {self._at.seconds:.1f} s")
        yield Finished(self._at.ended_epochs, self._at.images_seen, self._at.seconds)

    def _report(self, rows: tuple[MetricsRow, ...], unfit: str | None, done: bool) -> Iterator[Event]:
        """Write and tell the rows of the last tick, and whose numbers, if anybody's, were not finite."""
        if unfit is not None:
            rows = self._spoilt(rows, unfit)
        elif done:
            rows += self._last_row()
        if rows:
            yield from self._insist(partial(self.folder.append_metrics, rows))
            self._written_step = rows[-1].step
        yield self._tick(rows)
        if unfit is not None:
            yield self._not_finite()

    def _steps_of_a_tick(self) -> None:
        at, calendar = self._at, self._calendar
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
                self._statistics.close_row(at.step, calendar.epoch(at), at.images_seen, at.seconds)
            if ended_epoch or elapsed >= _TICK_SECONDS:
                break
        self._just_stepped = time.perf_counter() - begin
        self._stepping += self._just_stepped

    def _step(self) -> None:
        at, config = self._at, self._config
        share = at.images_seen / self._calendar.total_images
        factor = learning_rate_factor(config, share)
        batches = []
        for _ in range(config.d_steps):
            images, labels = self._batches.at(at.images_seen, config.batch_size)
            batches.append((self._world.share(images), self._world.share(labels)))
            at.images_seen += config.batch_size
        self._statistics.add(self._duel.step(config, Moment(at.step, at.images_seen, share, factor), batches))
        self._pace.step()
        at.step += 1

    # --- beginnings

    def _begin(self) -> bool:
        """Begin, and return whether anything is to be trained: always."""
        self._start_afresh()
        if self._resume:
            self._wipe()
        self.folder.save_info(self._info)
        self.folder.save_noise(self._gallery.noise())
        self._log(f"began on {devices.describe(self._device)}, torch {torch.__version__}")
        if branch := self._info.branch_of:
            self._keep_state()
            self._log(f"the networks are those of epoch {branch.epoch} of {branch.run}; all else is new")
        return True

    def _continue(self) -> bool:
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
            return self._begin()
        self._load_state()
        owes = self._sample_is_due or self._inspector.owes(self.folder.qualities(), self._at.images_seen)
        if self._calendar.is_over(self._at) and not owes:
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
        at.ended_epochs = min(at.ended_epochs, self._calendar.shown_epochs(at))  # one cut short goes on

    def _wipe(self) -> None:
        """Drop all that was made: the training begins again."""
        self.folder.truncate(0, 0)
        self.folder.drop_after(0, -1)
        self._inspector.start_again([])

    def _start_afresh(self) -> None:
        self._at = Progress()
        self._stepping = self._just_stepped = 0.0  # seconds spent in steps since the beginning, and in the last tick
        self._budget_known = self._minutes is None
        self._live.begin(self._info.config, self._info.changes, 0)
        self._begin_threads()
        self._build()
        if branch := self._info.branch_of:
            self._duel.adopt(self._config, self._info.facts, *RunFolder(branch.run).snapshot(branch.epoch))

    def _load_state(self) -> None:
        self._stepping = self._just_stepped = 0.0
        arrays, facts = self.folder.state()
        checkpoint.check_fit(self._config, self._info.facts, arrays)
        self._budget_known = True
        self._build()
        self._duel.restore(arrays)
        try:
            self._at = progress_from(facts)
            self._statistics.restore(arrays["statistics.sum"], self._at.unfinished_row)
        except (ValueError, TypeError, KeyError, RuntimeError):
            raise checkpoint.does_not_fit() from None
        self._written_step = self._at.step
        self._live.begin(self._info.config, self._info.changes, self._at.images_seen)
        self._begin_threads()

    def _begin_threads(self) -> None:
        self._threads.begin(self._info.threads, self._at.images_seen)
        self._info.threads = self._threads.record

    def _follow(self) -> None:
        """Train along with the leading process, which alone reports and writes."""
        if self._resume:
            earlier = self.folder.info()
            self._info.changes, self._info.branch_of = earlier.changes, earlier.branch_of
        self._load_state() if self._resume and self.folder.has_state() else self._start_afresh()
        for _ in self._live.taken(self._at.images_seen):
            pass
        with suppress(RuntimeError):  # the leading process has ended, and with it the connection
            while not self._calendar.is_over(self._at):
                self._live.replay(self._at.images_seen)
                self._step()

    def _build(self) -> None:
        self._duel = Duel(self._config, self._info.facts, self._device, self._world)
        self._statistics = Statistics(self._device)
        self._pace = devices.Pace(self._device)

    # --- troubles

    def _insist(self, write: Callable[[], _T]) -> Generator[Event, None, _T]:
        """Write, and where the disk refuses, say so and try again whenever asked for the next event."""
        while True:
            try:
                return write()
            except DiskError as error:
                self._log(error.message)
                yield WriteBlocked(self._at.images_seen, error.message, error.hint)
                with suppress(DiskError):  # a torn last line goes, and a folder that was removed comes back
                    if not self.folder.exists():
                        self.folder.restore_folder(self._info, self._gallery.noise())
                    self.folder.truncate_metrics(self._written_step)

    def _last_row(self) -> tuple[MetricsRow, ...]:
        """Return the row under way as it stands; a training that goes on from here ends it in its time."""
        at = self._at
        return self._statistics.unfinished(at.step, self._calendar.epoch(at), at.images_seen, at.seconds)

    def _spoilt(self, rows: tuple[MetricsRow, ...], unfit: str) -> tuple[MetricsRow, ...]:
        """End the row under way, if one is; the last row says NaN of the player that went wrong.

        It does so where only a gradient was infinite, too: from it alone a run knows later what happened.
        """
        at = self._at
        self._statistics.close_row(at.step, self._calendar.epoch(at), at.images_seen, at.seconds)
        *rest, last = (*rows, *self._statistics.fetch().rows)
        return (*rest, last._replace(d_loss=math.nan) if unfit == "d" else last._replace(g_loss=math.nan))

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
    def _calendar(self) -> Calendar:
        return Calendar(self._info.facts.image_count, self._info.total_images if self._budget_known else _UNKNOWN)

    @property
    def _sample_is_due(self) -> bool:
        return self._calendar.sample_is_due(self._at, self._config.sample_every)

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
            *self._duel.parameter_counts(),
            self._remarks,
        )

    def _tick(self, rows: tuple[MetricsRow, ...]) -> Tick:
        at = self._at
        speed = self._speed.measure(at)
        total = self._info.total_images if self._budget_known else 0
        if self._minutes is not None and not self._budget_known:
            left: float | None = max(self._minutes * 60 - at.seconds, 0.0)
        else:
            left = max(total - at.images_seen, 0) / speed if speed else None
        return Tick(
            at.step,
            self._calendar.epoch(at),
            at.images_seen,
            total,
            at.seconds,
            speed,
            left,
            rows,
            self._threads.in_use,
        )

    def _sample(self) -> SamplesReady:
        with self._on_the_clock():
            return self._hang()

    def _hang(self) -> SamplesReady:
        epoch = self._calendar.sampled_epoch(self._at)
        return self._gallery.hang(self._duel, epoch, self._at.images_seen, self._inspector.best_epochs)

    def _save_where_it_stands(self) -> None:
        if not self._budget_known:
            self._fix_budget()
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
            with self._on_the_clock():
                share = self._inspector.teach_for(_TICK_SECONDS)
            yield self._judge_learning(share, is_last=True)  # whoever wants to stop or to pause is heard
        with self._on_the_clock():
            quality = self._inspector.look(
                self._duel.average.network,
                self._device,
                self._calendar.epochs_done(at),
                at.images_seen,
                at.seconds,
                must,
            )
        if quality is not None:
            yield from self._insist(partial(self.folder.append_quality, quality))
            yield QualityReady(quality)

    def _teach_judge(self) -> Iterator[Event]:
        with self._on_the_clock():
            share = self._inspector.teach(self._just_stepped)
        if share is not None:
            yield self._judge_learning(share)

    def _judge_learning(self, share: float, *, is_last: bool = False) -> EvaluatorTraining:
        return EvaluatorTraining(share, is_last, self._inspector.remark)

    def _save(self) -> CheckpointSaved:
        path = self._keep_state()
        self._at.saved_epoch = self._calendar.epochs_done(self._at)
        return CheckpointSaved(self._at.saved_epoch, self._at.images_seen, path)

    def _keep_state(self) -> Path:
        with self._on_the_clock():
            return self.folder.save_state(self._at.images_seen, *self._state())

    def _state(self) -> tuple[checkpoint.Arrays, dict[str, Any]]:
        total, unfinished_row = self._statistics.state()
        facts = asdict(self._at) | {
            "saved_epoch": self._calendar.epochs_done(self._at),
            "unfinished_row": unfinished_row,
        }
        return self._duel.arrays() | {"statistics.sum": total}, facts

    @contextmanager
    def _on_the_clock(self) -> Iterator[None]:
        """Count what is done here as training time."""
        begin = time.perf_counter()
        yield
        self._at.seconds += time.perf_counter() - begin

    def _apply_wishes(self) -> Iterator[Event]:
        for change in self._live.taken(self._at.images_seen):
            self._info.changes = with_change(self._info.changes, change)
            yield from self._insist(lambda: self.folder.save_info(self._info))
            images_seen, name, value = change
            yield OptionChanged(name, value, images_seen)

    def _training_threads(self) -> TrainingThreads:
        """Prepare this thread, and return what sets the number of threads that train along with it."""
        devices.prepare_training_thread(self._config.threads)
        follows = not self._config.threads and self._device.type == "cpu" and self._world.size == 1
        count = ThreadCount(devices.cores(), SystemLoad()) if follows else None
        return TrainingThreads(count, torch.set_num_threads)

    def _follow_machine(self) -> Iterator[Event]:
        if self._threads.follow(self._at.images_seen):
            self._info.threads = self._threads.record
            yield from self._insist(lambda: self.folder.save_info(self._info))

    def _fix_budget(self) -> None:
        """Turn the minutes into images. Where a schedule should have begun by now, begin again, knowing it."""
        assert self._minutes is not None
        lessons = self._inspector.seconds_to_learn
        total, begins_again = images_for(self._minutes * 60, self._config, self._at, self._stepping, lessons)
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
