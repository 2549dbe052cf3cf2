"""The command that lets a run's generator make images: by chance, along the sweep, or of a person's own vectors."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, NamedTuple

import numpy as np
import typer
from numpy.typing import NDArray

from engine import files
from engine.arrays import Samples
from engine.cli import options
from engine.cli.labels import Labels, labels_of
from engine.cli.terminal import app, find_run, give_path, say
from engine.datasets import catalog
from engine.datasets.catalog import ImageData, original_labels
from engine.errors import UserError
from engine.i18n import number, tr
from engine.numbers import NotTaken, read_number
from engine.runs import RunFolder, RunInfo

_MOST = 1_000_000
_FARTHEST = 100.0  # a number of z that G was trained with is hardly ever beyond 4
_MOST_TOLD = 20
_POINTS = 1_000
_Out = Annotated[
    Path,
    typer.Option(
        help=tr("FILE.png for a picture, FILE.npz for arrays: images, labels and z; of points also FILE.csv, a table.")
    ),
]
_GRID = re.compile(r"\s*([0-9]{1,4})\s*[x×*]\s*([0-9]{1,4})\s*", re.IGNORECASE)


class _Request(NamedTuple):
    """What G is asked for: z ``[N, z_dim]`` and labels ``[N]``, in ``columns`` where nobody says otherwise.

    ``told`` is a sentence for the person who gets the images, or nothing.
    """

    z: NDArray[np.float32]
    labels: Labels
    columns: int
    told: str = ""


class _Shape(NamedTuple):
    rows: int
    columns: int

    @property
    def places(self) -> int:
        return self.rows * self.columns


@app.command(help=tr("Let a run's generator make images, as a picture or as arrays."))
def sample(
    run: options.RunFolderArgument,
    out: _Out,
    count: Annotated[int | None, typer.Option(help=tr("How many images; with --sweep, how many values."))] = None,
    labels: Annotated[
        str,
        typer.Option(
            help=tr(
                "“cycle” for all classes in turn, classes by number or name with commas, or a number such as 2025. "
                "With --sweep or --z, each is a row."
            )
        ),
    ] = "cycle",
    seed: Annotated[int | None, typer.Option(help=tr("Where chance starts."))] = None,
    epoch: options.Epoch = None,
    sweep: Annotated[
        str | None,
        typer.Option(help=tr("From one value to another, e.g. -1..1: all numbers of z are the same, ten times.")),
    ] = None,
    z_file: Annotated[
        Path | None,
        typer.Option("--z", help=tr("The latent vectors in FILE.npy, a float array [N, z_dim], instead of chance.")),
    ] = None,
    grid: Annotated[
        str | None, typer.Option(help=tr("Rows and columns of the picture, e.g. 2x5; chosen for you when left out."))
    ] = None,
) -> int:
    """Write images uint8, labels int64 (-1 where unconditional) and z float32."""
    from engine.evaluation.evaluate import sample as draw

    folder = RunFolder(find_run(run))
    info = folder.info()
    out = _checked(files.typed(out), seed, grid, info)
    shape = _read_grid(grid) if grid is not None else None
    if sweep is None and z_file is None:
        count = shape.places if count is None and shape else count
        request = _by_chance(labels_of(labels, info), labels == "cycle", count, seed or 0, info)
    elif seed is None:
        request = _in_rows(labels_of(labels, info), sweep, z_file, count, info)
    else:
        raise UserError(tr("Nothing is left to chance with --sweep or --z."), tr("Leave --seed out."))
    shape = _fitting(shape, request)
    _write(out, draw(folder, request.z, request.labels, epoch), request, shape, info)
    if request.told:
        say(request.told)
    give_path(out)
    return 0


def _write(out: Path, images: Samples, request: _Request, shape: _Shape, info: RunInfo) -> None:
    """Write ``images`` uint8 ``[N, H, W]`` or ``[N, H, W, 3]`` as arrays, or as a picture of ``shape``."""
    from engine.export import samples
    from engine.points import sheet as sheets

    labels = original_labels(request.labels, info.config.classes)
    real = sheets.real_points(_at_hand(info)) if info.facts.is_points and out.suffix.lower() == ".png" else None
    samples.write(out, images, labels, request.z, shape.columns, shape.rows, facts=info.facts, real=real)


def _at_hand(info: RunInfo) -> ImageData | None:
    """Return what the run was trained on, None where it is not there any more, or is something else by now."""
    try:
        data = catalog.load(info.config)
    except UserError:
        return None
    return data if data.facts == info.facts else None


# --- what is asked for


def _by_chance(word: Labels, is_cycle: bool, count: int | None, seed: int, info: RunInfo) -> _Request:
    from engine.latent.sampling import random_z

    usual = _POINTS if info.facts.is_points else 10 * len(word) if is_cycle else len(word)
    total = usual if count is None else count
    _check_count(total)
    asked = np.resize(word, total)
    if not is_cycle and len(word) > 1:  # one handwriting for each time the word is written
        z = np.repeat(random_z(-(-total // len(word)), info.config.z_dim, seed), len(word), axis=0)[:total]
    else:
        z = random_z(total, info.config.z_dim, seed)
    return _Request(z, asked, len(word) if len(word) > 1 else min(total, 10))


def _in_rows(word: Labels, sweep: str | None, z_file: Path | None, count: int | None, info: RunInfo) -> _Request:
    """Return all latent vectors for each label, which has a row of its own; without classes there is one row."""
    from engine.latent import interpolation
    from engine.latent.vector_file import read_vectors

    word = word if info.classes else word[:1]
    if sweep is not None and z_file is not None:
        raise UserError(tr("--sweep and --z cannot be given together."), tr("Give one of them."))
    told = ""
    if z_file is not None:
        if count is not None:
            raise UserError(tr("--count cannot be given with --z."), tr("The file says how many there are."))
        z = read_vectors(files.typed(z_file), info.config.z_dim, _MOST // len(word))
    else:
        low, high = _read_range(sweep or "")
        count = interpolation.SWEEP_COUNT if count is None else count
        _check_count(count * len(word))
        z = interpolation.sweep(info.config.z_dim, count, low, high)
        if count <= _MOST_TOLD:
            values = " · ".join(number(value, ".3g") for value in interpolation.sweep_values(count, low, high))
            told = tr("All numbers of z, from image to image: {values}", values=values)
    return _Request(*interpolation.rows(z, word), len(z), told)


# --- reading what was typed


def _checked(out: Path, seed: int | None, grid: str | None, info: RunInfo) -> Path:
    from engine.export.samples import kinds_of, not_taken

    ending = out.suffix.lower()
    if ending not in kinds_of(info.facts):
        raise not_taken(out, info.facts)
    if grid is not None and ending != ".png":
        raise UserError(
            tr("--grid is the shape of a picture, and “{path}” holds arrays.", path=out),
            tr("Leave --grid out, or make --out end in .png."),
        )
    if seed is not None and seed < 0:
        raise UserError(
            tr("{label} ({name}) cannot be “{value}”.", label=tr("Seed"), name="seed", value=seed),
            tr("Give 0 or more."),
        )
    return out


def _read_range(text: str) -> tuple[float, float]:
    ends = text.replace("…", "..").split("..", 1)  # an editor may have made one sign of the points
    try:
        if len(ends) != 2:
            raise NotTaken(tr("Give two numbers with two points between them, e.g. {example}.", example="-1..1"))
        low, high = (read_number(end, -_FARTHEST, _FARTHEST, whole=False) for end in ends)
    except NotTaken as error:
        raise UserError(tr("The sweep cannot be “{text}”.", text=text), str(error)) from None
    return low, high


def _read_grid(text: str) -> _Shape:
    found = _GRID.fullmatch(text)
    if not found or not (int(found[1]) and int(found[2])):
        raise UserError(
            tr("The grid cannot be “{text}”.", text=text), tr("Give rows and columns, e.g. {example}.", example="2x5")
        )
    return _Shape(int(found[1]), int(found[2]))


def _check_count(total: int) -> None:
    if not 1 <= total <= _MOST:
        raise UserError(
            tr("The number of images cannot be {count}.", count=total), tr("Give --count from 1 to 1000000.")
        )


def _fitting(shape: _Shape | None, request: _Request) -> _Shape:
    """Return the shape that was given, if all images have room in it, or the usual one."""
    total = len(request.labels)
    usual = _Shape(-(-total // request.columns), request.columns)
    if shape is None:
        return usual
    if shape.places < total:
        raise UserError(
            tr("A grid of {rows}×{columns} has no room for {count} images.", **shape._asdict(), count=number(total)),
            tr("Give --grid {rows}x{columns}, or ask for fewer images with --labels or --count.", **usual._asdict()),
        )
    return shape
