"""Makes many small runs at once, so that a benchmark of their table need not train a thousand times. Knows no Qt."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from engine.datasets.info import DatasetInfo
from engine.events import MetricsRow, Quality
from engine.recipes import RECIPES
from engine.runs import RunFolder, RunInfo

_IMAGES = 5000
_ROWS = 40  # of the curves of each


def make_runs(root: Path, count: int, recipes: Sequence[str] = ("studio", "dcgan-3-8")) -> None:
    """Write ``count`` runs below ``root``: options, curves, a judgment and a sample grid each, but no networks.

    One of each recipe is written, and copied under other names and with other seeds.
    """
    for number in range(count):
        path = root / f"run-{number:04d}"
        if number < len(recipes):
            _make(path, recipes[number])
        else:
            shutil.copytree(root / f"run-{number % len(recipes):04d}", path)
            config = path / "config.json"
            config.write_text(config.read_text().replace('"seed": 0,', f'"seed": {number},'))


def _make(path: Path, recipe: str) -> None:
    rng = np.random.default_rng(0)
    run, config = RunFolder(path), RECIPES[recipe].config(seed=0, epochs=4, d_lr=3e-4)
    run.create()
    names = tuple(map(str, config.classes)) or tuple("0123456789")
    run.save_info(RunInfo(config, DatasetInfo(_IMAGES, names, 1, 28)))
    run.append_metrics([_row(step) for step in range(1, _ROWS + 1)])
    run.append_quality(Quality(4, 4 * _IMAGES, 500, 59.0, 50.0, 70.0, 9.0, 0.8, 0.4, 0.01, 0.02, accuracy=0.9))
    for epoch in (0, 4):
        run.save_samples(epoch, rng.integers(0, 256, (10 * 28, 10 * 28), np.uint8))


def _row(step: int) -> MetricsRow:
    seen = step * 4 * _IMAGES // _ROWS
    row = MetricsRow._make(0.7 for _ in MetricsRow._fields)
    return row._replace(step=step, epoch=(seen - 1) // _IMAGES + 1, images_seen=seen, seconds=step / 2)
