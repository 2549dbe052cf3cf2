"""How the training gives way to another program, and comes back when that has ended."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from rich.table import Table

from engine.bench.part import Measured, Part, PartStep, table
from engine.i18n import number, tr
from engine.recipes import FIRST_RECIPE, recipe

_TURNS = 5
_TURN_SECONDS = 10.0
_NOTICE_SECONDS = 3.0  # which the training has to notice that it is not alone
_BACK = 0.9  # of its speed alone, over a second: the training is back
_BACK_SECONDS = 10.0  # watched
_SECONDS = 45.0


def _steps() -> list[PartStep]:
    return [
        PartStep(tr("Beside another program, {turn} of {turns}…", turn=turn, turns=_TURNS), _SECONDS, measure)
        for turn in range(1, _TURNS + 1)
    ]


def measure() -> Measured:
    """Train with every core, then following the machine: alone, beside a busy loop, and when that has ended.

    Speeds are images per second; ``back_seconds`` is how long the training took to be back, infinite where it was not.
    """
    from engine.bench import turns
    from engine.device import cores
    from engine.runs import RunFolder
    from engine.trainer import Trainer

    fixed = turns.headless(_TURN_SECONDS, threads=cores())
    config = recipe(FIRST_RECIPE).config(epochs=100_000)
    with tempfile.TemporaryDirectory() as folder:
        training = Trainer(config, RunFolder(Path(folder) / "run")).run()
        turns.of_engine(training, 2.0)
        alone = turns.of_engine(training, _TURN_SECONDS)
        with _busy_program():
            turns.of_engine(training, _NOTICE_SECONDS)
            beside = turns.of_engine(training, _TURN_SECONDS)
        back = seconds_until_fast(_course(training, _BACK_SECONDS), _BACK * alone)
        training.close()
    return {"fixed": fixed, "alone": alone, "beside": beside, "share": beside / alone, "back_seconds": back}


@contextmanager
def _busy_program() -> Iterator[None]:
    program = subprocess.Popen([sys.executable, "-c", "while True: pass"])
    try:
        yield
    finally:
        program.kill()
        program.wait()


def _course(training: Iterator[Any], seconds: float) -> list[tuple[float, int]]:
    """Return the seconds since now and images_seen of each tick."""
    from engine.events import Tick

    begin, course = time.perf_counter(), []
    for event in training:
        if isinstance(event, Tick):
            course.append((time.perf_counter() - begin, event.images_seen))
            if course[-1][0] > seconds:
                break
    return course


def seconds_until_fast(course: Sequence[tuple[float, int]], speed: float) -> float:
    """Return the first moment from which on ``course`` makes ``speed`` over a second, infinite where none does."""
    for index, (begin, first) in enumerate(course):
        end = next((point for point in course[index:] if point[0] >= begin + 1.0), None)
        if end is not None and (end[1] - first) / (end[0] - begin) >= speed:
            return begin
    return float("inf")


def _tables(found: Sequence[Measured]) -> list[Table]:
    headings = (
        tr("Turn"),
        tr("With every core"),
        tr("Following the machine"),
        tr("Beside a busy program"),
        tr("Share"),
        tr("Back after"),
    )
    rows = [
        (
            str(turn),
            *(number(each[key], ",.0f") for key in ("fixed", "alone", "beside")),
            number(each["share"], ".2f"),
            f"{number(each['back_seconds'], '.1f')} s",
        )
        for turn, each in enumerate(found, start=1)
    ]
    rows.append((tr("bar"), "", "", "", f"≥ {number(0.55, '.2f')}", "≤ 5 s"))
    return [table(tr("Beside another program, images/s"), headings, rows)]


PART = Part("threads", _steps, _tables)
