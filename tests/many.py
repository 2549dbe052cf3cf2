"""Makes a home of a thousand runs and a run of two million rows, to see whether the window stays alive beside them.

``python -m tests.many HOME`` writes them below HOME/runs; ``DUELO_HOME=HOME python main.py`` opens a window on them.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path

import numpy as np

from engine.events import MetricsRow
from engine.runs import RunFolder, RunInfo, metrics
from tests.engine import hostile

RUNS, ROWS, PIECE = 1000, 2_000_000, 100_000


def make_many(root: Path, count: int = RUNS) -> None:
    """Write ``count`` small finished runs below ``root``, all of them in full but for their weights."""
    for number in range(count):
        run = RunFolder(root / f"2026-01-01_{number:06d}_studio")
        run.create()
        run.save_info(RunInfo(hostile.CONFIG, hostile.FACTS))
        for epoch in range(1, 5):
            grid = np.random.default_rng(number + epoch).integers(0, 255, (238, 298), np.uint8)
            run.save_samples(epoch, grid)
        run.append_metrics([MetricsRow(i, 1, 8 * i, 0.5 * i, 1.25, 0.75, 0.6, 0.4, 0) for i in range(1, 41)])
        (run.path / "checkpoints" / "state-000000000320.safetensors").write_bytes(b"")
        os.utime(run.path / "config.json", (number * 1000, number * 1000))


def make_long(path: Path, count: int = ROWS) -> None:
    """Write a run of ``count`` rows, the losses of which wander."""
    run = hostile.make_run(path)
    run.save_info(RunInfo(hostile.CONFIG.changed(total_images=8 * count), hostile.FACTS))
    (path / "metrics.csv").unlink()
    chance, step = np.random.default_rng(0), 0
    while step < count:
        number = np.arange(step + 1, min(step + PIECE, count) + 1, dtype=np.float64)
        noise = chance.normal(0, 0.1, (4, len(number)))
        slow = np.sin(number / 90_000)
        columns = [1.2 + slow / 4, 0.8 - slow / 4, 0.6 + slow / 10, 0.4 - slow / 10]
        values = np.clip(np.stack(columns) + noise * [[1], [1], [0.3], [0.3]], 0, None)
        table = np.stack([number, 8 * number // 80 + 1, 8 * number, number / 40, *values, 0 * number], axis=1)
        run.append_metrics(metrics.rows_of(table))
        step += PIECE


if __name__ == "__main__":
    home = Path(sys.argv[1])
    make_many(home / "runs")
    make_long(home / "runs" / "long")
