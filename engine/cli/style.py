"""The command ``style``: a picture is painted in the style of another, from shell to file."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer
from rich.progress import BarColumn, DownloadColumn, TextColumn

from engine import files
from engine.cli import options
from engine.cli.endings import interruptible
from engine.cli.films import watched
from engine.cli.terminal import app, give_path, progress_bar, say
from engine.cli.training import INTERRUPTED
from engine.errors import UserError
from engine.i18n import number, tr
from engine.style import gallery
from engine.style.networks import VGG19
from engine.style.options import STYLE_OPTIONS, StyleOptions, value_of

if TYPE_CHECKING:
    from engine.style.history import History
    from engine.style.transfer import StyleTransfer

_MINUTES = 0.01, 1000.0


def _help(name: str) -> str:
    return tr(STYLE_OPTIONS[name].help)


@app.command(help=tr("Paint a picture with the content of one and the style of another (neural style transfer)."))
def style(
    content: Annotated[
        Path,
        typer.Argument(help=tr("What shall be seen: a picture, or one of: {names}.", names=gallery.names("content"))),
    ],
    style: Annotated[
        Path, typer.Argument(help=tr("How it is painted: a picture, or one of: {names}.", names=gallery.names("style")))
    ],
    out: Annotated[Path, typer.Option(help=tr("FILE.png, the painted picture."))],
    steps: Annotated[str | None, typer.Option(help=_help("steps"))] = None,
    minutes: Annotated[str | None, typer.Option(help=tr("As many steps as fit into this time, instead."))] = None,
    size: Annotated[str | None, typer.Option(help=_help("size"))] = None,
    content_weight: Annotated[str | None, typer.Option(help=_help("content_weight"))] = None,
    style_weight: Annotated[str | None, typer.Option(help=_help("style_weight"))] = None,
    variation_weight: Annotated[str | None, typer.Option(help=_help("variation_weight"))] = None,
    start: Annotated[Literal["noise", "content", "style"] | None, typer.Option(help=_help("start"))] = None,
    second_style: Annotated[Path | None, typer.Option(help=tr("Another style, blended with the first."))] = None,
    blend: Annotated[str | None, typer.Option(help=_help("blend"))] = None,
    layers: Annotated[str | None, typer.Option(help=_help("layers"))] = None,
    optimizer: Annotated[Literal["adam", "lbfgs"] | None, typer.Option(help=_help("optimizer"))] = None,
    seed: options.Seed = None,
    device: options.Device = None,
    weights: Annotated[
        Path | None,
        typer.Option(help=tr("VGG-19 instead: torchvision's file, or “vgg19” to download it (575 MB).")),
    ] = None,
    film: Annotated[Path | None, typer.Option(help=tr("FILE.mp4 or FILE.gif: how it came to be."))] = None,
) -> int:
    """Paint with a bar that tells how far it is; Ctrl-C ends it, and the picture is kept as it is."""
    out, film = options.png(out), _film_path(film)
    given = {
        **{"steps": steps, "size": size, "content_weight": content_weight, "style_weight": style_weight},
        **{"variation_weight": variation_weight, "start": start, "blend": blend, "optimizer": optimizer},
        **{"layers": layers, "seed": seed, "device": device},
    }
    chosen = StyleOptions.parse({name: value_of(name, text) for name, text in given.items() if text is not None})
    names = [content, style, *([second_style] if second_style else [])]
    history, is_whole = _painted(_transfer(names, chosen, _minutes(minutes, steps), weights))
    has_picture = _finish(history, out, film)
    return 0 if is_whole and has_picture else INTERRUPTED


def _film_path(film: Path | None) -> Path | None:
    from engine.export.film import FILMS
    from engine.export.options import kind_of

    if film is None:
        return None
    film = files.typed(film)
    kind_of(film, FILMS)
    return film


def _transfer(names: list[Path], chosen: StyleOptions, minutes: float | None, weights: Path | None) -> StyleTransfer:
    from engine.style import pictures
    from engine.style.transfer import StyleTransfer

    content, *styles = (pictures.read(gallery.find(name), chosen.size) for name in names)
    return StyleTransfer(content, styles, chosen, minutes=minutes, weights_file=_weights_file(weights))


def _weights_file(given: Path | None) -> Path | None:
    """Return the file with the weights of VGG-19, which is downloaded where a person wants that."""
    from engine.style import weights

    if given is None or str(given) != VGG19.name:
        return None if given is None else files.typed(given)
    if here := weights.vgg19_here():
        return here
    bar = progress_bar(BarColumn(), DownloadColumn())
    task = bar.add_task("", total=None)
    with bar, closing(weights.fetch()) as fetching:
        for told in fetching:
            bar.update(task, completed=told.done, total=told.total or None)
    return weights.vgg19_here()


def _finish(history: History, out: Path, film: Path | None) -> bool:
    """Write what there is, and tell whether there was anything."""
    from engine.style import film as films
    from engine.style import pictures

    if not history.ticks:
        return False
    files.write_atomically(out, pictures.png(history.ticks[-1].picture))
    if film is not None:
        watched(films.save(history, film))
        give_path(film)
    give_path(out)
    return True


def _minutes(text: str | None, steps: str | None) -> float | None:
    """Return how long a person wants it to take."""
    from engine.numbers import NotTaken, read_number

    if text is None:
        return None
    if steps is not None:
        raise UserError(tr("Steps and minutes cannot both be given."), tr("Leave one of them out."))
    try:
        return read_number(text, *_MINUTES, whole=False)
    except NotTaken as error:
        raise UserError(tr("“{text}” minutes cannot be.", text=text), str(error)) from None


def _painted(transfer: StyleTransfer) -> tuple[History, bool]:
    """Return what was told, and whether it came to its end."""
    from engine.style.events import StepUndone, StyleTick
    from engine.style.history import History
    from engine.style.words import undone

    history = History()
    progress = progress_bar(BarColumn(), TextColumn("{task.description}", markup=False))
    task = progress.add_task("", total=None)
    with progress, interruptible() as must_stop, closing(transfer.run()) as job:
        for event in job:
            if isinstance(event, StyleTick):
                history.add(event)
                progress.update(task, completed=event.step, total=event.steps or None, description=_told(event))
            elif isinstance(event, StepUndone):
                history.undo_to(event.step)
                say(undone(event))
            if must_stop():
                return history, False
    return history, True


def _told(tick: Any) -> str:
    return tr(
        "step {step} · content {content} · style {style}",
        step=number(tick.step),
        content=number(tick.losses.content, ".2g"),
        style=number(tick.losses.style, ".2g"),
    )
