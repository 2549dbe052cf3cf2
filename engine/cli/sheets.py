"""The commands ``sheet …``: a class's own handwriting becomes a data set. Knows no picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import files
from engine.cli.terminal import give_path, new_group, say
from engine.errors import UserError
from engine.i18n import tr, trn

group = new_group("sheet", tr("Train on your own handwriting: print a sheet, write on it, photograph it."))


@group.command(help=tr("Draw the sheet to be printed, as PDF or PNG."))
def draw(out: Annotated[Path, typer.Argument(help=tr("FILE.pdf or FILE.png."))]) -> int:
    """Write the empty sheet."""
    from engine.sheets.drawing import save_sheet

    save_sheet(files.typed(out))
    give_path(out)
    return 0


@group.command(help=tr("Cut the digits out of photographs of sheets, into a folder to train on."))
def read(
    photographs: Annotated[list[Path], typer.Argument(help=tr("Photographs, each of one whole sheet."))],
    out: Annotated[Path, typer.Option(help=tr("The folder; what is in it stays."))],
) -> int:
    """Keep the digits, and say which of them the judge reads otherwise."""
    from engine.sheets.keeping import keep, read_by_judge
    from engine.sheets.reading import read_sheet

    out, failed = files.typed(out), []
    for path in map(files.typed, photographs):
        try:
            digits = read_sheet(path)
        except UserError as error:
            failed.append(error)
            continue
        kept, read_as = keep(digits, out, path.stem), read_by_judge(digits)
        count = trn("{count} digit", "{count} digits", len(kept))
        say(tr("{photograph}: {digits}, {empty} boxes empty", photograph=path.name, digits=count, empty=digits.empty))
        for place, label, other in zip(kept, digits.labels, read_as, strict=True):
            if label != other:
                say(tr("{file} is read as {other}: look whether it is a {label}",
                       file=place.relative_to(out), other=other, label=label))  # fmt: skip
    if failed:
        raise failed[0]
    say(tr('Train on them with: python main.py train --dataset pictures --data-root "{folder}"', folder=out))
    return 0
