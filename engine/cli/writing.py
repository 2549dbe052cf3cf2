"""The command ``write``: a number, a date or a telephone number in one handwriting, and whether a judge can read it."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import Annotated

import typer

from engine import files
from engine.cli import options
from engine.cli.terminal import app, find_run, give_path, say
from engine.i18n import tr
from engine.runs import RunFolder


@app.command(help=tr("Write a number, a date or a telephone number in one hand, as a transparent PNG."))
def write(
    run: options.RunFolderArgument,
    text: Annotated[
        str, typer.Argument(help=tr("What is written: characters that are classes of the run, + - / . , : ( )"))
    ],
    out: Annotated[Path, typer.Option(help=tr("FILE.png, black on nothing."))],
    height: Annotated[int, typer.Option(help=tr("How many pixels high it is."))] = 64,
    seed: Annotated[int, typer.Option(min=0, help=tr("Another number is another hand."))] = 0,
    epoch: options.Epoch = None,
    redraw: Annotated[bool, typer.Option("--redraw", help=tr("Draw again what the judge cannot read."))] = False,
) -> int:
    """Write the line and say what the judge reads in it."""
    from PIL import Image

    from engine.evaluation.reader import open_reader
    from engine.job import result_of
    from engine.latent import handwriting
    from engine.latent.generator_session import open_session

    out = options.png(out)
    folder = RunFolder(find_run(run))
    info = folder.info()
    names = [str(tr(name)) for name in info.classes]
    reader = result_of(open_reader(info.config, info.facts))
    written = handwriting.write(open_session(folder, epoch), reader, text, names, seed, redraw=redraw)
    buffer = BytesIO()
    Image.fromarray(handwriting.line(written, height, seed).picture).save(buffer, format="PNG")
    files.write_atomically(out, buffer.getvalue())
    say(handwriting.describe(written, names))
    give_path(out)
    return 0
