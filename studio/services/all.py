"""All services of a window, with what is shown and what is trained, and how they end together. Knows no widget."""

from __future__ import annotations

import time
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal

from studio import garbage
from studio.model.noted import Noted
from studio.model.run import ShownRun
from studio.model.work_state import WorkState
from studio.services.asking import AskingService
from studio.services.diagnosis_monitor import DiagnosisMonitor
from studio.services.exploring import ExploringService
from studio.services.following import FollowingService
from studio.services.generator import GeneratorService
from studio.services.images import ImagesService
from studio.services.inspection import InspectionService
from studio.services.known_images import KnownImages
from studio.services.mirror import MirrorService
from studio.services.own_recipes import OwnRecipes
from studio.services.pictures import PicturesService
from studio.services.points import PointsService
from studio.services.queue import QueueService
from studio.services.readers import OpenedRun
from studio.services.reading import ReadingService
from studio.services.run_files import RunFiles
from studio.services.runs import RunsService
from studio.services.snapshot_selector import SnapshotSelector
from studio.services.training import TrainingService
from studio.workers.job_runner import JobRunner
from studio.workers.torch_thread import import_torch

if TYPE_CHECKING:
    from studio.services.duels import DuelService
    from studio.services.searching import SearchService
    from studio.services.styling import StylingService

_KEEPING_SECONDS = 20.0


class Services(QObject):
    """``shown`` is the run that the window shows, ``training.current`` the one that is trained; often the same.

    A training that begins is shown, unless a person opened another run meanwhile; ``show_live`` goes back to it.
    """

    search_changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        garbage.only_when_asked()
        collecting = QTimer(self, interval=garbage.PERIOD_MS)
        collecting.timeout.connect(garbage.collect)
        collecting.start()
        self.jobs = JobRunner(self)
        self.shown = ShownRun()
        self.noted = Noted()
        self.training = TrainingService(self.jobs, self)
        self.runs = RunsService(self.jobs, self)
        self.run_files = RunFiles(self.jobs, self)
        self.mirror = MirrorService(self.jobs, self)
        self.own_recipes = OwnRecipes(self.jobs, self)
        self.queue = QueueService(self.jobs, self.training, self)
        self.images = ImagesService(self.jobs, self)
        self.shown.run_changed.connect(self.images.want_none)
        self.generator = GeneratorService(self.jobs.bridge, self)
        self.reading = ReadingService(self.shown, self.generator, self.jobs.bridge, self)
        self.exploring = ExploringService(self.jobs, self.shown, self.generator, self.reading.readers, self)
        self.asking = AskingService(self.shown, self.generator, self.reading.readers, self.jobs.bridge, self)
        self.snapshots = SnapshotSelector(self.shown, self.training, self.generator, self)
        self.inspection = InspectionService(self.shown, self.jobs.bridge, self)
        self.pictures = PicturesService(self.shown, self.jobs.bridge, self)
        self.following = FollowingService(self.shown, self.training, self.jobs, self)
        self.following.went_on.connect(self.snapshots.read_newest)
        self.points = PointsService(self.shown, self.training, self.jobs.bridge, self)
        self.health = DiagnosisMonitor(self.shown, self)
        self.trained_health = DiagnosisMonitor(self.training.current, self, rest_ms=3000)  # mostly shown, too
        """The first watches the run shown, the second the one that is trained, whichever is shown."""
        self.known_images = KnownImages(self.images, self.runs, self)
        self.is_ending = False
        """The window closes as soon as the training is saved: nothing is begun any more."""
        asked = (self.generator, self.reading, self.asking, self.inspection, self.pictures, self.points, self.mirror)
        self._workers = tuple(service.worker for service in asked)
        self._keeps_shown = False
        self.training.state_changed.connect(self._on_state_changed)
        self.training.current.run_changed.connect(self._on_training_begun)
        self.runs.opened.connect(self._on_opened)

    @cached_property
    def searching(self) -> SearchService:
        """What searches for better options, made when it is first asked for."""
        from studio.services.searching import SearchService

        searching = SearchService(self.jobs, self)
        searching.state_changed.connect(self._on_search_changed)
        self.training.why_not = searching.why_no_training
        return searching

    @cached_property
    def duels(self) -> DuelService:
        """What lets two meet without names, made when it is first asked for, too."""
        from studio.services.duels import DuelService

        return DuelService(self.jobs, self)

    @cached_property
    def styling(self) -> StylingService:
        """What paints pictures in the style of others, made when it is first asked for, too."""
        from studio.services.styling import StylingService

        return StylingService(self.jobs, self)

    # --- what is shown

    @property
    def shows_live(self) -> bool:
        """Whether the run shown is being trained right now."""
        return self.training.trains(self.shown.run)

    @property
    def shows_another(self) -> bool:
        """Whether a run is being trained and another one is shown."""
        return self.training.trains(self.training.current.run) and not self.shows_live

    @property
    def can_resume(self) -> bool:
        """Whether the run shown rests, unfinished or not judged, and nothing else is trained."""
        run, is_taken = self.shown.run, self.training.is_busy or self.following.is_trained_elsewhere
        return not is_taken and run is not None and run.can_go_on

    @property
    def owes_verdict(self) -> bool:
        """Whether the run shown rests, and only its judge has something left to do."""
        run, is_taken = self.shown.run, self.training.is_busy or self.following.is_trained_elsewhere
        return not is_taken and run is not None and run.owes_verdict

    def open(self, path: Path, *, go_on: bool = False) -> None:
        """Show the run in ``path``; ``go_on`` then resumes it, unless something is trained by then."""
        live = self.training.current.run
        if live is not None and self.training.trains(live) and live.path == path:
            self.show_live()
        else:
            self._keeps_shown = self.training.state is WorkState.PREPARING
            self.runs.open(path, go_on=go_on)

    def show_live(self) -> None:
        """Show the run that is being trained, or was last, again."""
        live = self.training.current.run
        self.runs.open_none()
        if live is not None and live is not self.shown.run:
            self.shown.put(live)

    def _on_state_changed(self, state: WorkState) -> None:
        if state is WorkState.PREPARING:
            self._keeps_shown = False

    def _on_search_changed(self) -> None:
        """What is lined up has waited for the end of the search."""
        if not self.searching.is_busy:
            self.queue.go_on()
        self.search_changed.emit()

    def _on_training_begun(self) -> None:
        live = self.training.current.run
        if live is not None and not self._keeps_shown:
            self.runs.open_none()
            self.shown.put(live)

    def _on_opened(self, opened: OpenedRun, go_on: bool) -> None:
        self.shown.put(opened.run)
        self.snapshots.begin_with(opened.generator)
        if go_on and not self.training.is_busy:
            self.training.resume(opened.run)

    # --- begin and end

    def preload(self) -> None:
        """Import torch behind the window, so that the first training starts at once."""
        self.jobs.do("importing torch", import_torch)

    def stop(self) -> None:
        """Let every thread end as soon as it can; nothing is told any more. Does not wait."""
        self.jobs.stop()
        self.training.leave()
        for worker in self._workers:
            worker.stop()

    def wait(self, seconds: float) -> None:
        """Wait until all threads have ended, ``seconds`` at most for all of them together.

        Before that, what would be lost is waited for longer: a training, a trial, what a person keeps. Who waits for a
        server or a dead disk cannot be ended: such threads are left to ``app``, which ends all.
        """
        end = time.monotonic() + _KEEPING_SECONDS
        self.training.wait_until_saved(end)
        for late in {"searching", "styling"} & vars(self).keys():  # those that somebody asked for
            getattr(self, late).wait_until_kept(end)
        self.jobs.wait_until_kept(end)
        end = time.monotonic() + seconds
        self.jobs.wait(end)
        for worker in self._workers:
            worker.wait(end)
