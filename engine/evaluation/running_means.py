"""The means that the rows of a run tell. Pure functions; knows no files and no torch."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from engine.events import MetricsRow


def running_means(rows: Sequence[MetricsRow]) -> tuple[float, float]:
    """Return the means of D's and G's loss over every step since the first, NaN without rows.

    Each row counts as many times as it has steps.
    """
    if not rows:
        return float("nan"), float("nan")
    steps = np.diff([0, *(row.step for row in rows)]).astype(np.float64)
    losses = np.array([(row.d_loss, row.g_loss) for row in rows])
    d, g = (steps @ losses / steps.sum()).tolist()
    return d, g
