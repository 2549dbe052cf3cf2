"""What all commands share: the application they register with, the two consoles, and how a run is found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from contextlib import suppress
from functools import cached_property
from pathlib import Path
from typing import Any

import typer
from rich.console import Console
from rich.padding import Padding
from rich.progress import Progress, ProgressColumn, TextColumn, TimeRemainingColumn
from rich.table import Table
from rich.text import Text
from typer.core import TyperCommand, TyperGroup

from engine import files
from engine.cli import usage
from engine.diagnosis.words import describe_remedy
from engine.errors import UserError
from engine.evaluation.condition import Trouble
from engine.i18n import speak_of, tr
from engine.numbers import NotTaken, read_number
from engine.runs import RunFolder, RunStore, RunSummary, runs_root
from engine.text import plain

# Nothing that is printed is markup: a folder may be called "[/]", or ":cat:".
out_console = Console(markup=False, emoji=False, highlight=False)
err_console = Console(stderr=True, markup=False, emoji=False, highlight=False)
_NARROW = 50  # characters; below, a table of two columns, a bar or typer's frames are riddles
_ENDLESS = 100_000
_FIRST = ("train", "recipes", "datasets", "runs", "sample", "evaluate")


def is_narrow(console: Console) -> bool:
    """Whether columns, bars and frames have no room."""
    return console.width < _NARROW


class _PlainHelp:
    """Mixed into typer's own: prints help as plain lines where frames have no room."""

    rich_markup_mode: Any

    def format_help(self, ctx: Any, formatter: Any) -> None:
        usage.translate_headings(formatter)
        usual = self.rich_markup_mode
        if is_narrow(out_console):
            self.rich_markup_mode = None
        super().format_help(ctx, formatter)  # type: ignore[misc]
        self.rich_markup_mode = usual
        out_console.print(formatter.getvalue(), end="", soft_wrap=True, markup=False, highlight=False)
        formatter.buffer.clear()  # typer would print it, in UTF-8 also where the terminal has another encoding

    def format_usage(self, ctx: Any, formatter: Any) -> None:
        pieces = self.collect_usage_pieces(ctx)  # type: ignore[attr-defined]
        formatter.write_usage(ctx.command_path, " ".join(pieces), prefix=f"{tr('Usage:')} ")

    def get_help_option(self, ctx: Any) -> Any:
        option = super().get_help_option(ctx)  # type: ignore[misc]
        if option is not None:
            option.help = tr("Show this message and exit.")
        return option


class _Command(_PlainHelp, TyperCommand):
    pass


class _Group(_PlainHelp, TyperGroup):
    pass


class _Front(_Group):
    """All commands: those that a newcomer needs first, then the others by their names."""

    def list_commands(self, ctx: Any) -> list[str]:
        others = sorted(set(super().list_commands(ctx)) - set(_FIRST))
        return [*_FIRST, *others]


class _App(typer.Typer):
    @cached_property
    def tree(self) -> Any:
        """All commands, as they are parsed; typer itself would make them anew at each call, from their functions."""
        return typer.main.get_command(self)

    def command(self, name: str | None = None, **how: Any) -> Any:
        return super().command(name, cls=_Command, **how)


class _ShowingGroup(_Group):
    """Takes a first word that is no command of it for the name of what to show."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        return super().resolve_command(ctx, args if args[0] in self.commands else ["show", *args])


def new_group(name: str, help: str, *, shows: bool = False) -> typer.Typer:
    """Return a group of commands below ``name``, such as "runs".

    Where it ``shows``, a word that is none of them is passed to its command "show".
    """
    kind = _ShowingGroup if shows else _Group
    group = _App(name=name, cls=kind, help=help, no_args_is_help=not shows, pretty_exceptions_enable=False)
    app.add_typer(group)
    return group


app = _App(name="duelo", cls=_Front, no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)


def say(text: str, loud: str = "") -> None:
    """Print a sentence on stderr, after ``loud`` words that stand out."""
    err_console.print(Text.assemble((f"{loud} " if loud else "", "bold red"), text), soft_wrap=True)


def say_error(message: str, hint: str) -> None:
    """Print what is wrong and how to mend it on stderr."""
    say(f"{message} {hint}", tr("Error:"))


def give_path(path: Path) -> None:
    """Print a path on stdout: as it is to a program, harmless to a terminal."""
    out_console.print(plain(path) if out_console.is_terminal else str(path), soft_wrap=True)


def find_run(path: Path | None) -> Path:
    """Accept a run folder's path, its name in the folder where runs go, or the name that a person gave it.

    Raises ``UserError`` where several go by that name.
    """
    if path is None:
        raise UserError(tr("--resume needs a run."), tr("Name its folder with --run."))
    found = _found(files.typed(path))
    with suppress(UserError):  # what is wrong with a run is told by who needs more of it
        speak_of(RunFolder(found).info().facts.noun)
    return found


def _found(path: Path) -> Path:
    if path.exists():
        return path
    if (runs_root() / path).is_dir():
        return runs_root() / path
    listed = [run.path for run in RunStore(runs_root()).runs() if isinstance(run, RunSummary) and run.name == str(path)]
    if len(listed) > 1:
        raise UserError(
            tr("{count} runs are called “{name}”.", count=len(listed), name=path),
            tr("Name the folder of one of them: {folders}.", folders=", ".join(each.name for each in listed)),
        )
    return listed[0] if listed else path


def decimal(text: str | float) -> float:
    """Read a number with a comma or a point, or pass a default on; whoever uses it knows its limits."""
    try:
        return read_number(str(text), -math.inf, math.inf, whole=False)
    except NotTaken:
        raise typer.BadParameter(tr("“{text}” is not a number.", text=text)) from None


def progress_bar(*columns: ProgressColumn) -> Progress:
    """Return ``columns`` and the time left as a progress bar; without room, the share done and the time left alone."""
    shown = (TextColumn("{task.percentage:.0f}%"),) if is_narrow(err_console) else columns
    return Progress(*shown, TimeRemainingColumn(), console=err_console, refresh_per_second=5, transient=True)


def show_table(table: Table) -> None:
    """Print ``table``; where its columns would be too narrow to read, print row by row, one value below the other."""
    endless = out_console.options.update(width=_ENDLESS)  # else no table is measured wider than the terminal
    if not is_narrow(out_console) and out_console.width >= out_console.measure(table, options=endless).minimum:
        out_console.print(table)
        return
    if table.title:
        out_console.print(table.title, style="italic", markup=False)
    for row in zip(*(column.cells for column in table.columns), strict=True):
        out_console.print(row[0], style="bold", markup=False, highlight=False)
        for column, cell in zip(table.columns[1:], row[1:], strict=True):
            if not cell:
                continue
            heading = f"{column.header}: " if len(row) > 2 else ""
            out_console.print(Padding(f"{heading}{cell}", (0, 0, 0, 2)), markup=False, highlight=False)


def tell_troubles(troubles: Sequence[Trouble], otherwise: str) -> None:
    """Say what goes wrong in a run, what shows it, and what to try; where nothing does, ``otherwise``."""
    if not troubles:
        say(otherwise)
    for trouble in troubles:
        cure = (tr("Try: {changes}", changes=describe_remedy(trouble.remedy)),) if trouble.remedy else ()
        say(" ".join((*trouble.evidence, *cure)), f"{trouble.title}.")
