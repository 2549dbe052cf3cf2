"""What a minute of training is worth: the very command that a person runs, judged."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from rich.table import Table

from engine.bench.part import Measured, Part, PartStep, environment, table
from engine.i18n import number, tr

_SEEDS = (0, 1, 2, 3, 4)
_JUDGED = 10_000
_SECONDS = 85.0  # training and judging


def _steps() -> list[PartStep]:
    return [
        PartStep(tr("A minute of training with seed {seed}…", seed=seed), _SECONDS, partial(_measure, seed))
        for seed in _SEEDS
    ]


def _measure(seed: int) -> Measured:
    """Train in a process of its own and judge the result."""
    from engine.evaluation.evaluate import evaluate
    from engine.runs import RunFolder

    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        command = [
            *(sys.executable, "-m", "engine.cli", "train", "--minutes", "1"),
            *("--seed", str(seed), "--run", str(path)),
        ]
        begin = time.perf_counter()
        subprocess.run(command, check=True, capture_output=True, env=environment())
        wall = time.perf_counter() - begin
        last = RunFolder(path).metrics()[-1]
        verdict = evaluate(RunFolder(path), _JUDGED)
    assert verdict.label_accuracy is not None and verdict.frechet_distance and verdict.frechet_distance_real
    return {
        "seed": seed,
        "wall_seconds": wall,
        "images": last.images_seen,
        "images_per_second": last.images_seen / last.seconds,
        "label_accuracy": verdict.label_accuracy,
        "frechet_distance": verdict.frechet_distance,
        "frechet_distance_real": verdict.frechet_distance_real,
        "ratio": verdict.frechet_distance / verdict.frechet_distance_real,
    }


def _tables(found: Sequence[Measured]) -> list[Table]:
    median = {key: statistics.median(run[key] for run in found) for key in found[0]}
    headings = (
        tr("Seed"),
        tr("Images/s"),
        tr("Read as asked"),
        tr("Fréchet distance"),
        tr("Real digits"),
        tr("Ratio"),
    )
    rows = [
        (
            name,
            number(entry["images_per_second"], ",.0f"),
            number(entry["label_accuracy"], ".2%"),
            number(entry["frechet_distance"], ".2f"),
            number(entry["frechet_distance_real"], ".2f"),
            number(entry["ratio"], ".2f"),
        )
        for name, entry in [*((str(run["seed"]), run) for run in found), (tr("median"), median)]
    ]
    rows.append((tr("bar"), "", f"≥ {number(0.995, '.1%')}", "", "", f"≤ {number(1.25, '.2f')}"))
    return [table(tr("60 seconds of training"), headings, rows)]


PART = Part("minute", _steps, _tables)
