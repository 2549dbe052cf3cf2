"""THE loop: a generator of events that the command line, the tests and the window consume alike.

Stopping is ``close()`` (the run is saved), pausing is not asking for the next event. Knows nothing of who asks.
"""

from __future__ import annotations

import queue
import threading
import time
from collections import deque
from collections.abc import Generator, Iterator
from dataclasses import asdict, dataclass

import torch

from engine import device as devices
from engine.config import Config, option
from engine.data import catalogue
from engine.data.batches import Batches
from engine.errors import UserError
from engine.events import (
    CheckpointSaved,
    Event,
    Finished,
    GeneratorReady,
    MetricsRow,
    NotFinite,
    OptionChanged,
    SamplesReady,
    Started,
    Tick,
)
from engine.i18n import tr
from engine.run_folder import RunFolder, RunInfo
from engine.training import checkpoint
from engine.training.duel import Duel
from engine.training.sample_grid import SampleGrid
from engine.training.statistics import Statistics

_TICK_SECONDS = 0.07
_SPEED_WINDOW_SECONDS = 5.0
_MEASURE_SECONDS = 5.0
_UNKNOWN = 2**62


@dataclass
class _Progress:
    """Where training stands; part of every checkpoint. ``seconds`` leaves pauses out."""

    step: int = 0
    images_seen: int = 0
    seconds: float = 0.0
    ended_epochs: int = 0
    saved_epoch: int = 0
    unfinished_row: int = 0


class Trainer:
    """One training: from scratch in a new run folder, or (``resume``) on from a run's newest checkpoint.

    ``minutes`` replaces the epochs by a number of images that is fixed from the speed measured in the first
    seconds and written into the run, so that the training can be repeated and resumed exactly.
    Iterate ``run`` in the thread that shall train; ``change`` and ``want_generator`` may be called from any.
    """

    def __init__(
        self, config: Config, run_folder: RunFolder, *, minutes: float | None = None, resume: bool = False
    ) -> None:
        if minutes is not None and not 0.01 <= minutes <= 100_000:
            raise UserError(
                tr("The minutes of training cannot be {minutes}.", minutes=f"{minutes:g}"),
                tr("Give a number from {minimum} to {maximum}.", minimum="0.01", maximum="100000"),
            )
        self._config = config
        self._folder = run_folder
        self._minutes = minutes
        self._resume = resume
        self._wishes: queue.SimpleQueue[tuple[str, float]] = queue.SimpleQueue()
        self._generator_wanted = threading.Event()

    def change(self, name: str, value: float) -> None:
        """Give an option that may change live a new value from the next tick on; raises ``UserError``."""
        if not option(name).live:
            raise UserError(
                tr("“{label}” cannot change while training.", label=tr(option(name).label)),
                tr("Stop, change it, and start a new run."),
            )
        self._config.changed(**{name: value})
        self._wishes.put((name, value))

    def want_generator(self) -> None:
        """Ask for a ``GeneratorReady`` at the next tick."""
        self._generator_wanted.set()

    def run(self) -> Generator[Event, None, None]:
        """Train and yield what happens. Raises ``UserError``; the run's last good state stays intact."""
        self._device = devices.resolve(self._config.device)
        devices.prepare_training_thread(self._config.threads)
        data = catalogue.load(self._config)
        self._info = RunInfo(self._config, data.facts)
        self._batches = Batches(data, self._config.seed, self._device)
        self._grid = SampleGrid(self._config, data.facts)
        self._speed: deque[tuple[float, int]] = deque()
        if not self._resume:
            self._folder.create()
        else:
            self._folder.info()
        with self._folder.lock():
            self._continue() if self._resume else self._begin()
            yield self._started()
            yield from self._train()

    def _train(self) -> Iterator[Event]:
        finite = True
        try:
            while True:
                # Done?
                done = self._at.images_seen >= self._total_images

                # Report
                rows, finite = self._statistics.fetch()
                if rows:
                    self._folder.append_metrics(rows)
                yield self._tick(rows)
                if not finite:
                    self._folder.log(f"a loss is not finite at step {self._at.step}; stopped")
                    yield NotFinite(self._at.step, self._at.images_seen)
                    return

                # Sample
                if self._epochs_done > self._at.ended_epochs or (done and self._is_cut_short):
                    yield self._sample()

                # Hand over
                if self._generator_wanted.is_set() or done:
                    self._generator_wanted.clear()
                    yield GeneratorReady(self._at.images_seen, checkpoint.network_arrays(self._duel.average.network))

                # Checkpoint
                if self._budget_known and (
                    done or self._epochs_done >= self._at.saved_epoch + self._config.checkpoint_every
                ):
                    yield self._save()

                # Break
                if done:
                    break

                # Change
                yield from self._apply_wishes()

                # Steps of this tick
                self._steps_of_a_tick()
                if not self._budget_known and self._at.seconds >= _MEASURE_SECONDS:
                    self._fix_budget()
        except GeneratorExit:
            if finite:
                if not self._budget_known:
                    self._fix_budget()
                self._save()
                self._folder.log(f"stopped at {self._at.images_seen} images")
            raise
        self._folder.log(f"finished after {self._at.images_seen} images and {self._at.seconds:.1f} s")
        yield Finished(self._at.ended_epochs, self._at.images_seen, self._at.seconds)

    def _steps_of_a_tick(self) -> None:
        at, batch = self._at, self._config.batch_size
        begin = time.perf_counter()
        seconds_before = at.seconds
        while at.images_seen < self._total_images:
            self._replay_changes()
            images, labels = self._batches.at(at.images_seen, batch)
            factor = self._learning_rate_factor()
            at.images_seen += batch
            self._statistics.add(self._duel.step(self._config, at.step, images, labels, at.images_seen, factor))
            at.step += 1
            elapsed = time.perf_counter() - begin
            at.seconds = seconds_before + elapsed
            ended_epoch = self._epochs_done > at.ended_epochs
            if ended_epoch or at.step % self._config.log_every == 0:
                self._statistics.close_row(at.step, self._epoch, at.images_seen, at.seconds)
            if ended_epoch or elapsed >= _TICK_SECONDS:
                break

    # --- beginnings

    def _begin(self) -> None:
        self._at = _Progress()
        self._budget_known = self._minutes is None
        self._future_changes: deque[tuple[int, str, float]] = deque()
        self._build()
        self._folder.save_info(self._info)
        self._folder.save_noise(self._grid.arrays())
        self._folder.log(f"began on {devices.describe(self._device)}, torch {torch.__version__}")

    def _continue(self) -> None:
        earlier = self._folder.info()
        if earlier.facts != self._info.facts:
            raise UserError(
                tr("The data set is not the one that this run was trained on."),
                tr("Give the folder with the same images, or start a new run."),
            )
        arrays, facts = self._folder.state()
        self._budget_known = True
        self._build()
        self._duel.restore(arrays)
        try:
            self._at = _Progress(**facts)
            self._statistics.restore(arrays["statistics.sum"], self._at.unfinished_row)
        except (TypeError, KeyError, RuntimeError):
            raise checkpoint.does_not_fit() from None
        self._info.changes = earlier.changes
        self._future_changes = deque(earlier.changes)
        self._replay_changes()
        self._folder.cut_metrics(self._at.step)
        self._folder.save_info(self._info)
        self._folder.log(f"resumed at {self._at.images_seen} images on {devices.describe(self._device)}")

    def _build(self) -> None:
        self._duel = Duel(self._config, self._info.facts, self._device)
        self._statistics = Statistics(self._device)

    # --- parts of the loop

    @property
    def _total_images(self) -> int:
        return self._info.total_images if self._budget_known else _UNKNOWN

    @property
    def _epochs_done(self) -> int:
        return self._at.images_seen // self._info.facts.image_count

    @property
    def _epoch(self) -> int:
        """The epoch under way, from 1; the last one may be cut short by the budget."""
        epochs = -(-self._total_images // self._info.facts.image_count)
        return min(self._at.ended_epochs + 1, max(epochs, 1))

    @property
    def _is_cut_short(self) -> bool:
        return bool(self._total_images % self._info.facts.image_count)

    def _started(self) -> Started:
        return Started(
            self._folder.path,
            devices.describe(self._device),
            self._info.config,
            self._info.facts,
            self._at.images_seen,
            self._info.total_images if self._budget_known else 0,
            *self._duel.parameter_counts(),
        )

    def _tick(self, rows: tuple[MetricsRow, ...]) -> Tick:
        at = self._at
        self._speed.append((at.seconds, at.images_seen))
        while len(self._speed) > 2 and at.seconds - self._speed[0][0] > _SPEED_WINDOW_SECONDS:
            self._speed.popleft()
        seconds, images = (now - then for now, then in zip(self._speed[-1], self._speed[0], strict=True))
        speed = images / seconds if seconds > 0 else 0.0
        total = self._info.total_images if self._budget_known else 0
        if self._minutes is not None and not self._budget_known:
            left: float | None = max(self._minutes * 60 - at.seconds, 0.0)
        else:
            left = max(total - at.images_seen, 0) / speed if speed else None
        return Tick(at.step, self._epoch, at.images_seen, total, at.seconds, speed, left, rows)

    def _sample(self) -> SamplesReady:
        begin = time.perf_counter()
        epoch = self._epochs_done if self._epochs_done > self._at.ended_epochs else self._epoch
        self._at.ended_epochs = self._epochs_done
        grid = self._grid.draw(self._duel.average.network, self._device)
        path = self._folder.save_samples(epoch, grid)
        self._folder.save_generator(epoch, checkpoint.network_arrays(self._duel.average.network))
        self._at.seconds += time.perf_counter() - begin
        return SamplesReady(epoch, self._at.images_seen, grid, path)

    def _save(self) -> CheckpointSaved:
        begin = time.perf_counter()
        self._at.saved_epoch = self._epochs_done
        total, self._at.unfinished_row = self._statistics.state()
        arrays = self._duel.arrays() | {"statistics.sum": total}
        path = self._folder.save_state(self._at.images_seen, arrays, asdict(self._at))
        self._at.seconds += time.perf_counter() - begin
        return CheckpointSaved(self._epochs_done, self._at.images_seen, path)

    def _learning_rate_factor(self) -> float:
        """1 until ``decay_start``, then a straight line to 0 at the end; the schedule follows images_seen."""
        left = 1.0 - self._at.images_seen / self._total_images
        start = self._config.decay_start
        return 1.0 if start >= 1.0 else min(1.0, left / (1.0 - start))

    def _apply_wishes(self) -> Iterator[Event]:
        while not self._wishes.empty():
            name, value = self._wishes.get()
            self._config = self._config.changed(**{name: value})
            self._info.changes = sorted([*self._info.changes, (self._at.images_seen, name, value)], key=lambda c: c[0])
            self._folder.save_info(self._info)
            yield OptionChanged(name, value, self._at.images_seen)

    def _replay_changes(self) -> None:
        while self._future_changes and self._future_changes[0][0] <= self._at.images_seen:
            _, name, value = self._future_changes.popleft()
            self._config = self._config.changed(**{name: value})

    def _fix_budget(self) -> None:
        """Turn the minutes into images. Where the rates should have begun to fall by now, begin again, knowing it."""
        assert self._minutes is not None
        at = self._at
        speed = at.images_seen / at.seconds if at.seconds else 0.0
        total = max(int(speed * self._minutes * 60), at.images_seen, self._config.batch_size)
        self._config = self._config.changed(total_images=total)
        self._info.config = self._info.config.changed(total_images=total)
        self._folder.save_info(self._info)
        self._budget_known = True
        if self._learning_rate_factor() < 1.0 and at.images_seen < total:
            self._folder.cut_metrics(0)
            self._at = _Progress()
            self._build()
