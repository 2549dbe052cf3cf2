"""The command that shows a run as a script of plain PyTorch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import files
from engine.cli import options
from engine.cli.terminal import app, find_run, give_path, say
from engine.i18n import tr
from engine.runs import RunFolder


@app.command(help=tr("Show what a run does as a short script of plain PyTorch, which needs no Duelo."))
def code(
    run: options.RunArgument,
    out: Annotated[Path | None, typer.Option(help=tr("FILE.py; what it needs of images is written beside it."))] = None,
) -> int:
    """Print the script, or write it; what it leaves out is said on stderr."""
    from engine.code import script

    info = RunFolder(find_run(run)).info()
    written = script.written(info)
    if out is None:
        typer.echo(written.text, nl=False)
        if written.images:
            say(tr("It reads its images from “{name}”, which --out writes, too.", name=written.images))
        return 0
    out = files.typed(out)
    script.save(written, info.config, out)
    for sentence in written.left_out:
        say(sentence)
    if written.images:
        say(tr("It reads its images from “{name}”, which lies beside it.", name=written.images))
    give_path(out)
    return 0
