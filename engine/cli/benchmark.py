"""The command ``bench``: which parts are measured, how far that has come, and the tables."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer
from rich.progress import BarColumn, Progress, TextColumn

from engine.cli import options
from engine.cli.terminal import app, err_console, out_console, progress_bar, show_table
from engine.i18n import tr, trn

if TYPE_CHECKING:
    from engine.bench.part import Part, PartStep

more_parts: Sequence[Part] = ()
"""What the engine does not know: the window; ``main`` sets it."""

_REFRESH_SECONDS = 1.0


@app.command(
    help=tr(
        "Measure this machine, best with nothing else running. Parts: minute, engine, recipes, plane, threads, window, "
        "tuning; and, only where they are named, explore, style, painting and search (100 minutes)."
    )
)
def bench(
    parts: Annotated[list[str] | None, typer.Argument(help=tr("Parts to measure; all where none is named."))] = None,
    as_json: options.Json = False,
) -> int:
    """Print the performance tables."""
    from engine import bench as benchmark

    chosen = benchmark.choose(parts or [], (*benchmark.PARTS, *more_parts))
    circumstances = benchmark.circumstances()
    found = benchmark.run(chosen, _watch)
    if as_json:
        print(json.dumps(circumstances | found, indent=2))
        return 0
    out_console.print("{machine}, {date}".format(**circumstances))
    for part in chosen:
        for table in part.tables(found[part.name]):
            show_table(table)
    return 0


@contextmanager
def _watch(steps: Sequence[PartStep]) -> Iterator[Iterator[PartStep]]:
    """Show which step is taken and the time left; line by line where no bar can be drawn."""
    if not err_console.is_terminal:
        yield _told(steps)
        return
    with progress_bar(BarColumn(), TextColumn("{task.description}", markup=False)) as progress:
        yield drawn(steps, progress)


def _told(steps: Sequence[PartStep]) -> Iterator[PartStep]:
    left = sum(step.seconds for step in steps)
    for step in steps:
        minutes = max(round(left / 60), 1)
        err_console.print(f"{step.told} {trn('about {count} minute left', 'about {count} minutes left', minutes)}")
        yield step
        left -= step.seconds


def drawn(steps: Sequence[PartStep], progress: Progress) -> Iterator[PartStep]:
    """Let the bar go on with the clock, as far as the step under way may take it."""
    done, task = 0.0, progress.add_task("", total=sum(step.seconds for step in steps))
    for step in steps:
        progress.update(task, description=step.told, completed=done)
        has_ended = threading.Event()
        begin = time.monotonic()

        def follow(
            done: float = done, step: PartStep = step, ended: threading.Event = has_ended, begin: float = begin
        ) -> None:
            while not ended.wait(_REFRESH_SECONDS):
                progress.update(task, completed=done + min(time.monotonic() - begin, step.seconds))

        threading.Thread(target=follow, name="progress", daemon=True).start()
        try:
            yield step
        finally:
            has_ended.set()
        done += step.seconds
