"""What all commands share: the application they register with, the two consoles, and how a run is found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.text import Text

from engine.diagnosis.words import cure_told
from engine.errors import UserError
from engine.evaluation.troubles import Trouble
from engine.i18n import tr
from engine.numbers import NotTaken, read_number
from engine.run_folder import runs_root
from engine.text import plain

app = typer.Typer(name="duelo", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
# Nothing that is printed is markup: a folder may be called "[/]", or ":cat:".
out_console = Console(markup=False, emoji=False, highlight=False)
err_console = Console(stderr=True, markup=False, emoji=False, highlight=False)


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
    """Accept a run folder's path, or its name in the folder where runs go."""
    if path is None:
        raise UserError(tr("--resume needs a run."), tr("Name its folder with --run."))
    if not path.exists() and (runs_root() / path).is_dir():
        return runs_root() / path
    return path


def decimal(text: str | float) -> float:
    """Read a number with a comma or a point, or pass a default on; whoever uses it knows its limits."""
    try:
        return read_number(str(text), -math.inf, math.inf, whole=False)
    except NotTaken:
        raise typer.BadParameter(tr("“{text}” is not a number.", text=text)) from None


def tell_troubles(troubles: Sequence[Trouble], otherwise: str) -> None:
    """Say what goes wrong in a run, what shows it, and what to try; where nothing does, ``otherwise``."""
    if not troubles:
        say(otherwise)
    for trouble in troubles:
        cure = (tr("Try: {changes}", changes=cure_told(trouble.cure)),) if trouble.cure else ()
        say(" ".join((*trouble.evidence, *cure)), f"{trouble.title}.")
