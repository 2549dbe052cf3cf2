"""The command that makes a film of a run."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Annotated

import typer
from rich.progress import BarColumn, MofNCompleteColumn

from engine import files
from engine.cli import options
from engine.cli.terminal import app, decimal, find_run, give_path, progress_bar
from engine.i18n import tr
from engine.job import Job, Progress
from engine.runs import RunFolder


@app.command(help=tr("Save the film of a training, with the curves beside it, or a contact sheet of its epochs."))
def film(
    run: options.RunFolderArgument,
    out: Annotated[Path, typer.Option(help=tr("FILE.mp4 or FILE.gif for the film, FILE.png for a contact sheet."))],
    fps: Annotated[
        float | None, typer.Option(parser=decimal, help=tr("Epochs per second; chosen for you when left out."))
    ] = None,
    seconds: Annotated[
        float, typer.Option(parser=decimal, help=tr("The longest that the film may last; epochs are left out."))
    ] = 60.0,
    dark: Annotated[bool, typer.Option("--dark", help=tr("On a dark surface instead of white."))] = False,
) -> int:
    """Write the film or the sheet; Ctrl-C leaves nothing behind."""
    from engine import export

    out = files.typed(out)
    saving = export.save(RunFolder(find_run(run)), out, export.ExportOptions(fps, seconds, dark))
    watched(saving)
    give_path(out)
    return 0


def watched(saving: Job[Progress, None]) -> None:
    """Let ``saving`` be done with a bar that tells how many pictures are."""
    bar = progress_bar(BarColumn(), MofNCompleteColumn())
    task = bar.add_task("")
    with closing(saving):
        try:
            for drawn in saving:
                bar.start()
                bar.update(task, completed=drawn.done, total=drawn.total)
        finally:
            if bar.live.is_started:
                bar.stop()
