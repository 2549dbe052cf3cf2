"""The door to what takes longer on the generator that is shown: directions, a search for a picture, a map.

Each kind of work is one job, in a thread of its own, on copies of its own; beginning it again replaces it. Knows no
views, and not what the work is.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from PySide6.QtCore import QObject, Signal

from engine.job import Job, Progress
from engine.runs import RunFolder
from studio.model.run import ShownRun
from studio.services.generator import GeneratorService, LoadedGenerator
from studio.services.reading import Readers
from studio.workers.job_runner import JobRunner, Listeners, RunningJob
from studio.workers.torch_thread import prepare

if TYPE_CHECKING:
    from engine.evaluation.reader import Reader
    from engine.latent.generator_session import GeneratorSession


class Ground(NamedTuple):
    """What work on a generator begins with; ``path`` is the folder of its run, ``readers`` know what reads it."""

    generator: LoadedGenerator
    path: Path
    readers: Readers


def epoch_of(ground: Ground) -> int:
    """Return the epoch of the generator of ``ground``, of the newest that of the last kept; reads its folder."""
    kept = ground.generator.ref.kept
    return kept if kept is not None else max(RunFolder(ground.path).generator_epochs(), default=0)


def generator_session(ground: Ground) -> GeneratorSession:
    """Return the generator of ``ground`` to work with, in the thread of a job."""
    from engine.latent.generator_session import GeneratorSession

    session = GeneratorSession(ground.generator.config, ground.generator.facts)
    session.load(ground.generator.state)
    return session


def reader_of(ground: Ground) -> Job[Progress, Reader]:
    """Return what reads pictures of the run of ``ground``, in the thread of a job."""
    return (yield from ground.readers.of(ground.generator.config, ground.generator.facts))


MakeJob = Callable[[Ground], Generator[Any, None, Any]]


class _UnderWay(NamedTuple):
    job: RunningJob[Any, Any]
    listeners: Listeners[Any, Any]


class ExploringService(QObject):
    """Work on a generator is told to who began it, and ends where another run is shown; ``ended`` carries its kind."""

    ended = Signal(str)

    def __init__(
        self,
        jobs: JobRunner,
        shown: ShownRun,
        generator: GeneratorService,
        readers: Readers,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._jobs, self._shown, self._generator, self._readers = jobs, shown, generator, readers
        self._under_way: dict[str, _UnderWay] = {}
        shown.run_changed.connect(self._on_shown)

    def start(self, kind: str, make: MakeJob, listeners: Listeners[Any, Any]) -> bool:
        """Begin ``make`` of the generator that is shown, and tell ``listeners``; return whether there is one."""
        self.cancel(kind)
        run, generator = self._shown.run, self._generator.loaded
        if run is None or generator is None:
            return False
        work = partial(_prepared, make, Ground(generator, run.path, self._readers))
        job = self._jobs.start(f"exploring: {kind}", work, replace(listeners, end=partial(self._on_end, kind)))
        self._under_way[kind] = _UnderWay(job, listeners)
        return True

    def is_busy(self, kind: str) -> bool:
        """Whether work of this kind is under way."""
        return kind in self._under_way

    def cancel(self, kind: str) -> None:
        """End work of this kind at its next event; nothing more is told of it but that it ended."""
        if kind in self._under_way:
            self._under_way[kind].job.cancel(silently=True)
            self._on_end(kind)

    def _on_shown(self) -> None:
        for kind in list(self._under_way):
            self.cancel(kind)

    def _on_end(self, kind: str) -> None:
        self._under_way.pop(kind).listeners.end()
        self.ended.emit(kind)


def _prepared(make: MakeJob, ground: Ground) -> Generator[Any, None, Any]:
    prepare()
    return (yield from make(ground))
