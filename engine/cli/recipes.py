"""The commands ``recipes …``: starting points, those that come with Duelo and a person's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.table import Table

from engine import files
from engine.cli import options
from engine.cli.terminal import find_run, give_path, new_group, say, show_table
from engine.errors import UserError
from engine.i18n import joined, tr
from engine.recipes import Recipe, failing, own, recipe, working
from engine.recipes.words import options_told
from engine.runs import RunFolder

group = new_group("recipes", tr("List the recipes, or tell all about one; keep and share your own."), shows=True)

_Name = Annotated[str, typer.Argument(help=tr("A recipe."))]


@group.callback(invoke_without_command=True)
def _list(context: typer.Context) -> None:
    """Print name and explanation of each recipe, those that fail on purpose apart."""
    if context.invoked_subcommand is not None:
        return
    kinds = ((tr("Recipe"), working()), (tr("Your recipes"), own.own()), (tr("Failure laboratory"), failing()))
    for title, entries in kinds:
        table = Table()
        table.add_column(title, no_wrap=True)
        table.add_column(tr("What it shows and what to expect"))
        for entry in entries:
            table.add_row(entry.name, _about(entry))
        if entries:
            show_table(table)


@group.command(help=tr("Tell all about a recipe, also what differs from its source."))
def show(name: _Name) -> int:
    """Print all that a recipe says."""
    entry = recipe(name)
    table = Table(tr(entry.title))
    for text in (_about(entry), tr(entry.against_source)):
        if text:
            table.add_row(text)
    if entry.is_own:
        table.add_row(options_told(entry.options))
    show_table(table)
    return 0


@group.command(help=tr("Keep the options of a run as a recipe of your own."))
def save(
    run: options.RunArgument,
    title: options.Title,
    note: Annotated[str, typer.Option(help=tr("What you want to remember of it."))] = "",
) -> int:
    """Save options, with what was changed while it trained."""
    folder = RunFolder(find_run(run))
    _kept(own.save(title, folder.info().config_at(folder.images_seen()), note))
    return 0


@group.command("import", help=tr("Keep the recipe in a file as one of your own."))
def import_one(file: Annotated[Path, typer.Argument(help=tr("A file that “recipes export” wrote."))]) -> int:
    """Check and keep a stranger's recipe."""
    _kept(own.import_recipe(files.typed(file)))
    return 0


@group.command("export", help=tr("Write a recipe into a file, to give it to somebody."))
def export_one(
    name: _Name, out: Annotated[Path | None, typer.Option(help=tr("The file; NAME.json here when left out."))] = None
) -> int:
    """Write a file."""
    target = files.typed(out) if out else Path(f"{recipe(name).name}{own.SUFFIX}")
    if target.exists():
        raise UserError(tr("“{path}” exists already.", path=target), tr("Choose another name; nothing was changed."))
    own.export_recipe(name, target)
    give_path(target)
    return 0


@group.command(help=tr("Delete a recipe of your own."))
def delete(name: _Name) -> int:
    """Remove its file."""
    own.delete(name)
    say(tr("The recipe “{name}” is deleted.", name=name))
    return 0


def _about(entry: Recipe) -> str:
    if entry.is_own:
        return joined(entry.title, entry.summary, between=". ")
    return joined(tr(entry.summary), tr(entry.expect))


def _kept(entry: Recipe) -> None:
    say(tr("“{title}” is a recipe now: train --recipe {name}", title=entry.title, name=entry.name))
