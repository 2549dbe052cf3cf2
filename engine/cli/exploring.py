"""The commands that look into what a generator has learned: ``directions`` and ``find``."""

from __future__ import annotations

import json
from contextlib import closing
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import numpy as np
import typer
from rich.progress import BarColumn, TextColumn
from rich.table import Table

from engine import files
from engine.cli import options
from engine.cli.labels import labels_of
from engine.cli.terminal import app, find_run, give_path, progress_bar, say, show_table
from engine.errors import UserError
from engine.i18n import number, tr
from engine.runs import Direction, RunFolder
from engine.text import plain

if TYPE_CHECKING:
    from engine.latent.directions import Held
    from engine.latent.find import Attempt
    from engine.latent.generator_session import GeneratorSession

_COLUMNS = 7
_SHOWN_SEED = 3


@app.command(help=tr("Find directions in latent space that change a run's pictures in one way each, and say which."))
def directions(
    run: options.RunFolderArgument,
    epoch: options.Epoch = None,
    method: Annotated[
        Literal["sefa", "pca"],
        typer.Option(help=tr("“sefa” asks the first weights of G, “pca” what they make of many z.")),
    ] = "sefa",
    out: Annotated[Path | None, typer.Option(help=tr("FILE.png: a row of pictures along each direction."))] = None,
    keep: Annotated[bool, typer.Option("--keep", help=tr("Keep them with the run, in place of those kept."))] = False,
    again: Annotated[
        bool,
        typer.Option("--again", help=tr("Measure those that are kept with this epoch instead: do they still hold?")),
    ] = False,
    rename: Annotated[
        list[str] | None,
        typer.Option(help=tr("NUMBER=NAME gives a name to one that is kept; several times if you like.")),
    ] = None,
    as_json: options.Json = False,
) -> int:
    """Print them, the one that changes the picture most first."""
    from engine.job import result_of
    from engine.latent import directions as finding
    from engine.latent.generator_session import open_session

    out = None if out is None else options.png(out)
    folder = RunFolder(find_run(run))
    session, at = open_session(folder, epoch), _epoch_of(folder, epoch)
    if rename:
        folder.save_directions(_renamed(folder.directions(), rename))
    if again or rename:
        held = result_of(finding.measure_again(session, at, _kept(folder)))
        found = [each.now for each in held]
    else:
        held, found = [], result_of(finding.find(session, at, method))
    if keep and not held:
        folder.save_directions(found)
    if out is not None:
        _draw_rows(out, session, found)
    if as_json:
        print(json.dumps(_facts(found, held), indent=2))
    else:
        _show_directions(found, held, at)
    if out is not None:
        give_path(out)
    return 0


@app.command(help=tr("Find the latent vector, and the label, with which a run's generator draws a given picture."))
def find(
    run: options.RunFolderArgument,
    picture: Annotated[Path, typer.Argument(help=tr("A picture of any format and size, such as a photo of a digit."))],
    epoch: options.Epoch = None,
    label: Annotated[
        str | None, typer.Option(help=tr("The class, by number or name; the best is found when left out."))
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(help=tr("FILE.png: what was looked for, and what was found; FILE.npy: z, for “sample --z”.")),
    ] = None,
    as_json: options.Json = False,
) -> int:
    """Search with a bar that tells how near it is, and print what was found."""
    from engine.evaluation.reader import open_reader
    from engine.job import result_of
    from engine.latent import find as finding
    from engine.latent import given_picture
    from engine.latent.generator_session import open_session

    if out is not None:
        out = files.typed(out)
        if out.suffix.lower() not in (".png", ".npy"):
            raise UserError(
                tr("“{path}” is neither a PNG nor an NPY file.", path=out), tr("Make --out end in .png or .npy.")
            )
    folder = RunFolder(find_run(run))
    info = folder.info()
    wanted = given_picture.from_file(files.typed(picture), info.config, info.facts)
    session = open_session(folder, epoch)
    asked = None if label is None else int(labels_of(label, info)[0])
    reader = result_of(open_reader(info.config, info.facts))
    found = _searched(finding.find(session, reader, wanted, asked))
    if out is not None:
        _write_found(out, wanted, found)
    names = [tr(name) for name in info.facts.class_names]
    if as_json:
        print(json.dumps(_attempt_facts(found, info.facts.class_names), indent=2))
    else:
        _show_attempt(found, names)
    if out is not None:
        give_path(out)
    return 0


# --- directions


def _show_directions(found: list[Direction], held: list[Held], epoch: int) -> None:
    from engine.latent import directions as finding

    table = Table(title=tr("Directions of epoch {epoch}", epoch=epoch))
    for heading in ("", tr("Direction"), tr("From"), tr("To"), tr("Change of the picture"), tr("Correlation")):
        table.add_column(heading)
    if held:
        table.add_column(tr("Still holds"))
    for index, (each, title) in enumerate(zip(found, finding.titles(found), strict=True)):
        low, high = finding.ends(each)
        row = [str(index + 1), each.name or title, low, high, number(each.strength, ".3f")]
        row.append(number(each.correlation, ".2f") if each.measure else "–")
        if held:
            row.append(tr("yes") if held[index].holds else tr("no"))
        table.add_row(*row)
    show_table(table)


def _facts(found: list[Direction], held: list[Held]) -> list[dict[str, Any]]:
    from engine.latent import directions as finding

    titles = finding.titles(found)
    facts = [asdict(each) | {"title": each.name or title} for each, title in zip(found, titles, strict=True)]
    return [each | {"holds": one.holds} for each, one in zip(facts, held, strict=True)] if held else facts


def _kept(folder: RunFolder) -> list[Direction]:
    kept = folder.directions()
    if not kept:
        raise UserError(tr("No directions are kept with this run."), tr("Keep some with “directions RUN --keep”."))
    return kept


def _renamed(kept: list[Direction], names: list[str]) -> list[Direction]:
    from dataclasses import replace

    for text in names:
        place, equals, name = text.partition("=")
        if not equals or not place.strip().isdecimal() or not 1 <= int(place) <= len(kept):
            raise UserError(
                tr("“{text}” names no direction that is kept.", text=text),
                tr("Give NUMBER=NAME, with a number from 1 to {count}.", count=len(kept))
                if kept
                else tr("Keep some with “directions RUN --keep”."),
            )
        kept[int(place) - 1] = replace(kept[int(place) - 1], name=name.strip())
    return kept


def _draw_rows(out: Path, session: GeneratorSession, found: list[Direction]) -> None:
    from engine.latent import directions as finding
    from engine.latent.sampling import label_cycle, random_z

    z = random_z(1, session.z_dim, _SHOWN_SEED)[0]
    points = np.concatenate([finding.along(z, each, _COLUMNS) for each in found])
    labels = np.repeat(label_cycle(len(found), session.class_count), _COLUMNS)
    _write_png(out, session.render(points, labels), _COLUMNS)


def _epoch_of(folder: RunFolder, epoch: int | None) -> int:
    return epoch if epoch is not None else max(folder.generator_epochs(), default=0)


# --- finding


def _searched(search: Any) -> Attempt:
    progress = progress_bar(BarColumn(), TextColumn("{task.description}"))
    task = progress.add_task("")
    with closing(search):
        try:
            for found in search:
                progress.start()
                told = tr("difference {value}", value=number(found.difference, ".3f"))
                progress.update(task, completed=found.step, total=found.steps, description=told)
        finally:
            if progress.live.is_started:
                progress.stop()
    attempt: Attempt = found
    return attempt


def _write_found(out: Path, wanted: Any, found: Attempt) -> None:
    if out.suffix.lower() == ".npy":
        buffer = BytesIO()
        np.save(buffer, found.z[None])
        files.write_atomically(out, buffer.getvalue())
    else:
        _write_png(out, np.stack([wanted, found.picture]), 2)


def _show_attempt(found: Attempt, names: list[str]) -> None:
    from engine.latent.typicality import describe, typicality

    table = Table(show_header=False)
    if found.label >= 0:
        table.add_row(tr("Label"), plain(names[found.label]))
    for label, reading in (
        (tr("Read in the given picture"), found.wanted),
        (tr("Read in what was found"), found.reading),
    ):
        if reading:
            table.add_row(label, f"{plain(names[reading[0]])} ({number(reading[1], '.0%')})")
    table.add_row(tr("Difference of the pixels (0 to 1)"), number(found.difference, ".3f"))
    table.add_row(tr("Latent vector"), describe(typicality(found.z)))
    show_table(table)
    if found.reads_alike is False:
        say(tr("The judge reads something else in what was found: train longer, or look at a later epoch."))


def _attempt_facts(found: Attempt, classes: tuple[str, ...]) -> dict[str, Any]:
    from engine.latent.typicality import typicality

    def read(reading: tuple[int, float] | None) -> dict[str, Any] | None:
        return {"class": classes[reading[0]], "probability": reading[1]} if reading else None

    return {
        "label": classes[found.label] if found.label >= 0 else None,
        "difference": found.difference,
        "reading": read(found.reading),
        "wanted": read(found.wanted),
        "reads_alike": found.reads_alike,
        "typicality": typicality(found.z)._asdict(),
        "z": found.z.tolist(),
    }


# --- pictures


def _write_png(out: Path, images: Any, columns: int) -> None:
    from PIL import Image

    from engine.pictures import tile

    buffer = BytesIO()
    Image.fromarray(tile(images, columns)).save(buffer, format="PNG")
    files.write_atomically(out, buffer.getvalue())
