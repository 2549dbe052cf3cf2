"""The data set of a person's own table: the rows of the CSV file that the option ``data_root`` names."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import numpy as np

from engine import files
from engine.config import Config
from engine.datasets.images import ImageData
from engine.datasets.sets import DataSet
from engine.datasets.source import Source
from engine.errors import UserError
from engine.i18n import tr
from engine.job import Job, Progress
from engine.points import csv_file
from engine.points.scale import to_unit


class _Table(Source):
    def __init__(self) -> None:
        self._last: tuple[tuple[object, ...], ImageData] | None = None

    def read(self, chosen: DataSet, config: Config) -> Job[Progress, ImageData]:
        """Return all rows; a large table takes seconds, so the one read last is known as long as its file is the same.

        Who plans, who looks at it, who counts and who trains ask for it one after the other.
        """
        path = _path(config)
        stamp = _stamp(path)
        if self._last is not None and self._last[0] == stamp:
            return self._last[1]
        table = yield from csv_file.read(path)
        points = to_unit(table.values, table.columns)[:, :, None, None]
        data = ImageData(points, np.full(len(points), -1, np.int64), (), columns=table.columns)
        self._last = stamp, data
        return data

    def is_at_hand(self, chosen: DataSet, config: Config) -> bool:
        """Whether a file is named."""
        return bool(config.data_root)


SOURCE = _Table()


def _stamp(path: Path) -> tuple[object, ...]:
    """Return what is another one as soon as the file is."""
    with suppress(OSError):
        found = path.stat()
        return path, found.st_ino, found.st_size, found.st_mtime_ns, found.st_ctime_ns
    return (path, object())


def _path(config: Config) -> Path:
    if not config.data_root:
        raise UserError(
            tr("It is not said which table to train on."), tr("Choose its CSV file."), options=("--data-root",)
        )
    return files.typed(config.data_root)
