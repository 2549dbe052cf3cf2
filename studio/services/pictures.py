"""The door to the sample grids of the run shown: read beside the window, the newest wish first."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QTimer, Signal

from studio.model.run import CurrentRun
from studio.model.run_data import RunData
from studio.services.readers import read_grid
from studio.workers.bridge import Bridge
from studio.workers.failure import Failure, failure
from studio.workers.latest_only import IsStale, LatestOnlyWorker


class PicturesService(QObject):
    """Puts what was read into the data of the run, which announce it."""

    failed = Signal(Failure)

    def __init__(self, shown: CurrentRun, bridge: Bridge, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.worker = LatestOnlyWorker("sample grids", bridge)
        self._shown = shown
        self._small: Sequence[int] = ()
        self._soon = QTimer(self, singleShot=True, interval=0)
        self._soon.timeout.connect(lambda: self._read("small", self._small))
        shown.run_changed.connect(self.worker.forget)
        shown.run_changed.connect(self._soon.stop)

    def want(self, epoch: int) -> None:
        """Read the grid of ``epoch``, which shall be shown large; replaces the wish before that is not yet begun."""
        self._read("large", [epoch])

    def want_all(self, epochs: Sequence[int]) -> None:
        """Read the grids of ``epochs``, of which small parts shall be shown; replaces such a wish in the same way.

        It begins once what is being laid out is painted: reading would take Python's lock from that again and again.
        """
        self._small = epochs
        self._soon.start()

    def _read(self, channel: str, epochs: Sequence[int]) -> None:
        data = self._shown.data
        files = {epoch: data.grid_files[epoch] for epoch in epochs if epoch in data.grid_files}
        self.worker.request(channel, partial(_grids, files), partial(self._on_read, data), self._on_failed)

    def _on_read(self, data: RunData, grids: dict[int, NDArray[np.uint8]]) -> None:
        data.keep_grids(grids)

    def _on_failed(self, error: Exception) -> None:
        self.failed.emit(failure(error))


def _grids(files: dict[int, Path], is_stale: IsStale) -> dict[int, NDArray[np.uint8]]:
    grids = {}
    for epoch, file in files.items():
        if is_stale():
            break
        grids[epoch] = read_grid(file)
    return grids
