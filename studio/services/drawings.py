"""Clouds of points that a person drew, as tables in the home: to be called in jobs, never in the UI thread."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.i18n import tr

_COLUMNS = "x,y"
_DIGITS = 5


def keep_cloud(points: NDArray[np.float32]) -> Path:
    """Write points ``[N, 2]`` as a new table among the drawings of this person, and return it; raises ``DiskError``."""
    folder = files.home() / "drawings"
    with files.telling_disk_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    rows = (",".join(f"{value:.{_DIGITS}g}" for value in row) for row in points.tolist())
    path = _free(folder)
    files.write_atomically(path, ("\n".join([_COLUMNS, *rows]) + "\n").encode())
    return path


def _free(folder: Path) -> Path:
    number = 1
    while (path := folder / tr("drawing-{number}.csv", number=number)).exists():
        number += 1
    return path
