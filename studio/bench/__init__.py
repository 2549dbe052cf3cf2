"""Measures the window as a person meets it: start, smoothness, explorer, time machine, memory, a search of many trials.

``python -m studio.bench`` opens the real window, trains with every panel in place, and prints JSON; with ``--search``
it goes on with a search instead. Importing this module does not import Qt, so that the command line works where PySide6
is absent.
"""

from __future__ import annotations

import json
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from importlib.util import find_spec

from rich.table import Table

from engine.bench.alternation import measure_beside
from engine.bench.part import Measured, Part, PartStep, environment, table
from engine.errors import UserError
from engine.i18n import number, tr

TRAIN_SECONDS = 40.0  # several epochs, whose ends cost half a second each
LAUNCHED = "DUELO_BENCH_LAUNCHED"  # when the process was started; the system's own note is up to a second wrong
SHORT = "--short"  # leaves out what one turn tells well enough
SEARCH = "--search"  # measures the page of a search
SWITCH = "--switch"  # measures switches between workspaces
STYLE = "--style"  # measures the window while a picture is painted
_TURNS = 5
_SWITCHING_TURNS = 3
_LONG_SECONDS, _SHORT_SECONDS, _SWITCHING_SECONDS = 240.0, 175.0, 30.0  # of one turn, the training beside it included
_SEARCH_SECONDS, _STYLE_SECONDS = 100.0, 40.0


def _steps() -> list[PartStep]:
    trained = [
        PartStep(
            tr("The window while training, {turn} of {turns}…", turn=turn, turns=_TURNS),
            _SHORT_SECONDS if turn > 1 else _LONG_SECONDS,
            partial(_measure, *[SHORT] * (turn > 1)),
        )
        for turn in range(1, _TURNS + 1)
    ]
    switched = [
        PartStep(
            tr("Switching the workspace, {turn} of {turns}…", turn=turn, turns=_SWITCHING_TURNS),
            _SWITCHING_SECONDS,
            lambda: {"switches": _measure_alone(SWITCH)},
        )
        for turn in range(1, _SWITCHING_TURNS + 1)
    ]
    return trained + switched


def _measure(*arguments: str) -> Measured:
    """Open the window in a fresh process, in turns with a training that has none."""
    with _home() as variables:
        return measure_beside([sys.executable, "-m", "studio.bench", *arguments], variables, LAUNCHED)


def _measure_alone(what: str) -> Measured:
    """Measure ``what`` in a window of its own process."""
    with _home() as variables:
        found: Measured = json.loads(_run([sys.executable, "-m", "studio.bench", what], variables))
    return found


@contextmanager
def _home() -> Iterator[dict[str, str]]:
    """Lend the environment of a process whose window has an empty home; raises ``UserError``."""
    if find_spec("PySide6") is None:
        raise UserError(tr("The window cannot be measured without PySide6."), tr("Install PySide6-Essentials."))
    variables = environment()
    if sys.platform == "linux" and not (variables.get("DISPLAY") or variables.get("WAYLAND_DISPLAY")):
        variables["QT_QPA_PLATFORM"] = "offscreen"
    with tempfile.TemporaryDirectory() as home:
        yield variables | {"DUELO_HOME": home, "XDG_CONFIG_HOME": home}


def _run(command: list[str], environment: dict[str, str]) -> str:
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


def _tables(found: Sequence[Measured]) -> list[Table]:
    trained, switched = ([turn for turn in found if ("switches" in turn) == is_so] for is_so in (False, True))
    return [*([_window_table(trained)] if trained else []), *([_switching_table(switched)] if switched else [])]


def _window_table(found: Sequence[Measured]) -> Table:
    rows = [
        _share(found, tr("training speed, of headless"), "training", 0.95),
        _share(found, tr("training speed while exploring, of headless"), "exploring", 0.8),
        _row(found, tr("window on screen"), "on_screen_s", "s", ".2f", 0.8),
        _row(found, tr("first step after Train"), "first_step_s", "s", ".1f", 2),
        _row(found, tr("event-loop gap while training, p99"), "gap_p99_ms", "ms", ".1f", 16),
        _row(found, tr("event-loop gap while training, max"), "gap_max_ms", "ms", ".0f", 100),
        _row(found, tr("slider to picture while training, p95"), "slider_p95_ms", "ms", ".1f", 33),
        _row(found, tr("time machine, one frame of 200 epochs, p95"), "frame_p95_ms", "ms", ".1f", 50),
        _row(found, tr("table of 1,000 runs filled"), "table_fill_s", "s", ".2f", 1),
        _row(
            found,
            tr("event-loop gap while the table is used"),
            "table_gap_ms",
            "ms",
            ".0f",
            50,
        ),
        _row(found, tr("four runs side by side, one step, p95"), "mirror_step_ms", "ms", ".1f", 50),
        _row(found, tr("event-loop gap while a class wall of 30 runs changes"), "wall_gap_ms", "ms", ".0f", 50),
        _row(found, tr("resident memory"), "memory_mb", "MB", ",.0f", 900),
    ]
    title = tr("The window while training, {turns} turns", turns=len(found))
    return table(title, (tr("What"), tr("Median"), tr("Worst"), tr("Bar")), rows)


def _switching_table(found: Sequence[Measured]) -> Table:
    rows = []
    titles = {"train": tr("Train"), "explore": tr("Explore"), "compare": tr("Compare"), "style": tr("Style")}
    for name, title in titles.items():
        first, later = tr("{workspace}, the first time", workspace=title), tr("{workspace}, later", workspace=title)
        rows += [_switches(found, first, name, slice(1)), _switches(found, later, name, slice(1, None))]
    headings = (tr("What"), tr("Median"), tr("Worst"), tr("Own time"), tr("Bar"))
    return table(tr("Switching the workspace, until all is painted"), headings, rows)


def _switches(found: Sequence[Measured], what: str, name: str, which: slice) -> tuple[str, ...]:
    clock, own = (
        [milliseconds for turn in found for milliseconds in turn["switches"][f"{kind} {name}"][which]]
        for kind in ("clock", "own")
    )
    figures = statistics.median(clock), max(clock), statistics.median(own)
    return what, *(f"{number(value, '.0f')} ms" for value in figures), "≤ 50 ms"


def _share(found: Sequence[Measured], what: str, key: str, bar: float) -> tuple[str, str, str, str]:
    """Return what all turns kept together of the speed that they are held against, and the one that kept the least."""
    beside = f"headless {key}"
    whole = sum(turn[key] for turn in found) / sum(turn[beside] for turn in found)
    worst = min(turn[key] / turn[beside] for turn in found)
    return what, number(whole, ".2f"), number(worst, ".2f"), f"≥ {number(bar, '.2f')}"


def _row(found: Sequence[Measured], what: str, key: str, unit: str, form: str, bar: float) -> tuple[str, str, str, str]:
    values = [turn[key] for turn in found if key in turn]
    middle, worst = (f"{number(value, form)} {unit}" for value in (statistics.median(values), max(values)))
    return what, middle, worst, f"≤ {number(bar, '.6g')} {unit}"


def _search_steps() -> list[PartStep]:
    return [PartStep(tr("A search with 64 trials on show…"), _SEARCH_SECONDS, partial(_measure_alone, SEARCH))]


def _search_tables(found: Sequence[Measured]) -> list[Table]:
    rows = [
        _row(found, tr("64 tiles drawn anew, p95"), "redraw_ms", "ms", ".0f", 50),
        _row(found, tr("event-loop gap while a search begins, max"), "begin_gap_ms", "ms", ".0f", 100),
        _row(found, tr("event-loop gap while it goes on, p99"), "gap_p99_ms", "ms", ".1f", 16),
        _row(found, tr("event-loop gap while it goes on, max"), "gap_max_ms", "ms", ".0f", 100),
        _row(found, tr("resident memory while it goes on, at most"), "searching_mb", "MB", ",.0f", 1100),
    ]
    title = tr("The window with 64 trials of a search over drawn faces on show")
    return [table(title, (tr("What"), tr("Median"), tr("Worst"), tr("Bar")), rows)]


def _style_steps() -> list[PartStep]:
    told = tr("The window while a picture is painted…")
    return [PartStep(told, _STYLE_SECONDS, partial(_measure_alone, STYLE))]


def _style_tables(found: Sequence[Measured]) -> list[Table]:
    rows = [
        _row(found, tr("event-loop gap while it begins, max"), "begin_gap_ms", "ms", ".0f", 100),
        _row(found, tr("event-loop gap while it goes on, p99"), "gap_p99_ms", "ms", ".1f", 25),
        _row(found, tr("event-loop gap while it goes on, max"), "gap_max_ms", "ms", ".0f", 100),
        _row(found, tr("resident memory"), "memory_mb", "MB", ",.0f", 1200),
    ]
    title = tr("The window while a picture is painted, 256×256 from the content")
    return [table(title, (tr("What"), tr("Median"), tr("Worst"), tr("Bar")), rows)]


PART = Part("window", _steps, _tables)
SEARCH_PART = Part("tuning", _search_steps, _search_tables)
STYLE_PART = Part("painting", _style_steps, _style_tables, only_by_name=True)
PARTS = (PART, SEARCH_PART, STYLE_PART)
