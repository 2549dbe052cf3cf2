"""The commands ``wall …``: a shared folder in which a class sees how everybody's runs go. Knows no file of it."""

from __future__ import annotations

import getpass
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from engine import files
from engine.cli import options
from engine.cli.terminal import find_run, new_group, say, show_table
from engine.i18n import joined, tr
from engine.job import result_of
from engine.runs import RunFolder, RunSummary, words
from engine.wall.cards import Card, Wall
from engine.wall.places import begin_wall
from engine.wall.sharing import SharedRun

group = new_group("wall", tr("See how the runs of a whole class go, in a folder that all of them share."))

_Wall = Annotated[Path, typer.Argument(help=tr("The shared folder."))]


@group.command(help=tr("Make a shared folder a class wall."))
def begin(folder: _Wall) -> int:
    """Put the sign into the folder."""
    begin_wall(files.typed(folder))
    say(tr("“{path}” is a class wall now: students share their runs there.", path=folder))
    return 0


@group.command("list", help=tr("List what hangs on a class wall, the newest first."))
def list_all(folder: _Wall, as_json: options.Json = False) -> int:
    """Print a table of all cards."""
    cards = result_of(Wall(files.typed(folder)).cards())
    if as_json:
        print(json.dumps([_facts(card) for card in cards], indent=2, ensure_ascii=False))
    elif not cards:
        say(tr("Nothing hangs on “{folder}” yet.", folder=folder))
    else:
        show_table(_table(cards))
    return 0


@group.command(help=tr("Share a run on a class wall, or bring what is shared of it up to date."))
def share(
    run: options.RunArgument,
    folder: _Wall,
    student: Annotated[str, typer.Option(help=tr("The name that stands on the wall."))] = "",
) -> int:
    """Copy what shows how the run goes."""
    path = SharedRun(RunFolder(find_run(run)), files.typed(folder), student or getpass.getuser()).update()
    say(tr("Shared: {path}", path=path))
    return 0


def _table(cards: list[Card]) -> Table:
    table = Table()
    table.add_column(tr("Student"), overflow="fold")
    headings = (tr("Run"), tr("Epochs"), tr("Fréchet"), tr("Read as asked"), tr("Diagnosis"))
    for heading in headings:
        table.add_column(heading)
    for card in cards:
        table.add_row(card.student, *_row(card))
    return table


def _row(card: Card) -> tuple[str, ...]:
    run = card.run
    if not isinstance(run, RunSummary):
        return words.title(run), run.reason, "", "", ""
    epochs = joined(words.epochs(run), tr("training now") if card.is_live else "", between=", ")
    return words.title(run), epochs, words.frechet(run), words.accuracy(run), words.diagnosis(run)


def _facts(card: Card) -> dict[str, Any]:
    run = card.run
    facts: dict[str, Any] = {"student": card.student, "run": words.title(run), "folder": str(run.path)}
    if not isinstance(run, RunSummary):
        return facts | {"unreadable": run.reason}
    return facts | {
        "is_live": card.is_live,
        "epochs": run.epochs,
        "total_epochs": run.total_epochs,
        "frechet": run.frechet,
        "accuracy": run.accuracy,
        "troubles": list(run.troubles),
        "modified": datetime.fromtimestamp(run.modified, UTC).isoformat(timespec="seconds"),
    }
