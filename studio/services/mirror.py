"""The door to several runs at once: reads them, and the pictures of a moment, cut to the noise that they share."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from PySide6.QtCore import QObject, Signal

from engine.arrays import Picture
from engine.errors import UserError
from engine.pictures import tile
from engine.runs import RunFolder
from studio.model.mirror import Mirror, MirroredRun
from studio.services.readers import name_of, read_grid, read_record
from studio.workers.failure import Failure, failure
from studio.workers.job_runner import JobRunner, Listeners, RunningJob
from studio.workers.latest_only import IsStale, LatestOnlyWorker

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
        self._kept: dict[Path, Picture] = {}  # of the worker's thread alone

    def open(self, paths: Sequence[Path]) -> None:
        """Read the runs in ``paths``; ``ready`` answers, for the newest wish."""
        if self._reading:
            self._reading.cancel(silently=True)
        work = partial(_read, list(paths))
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
        same = mirror.same_noise()
        found: list[Picture | None] = []
        for place, each in enumerate(mirror.shown):
            epoch = mirror.epoch_of(place, moment)
            if epoch is None:
                found.append(None)
                continue
            grid = self._grid(each.run.data.grid_files[epoch])
            found.append(_fitting(_cut(grid, each.run.info.facts.size, same)))
        return found

    def _grid(self, path: Path) -> Picture:
        grid = self._kept.pop(path, None)
        if grid is None:
            grid = read_grid(path)
        self._kept[path] = grid  # at the end: the first one was looked at longest ago
        total = sum(kept.nbytes for kept in self._kept.values())
        while total > _KEPT_BYTES and len(self._kept) > 1:
            total -= self._kept.pop(next(iter(self._kept))).nbytes
        return grid


def _read(paths: Sequence[Path]) -> Mirror:
    return Mirror([_mirrored(path) for path in paths])


def _mirrored(path: Path) -> MirroredRun:
    folder, run = RunFolder(path), read_record(path)
    try:
        noise = folder.noise()
    except UserError:
        noise = None
    if noise is not None and not {"z", "labels"} <= noise.keys():
        noise = None
    return MirroredRun(name_of(folder), run, noise)


def _cut(grid: Picture, size: int, count: int) -> Picture:
    """Return the first ``count`` tiles of a grid, in as many columns; 0 leaves it whole."""
    columns, rows = (grid.shape[1] + _GAP) // (size + _GAP), (grid.shape[0] + _GAP) // (size + _GAP)
    if not 0 < count < rows * columns or not columns:
        return grid
    images = np.stack([_tile_at(grid, size, *divmod(number, columns)) for number in range(count)])
    return tile(images, min(columns, count), _GAP)


def _tile_at(grid: Picture, size: int, row: int, column: int) -> Picture:
    top, left = row * (size + _GAP), column * (size + _GAP)
    return grid[top : top + size, left : left + size]


def _fitting(picture: Picture) -> Picture:
    stride = -(-max(picture.shape[:2]) // _MOST_PIXELS)
    return picture if stride == 1 else np.ascontiguousarray(picture[::stride, ::stride])
