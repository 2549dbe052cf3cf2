"""The door to a class wall: looks what hangs on one, and shares there what is trained here. Knows no widget."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine.job import Job, Progress
from engine.runs import RunFolder
from engine.wall.cards import Card, Wall
from engine.wall.places import begin_wall
from engine.wall.sharing import SharedRun
from studio.services.training import TrainingService
from studio.workers.failure import Failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

_REST_MS = 5000  # between two copies of what is trained


class ClassWallService(QObject):
    """``wall`` is the one that is looked at, with its ``cards``; what is trained goes to ``shared_with``."""

    changed = Signal()
    """There are other ``cards``, another ``wall``, or one that cannot be read: then ``problem`` says why."""
    shared = Signal()
    """What is trained hangs on the wall as it stands."""
    out_of_reach = Signal(Failure)
    """What is trained could not be shared; told once until it can be again. It is tried again as the training goes on.
    """

    def __init__(self, jobs: JobRunner, training: TrainingService, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.wall: Path | None = None
        self.cards: tuple[Card, ...] = ()
        self.problem: Failure | None = None
        self.is_read = False
        """``cards`` are those of ``wall``."""
        self.shared_with: Path | None = None
        self._jobs, self._training = jobs, training
        self._wall = Wall(Path())
        self._student = ""
        self._run: SharedRun | None = None
        self._looking: RunningJob[Progress, list[Card]] | None = None
        self._is_lost = self._is_sharing = False
        self._rest = QTimer(self, singleShot=True, interval=_REST_MS)
        self._rest.timeout.connect(self._share)
        training.ticked.connect(self._on_news)
        for happened in (training.current.grid_added, training.current.quality_added):
            happened.connect(self._on_news)
        training.stopped.connect(self._share)

    # --- looking

    def open(self, wall: Path) -> None:
        """Look at ``wall``, which becomes a class wall if it is none."""
        self.wall, self.cards, self.problem, self.is_read = wall, (), None, False
        self._wall = Wall(wall)
        self.changed.emit()
        self._look(partial(_begun, self._wall))

    def look(self) -> None:
        """Look what is new, unless that is being done."""
        if self.wall is not None and (self._looking is None or not self._looking.is_alive()):
            self._look(self._wall.cards)

    def stop_looking(self) -> None:
        """Look at no wall any more."""
        if self._looking is not None:
            self._looking.cancel(silently=True)
        self.wall, self.cards, self.problem, self.is_read = None, (), None, False
        self.changed.emit()

    def _look(self, make_job: Callable[[], Job[Progress, list[Card]]]) -> None:
        if self._looking is not None:
            self._looking.cancel(silently=True)
        listeners: Listeners[Progress, list[Card]] = Listeners(result=self._on_cards, failed=self._on_unread)
        self._looking = self._jobs.start("looking at the class wall", make_job, listeners, keeps_pace=True)

    def _on_cards(self, cards: list[Card]) -> None:
        if tuple(cards) != self.cards or self.problem is not None or not self.is_read:
            self.cards, self.problem, self.is_read = tuple(cards), None, True
            self.changed.emit()

    def _on_unread(self, failed: Failure) -> None:
        if self.problem is None:
            self.problem = failed  # the cards that were seen stay
            self.changed.emit()

    # --- sharing

    def share_with(self, wall: Path | None, student: str) -> None:
        """Share what is trained from now on with ``wall`` as ``student``'s; with None, nothing."""
        self.shared_with, self._student, self._run, self._is_lost = wall, student, None, False
        self._share()

    def _on_news(self, *_: object) -> None:
        if self.shared_with is not None and not self._rest.isActive():
            self._rest.start()

    def _share(self) -> None:
        run = self._training.current.run
        if self.shared_with is None or run is None or self._is_sharing:
            return
        if self._run is None or self._run.run.path != run.path:
            self._run = SharedRun(RunFolder(run.path), self.shared_with, self._student)
        self._is_sharing = True
        listeners: Listeners[None, Path] = Listeners(
            result=lambda _: self._on_shared(), failed=self._on_failed, end=self._on_end
        )
        self._jobs.in_turn("sharing", self._run.update, listeners)

    def _on_shared(self) -> None:
        self._is_lost = False
        self.shared.emit()

    def _on_failed(self, failed: Failure) -> None:
        if not self._is_lost:
            self._is_lost = True
            self.out_of_reach.emit(failed)

    def _on_end(self) -> None:
        self._is_sharing = False


def _begun(wall: Wall) -> Job[Progress, list[Card]]:
    begin_wall(wall.folder)
    return (yield from wall.cards())
