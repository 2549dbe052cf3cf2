"""What all commands share: the application they register with, the two consoles, and how a run is found."""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

import typer
from rich.console import Console
from rich.markup import escape

from engine.diagnosis.words import cure_told
from engine.errors import UserError
from engine.evaluation.troubles import Trouble
from engine.i18n import tr
from engine.numbers import NotTaken, read_number
from engine.run_folder import runs_root

app = typer.Typer(name="duelo", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
out_console = Console()
err_console = Console(stderr=True)


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


def say(text: str) -> None:
    """Say a plain sentence on stderr."""
    err_console.print(text, markup=False, soft_wrap=True, highlight=False)


def tell_troubles(troubles: Sequence[Trouble], otherwise: str) -> None:
    """Say what goes wrong in a run, what shows it, and what to try; where nothing does, ``otherwise``."""
    if not troubles:
        err_console.print(otherwise, soft_wrap=True, highlight=False, markup=False)
    for trouble in troubles:
        text = f"[bold red]{escape(trouble.title)}.[/] {escape(' '.join(trouble.evidence))}"
        if trouble.cure:
            text += " " + escape(tr("Try: {changes}", changes=cure_told(trouble.cure)))
        err_console.print(text, soft_wrap=True, highlight=False)
