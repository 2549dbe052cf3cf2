"""The commands that make pictures of a run: ``sample`` and ``film``."""

from __future__ import annotations

from contextlib import closing
from io import BytesIO
from pathlib import Path
from typing import Annotated

import numpy as np
import typer
from rich.progress import BarColumn, MofNCompleteColumn

from engine import files
from engine.cli.terminal import app, decimal, find_run, give_path, progress_bar
from engine.data.catalogue import original_labels
from engine.errors import UserError
from engine.i18n import tr
from engine.run_folder import RunFolder, RunInfo


@app.command(help=tr("Let a run's generator make images, as a picture or as arrays."))
def sample(
    run: Annotated[Path, typer.Argument(help=tr("The run folder."))],
    out: Annotated[Path, typer.Option(help=tr("FILE.png for a picture, FILE.npz for arrays."))],
    count: Annotated[int | None, typer.Option(help=tr("How many images."))] = None,
    labels: Annotated[
        str,
        typer.Option(
            help=tr("“cycle” for all classes in turn, classes by number or name with commas, or a number such as 2025.")
        ),
    ] = "cycle",
    seed: Annotated[int, typer.Option(help=tr("Where chance starts."))] = 0,
    epoch: Annotated[int | None, typer.Option(help=tr("The generator of this epoch instead of the newest."))] = None,
) -> int:
    """Write images uint8 and labels int64 (-1 where unconditional)."""
    from engine.evaluation.evaluate import sample as draw
    from engine.latent.sampling import random_z
    from engine.pictures import tile

    out = files.typed(out)
    if out.suffix.lower() not in (".png", ".npz"):
        raise UserError(
            tr("“{path}” is neither a PNG nor an NPZ file.", path=out), tr("Make --out end in .png or .npz.")
        )
    if seed < 0:
        raise UserError(
            tr("{label} ({name}) cannot be {value}.", label=tr("Seed"), name="seed", value=seed), tr("Give 0 or more.")
        )
    folder = RunFolder(find_run(run))
    info = folder.info()
    word = _word(labels, info)
    total = count if count is not None else (len(word) if labels != "cycle" else 10 * len(word))
    if not 1 <= total <= 1_000_000:
        raise UserError(
            tr("The number of images cannot be {count}.", count=total), tr("Give --count from 1 to 1000000.")
        )
    asked = np.resize(word, total)
    if labels != "cycle" and len(word) > 1:  # one handwriting for each time the word is written
        z = np.repeat(random_z(-(-total // len(word)), info.config.z_dim, seed), len(word), axis=0)[:total]
    else:
        z = random_z(total, info.config.z_dim, seed)
    images = draw(folder, z, asked, epoch)
    own_labels = original_labels(asked, info.config.classes)
    buffer = BytesIO()
    if out.suffix.lower() == ".npz":
        np.savez_compressed(buffer, images=images, labels=own_labels)
    else:
        from PIL import Image

        Image.fromarray(tile(images, len(word) if len(word) > 1 else min(total, 10))).save(buffer, format="PNG")
    files.write_atomically(out, buffer.getvalue())
    give_path(out)
    return 0


def _word(labels: str, info: RunInfo) -> np.ndarray:
    """Turn “cycle”, “3”, “2025”, “trousers” or “bag, 3” into the run's labels; raises ``UserError``."""
    known = list(info.config.classes or range(len(info.classes))) if info.classes else []
    if labels == "cycle":
        return np.arange(len(known), dtype=np.int64) if known else np.full(10, -1, np.int64)
    if not known:
        raise UserError(
            tr("This run's generator takes no labels."), tr("Leave --labels out, or choose a conditional run.")
        )
    called = {str(number): index for index, number in enumerate(known)}
    for form in (str, tr):  # a class is called what it is called, in either language; a number is second to that
        called |= {form(name).casefold(): index for index, name in enumerate(info.classes)}
    whole = labels.strip().casefold()
    parts = [whole] if whole in called else whole.split(",") if "," in whole else list(whole)
    try:
        return np.array([called[part.strip()] for part in parts], np.int64)
    except KeyError:
        both = [(str(number), str(tr(name))) for number, name in zip(known, info.classes, strict=True)]
        numbers = ", ".join(number if number == name else f"{number} ({name})" for number, name in both)
        raise UserError(
            tr("This run cannot write “{labels}”.", labels=labels),
            tr("Use “cycle” or these labels, by number or name: {known}.", known=numbers),
        ) from None


@app.command(help=tr("Save the film of a training, with the curves beside it, or a contact sheet of its epochs."))
def film(
    run: Annotated[Path, typer.Argument(help=tr("The run folder."))],
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
    saving = export.save(RunFolder(find_run(run)), out, export.Wish(fps, seconds, dark))
    progress = progress_bar(BarColumn(), MofNCompleteColumn())
    task = progress.add_task("")
    with closing(saving):
        try:
            for done, total in saving:
                progress.start()
                progress.update(task, completed=done, total=total)
        finally:
            if progress.live.is_started:
                progress.stop()
    give_path(out)
    return 0
