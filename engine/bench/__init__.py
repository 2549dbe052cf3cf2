"""The performance tables of this machine: training speed, and what a minute of training is worth."""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

import torch
from rich.table import Table

from engine import device
from engine.bench import speed
from engine.evaluation.evaluate import evaluate
from engine.i18n import number, tr
from engine.run_folder import RunFolder

_SEEDS = (0, 1, 2)
_JUDGED = 10_000
_RECIPE_SECONDS = 4.0


def run(window_bench: Callable[[], dict[str, Any]] | None, say: Callable[[str], None]) -> dict[str, Any]:
    """Measure everything, alone on the machine; ``say`` gets a sentence before each part."""
    say(tr("A minute of training with each of {count} seeds …", count=len(_SEEDS)))
    joy = [_first_joy(seed) for seed in _SEEDS]
    results: dict[str, Any] = {
        "machine": _machine(),
        "date": date.today().isoformat(),
        "first_joy": joy,
        "first_joy_median": {key: statistics.median(run[key] for run in joy) for key in joy[0]},
    }
    say(tr("The engine beside a textbook's loop …"))
    results["speed"] = [speed.compare(name) for name in speed.COMPARED]
    say(tr("Every recipe for some seconds …"))
    results["recipes"] = speed.recipe_speeds(_RECIPE_SECONDS)
    results["overhead"] = [speed.overhead(name) for name in ("studio", "mlp-fashion")]
    if window_bench is not None:
        say(tr("The window while training …"))
        results["window"] = window_bench()
    return results


def tables(results: dict[str, Any]) -> list[Table]:
    """Return the results as tables for a terminal."""
    joy = Table(title=tr("60 seconds of training, {machine}, {date}", machine=results["machine"], date=results["date"]))
    for heading in (
        tr("Seed"),
        tr("Images/s"),
        tr("Read as asked"),
        tr("Fréchet distance"),
        tr("Real digits"),
        tr("Ratio"),
    ):
        joy.add_column(heading, justify="right")
    for entry, name in [(run, str(run["seed"])) for run in results["first_joy"]] + [
        (results["first_joy_median"], tr("median"))
    ]:
        joy.add_row(
            name,
            number(entry["images_per_second"], ",.0f"),
            number(entry["label_accuracy"], ".2%"),
            number(entry["frechet_distance"], ".2f"),
            number(entry["frechet_distance_real"], ".2f"),
            number(entry["ratio"], ".2f"),
        )
    return [joy, _speed_table(results), _recipe_table(results), *_window_tables(results)]


def _speed_table(results: dict[str, Any]) -> Table:
    table = Table(title=tr("The engine beside a textbook's loop, images/s"))
    for heading in (tr("Recipe"), tr("Engine"), tr("Textbook"), tr("Ratio"), tr("Bar")):
        table.add_column(heading)
    for row in results["speed"]:
        numbers = (number(row[key], form) for key, form in (("engine", ",.0f"), ("textbook", ",.0f"), ("ratio", ".2f")))
        table.add_row(row["recipe"], *numbers, f"≥ {number(row['bar'], '.1f')}")
    return table


def _recipe_table(results: dict[str, Any]) -> Table:
    costs = {row["recipe"]: row["share"] for row in results["overhead"]}
    table = Table(title=tr("Every recipe on the embedded digits"))
    for heading in (tr("Recipe"), tr("Images/s"), tr("Cost of checkpoints, samples and statistics (bar: 5 %)")):
        table.add_column(heading)
    for name, value in results["recipes"].items():
        table.add_row(name, number(value, ",.0f"), number(costs[name], ".1%") if name in costs else "")
    return table


def _window_tables(results: dict[str, Any]) -> list[Table]:
    if "window" not in results:
        return []
    window = Table(title=tr("The window"))
    for heading in (tr("What"), tr("Measured"), tr("Bar")):
        window.add_column(heading)
    for what, measured, bar in results["window"]["rows"]:
        window.add_row(what, measured, bar)
    return [window]


def _first_joy(seed: int) -> dict[str, float]:
    """Run the very command that a person runs, in a process of its own, and judge the result."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        command = [
            *(sys.executable, "-m", "engine.cli", "train", "--minutes", "1"),
            *("--seed", str(seed), "--run", str(path)),
        ]
        begin = time.perf_counter()
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parents[1])}
        subprocess.run(command, check=True, capture_output=True, env=environment)
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


def _machine() -> str:
    return (
        f"{_processor()}, {device.cores()} cores, {device.describe(device.resolve('auto'))}, torch {torch.__version__}"
    )


def _processor() -> str:
    try:
        for line in Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines():
            if line.startswith("model name"):
                return line.partition(":")[2].strip()
    except OSError:
        pass
    return platform.processor() or platform.machine()
