"""THE loop: a generator of events that the command line, the tests and the window consume alike.

Stopping is ``close()`` (the run is saved), pausing is not asking for the next event. Knows nothing of who asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

from engine import device as devices
from engine.diagnosis.remedies import after_not_finite
from engine.events import (
    CheckpointSaved,
    Event,
    Finished,
    NotFinite,
    SamplesReady,
    Started,
    Tick,
)
from engine.job import Job
from engine.training import log_lines
from engine.training.judging import Judging
from engine.training.magnifier import Magnifier
from engine.training.metrics_accumulator import TickMetrics
from engine.training.requests import Requests
from engine.training.run_writer import RunWriter
from engine.training.sample_logger import SampleLogger
from engine.training.schedule import STEADY_SECONDS, Throughput
from engine.training.session import Session
from engine.training.starting import Starter
from engine.training.train_step import Player


class TrainingLoop:
    """Trains ``session`` to its end, keeps in the run what comes of it, and tells it."""

    def __init__(
        self,
        session: Session,
        writer: RunWriter,
        samples: SampleLogger,
        judging: Judging,
        starter: Starter,
        requests: Requests,
    ) -> None:
        self._session = session
        self._writer = writer
        self._run = writer.run
        self._samples = samples
        self._judging = judging
        self._starter = starter
        self._requests = requests
        self._throughput, self._steady = Throughput(), Throughput(STEADY_SECONDS)

    def run(self, remarks: tuple[str, ...], is_left: bool) -> Iterator[Event]:
        """Tell what is about to begin, with ``remarks`` about the images, and train if anything ``is_left`` to."""
        for remark in remarks:
            self._writer.log(remark)
        yield self._started(remarks)
        if self._session.state.images_seen == 0 and 0 not in self._run.verdicts():
            yield (yield from self._writer.retry_io(self._sample))  # epoch 0, before any step's time has begun to count
        if is_left:
            yield from self._judging.prepare()
            yield from self._train()
        else:
            yield self._finished()

    def _train(self) -> Iterator[Event]:
        session, writer, judging = self._session, self._writer, self._judging
        must_save = True
        try:
            while True:
                # Done?
                at, schedule = session.state, session.schedule
                done = schedule.is_over(at)

                # Report
                metrics = session.metrics.compute()
                must_save = metrics.nonfinite is None
                yield from self._report(metrics, done)
                if metrics.nonfinite is not None:
                    return

                # Sample
                if is_sampled := session.sample_is_due:
                    if session.budget.is_known and not self._run.has_state():
                        yield from writer.retry_io(self._keep_state)  # nothing is made that cannot be gone on with
                    yield (yield from writer.retry_io(self._timed_sample))
                at.ended_epochs = schedule.shown_epochs(at)

                # Hand over
                if self._requests.snapshot.is_set() or done:
                    self._requests.snapshot.clear()
                    yield session.snapshot(self._requests.take_opponent())

                # Checkpoint
                if session.budget.is_known and schedule.checkpoint_is_due(at, session.config.checkpoint_every):
                    saved = yield from writer.retry_io(self._save_epoch)
                    must_save = not done
                    yield saved

                # Judge, when all is safe
                if is_sampled or done:
                    yield from judging.maybe_evaluate(done)

                # Break
                if done:
                    break

                # Change
                yield from session.live.apply(session.info, at.images_seen, writer.info)
                if session.threads.follow(at.images_seen):
                    session.info.threads = session.threads.record
                    yield from writer.info()

                # Teach the judge
                yield from judging.train_judge()

                # Steps of this tick: nothing is told before its numbers were looked at
                if self._requests.stages.is_set():
                    self._requests.stages.clear()
                    yield from self._stages(self._requests.trial)
                else:
                    session.run_tick()
                if session.budget.is_measured(session.state):
                    self._resolve_budget()
                    yield from writer.retry_io(self._write_budget)
        except GeneratorExit:
            if must_save:
                self._stop()
            raise
        writer.log(log_lines.finished(session))
        yield self._finished()

    # --- what is told

    def _started(self, remarks: tuple[str, ...]) -> Started:
        session = self._session
        return Started(
            self._run.path,
            devices.describe(session.device),
            session.info.config,
            session.info.facts,
            session.state.images_seen,
            session.budget.total_images,
            *session.gan.parameter_counts(),
            remarks,
        )

    def _finished(self) -> Finished:
        at = self._session.state
        return Finished(at.ended_epochs, at.images_seen, at.seconds)

    def _report(self, metrics: TickMetrics, done: bool) -> Iterator[Event]:
        """Write and tell the rows of the last tick, and whose numbers, if anybody's, were not finite."""
        rows, nonfinite = metrics
        if nonfinite is not None:
            rows = self._session.nonfinite_rows(rows, nonfinite)
        elif done:
            rows += self._session.unfinished_row()
        yield from self._writer.rows(rows)
        yield self._tick(metrics._replace(rows=rows))
        if nonfinite is not None:
            yield self._not_finite()

    def _tick(self, metrics: TickMetrics) -> Tick:
        session, at = self._session, self._session.state
        return Tick(
            at.step,
            session.schedule.epoch(at),
            at.images_seen,
            session.budget.total_images,
            at.seconds,
            self._throughput.measure(at),
            session.budget.seconds_left(at, self._steady.measure(at)),
            metrics.rows,
            session.threads.in_use,
            session.unfinished_row(),
        )

    def _stages(self, trial: Player | None) -> Job[Event, None]:
        gan, stages = self._session.trial(trial) if trial else (self._session.gan, self._session.run_stages())
        magnifier = Magnifier(gan, self._session.config, self._session.state.step, trial or "")
        with closing(stages):
            yield from map(magnifier.event, stages)

    def _not_finite(self) -> NotFinite:
        at = self._session.state
        self._writer.log(log_lines.not_finite(at))
        return NotFinite(at.step, at.images_seen, self._run.images_seen(), after_not_finite(self._session.config))

    # --- what is kept

    def _sample(self) -> SamplesReady:
        session = self._session
        epoch = session.schedule.sampled_epoch(session.state)
        return self._samples.log(session.gan, epoch, session.state.images_seen, self._judging.scheduler.best_epochs)

    def _timed_sample(self) -> SamplesReady:
        with self._session.timed():
            return self._sample()

    def _save(self) -> CheckpointSaved:
        path = self._keep_state()
        at = self._session.state
        at.saved_epoch = self._session.schedule.epochs_done(at)
        return CheckpointSaved(at.saved_epoch, at.images_seen, path)

    def _save_epoch(self) -> CheckpointSaved:
        """Save the end of an epoch, and keep it for branches."""
        saved, session = self._save(), self._session
        epoch = session.schedule.shown_epochs(session.state)
        self._run.keep_for_branching(epoch, session.state.images_seen, session.config.max_branch_mb)
        return saved

    def _keep_state(self) -> Path:
        with self._session.timed():
            return self._run.save_state(self._session.state.images_seen, *self._session.checkpoint())

    def _stop(self) -> None:
        """Save where the training stands, unless a number of the step that somebody looked at was not finite."""
        rows, nonfinite = self._session.metrics.compute()
        if nonfinite is None:
            if rows:
                self._run.append_metrics(rows)
            self._save_where_it_stands()

    def _save_where_it_stands(self) -> None:
        if not self._session.budget.is_known:
            self._resolve_budget()
            self._write_budget()
        self._save()
        if row := self._session.unfinished_row():
            self._run.append_metrics(row)
        self._writer.log(log_lines.stopped(self._session))

    # --- minutes become images

    def _resolve_budget(self) -> None:
        """Turn the minutes into images. Where a schedule should have begun by now, begin again, knowing it."""
        session = self._session
        lessons = self._judging.scheduler.seconds_to_learn
        if session.budget.resolve(session.config, session.state, lessons):
            session.restart()
        else:
            session.live.begin(session.info.config, session.info.changes, session.state.images_seen)

    def _write_budget(self) -> None:
        """Write how many images there are to train on, and first the state to go on from."""
        if not self._session.state.step:
            self._starter.wipe()
        self._save()
        self._run.save_info(self._session.info)
