"""The command ``train``: begins or goes on with a run, shows how far it is, and ends it in order."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.markup import escape
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

from engine.cli.terminal import app, err_console, find_run, out_console, tell_troubles
from engine.config import MINUTES, OPTIONS, Config, parse_assignments, parse_value
from engine.data import catalogue
from engine.errors import UserError
from engine.evaluation.course import running_means
from engine.evaluation.troubles import condition_of
from engine.events import Event, Halted, Loading, NotFinite, OutOfMemory, Started, Tick
from engine.i18n import number, tr
from engine.numbers import NotTaken, read_number
from engine.recipes import DEFAULT_RECIPE, recipe
from engine.run_folder import RunFolder, new_run_path

if TYPE_CHECKING:
    from engine.trainer import Trainer

INTERRUPTED = 130
_RESUMABLE = {"epochs", "total_images", "batch_size", "device", "threads", "data_root", "keep_mb"}
_RETRY_SECONDS = 5.0


@app.command(help=tr("Train a GAN and write everything into a run folder."))
def train(
    recipe_name: Annotated[
        str, typer.Option("--recipe", help=tr("The starting point; see “recipes”."))
    ] = DEFAULT_RECIPE,
    dataset: Annotated[str | None, typer.Option(help=tr("The real images; see “datasets”."))] = None,
    data_root: Annotated[str | None, typer.Option(help=tr("Folder with the files of the data set."))] = None,
    classes: Annotated[str | None, typer.Option(help=tr("Train on these classes only, e.g. 3,8."))] = None,
    epochs: Annotated[str | None, typer.Option(help=tr("Passes over the images."))] = None,
    minutes: Annotated[str | None, typer.Option(help=tr("Train for about this long instead of epochs."))] = None,
    assignments: Annotated[list[str] | None, typer.Option("--set", help=tr("Any option, as option=value."))] = None,
    seed: Annotated[str | None, typer.Option(help=tr("Where chance starts."))] = None,
    device: Annotated[str | None, typer.Option(help="auto | cpu | cuda | mps")] = None,
    run: Annotated[Path | None, typer.Option(help=tr("The run folder; chosen for you when left out."))] = None,
    resume: Annotated[bool, typer.Option("--resume", help=tr("Go on with the run in --run."))] = False,
) -> int:
    """Train from scratch, or go on with a run."""
    from engine.trainer import Trainer

    values: dict[str, Any] = dict(parse_assignments(assignments or []))
    given = {"dataset": dataset, "data_root": data_root, "classes": classes}
    given |= {"epochs": epochs, "seed": seed, "device": device}
    values |= {name: parse_value(name, value) for name, value in given.items() if value is not None}
    length = None if minutes is None else _read_minutes(minutes)
    if not resume:
        folder = RunFolder(run or new_run_path(recipe_name))
        if length is None and not values.keys() & {"epochs", "total_images"}:
            values = _length_on_pictures(recipe_name, values) | values
        config = recipe(recipe_name).config(**values)
        _name_unused(config, values)
        return _train(Trainer(config, folder, minutes=length), folder)
    folder = RunFolder(find_run(run))
    if length is not None:
        raise UserError(
            tr("--minutes cannot be given with --resume."), tr("Give --epochs, counted from the run's start.")
        )
    return _train(_resumed(folder, values), folder)


def _read_minutes(text: str) -> float:
    try:
        return read_number(text, *MINUTES, whole=False)
    except NotTaken as error:
        raise UserError(tr("The minutes of training cannot be {minutes}.", minutes=text), str(error)) from None


def _name_unused(config: Config, values: Iterable[str]) -> None:
    """Say which of the options that were given this training does not ask for, and why."""
    unused = config.unused()
    for name in values:
        if name in unused:
            text = tr("“{name}” is ignored: {why}", name=name, why=tr(unused[name]))
            err_console.print(text, soft_wrap=True, highlight=False, markup=False)


def _length_on_pictures(recipe_name: str, values: dict[str, Any]) -> dict[str, Any]:
    """Return the length of a training on own pictures, where nobody has said it: few of them are passed more often."""
    config = recipe(recipe_name).config(**values)
    if catalogue.dataset(config.dataset).origin != "folder":
        return {}
    return recipe(recipe_name).length_on(catalogue.picture_count(config))


def _resumed(folder: RunFolder, values: dict[str, Any]) -> Trainer:
    from engine.trainer import Trainer

    config = folder.info().config
    live = {name: value for name, value in values.items() if OPTIONS[name].live}
    for name in values.keys() - live.keys() - _RESUMABLE:
        raise UserError(
            tr("“{name}” cannot change when a run goes on.", name=name),
            tr("Leave it out, or start a new run without --resume."),
        )
    if "epochs" in values:
        values = {"total_images": 0, **values}
    trainer = Trainer(config.changed(**{n: v for n, v in values.items() if n not in live}), folder, resume=True)
    for name, value in live.items():
        trainer.change(name, getattr(config.changed(**{name: value}), name))
    return trainer


def _train(trainer: Trainer, folder: RunFolder) -> int:
    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    progress = Progress(*columns, console=err_console, refresh_per_second=5, transient=True)
    progress.add_task("", total=None)
    training = trainer.run()
    has_started = False
    with _interruptible() as interrupted:
        try:
            for event in training:
                has_started |= isinstance(event, Started)
                if isinstance(event, Halted):
                    _wait_for_the_disk(event, interrupted)
                elif isinstance(event, NotFinite | OutOfMemory):
                    raise _ended_early(event, folder)
                else:
                    _show(event, progress, folder)
                if interrupted():
                    break
        finally:
            training.close()
            if progress.live.is_started:
                progress.stop()
    if interrupted():
        err_console.print(
            tr('Stopped and saved. Go on with: python main.py train --resume --run "{path}"', path=folder.path),
            soft_wrap=True,
        )
        return INTERRUPTED
    if has_started:  # otherwise this is one of several processes, which another one leads
        _conclude(folder)
    return 0


def _show(event: Event, progress: Progress, folder: RunFolder) -> None:
    """Show how far loading or training is."""
    (task,) = progress.task_ids
    if isinstance(event, Loading):
        progress.start()
        progress.update(task, description=event.what, completed=event.done, total=event.total or None)
    elif isinstance(event, Started):
        text = tr("Training on {device}; run folder: {path}", device=event.device, path=folder.path)
        err_console.print(text, soft_wrap=True)
        progress.start()
    elif isinstance(event, Tick):
        total = event.total_images or None
        progress.update(task, description=_describe(event), completed=event.images_seen, total=total)


def _conclude(folder: RunFolder) -> None:
    d, g = running_means(folder.metrics())
    err_console.print(
        tr("Means of the losses since the first step: D {d}, G {g}", d=number(d, ".3f"), g=number(g, ".3f"))
    )
    condition = condition_of(folder)
    tell_troubles(condition.troubles, condition.sentence)
    out_console.print(folder.path, soft_wrap=True, highlight=False)


def _wait_for_the_disk(halted: Halted, interrupted: Callable[[], bool]) -> None:
    err_console.print(f"[bold red]{escape(halted.message)}[/] {escape(halted.hint)}", soft_wrap=True, highlight=False)
    err_console.print(tr("Training waits and tries again every few seconds; Ctrl-C ends it."))
    end = time.monotonic() + _RETRY_SECONDS
    while time.monotonic() < end and not interrupted():
        time.sleep(0.1)


def _ended_early(event: NotFinite | OutOfMemory, folder: RunFolder) -> UserError:
    """Say what happened and which command goes on."""
    command = f'python main.py train --resume --run "{folder.path}" --set '
    if isinstance(event, NotFinite):
        settings = " --set ".join(f"{name}={value:g}" for name, value in event.cure.items())
        return UserError(
            tr(
                "A number became infinite or not a number at step {step}; the run went back to its last good state.",
                step=event.step,
            ),
            tr("Go on with: {command}", command=command + settings),
        )
    message = tr("The memory of the device does not hold a step.")
    if not event.batch_size:
        return UserError(message, tr("Close other programs, or choose narrower networks."))
    return UserError(message, tr("Go on with: {command}", command=f"{command}batch_size={event.batch_size}"))


def _describe(tick: Tick) -> str:
    speed = number(tick.images_per_second, ",.0f")
    text = tr("epoch {epoch} · {speed} images/s", epoch=number(tick.epoch), speed=speed)
    losses = [("D", tick.rows[-1].d_loss), ("G", tick.rows[-1].g_loss)] if tick.rows else []
    return "".join([text, *(f" · {name} {number(loss, '.3f')}" for name, loss in losses)])


@contextmanager
def _interruptible() -> Iterator[Callable[[], bool]]:
    """Let the first Ctrl-C end training in order and the second one end it at once."""
    asked = False

    def stop(number: int, frame: object) -> None:
        nonlocal asked
        if asked:
            raise KeyboardInterrupt
        asked = True

    before = signal.signal(signal.SIGINT, stop)
    try:
        yield lambda: asked
    finally:
        signal.signal(signal.SIGINT, before)
