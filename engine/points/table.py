"""The data set of a person's own table: the rows of the CSV file that the option ``data_root`` names."""

from __future__ import annotations

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
    def read(self, chosen: DataSet, config: Config) -> Job[Progress, ImageData]:
        """Return all rows."""
        table = yield from csv_file.read(_path(config))
        points = to_unit(table.values, table.columns)[:, :, None, None]
        return ImageData(points, np.full(len(points), -1, np.int64), (), columns=table.columns)

    def is_at_hand(self, chosen: DataSet, config: Config) -> bool:
        """Whether a file is named."""
        return bool(config.data_root)


SOURCE = _Table()


def _path(config: Config) -> Path:
    if not config.data_root:
        raise UserError(
            tr("It is not said which table to train on."), tr("Choose its CSV file."), options=("--data-root",)
        )
    return files.typed(config.data_root)
