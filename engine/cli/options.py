"""Options that several commands have: each is declared once. It knows no command."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any

import typer

from engine import files, recipes
from engine.cli.terminal import say
from engine.config import parse_assignments, parse_value
from engine.config.renamed import assignments_of_today
from engine.errors import UserError
from engine.i18n import tr

Recipe = Annotated[str | None, typer.Option("--recipe", help=tr("The starting point; see “recipes”."))]
Dataset = Annotated[str | None, typer.Option(help=tr("The real images; see “datasets”."))]
DataRoot = Annotated[
    str | None,
    typer.Option("--data-root", "--data", help=tr("Folder with the files of the data set, or your CSV file.")),
]
Classes = Annotated[str | None, typer.Option(help=tr("Train on these classes only, e.g. 3,8."))]
Assignments = Annotated[list[str] | None, typer.Option("--set", help=tr("Any option, as option=value."))]
Epochs = Annotated[str | None, typer.Option(help=tr("Passes over the images."))]
Seed = Annotated[str | None, typer.Option(help=tr("Where chance starts."))]
Device = Annotated[str | None, typer.Option(help="auto | cpu | cuda | mps")]
Title = Annotated[str, typer.Option(help=tr("What it is called."))]
Json = Annotated[bool, typer.Option("--json", help=tr("Print JSON."))]
Epoch = Annotated[int | None, typer.Option(help=tr("The generator of this epoch instead of the newest."))]
RunFolderArgument = Annotated[Path, typer.Argument(help=tr("The run folder."))]
RunArgument = Annotated[Path, typer.Argument(help=tr("A run: its folder, or the name you gave it."))]


def values_of(assignments: Sequence[str] | None, given: Mapping[str, str | None]) -> dict[str, Any]:
    """Return the values of options that a person gave, by ``--set`` or by their own name; raises ``UserError``."""
    today, remarks = assignments_of_today(list(assignments or []))
    for remark in remarks:
        say(remark)
    named = {name: parse_value(name, value) for name, value in given.items() if value is not None}
    values = dict(parse_assignments(today)) | named
    if place := values.get("data_root"):
        values["data_root"] = os.path.abspath(files.typed(place))  # the run is read from other folders, too
    return values


def chosen_recipe(name: str | None, values: Mapping[str, Any]) -> recipes.Recipe:
    """Return the recipe that was named, or the usual one of the data that is; raises ``UserError``."""
    return recipes.recipe(name) if name is not None else recipes.usual(str(values.get("dataset", "")))


def png(path: Path) -> Path:
    """Return the path of a PNG that a person typed; raises ``UserError`` where it ends otherwise."""
    path = files.typed(path)
    if path.suffix.lower() != ".png":
        raise UserError(tr("“{path}” is no PNG file.", path=path), tr("Make --out end in .png."))
    return path
