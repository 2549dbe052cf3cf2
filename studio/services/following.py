"""What another process adds to the run that is shown: brought into the window as it comes, as if it trained here."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

from PySide6.QtCore import QObject, QTimer, Signal

from engine.errors import UserError
from engine.runs import RunFolder
from engine.runs.store import stamp_of
from studio.model.run import Run, ShownRun
from studio.services.readers import read_record
from studio.services.training import TrainingService
from studio.workers.job_runner import JobRunner, Listeners, RunningJob

_REST_SECONDS = 2.0
_MOST_OF_A_CORE = 0.2  # the record of a very long run takes seconds to read

News = tuple[bool, str, Run | None]
"""Whether somebody trains it, what its files look like, and what they tell where they look otherwise than before."""


class FollowingService(QObject):
    """Looks at the run shown every few seconds, unless it is trained here; what was added is put into it."""

    changed = Signal()
    """Whether the run shown ``is_trained_elsewhere``."""
    went_on = Signal()
    """The run has a newer checkpoint, or is another one since somebody else went back in it."""

    def __init__(
        self, shown: ShownRun, training: TrainingService, jobs: JobRunner, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self.is_trained_elsewhere = False
        self._shown, self._training, self._jobs = shown, training, jobs
        self._stamp = ""
        self._begun = 0.0
        self._looking: RunningJob[None, News] | None = None
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.look)
        shown.run_changed.connect(self._begin)
        training.stopped.connect(self._begin)

    @property
    def is_at_rest(self) -> bool:
        """Whether no look is under way."""
        return self._looking is None

    def look(self) -> None:
        """Look now, unless that is being done, or nothing is there to follow."""
        run = self._shown.run
        if run is None or self._training.trains(run) or self._looking is not None:
            return
        self._begun = time.monotonic()
        work = partial(_news, run.path, self._stamp, run.images_seen)
        told: Listeners[None, News] = Listeners(result=partial(self._on_news, run), end=self._on_end)
        self._looking = self._jobs.do("following a run", work, told)

    def _begin(self) -> None:
        """Follow another run from now on, or none."""
        if self._looking is not None:
            self._looking.cancel(silently=True)
            self._looking = None
        self._rest.stop()
        self._stamp = ""
        self._tell(False)
        self.look()

    def _on_news(self, run: Run, news: News) -> None:
        is_trained, self._stamp, now = news
        before = run.images_seen
        if now is not None and run.take_up(now):
            self._shown.put(run)
        if run.images_seen != before:
            self.went_on.emit()
        self._tell(is_trained)

    def _on_end(self) -> None:
        self._looking = None
        seconds = max(_REST_SECONDS, (time.monotonic() - self._begun) / _MOST_OF_A_CORE)
        self._rest.start(round(1000 * seconds))

    def _tell(self, is_trained: bool) -> None:
        if is_trained != self.is_trained_elsewhere:
            self.is_trained_elsewhere = is_trained
            self.changed.emit()


def _news(path: Path, known: str, images_seen: int) -> News:
    """Look at the run in ``path``: the first time, what rests is read again only where it has another checkpoint."""
    folder = RunFolder(path)
    is_trained, stamp = folder.is_locked(), stamp_of(path)
    try:
        rests = not known and not is_trained and folder.images_seen() == images_seen
        return is_trained, stamp, None if rests or stamp == known else read_record(path)
    except UserError:  # gone, or damaged: what is shown of it stays
        return False, stamp, None
