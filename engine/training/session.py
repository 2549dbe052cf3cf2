"""What one process trains with, and the steps that move it on. Writes no files and tells no events."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from torch import Tensor, device

from engine import device as devices
from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.batches import Batches
from engine.datasets.images import ImageData
from engine.distributed import DistInfo
from engine.events import GeneratorSnapshot, MetricsRow
from engine.job import Job, result_of
from engine.runs import RunFolder, RunInfo
from engine.training import checkpoint
from engine.training.budget import Budget
from engine.training.gan import GAN
from engine.training.live_changes import LiveOptions
from engine.training.metrics_accumulator import MetricsAccumulator
from engine.training.schedule import EpochSchedule, TrainState, lr_scale_at, train_state_from
from engine.training.stages import Stage, Stages
from engine.training.threads import TrainingThreads
from engine.training.train_step import Batch, Player, StepInfo

TICK_SECONDS = 0.07

Checkpoint = tuple[Arrays, dict[str, Any]]


@dataclass(frozen=True)
class Setup:
    """What is settled before a training begins or goes on: ``info`` is the run's record, which grows with it."""

    info: RunInfo
    data: ImageData
    device: device
    dist: DistInfo
    live: LiveOptions
    threads: TrainingThreads


class Session:
    """Networks, position and options of a training: new ones, or those of a ``saved`` checkpoint, exactly.

    Raises ``UserError`` where the checkpoint, or the run that a new training branches from, does not fit.
    """

    def __init__(self, setup: Setup, saved: Checkpoint | None = None) -> None:
        self.info, self.device, self.dist = setup.info, setup.device, setup.dist
        self.live, self.threads = setup.live, setup.threads
        if saved is not None:
            checkpoint.validate_shapes(self.config, self.info.facts, saved[0])
        self.budget = Budget(self.info)
        self.state = TrainState()
        self.metrics = MetricsAccumulator(self.device)
        self.tick_seconds = 0.0  # in the steps of the last tick
        config = self.info.config
        self._batches = Batches(setup.data, config.seed, self.device, config.data_range, shuffle=config.shuffle)
        self._limiter = devices.StepLimiter(self.device)
        self.gan = self._new_gan() if saved is None else self._loaded_gan(*saved)

    def restart(self) -> None:
        """Begin again, as new: the budget is known now, and its schedules should have begun long ago."""
        self.info.threads = []
        self.state = TrainState()
        self.metrics = MetricsAccumulator(self.device)
        self.tick_seconds = 0.0
        self.gan = self._new_gan()

    @property
    def config(self) -> Config:
        """The options that the next step obeys."""
        return self.live.config

    @property
    def schedule(self) -> EpochSchedule:
        """The epochs of the training."""
        return self.budget.schedule

    @property
    def sample_is_due(self) -> bool:
        """Whether to show samples now."""
        return self.schedule.sample_is_due(self.state, self.config.sample_every)

    # --- steps

    def run_tick(self) -> None:
        """Take steps until it is time to report, or an epoch has ended."""
        at, schedule = self.state, self.schedule
        begin = time.perf_counter()
        seconds_before = at.seconds
        while not schedule.is_over(at):
            self.live.replay(at.images_seen)
            self.threads.replay(at.images_seen)
            self.step()
            elapsed = time.perf_counter() - begin
            at.seconds = seconds_before + elapsed
            if self._ends_row(schedule) or elapsed >= TICK_SECONDS:
                break
        self.tick_seconds = time.perf_counter() - begin
        self.budget.stepped(self.tick_seconds)

    def run_stages(self) -> Job[Stage, None]:
        """Take one step as a tick of its own, stage by stage; closed before its end, it is taken all the same."""
        at, before = self.state, self.state.seconds
        self.live.replay(at.images_seen)
        self.threads.replay(at.images_seen)
        step = self.gan.stages(*self._next_step())
        try:
            report = yield from self._timed_stages(step)
        except GeneratorExit:
            with self.timed():
                report = result_of(step)
            self._end_stages(report, before)
            raise
        self._end_stages(report, before)

    def trial(self, player: Player) -> tuple[GAN, Stages]:
        """Return copies of both players, of whom ``player`` alone learns from what the next step has."""
        before = replace(self.state)
        config, info, batches = self._next_step()
        self.state = before
        copies = self.gan.copied(config, self.info.facts)
        return copies, copies.stages_alone(player, config, info, batches[0])

    def _end_stages(self, report: Tensor, seconds_before: float) -> None:
        self._took(report)
        self._ends_row(self.schedule)
        self.tick_seconds = self.state.seconds - seconds_before

    def _timed_stages(self, step: Stages) -> Stages:
        while True:
            with self.timed():
                try:
                    stage = next(step)
                except StopIteration as end:
                    report: Tensor = end.value
                    return report
            yield stage

    def _ends_row(self, schedule: EpochSchedule) -> bool:
        """End the row under way where that is due, and tell whether an epoch ended."""
        at = self.state
        ended_epoch = schedule.has_just_ended(at)
        if ended_epoch or at.step % self.config.log_every == 0:
            self.metrics.flush(at.step, schedule.epoch(at), at.images_seen, at.seconds)
        return ended_epoch

    def step(self) -> None:
        """Take the next step."""
        config, info, batches = self._next_step()
        self._took(self.gan.step(config, info, batches))

    def _next_step(self) -> tuple[Config, StepInfo, list[Batch]]:
        at, config = self.state, self.config
        schedule = self.schedule
        progress, growth = schedule.share(at.images_seen), schedule.growth(at.images_seen)
        scale = lr_scale_at(config, progress)
        batches = []
        for _ in range(config.d_steps):
            images, labels = self._batches.get_batch(at.images_seen, config.batch_size)
            batches.append((self.dist.shard(images), self.dist.shard(labels)))
            at.images_seen += config.batch_size
        return config, StepInfo(at.step, at.images_seen, progress, scale, growth), batches

    def _took(self, report: Tensor) -> None:
        self.metrics.add(report)
        self._limiter.step()
        self.state.step += 1

    @contextmanager
    def timed(self) -> Iterator[None]:
        """Count what is done here as training time."""
        begin = time.perf_counter()
        try:
            yield
        finally:
            self.state.seconds += time.perf_counter() - begin

    # --- rows

    def unfinished_row(self) -> tuple[MetricsRow, ...]:
        """Return the row under way as it stands, if there is one; a training that goes on from here ends it."""
        at = self.state
        return self.metrics.unfinished(at.step, self.schedule.epoch(at), at.images_seen, at.seconds)

    def nonfinite_rows(self, rows: tuple[MetricsRow, ...], player: Literal["d", "g"]) -> tuple[MetricsRow, ...]:
        """Return ``rows`` with the row under way ended; the last one says NaN of the ``player`` that went wrong.

        It does so where only a gradient was infinite, too: from it alone a run knows later what happened.
        """
        at = self.state
        self.metrics.flush(at.step, self.schedule.epoch(at), at.images_seen, at.seconds)
        *rest, last = (*rows, *self.metrics.compute().rows)
        return (*rest, last._replace(d_loss=math.nan) if player == "d" else last._replace(g_loss=math.nan))

    # --- the state

    def checkpoint(self) -> Checkpoint:
        """Return all that a session needs to go on exactly from here."""
        total, unfinished_row = self.metrics.state()
        facts = asdict(self.state) | {
            "saved_epoch": self.schedule.epochs_done(self.state),
            "unfinished_row": unfinished_row,
        }
        return self.gan.state_dict() | {"statistics.sum": total}, facts

    def snapshot(self, with_opponent: bool) -> GeneratorSnapshot:
        """Return a copy of the averaged generator, and of D for ``with_opponent``."""
        opponent = checkpoint.network_state(self.gan.discriminator) if with_opponent else None
        return GeneratorSnapshot(self.state.images_seen, checkpoint.network_state(self.gan.ema.network), opponent)

    def _new_gan(self) -> GAN:
        self.live.begin(self.info.config, self.info.changes, 0)
        self._begin_threads()
        gan = GAN(self.config, self.info.facts, self.device, self.dist)
        if branch := self.info.branch_of:
            gan.load_networks(self.config, self.info.facts, *RunFolder(branch.run).snapshot(branch.epoch))
        return gan

    def _loaded_gan(self, arrays: Arrays, facts: dict[str, Any]) -> GAN:
        gan = GAN(self.config, self.info.facts, self.device, self.dist)
        gan.load_state_dict(arrays)
        try:
            self.state = train_state_from(facts)
            self.metrics.load_state(arrays["statistics.sum"], self.state.unfinished_row)
        except (ValueError, TypeError, KeyError, RuntimeError):
            raise checkpoint.does_not_fit() from None
        self.live.begin(self.info.config, self.info.changes, self.state.images_seen)
        self._begin_threads()
        return gan

    def _begin_threads(self) -> None:
        self.threads.begin(self.info.threads, self.state.images_seen)
        self.info.threads = self.threads.record
