"""The headless commands: they consume the engine as the window does and speak to a terminal. Knows no Qt."""

from __future__ import annotations

import json
import signal
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import numpy as np
import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn
from rich.table import Table

from engine import __version__, files
from engine.config import OPTIONS, parse_assignments, parse_classes
from engine.data.catalogue import DATASETS, original_labels
from engine.errors import UserError
from engine.evaluation.course import running_means
from engine.events import Halted, NotFinite, OutOfMemory
from engine.i18n import number, tr
from engine.recipes import DEFAULT_RECIPE, RECIPES, recipe
from engine.run_folder import RunFolder, RunInfo, new_run_path, runs_root

if TYPE_CHECKING:
    from engine.trainer import Trainer

INTERRUPTED = 130
_RESUMABLE = {"epochs", "total_images", "batch_size", "device", "threads", "data_root", "keep_mb"}
_RETRY_SECONDS = 5.0

app = typer.Typer(name="duelo", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
_out = Console()
_err = Console(stderr=True)
_window_bench: Callable[[], dict[str, Any]] | None = None


def main(arguments: Sequence[str], window_bench: Callable[[], dict[str, Any]] | None = None) -> int:
    """Run one command and return its exit code; ``window_bench`` adds the window's figures to ``bench``."""
    global _window_bench
    _window_bench = window_bench
    try:
        return app(list(arguments), standalone_mode=False) or 0
    except UserError as error:
        _err.print(
            f"[bold red]{tr('Error:')}[/] {escape(error.message)} {escape(error.hint)}", soft_wrap=True, highlight=False
        )
        return 1
    except typer.TyperException as error:
        hint = tr("“duelo --help” lists what there is.")
        _err.print(
            f"[bold red]{tr('Error:')}[/] {escape(error.format_message())} {hint}", soft_wrap=True, highlight=False
        )
        return 1
    except (KeyboardInterrupt, typer.Abort):
        return INTERRUPTED


@app.callback(invoke_without_command=True, help=tr("Duelo trains GANs. Without a command it opens its window."))
def _top(version: Annotated[bool, typer.Option("--version", help=tr("Show the version."))] = False) -> None:
    if version:
        _out.print(f"Duelo {__version__}", highlight=False)
        raise typer.Exit


@app.command(help=tr("Train a GAN and write everything into a run folder."))
def train(
    recipe_name: Annotated[
        str, typer.Option("--recipe", help=tr("The starting point; see “recipes”."))
    ] = DEFAULT_RECIPE,
    dataset: Annotated[str | None, typer.Option(help=tr("The real images; see “datasets”."))] = None,
    data_root: Annotated[str | None, typer.Option(help=tr("Folder with the files of the data set."))] = None,
    classes: Annotated[str | None, typer.Option(help=tr("Train on these classes only, e.g. 3,8."))] = None,
    epochs: Annotated[str | None, typer.Option(help=tr("Passes over the images."))] = None,
    minutes: Annotated[float | None, typer.Option(help=tr("Train for about this long instead of epochs."))] = None,
    assignments: Annotated[list[str] | None, typer.Option("--set", help=tr("Any option, as option=value."))] = None,
    seed: Annotated[str | None, typer.Option(help=tr("Where chance starts."))] = None,
    device: Annotated[str | None, typer.Option(help="auto | cpu | cuda | mps")] = None,
    run: Annotated[Path | None, typer.Option(help=tr("The run folder; chosen for you when left out."))] = None,
    resume: Annotated[bool, typer.Option("--resume", help=tr("Go on with the run in --run."))] = False,
) -> int:
    """Train from scratch, or go on with a run."""
    from engine.trainer import Trainer

    values: dict[str, Any] = dict(parse_assignments(assignments or []))
    given = {"dataset": dataset, "data_root": data_root, "epochs": epochs, "seed": seed, "device": device}
    values |= {name: value for name, value in given.items() if value is not None}
    if classes is not None:
        values["classes"] = parse_classes(classes)
    elif "classes" in values:
        values["classes"] = parse_classes(values["classes"])
    if not resume:
        folder = RunFolder(run or new_run_path(recipe_name))
        return _train(Trainer(recipe(recipe_name).config(**values), folder, minutes=minutes), folder)
    folder = RunFolder(_find_run(run))
    if minutes is not None:
        raise UserError(
            tr("--minutes cannot be given with --resume."), tr("Give --epochs, counted from the run's start.")
        )
    return _train(_resumed(folder, values), folder)


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
    from engine import events

    columns = (BarColumn(), TextColumn("{task.description}", markup=False), TimeRemainingColumn())
    progress = Progress(*columns, console=_err, refresh_per_second=5, transient=True)
    task = progress.add_task("", total=None)
    training = trainer.run()
    has_started = False
    with _interruptible() as interrupted:
        try:
            for event in training:
                if isinstance(event, events.Loading):
                    progress.start()
                    progress.update(task, description=event.what, completed=event.done, total=event.total or None)
                elif isinstance(event, events.Started):
                    has_started = True
                    _err.print(
                        tr("Training on {device}; run folder: {path}", device=event.device, path=folder.path),
                        soft_wrap=True,
                    )
                    progress.start()
                elif isinstance(event, events.Tick):
                    progress.update(
                        task,
                        description=_describe(event),
                        completed=event.images_seen,
                        total=event.total_images or None,
                    )
                elif isinstance(event, events.Halted):
                    _wait_for_the_disk(event, interrupted)
                elif isinstance(event, events.NotFinite | events.OutOfMemory):
                    raise _ended_early(event, folder)
                if interrupted():
                    break
        finally:
            training.close()
            if progress.live.is_started:
                progress.stop()
    if interrupted():
        _err.print(
            tr('Stopped and saved. Go on with: python main.py train --resume --run "{path}"', path=folder.path),
            soft_wrap=True,
        )
        return INTERRUPTED
    if not has_started:  # one of several processes, which another one leads
        return 0
    d, g = running_means(folder.metrics())
    _err.print(tr("Means of the losses since the first step: D {d}, G {g}", d=number(d, ".3f"), g=number(g, ".3f")))
    _out.print(folder.path, soft_wrap=True, highlight=False)
    return 0


def _wait_for_the_disk(halted: Halted, interrupted: Callable[[], bool]) -> None:
    _err.print(f"[bold red]{escape(halted.message)}[/] {escape(halted.hint)}", soft_wrap=True, highlight=False)
    _err.print(tr("Training waits and tries again every few seconds; Ctrl-C ends it."))
    end = time.monotonic() + _RETRY_SECONDS
    while time.monotonic() < end and not interrupted():
        time.sleep(0.1)


def _ended_early(event: NotFinite | OutOfMemory, folder: RunFolder) -> UserError:
    """Say what happened and which command goes on."""
    command = f'python main.py train --resume --run "{folder.path}" --set '
    if isinstance(event, NotFinite):
        return UserError(
            tr(
                "A number became infinite or not a number at step {step}; the run went back to its last good state.",
                step=event.step,
            ),
            tr("Go on with: {command}", command=f"{command}{event.option}={event.value:g}"),
        )
    message = tr("The memory of the device does not hold a step.")
    if not event.batch_size:
        return UserError(message, tr("Close other programs, or choose narrower networks."))
    return UserError(message, tr("Go on with: {command}", command=f"{command}batch_size={event.batch_size}"))


def _describe(tick: Any) -> str:
    text = tr("epoch {epoch} · {speed:,.0f} images/s", epoch=tick.epoch, speed=tick.images_per_second)
    return text + (f" · D {tick.rows[-1].d_loss:.3f} · G {tick.rows[-1].g_loss:.3f}" if tick.rows else "")


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


@app.command(help=tr("Let a run's generator make images, as a picture or as arrays."))
def sample(
    run: Annotated[Path, typer.Argument(help=tr("The run folder."))],
    out: Annotated[Path, typer.Option(help=tr("FILE.png for a picture, FILE.npz for arrays."))],
    count: Annotated[int | None, typer.Option(help=tr("How many images."))] = None,
    labels: Annotated[
        str, typer.Option(help=tr("“cycle” for all classes in turn, one class, or a number such as 2025."))
    ] = "cycle",
    seed: Annotated[int, typer.Option(help=tr("Where chance starts."))] = 0,
    epoch: Annotated[int | None, typer.Option(help=tr("The generator of this epoch instead of the newest."))] = None,
) -> int:
    """Write images uint8 and labels int64 (-1 where unconditional)."""
    from engine.evaluation.evaluate import sample as draw
    from engine.latent.sampling import random_z
    from engine.pictures import tile

    if out.suffix.lower() not in (".png", ".npz"):
        raise UserError(
            tr("“{path}” is neither a PNG nor an NPZ file.", path=out), tr("Make --out end in .png or .npz.")
        )
    if seed < 0:
        raise UserError(
            tr("{label} ({name}) cannot be {value}.", label=tr("Seed"), name="seed", value=seed), tr("Give 0 or more.")
        )
    folder = RunFolder(_find_run(run))
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
    _out.print(out, soft_wrap=True, highlight=False)
    return 0


def _word(labels: str, info: RunInfo) -> np.ndarray:
    """Turn “cycle”, “3” or “2025” into the run's labels; raises ``UserError``."""
    known = list(info.config.classes or range(len(info.classes))) if info.classes else []
    if labels == "cycle":
        return np.arange(len(known), dtype=np.int64) if known else np.full(10, -1, np.int64)
    if not known:
        raise UserError(
            tr("This run's generator takes no labels."), tr("Leave --labels out, or choose a conditional run.")
        )
    parts = labels.split(",") if "," in labels else list(labels)
    try:
        return np.array([known.index(int(part)) for part in parts], np.int64)
    except ValueError:
        raise UserError(
            tr("This run cannot write “{labels}”.", labels=labels),
            tr("Use “cycle” or these labels: {known}.", known=", ".join(map(str, known))),
        ) from None


@app.command(help=tr("Save the film of a training, with the curves beside it, or a contact sheet of its epochs."))
def film(
    run: Annotated[Path, typer.Argument(help=tr("The run folder."))],
    out: Annotated[Path, typer.Option(help=tr("FILE.mp4 or FILE.gif for the film, FILE.png for a contact sheet."))],
    fps: Annotated[float | None, typer.Option(help=tr("Epochs per second; chosen for you when left out."))] = None,
    seconds: Annotated[float, typer.Option(help=tr("The longest that the film may last; epochs are left out."))] = 60.0,
    dark: Annotated[bool, typer.Option("--dark", help=tr("On a dark surface instead of white."))] = False,
) -> int:
    """Write the film or the sheet; Ctrl-C leaves nothing behind."""
    from engine import export

    saving = export.save(RunFolder(_find_run(run)), out, export.Wish(fps, seconds, dark))
    progress = Progress(BarColumn(), MofNCompleteColumn(), TimeRemainingColumn(), console=_err, transient=True)
    task = progress.add_task("")
    with closing(saving):
        try:
            for done, total in saving:
                progress.start()
                progress.update(task, completed=done, total=total)
        finally:
            if progress.live.is_started:
                progress.stop()
    _out.print(out, soft_wrap=True, highlight=False)
    return 0


@app.command(help=tr("Judge a run: its losses, and how its images are read."))
def evaluate(
    run: Annotated[Path, typer.Argument(help=tr("The run folder."))],
    count: Annotated[int, typer.Option(help=tr("How many images are judged."))] = 10_000,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
) -> int:
    """Print what ``engine.evaluation.evaluate`` finds."""
    from engine.evaluation.evaluate import evaluate as judge

    verdict = judge(RunFolder(_find_run(run)), count)
    if as_json:
        print(json.dumps(asdict(verdict), indent=2))
        return 0
    table = Table(title=str(verdict.run), show_header=False)
    for label, value, form in (
        (tr("Images seen in training"), verdict.images_seen, ",.0f"),
        (tr("Loss of D, last epoch"), verdict.d_loss, ".3f"),
        (tr("Loss of G, last epoch"), verdict.g_loss, ".3f"),
        (tr("Mean loss of D since the first step"), verdict.d_loss_running, ".3f"),
        (tr("Mean loss of G since the first step"), verdict.g_loss_running, ".3f"),
        (tr("D's verdict on real images"), verdict.d_real, ".3f"),
        (tr("D's verdict on generated images"), verdict.d_fake, ".3f"),
        (tr("Read as asked"), verdict.label_accuracy, ".2%"),
        (tr("Fréchet distance to MNIST's test images"), verdict.frechet_distance, ".2f"),
        (tr("The same for the real digits"), verdict.frechet_distance_real, ".2f"),
    ):
        table.add_row(label, "–" if value is None else number(value, form))
    _out.print(table)
    return 0


@app.command(help=tr("List the recipes."))
def recipes() -> int:
    """Print name and explanation of each recipe."""
    table = Table()
    table.add_column(tr("Recipe"), no_wrap=True)
    table.add_column(tr("What it shows and what to expect"))
    for entry in RECIPES.values():
        table.add_row(entry.name, f"{tr(entry.summary)} {tr(entry.expect)}")
    _out.print(table)
    return 0


@app.command(help=tr("List the data sets."))
def datasets() -> int:
    """Print name and explanation of each data set."""
    table = Table()
    table.add_column(tr("Data set"), no_wrap=True)
    table.add_column(tr("What it is"))
    for entry in DATASETS.values():
        table.add_row(entry.name, tr(entry.summary))
    _out.print(table)
    return 0


@app.command(
    help=tr("Measure this machine: training speed, quality after a minute, the window. Takes about five minutes.")
)
def bench(as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False) -> int:
    """Print the performance tables."""
    from engine import bench as benchmark

    results = benchmark.run(_window_bench, lambda text: _err.print(text, soft_wrap=True))
    if as_json:
        print(json.dumps(results, indent=2))
    else:
        for table in benchmark.tables(results):
            _out.print(table)
    return 0


def _find_run(path: Path | None) -> Path:
    """Accept a run folder's path, or its name in the folder where runs go."""
    if path is None:
        raise UserError(tr("--resume needs a run."), tr("Name its folder with --run."))
    if not path.exists() and (runs_root() / path).is_dir():
        return runs_root() / path
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
