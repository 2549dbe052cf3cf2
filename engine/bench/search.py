"""What a search of twenty minutes is worth, from D's learning rate twenty times too high: the command as it is run."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from functools import partial

from rich.table import Table

from engine.bench.part import Measured, Part, PartStep, environment, table
from engine.i18n import number, tr
from engine.recipes import recipe

_SEEDS = (0, 1, 2, 3, 4)
MINUTES = 20.0
TIMES_TOO_HIGH = 20.0
_RECIPE = "dcgan-3-8"
_TUNED = ("d_lr", "g_lr", "batch_size", "g_channels")
_TRIAL_SECONDS = 60.0  # equal time for all: smaller batches and networks are worth what they give in it


def _steps() -> list[PartStep]:
    return [
        PartStep(tr("A search of twenty minutes with seed {seed}…", seed=seed), 60 * MINUTES, partial(measure, seed))
        for seed in _SEEDS
    ]


def measure(seed: int) -> Measured:
    """Search in a process of its own, and compare the best trial with the one that it began with."""
    rate = TIMES_TOO_HIGH * recipe(_RECIPE).config().d_lr
    with tempfile.TemporaryDirectory() as home:
        command = [
            *(sys.executable, "-m", "engine.cli", "sweep", "--recipe", _RECIPE, "--dataset", "digits", "--json"),
            *("--set", f"d_lr={rate:g}", "--minutes", f"{MINUTES:g}", "--seed", str(seed), "--no-runs"),
            *("--trial-seconds", f"{_TRIAL_SECONDS:g}"),
            *(argument for knob in _TUNED for argument in ("--tune", knob)),
        ]
        begin = time.perf_counter()
        ran = subprocess.run(command, check=True, stdout=subprocess.PIPE, env=environment() | {"DUELO_HOME": home})
        wall = time.perf_counter() - begin
    found = json.loads(ran.stdout)
    start, best = found["trials"][0], found["trials"][found["best"]]
    return {
        "seed": seed,
        "wall_seconds": wall,
        "trials": len(found["trials"]),
        "finished": sum(trial["state"] == "finished" for trial in found["trials"]),
        "seconds": [start["seconds"], best["seconds"]],
        "images": best["images_seen"],
        "start": start["frechet"],
        "best": best["value"],
        "ratio": start["frechet"] / best["value"],
        "values": best["values"],
    }


def _tables(found: Sequence[Measured]) -> list[Table]:
    rows = [
        (
            str(each["seed"]),
            number(each["wall_seconds"] / 60, ".1f"),
            str(each["trials"]),
            number(each["images"], ",.0f"),
            number(each["start"], ",.1f"),
            number(each["best"], ",.1f"),
            number(each["ratio"], ".1f"),
        )
        for each in found
    ]
    headings = (
        tr("Seed"),
        tr("Minutes"),
        tr("Trials"),
        tr("{data:Images}"),
        tr("Begun with"),
        tr("Found"),
        tr("Ratio"),
    )
    title = tr("A search from D's learning rate × 20: Fréchet distance at equal training (bar: 5 × smaller)")
    return [table(title, headings, rows)]


PART = Part("search", _steps, _tables, only_by_name=True)
