"""The headless commands: they consume the engine as the window does and speak to a terminal. Knows no Qt."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Annotated, Any

import typer

from engine import __version__, legible
from engine.cli import endings, images, reports, training
from engine.cli.terminal import app, out_console, say_error
from engine.errors import UserError
from engine.i18n import tr
from engine.text import plain

__all__ = ["INTERRUPTED", "app", "images", "main", "reports", "training"]

INTERRUPTED = training.INTERRUPTED


def main(arguments: Sequence[str], window_bench: Callable[[], dict[str, Any]] | None = None) -> int:
    """Run one command and return its exit code; ``window_bench`` adds the window's figures to ``bench``."""
    legible.prepare()
    reports.window_bench = window_bench
    with endings.in_order():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        return app(list(arguments), standalone_mode=False) or 0
    except UserError as error:
        say_error(error.message, error.hint)
        return 1
    except typer.TyperException as error:
        say_error(plain(error.format_message()), tr("“duelo --help” lists what there is."))
        return 1
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED


@app.callback(invoke_without_command=True, help=tr("Duelo trains GANs. Without a command it opens its window."))
def _top(version: Annotated[bool, typer.Option("--version", help=tr("Show the version."))] = False) -> None:
    if version:
        out_console.print(f"Duelo {__version__}")
        raise typer.Exit
