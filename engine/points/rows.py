"""Points as rows of a CSV file: in their own units, with as many decimals as those had that they learned from."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from engine.arrays import Points
from engine.datasets.info import Column
from engine.points.scale import to_own


def to_csv(points: Points, columns: Sequence[Column]) -> bytes:
    """Return the file that holds ``points`` ``[N, C]``, below the names of their ``columns``."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow([column.name for column in columns])
    for row in to_own(points, columns).tolist():
        writer.writerow([_written(value, column) for value, column in zip(row, columns, strict=True)])
    return text.getvalue().encode()


def _written(value: float, column: Column) -> str:
    if column.decimals < 0:
        return f"{value:.6g}"
    text = f"{value:.{column.decimals}f}"
    return text.removeprefix("-") if not float(text) else text
