"""The door to several runs at once: reads them, and the pictures of a moment, of the noise that they share."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.arrays import Picture
from engine.errors import UserError
from engine.i18n import joined
from engine.pictures import tile
from engine.runs import RunFolder
from studio.model.mirror import Mirror, MirroredRun
from studio.model.run import Run
from studio.model.shared_noise import Drawn
from studio.services.readers import read_grid, read_record
from studio.workers.failure import Failure, failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob
from studio.workers.latest_only import IsStale, LatestOnlyWorker
from studio.workers.torch_thread import prepare

if TYPE_CHECKING:
    from engine.latent.generator_session import GeneratorSession

_KEPT_BYTES = 64 * 2**20
_MOST_PIXELS = 1024  # of a side: what is larger than any place for it is made smaller where it is read
_GAP = 2


class MirrorService(QObject):
    """``ready`` carries a ``Mirror``; ``pictures_ready`` the moment, and of each run shown a picture or None."""

    ready = Signal(object)
    pictures_ready = Signal(int, list)
    failed = Signal(Failure)

    def __init__(self, jobs: JobRunner, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self.worker = LatestOnlyWorker("mirror", jobs.bridge)
        self._reading: RunningJob[Any, Any] | None = None
        # Of the worker's thread alone:
        self._kept: dict[Hashable, Picture] = {}
        self._of: Mirror | None = None
        self._sessions: dict[Path, GeneratorSession] = {}

    def open(self, paths: Sequence[Path], students: Sequence[str] = ()) -> None:
        """Read the runs in ``paths``, of ``students`` if that is told; ``ready`` answers, for the newest wish."""
        if self._reading:
            self._reading.cancel(silently=True)
        work = partial(_read, list(paths), list(students) or [""] * len(paths))
        listeners: Listeners[None, Mirror] = Listeners(result=self.ready.emit, failed=self.failed.emit)
        self._reading = self._jobs.do("reading runs side by side", work, listeners)

    def want(self, mirror: Mirror, moment: int) -> None:
        """Read the pictures of ``moment``; replaces the wish before that is not yet begun."""
        work = partial(self._pictures, mirror, moment)
        self.worker.request("pictures", work, partial(self.pictures_ready.emit, moment), self._on_failed)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(failure(error))

    # --- in the worker's thread

    def _pictures(self, mirror: Mirror, moment: int, _is_stale: IsStale) -> list[Picture | None]:
        if mirror is not self._of:
            self._of, self._sessions = mirror, {}
        return [self._picture(mirror, place, moment) for place in range(len(mirror.shown))]

    def _picture(self, mirror: Mirror, place: int, moment: int) -> Picture | None:
        shown, run = mirror.shown_at(place, moment), mirror.shown[place].run
        if shown is None:
            return None
        columns = mirror.noise.columns
        if shown.drawn is not None:
            key = (mirror, place, shown.epoch)
            return self._known(key, partial(self._drawn, run, shown.epoch, shown.drawn, columns))
        path = run.data.grid_files[shown.epoch]
        grid = self._known(path, partial(read_grid, path))
        return _fitting(_cut(grid, run.info.facts.tile_size, shown.places, columns))

    def _drawn(self, run: Run, epoch: int, drawn: Drawn, columns: int) -> Picture:
        """Return what the generator that was kept of an epoch draws of the noise that all share."""
        prepare()
        from engine.latent.generator_session import GeneratorSession
        from engine.points.sheet import sheet

        session = self._sessions.get(run.path)
        if session is None:
            session = self._sessions[run.path] = GeneratorSession(run.info.config, run.info.facts)
        session.load(RunFolder(run.path).generator(epoch))
        return _fitting(sheet(session.render(drawn.z, drawn.labels), columns))

    def _known(self, key: Hashable, make: Callable[[], Picture]) -> Picture:
        picture = self._kept.pop(key, None)
        if picture is None:
            picture = make()
        self._kept[key] = picture  # at the end: the first one was looked at longest ago
        total = sum(kept.nbytes for kept in self._kept.values())
        while total > _KEPT_BYTES and len(self._kept) > 1:
            total -= self._kept.pop(next(iter(self._kept))).nbytes
        return picture


def _read(paths: Sequence[Path], students: Sequence[str]) -> Mirror:
    return Mirror([_mirrored(path, student) for path, student in zip(paths, students, strict=True)])


def _mirrored(path: Path, student: str) -> MirroredRun:
    folder, run = RunFolder(path), read_record(path)
    try:
        noise = folder.noise()
    except UserError:
        noise = None
    name = joined(student, folder.title(), between=" · ")
    return MirroredRun(name, run, noise, tuple(folder.generator_epochs()))


def _cut(grid: Picture, size: int, places: Sequence[int], columns: int) -> Picture:
    """Return the tiles of a grid at ``places``, in ``columns``; none means all of it, and so does a damaged grid, and
    one that is a single picture (``size`` 0).
    """
    if not size:
        return grid
    across, down = (grid.shape[1] + _GAP) // (size + _GAP), (grid.shape[0] + _GAP) // (size + _GAP)
    is_whole = columns == across and tuple(places) == tuple(range(across * down))
    if not places or is_whole or max(places) >= across * down:
        return grid
    return tile(np.stack([_tile_at(grid, size, *divmod(at, across)) for at in places]), min(columns, len(places)), _GAP)


def _tile_at(grid: Picture, size: int, row: int, column: int) -> Picture:
    top, left = row * (size + _GAP), column * (size + _GAP)
    return grid[top : top + size, left : left + size]


def _fitting(picture: Picture) -> Picture:
    stride = -(-max(picture.shape[:2]) // _MOST_PIXELS)
    return picture if stride == 1 else np.ascontiguousarray(picture[::stride, ::stride])
