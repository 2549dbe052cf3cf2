"""The headless commands: they consume the engine as the window does and speak to a terminal. Knows no Qt."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine import __version__, legible, registry
from engine.cli import (
    benchmark,
    code,
    endings,
    exploring,
    films,
    generators,
    lessons,
    opening,
    queue,
    recipes,
    report,
    reports,
    runs,
    samples,
    sheets,
    style,
    sweep,
    training,
    usage,
    wall,
    writing,
)
from engine.cli.terminal import app, out_console, say, say_error
from engine.errors import UserError
from engine.i18n import joined, tr
from engine.recipes import own

if TYPE_CHECKING:
    from engine.bench.part import Part

__all__ = [
    "INTERRUPTED",
    "app",
    "benchmark",
    "code",
    "exploring",
    "films",
    "generators",
    "lessons",
    "main",
    "opening",
    "queue",
    "recipes",
    "report",
    "reports",
    "runs",
    "samples",
    "sheets",
    "style",
    "sweep",
    "training",
    "wall",
    "writing",
]

INTERRUPTED = training.INTERRUPTED


def main(arguments: Sequence[str], more_bench: Sequence[Part] = ()) -> int:
    """Run one command and return its exit code; ``more_bench`` are parts of ``bench`` that the engine does not know."""
    legible.prepare()
    benchmark.more_parts = more_bench
    with endings.in_order():
        return _run(arguments)


def _run(arguments: Sequence[str]) -> int:
    try:
        return app.tree(list(arguments), standalone_mode=False) or 0
    except UserError as error:
        for each in error.each:
            say_error(each.message, joined(each.hint, _options_told(each.options, arguments)))
        return 1
    except typer.TyperException as error:
        words = " ".join(["duelo", *_typed(arguments)[1]])
        say_error(usage.told(error), tr("“{command} --help” lists what there is.", command=words))
        return 1
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED
    except Exception as error:
        told = registry.blamed(error)
        if told is None:
            raise
        say_error(told.message, told.hint)
        return 1
    finally:
        _tell_what_was_left_out()


def _typed(arguments: Sequence[str]) -> tuple[Any, list[str]]:
    """Return the command that was typed, and the words that name it."""
    command: Any = app.tree
    words = []
    for word in arguments:
        if word in getattr(command, "commands", {}):
            command = command.commands[word]
            words.append(word)
    return command, words


def _options_told(options: Sequence[str], arguments: Sequence[str]) -> str:
    """Return by which of ``options`` the command that was typed is told what a hint asks for, or nothing."""
    command, _ = _typed(arguments)
    known = {each for parameter in command.params for each in parameter.opts}
    told = ", ".join(option for option in options if option in known)
    return tr("On the command line: {option}.", option=told) if told else ""


@app.callback(invoke_without_command=True, help=tr("Duelo trains GANs. Without a command it opens its window."))
def _top(version: Annotated[bool, typer.Option("--version", help=tr("Show the version."))] = False) -> None:
    if version:
        out_console.print(f"Duelo {__version__}")
        raise typer.Exit
    own.load()
    _tell_what_was_left_out()


def _tell_what_was_left_out() -> None:
    for fault in registry.news():
        say(fault.whole, tr("Warning:"))
