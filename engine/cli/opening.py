"""The command that opens a class: the window is what the engine does not know, and comes from outside."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated

import typer

from engine import class_file, files
from engine.class_file import ClassFile
from engine.cli.terminal import app
from engine.errors import UserError
from engine.i18n import tr

openers: list[Callable[[ClassFile], int]] = []
"""Who opens a window in a class, and returns the exit code."""


@app.command("open", help=tr("Open the window in a class that a teacher made: CLASS.duelo-class."))
def open_class(path: Annotated[Path, typer.Argument(help=tr("The class file."))]) -> int:
    """Check the file before anything is shown."""
    found = class_file.read(files.typed(path))
    if not openers:
        raise UserError(tr("There is no window here: PySide6 is missing."), tr("Install Duelo with its window."))
    return openers[0](found)
