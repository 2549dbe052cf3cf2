"""The door to real images before a training: looks at them, counts what training on them costs, and times it."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QObject, Signal

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.job import Progress
from studio.model.run import ShownRun
from studio.services import readers
from studio.services.readers import CostRead, ImagesAbsent, RealImages
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob


class ImagesService(QObject):
    """Answers each question in the background, without fetching anything."""

    looked_at = Signal(object)
    """``RealImages``, or ``ImagesAbsent`` where they are not on this machine."""
    cost_read = Signal(CostRead)
    timed = Signal(Config, float)
    """How many images a second a training with these options learns from here, measured; 0 where nobody can say."""
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._asked: Config | None = None
        self._timing: RunningJob[Progress, float] | None = None

    def look_at(self, config: Config) -> None:
        """Look at the real images that ``config`` names; ``looked_at`` answers."""
        self._asked = config
        self._jobs.do(
            "reading data",
            partial(readers.look_at_images, config),
            Listeners(result=self.looked_at.emit, failed=partial(self._on_failed, config)),
        )

    def tell_again(self) -> None:
        """Answer the newest question once more, if the answer is still wanted."""
        if self._asked is not None:
            self.look_at(self._asked)

    def _on_failed(self, config: Config, failed: Failure) -> None:
        """Tell what was wrong, unless it was asked for other images since."""
        if config is self._asked:
            self.failed.emit(failed)

    def are_wanted(self, answer: RealImages | ImagesAbsent) -> bool:
        """Whether ``answer`` is the one to the newest question, and nothing else was shown since it was asked."""
        return answer.config is self._asked

    def want_none(self) -> None:
        """Something else is shown: who looked at real images for it comes too late."""
        self._asked = None

    def read_cost(self, config: Config, facts: DatasetInfo) -> None:
        """Count what a training with ``config`` costs; ``cost_read`` answers, if such networks can be built."""
        self.count_cost(config, facts, self._on_cost_read)

    def count_cost(self, config: Config, facts: DatasetInfo, tell: Callable[[CostRead | None], object]) -> None:
        """Count the same and ``tell`` it to who asks alone, None where no such networks can be built."""
        self._jobs.do(
            "counting a cost",
            partial(readers.read_cost, config, facts),
            Listeners(result=tell, failed=self.failed.emit),
        )

    def _on_cost_read(self, cost: CostRead | None) -> None:
        if cost is not None:
            self.cost_read.emit(cost)

    def time_training(self, config: Config) -> None:
        """Train with ``config`` for a moment, if that can be done without fetching anything; ``timed`` answers."""
        self.stop_timing()
        answer: Listeners[Progress, float] = Listeners(
            result=partial(self.timed.emit, config), failed=lambda _: self.timed.emit(config, 0.0)
        )
        self._timing = self._jobs.start("timing a training", partial(readers.time_training, config), answer)

    def stop_timing(self) -> None:
        """A training begins, or something else that needs the cores: it would be timed beside that."""
        if self._timing is not None:
            self._timing.cancel(silently=True)


def run_beside(shown: ShownRun, config: Config) -> str:
    """Return the name of the run that is shown if it learned from other images than ``config`` names."""
    run = shown.run
    return "" if run is None or readers.same_images(run.info.config, config) else run.title
