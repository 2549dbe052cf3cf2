"""What runs are written with."""

import numpy as np

from engine.events import MetricsRow
from engine.runs import RunInfo
from tests import tiny

ROWS = [MetricsRow(i, 1, 8 * i, 0.5 * i, 1.25, float("nan") if i == 2 else 0.75, 0.6, 0.4, i) for i in range(1, 5)]
MEGABYTE = {"w": np.zeros(249_900, np.float32)}  # with its header a little less than 10⁶ bytes


def filled(folder):
    """Write a run with a change, rows, three states and a snapshot into ``folder``, and return it."""
    folder.create()
    folder.save_info(RunInfo(tiny.config(), tiny.data().facts, [(8, "g_lr", 0.01)]))
    folder.append_metrics(ROWS)
    for images in (80, 160, 240):
        weights = {f"{player}.w": np.full(3, images, np.float32) for player in ("average", "discriminator")}
        folder.save_state(images, weights | {"other": np.zeros(2)}, {"step": images})
    folder.save_snapshot(1, {"w": np.zeros(3, np.float32)}, {"v": np.ones(3, np.float32)})
    return folder
