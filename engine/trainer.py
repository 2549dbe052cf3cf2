"""The door to training: what is asked for is checked, the images are read, and ``engine.training.loop`` does the rest.

Knows nothing of who asks.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress

import torch

from engine import device as devices
from engine import distributed
from engine.config import MINUTES, Config, option
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.errors import UserError
from engine.evaluation.scheduler import EvaluationScheduler
from engine.events import Event, OutOfMemory
from engine.i18n import tr
from engine.job import Job
from engine.numbers import limits
from engine.runs import AnyRun, Branch, MemoryRun, RunFolder, RunInfo, Schedule
from engine.training import branching, log_lines
from engine.training.judging import Judging
from engine.training.live_changes import LiveOptions
from engine.training.loop import TrainingLoop
from engine.training.requests import Requests
from engine.training.run_writer import RunWriter, log
from engine.training.sample_logger import SampleLogger
from engine.training.session import Session, Setup
from engine.training.starting import Starter
from engine.training.threads import SystemLoad, ThreadCount, TrainingThreads
from engine.training.train_step import Player


class Trainer:
    """One training: from scratch in a new run, or (``resume``) on from a run's newest checkpoint.

    ``run`` is the run's folder, or a ``MemoryRun``, where nothing is written and what comes of it is looked up; it is
    one where none is given. ``minutes`` replaces the epochs by a number of images that is fixed from the speed measured
    in the first seconds and written into the run, so that the training can be repeated and resumed exactly.
    ``branch_of`` lets a new run branch off another one: where that is exact, it goes on from the full state that was
    kept of the moment, with what the other run tells until then, under the options ``config``; otherwise it begins
    with the networks of that epoch, and position, optimizers and chance are new. Where a run that goes on gets another
    length, ``schedule`` says whether its learning rates follow it. ``data`` are the images that ``config`` names, where
    they are at hand already.
    Iterate ``run`` in the thread that shall train; ``change`` and the requests may be called from any. What is
    changed before ``run`` holds from the first step on.
    """

    def __init__(
        self,
        config: Config,
        run: AnyRun | None = None,
        *,
        minutes: float | None = None,
        resume: bool = False,
        branch_of: Branch | None = None,
        schedule: Schedule = "stretch",
        data: ImageData | None = None,
    ) -> None:
        if minutes is not None and not MINUTES[0] <= minutes <= MINUTES[1]:
            raise UserError(
                tr("The minutes of training cannot be “{minutes}”.", minutes=f"{minutes:g}"),
                limits(*MINUTES, whole=False),
            )
        config.check(config if resume else None)
        if minutes is not None and distributed.world_size() > 1:
            raise UserError(
                tr("Several processes cannot agree on minutes."),
                tr("Say how many epochs are to be trained."),
                options=("--epochs",),
            )
        self.folder: AnyRun = MemoryRun() if run is None else run
        self.session: Session | None = None
        """What trains, as soon as ``Started`` was told: for the thread that iterates, between two events."""
        self._live = LiveOptions(config)
        self._minutes = minutes
        self._resume = resume
        self._branch_of = branch_of
        self._schedule: Schedule = schedule
        self._data = data
        self._requests = Requests()

    def change(self, name: str, value: float) -> None:
        """Give an option that may change live a new value from the next tick on; raises ``UserError``."""
        if not option(name).live:
            raise UserError(
                tr("“{label}” cannot change while training.", label=tr(option(name).label)),
                tr("Stop, change it, and start a new run."),
            )
        self._live.config.changed(**{name: value}).check(self._live.config)
        self._live.wish(name, value)

    def request_snapshot(self, *, with_opponent: bool = False) -> None:
        """Ask for a ``GeneratorSnapshot`` at the next tick, with a copy of D beside G where it is wanted."""
        if with_opponent:
            self._requests.with_opponent.set()
        self._requests.snapshot.set()

    def request_stages(self, trial: Player | None = None) -> None:
        """Ask for the next step in stages, each a ``StepStage``, at the next tick. It is the same step.

        With ``trial`` it is one in which that player learns alone, on copies: the training stays where it is.
        """
        self._requests.trial = trial
        self._requests.stages.set()

    def run(self) -> Job[Event, None]:
        """Train and yield what happens. Raises ``UserError``; the run's last good state stays intact."""
        config = self._live.config
        device = distributed.local_device(devices.resolve(config.device))
        dist = distributed.init(device, config.batch_size)
        try:
            threads = _training_threads(config, device, dist)
            if self._branch_of is not None and self._branch_of.is_exact and not self._resume:
                config = yield from self._branch_off(self._branch_of)
            data = self._data or (yield from catalog.read(config))
            info = RunInfo(config, data.facts, minutes=self._minutes, branch_of=self._branch_of)
            setup = Setup(info, data, device, dist, self._live, threads)
            if dist.is_rank_zero:
                yield from self._run_rank0(setup)
            else:
                self._run_worker(setup)
        finally:
            distributed.shut_down()

    def _branch_off(self, origin: Branch) -> Job[Event, Config]:
        """Make the new run what the other one was at that moment, to go on from there; return its options."""
        if distributed.world_size() > 1 or not isinstance(self.folder, RunFolder):
            raise UserError(
                tr("A new run branches off in one process, and in a folder."),
                tr("Begin it so, and let several processes go on with it."),
                options=("--resume",),
            )
        yield from branching.branch_off(RunFolder(origin.run), origin, self._live.config, self.folder, self._schedule)
        self._resume = True
        self._live = LiveOptions(self.folder.info().config)
        return self._live.config

    def _run_rank0(self, setup: Setup) -> Iterator[Event]:
        if not self._resume:
            self.folder.create()
        elif self.folder.info().minutes is None and self.folder.has_made() and not self.folder.has_state():
            self.folder.state()  # says what is missing before the lock, which would leave a file in a run of others
        with self.folder.lock():
            if not self._resume:
                self.folder.create()  # again: somebody else may have begun, and even ended, there meanwhile
            try:
                yield from self._train(setup)
            except (MemoryError, RuntimeError) as error:
                if not devices.is_out_of_memory(error):
                    raise
                log(self.folder, log_lines.out_of_memory())
                smaller = self._live.config.batch_size // 2
                seen = self.session.state.images_seen if self.session else self.folder.images_seen()
                yield OutOfMemory(seen, smaller if smaller >= 2 else 0)

    def _train(self, setup: Setup) -> Iterator[Event]:
        config = self._live.config
        samples, scheduler = SampleLogger(config, setup.data, self.folder), EvaluationScheduler(config, setup.data)
        starter = Starter(self.folder, setup, samples, scheduler, self._schedule)
        session, is_left = starter.resume() if self._resume else (starter.start(), True)
        self.session = session
        writer = RunWriter(self.folder, session, samples.noise())
        judging = Judging(scheduler, session, writer)
        loop = TrainingLoop(session, writer, samples, judging, starter, self._requests)
        yield from loop.run(setup.data.remarks, is_left)

    def _run_worker(self, setup: Setup) -> None:
        """Train along with the process of rank 0, which alone reports and writes."""
        if self._resume:
            earlier = self.folder.info()
            setup.info.changes, setup.info.branch_of = earlier.changes, earlier.branch_of
        session = Session(setup, self.folder.state() if self._resume and self.folder.has_state() else None)
        if self._resume:
            total, seen = setup.info.total_images, session.state.images_seen
            setup.info.extensions = earlier.extended(total, seen, self._schedule)
        for _ in session.live.taken(session.state.images_seen):
            pass
        with suppress(RuntimeError):  # the process of rank 0 has ended, and with it the connection
            while not session.schedule.is_over(session.state):
                session.live.replay(session.state.images_seen)
                session.step()


def _training_threads(config: Config, device: torch.device, dist: distributed.DistInfo) -> TrainingThreads:
    """Prepare this thread, and return what sets the number of threads that train along with it."""
    devices.prepare_training_thread(config.threads)
    follows = not config.threads and device.type == "cpu" and dist.size == 1
    count = ThreadCount(devices.cores(), SystemLoad()) if follows else None
    return TrainingThreads(count, torch.set_num_threads)
