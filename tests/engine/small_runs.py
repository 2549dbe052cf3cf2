"""What runs are written with."""

import numpy as np

from engine.events import MetricsRow

ROWS = [MetricsRow(i, 1, 8 * i, 0.5 * i, 1.25, float("nan") if i == 2 else 0.75, 0.6, 0.4, i) for i in range(1, 5)]
MEGABYTE = {"w": np.zeros(249_900, np.float32)}  # with its header a little less than 10⁶ bytes
