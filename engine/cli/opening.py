"""The commands that open a class, and that let a double click do so.

The window is what the engine does not know, and comes from outside.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from engine import class_file, double_click, files
from engine.class_file import ClassFile
from engine.cli.terminal import app, say
from engine.errors import UserError
from engine.i18n import tr

openers: list[Callable[[ClassFile | UserError], int]] = []
"""Who opens a window in a class, or one that says why it cannot be had, and returns the exit code."""


@app.command("open", help=tr("Open the window in a class that a teacher made: CLASS.duelo-class."))
def open_class(path: Annotated[Path, typer.Argument(help=tr("The class file."))]) -> int:
    """Check the file before anything is shown."""
    found = class_file.read(files.typed(path))
    if not openers:
        raise UserError(tr("There is no window here: PySide6 is missing."), tr("Install Duelo with its window."))
    return openers[0](found)


def open_from_desktop(name: str) -> int:
    """Open the class in the file ``name``; what is wrong with it is told in the window: nobody sees a terminal."""
    return openers[0](class_file.read_or_tell(files.typed(name)))


@app.command(help=tr("Let a double click on a class file open Duelo, for you alone on this computer."))
def register(
    remove: Annotated[bool, typer.Option("--remove", help=tr("Take that back: a double click does nothing."))] = False,
) -> int:
    """Tell the system, or take it back."""
    (double_click.unregister if remove else double_click.register)()
    say(double_click.told(is_registered=not remove))
    return 0
