"""The command that takes a generator out of Duelo: as ONNX, or as a script of plain torch."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from engine import files
from engine.cli import options
from engine.cli.terminal import app, find_run, give_path, say
from engine.errors import UserError
from engine.i18n import number, tr
from engine.runs import RunFolder


@app.command(help=tr("Take a run's generator elsewhere: as ONNX, or as weights with a short Python script."))
def export(
    run: options.RunFolderArgument,
    onnx: Annotated[
        Path | None,
        typer.Option(help=tr("FILE.onnx, with the inputs z and labels, for any number of pictures at once.")),
    ] = None,
    script: Annotated[
        Path | None, typer.Option(help=tr("The folder for generator.py, which needs no Duelo, and its weights."))
    ] = None,
    epoch: options.Epoch = None,
) -> int:
    """Write the averaged generator; what was written is tried before it is believed."""
    from engine.export import onnx_file
    from engine.export import script as scripts
    from engine.job import result_of
    from engine.latent.generator_session import open_session

    if onnx is None and script is None:
        raise UserError(tr("It is not said what to write."), tr("Give --onnx FILE or --script DIR, or both."))
    folder = RunFolder(find_run(run))
    facts, session = folder.info().facts, open_session(folder, epoch)
    if onnx is not None:
        done = result_of(onnx_file.save(session, facts, files.typed(onnx)))
        if done.apart is None:
            say(tr("Not tried: onnxruntime is not installed."))
        else:
            say(tr("Tried with onnxruntime: pictures differ by {apart} at most.", apart=number(done.apart, ".6f")))
        give_path(done.path)
    if script is not None:
        give_path(result_of(scripts.save(session, facts, files.typed(script))).script)
    return 0
