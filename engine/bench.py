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
from engine.evaluation.evaluate import evaluate
from engine.events import Tick
from engine.i18n import number, tr
from engine.recipes import DEFAULT_RECIPE, recipe
from engine.run_folder import RunFolder
from engine.trainer import Trainer

_SEEDS = (0, 1, 2)
_JUDGED = 10_000
_WARM_UP_SECONDS = 2.0


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
    window = Table(title=tr("The window"))
    for heading in (tr("What"), tr("Measured"), tr("Bar")):
        window.add_column(heading)
    for what, measured, bar in results.get("window", {}).get("rows", []):
        window.add_row(what, measured, bar)
    return [joy, window] if "window" in results else [joy]


def headless_speed(seconds: float) -> float:
    """Return images per second of the default recipe, trained in this process for about ``seconds``."""
    with tempfile.TemporaryDirectory() as folder:
        training = Trainer(recipe(DEFAULT_RECIPE).config(), RunFolder(Path(folder) / "run")).run()
        start: Tick | None = None
        for event in training:
            if isinstance(event, Tick):
                if start is None and event.seconds > _WARM_UP_SECONDS:
                    start = event
                if start is not None and event.seconds - start.seconds >= seconds:
                    break
        training.close()
    assert start is not None and isinstance(event, Tick)
    return (event.images_seen - start.images_seen) / (event.seconds - start.seconds)


def _first_joy(seed: int) -> dict[str, float]:
    """Run the very command that a person runs, in a process of its own, and judge the result."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "run"
        command = [
            sys.executable,
            "-m",
            "engine.cli",
            "train",
            "--minutes",
            "1",
            "--seed",
            str(seed),
            "--run",
            str(path),
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
