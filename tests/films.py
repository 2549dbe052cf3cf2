"""Run folders with samples and curves that were never trained: something to film in a moment."""

from __future__ import annotations

import math
from pathlib import Path

import numpy as np

from engine.events import MetricsRow, Quality
from engine.pictures import tile
from engine.runs import RunFolder, RunInfo
from tests import tiny

COUNT = tiny.COUNT


def row(step: int, epoch: int, images: int, **values: float) -> MetricsRow:
    """Return a row of an uneventful training with ``values`` changed."""
    plain = {"d_loss": 1.3, "g_loss": 0.8 + 0.1 * math.sin(step), "d_real": 0.6, "d_fake": 0.4}
    return MetricsRow(step=step, epoch=epoch, images_seen=images, seconds=0.1 * step, **(plain | values))


def grid(epoch: int, rows: int = 2, columns: int = 3, size: int = 8, color: bool = False) -> np.ndarray:
    """Return samples that differ from epoch to epoch and hold a few gray levels, or colors."""
    shape = (rows * columns, size, size, 3) if color else (rows * columns, size, size)
    return tile((np.random.default_rng(epoch).integers(0, 16, shape) * 17).astype(np.uint8), columns)


def make(path: Path, epochs: int = 4, rows: list[MetricsRow] | None = None, judged: bool = True, **kind: object):
    """Write the run folder ``path`` with ``epochs`` sample grids and return it."""
    run = RunFolder(path)
    run.create()
    run.save_info(RunInfo(tiny.config(epochs=max(epochs, 1)), tiny.data().facts))
    if rows is None:
        rows = [row(2 * e + half, e + 1, COUNT * e + COUNT * half // 2) for e in range(epochs) for half in (1, 2)]
    if rows:
        run.append_metrics(rows)
    for epoch in range(1, epochs + 1):
        run.save_samples(epoch, grid(epoch, **kind))
        if judged and epoch != 3:
            run.append_quality(
                Quality(epoch, COUNT * epoch, 500, 90 / epoch, 80 / epoch, 99 / epoch, 8, 0.5, 0.5, 0, 0)
            )
    return run
