"""The command ``train``: begins or goes on with a run, shows how far it is, and ends it in order."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import progress as bars

from engine import files
from engine.cli import beginnings, endings, options
from engine.cli.terminal import app, find_run, give_path, progress_bar, say, tell_troubles
from engine.cli.waiting import Waiting
from engine.config import MINUTES
from engine.errors import UserError
from engine.evaluation.condition import condition_of
from engine.evaluation.running_means import running_means
from engine.evaluation.words import describe_learning
from engine.events import EvaluatorTraining, Event, NotFinite, OutOfMemory, Started, Tick, WriteBlocked
from engine.i18n import number, speak_of, tr
from engine.job import Progress
from engine.numbers import NotTaken, read_number
from engine.runs import SCHEDULES, NoState, RunFolder, Schedule
from engine.training import threads

if TYPE_CHECKING:
    from engine.trainer import Trainer

INTERRUPTED = 130


# Where another run comes in.
_Source = Annotated[
    Path | None, typer.Option("--from", help=tr("Start a new run with the networks of this one, not from scratch."))
]
_Parent = Annotated[
    Path | None,
    typer.Option("--branch", help=tr("Start a new run that goes on exactly from where this one stood at --epoch.")),
]
_Epoch = Annotated[int | None, typer.Option(help=tr("With --branch or --from: this epoch instead of the newest."))]
_Schedule = Annotated[
    str | None,
    typer.Option(
        help=tr(
            "With --epochs for a run that exists: stretch its learning-rate schedule to the new end, or hold it "
            "where it is shortly before the old one."
        )
    ),
]


@app.command(help=tr("Train a GAN and write everything into a run folder."))
def train(
    recipe_name: options.Recipe = None,
    dataset: options.Dataset = None,
    data_root: options.DataRoot = None,
    classes: options.Classes = None,
    epochs: options.Epochs = None,
    minutes: Annotated[str | None, typer.Option(help=tr("Train for about this long instead of epochs."))] = None,
    assignments: options.Assignments = None,
    seed: options.Seed = None,
    device: options.Device = None,
    run: Annotated[Path | None, typer.Option(help=tr("The run folder; chosen for you when left out."))] = None,
    resume: Annotated[bool, typer.Option("--resume", help=tr("Go on with the run in --run."))] = False,
    source: _Source = None,
    parent: _Parent = None,
    epoch: _Epoch = None,
    schedule: _Schedule = None,
) -> int:
    """Train from scratch, with another run's networks, or go on with a run."""
    given = {"dataset": dataset, "data_root": data_root, "classes": classes}
    values = options.values_of(assignments, given | {"epochs": epochs, "seed": seed, "device": device})
    length = None if minutes is None else _read_minutes(minutes)
    run = files.typed(run) if run else None
    how = read_schedule(schedule, may=resume or parent is not None, is_longer=beginnings.gives_length(values))
    if parent is not None:
        _refuse_beside_branch(recipe_name, source, length, resume)
        return train_with(beginnings.branch_off(run, find_run(parent), epoch, values, how))
    if epoch is not None and source is None:
        raise UserError(tr("--epoch says where in another run to begin."), tr("Name that run with --branch or --from."))
    if resume:
        return _go_on(run, recipe_name, values, source, length, how)
    if source is None:
        return train_with(beginnings.new(run, recipe_name, values, length))
    if recipe_name is not None:
        raise UserError(
            tr("--recipe cannot be given with --from."),
            tr("The options are those of that run; change them with --set."),
        )
    return train_with(beginnings.branch(run, find_run(source), epoch, values, length))


def read_schedule(text: str | None, *, may: bool, is_longer: bool) -> Schedule:
    """Return what ``--schedule`` says; raises ``UserError`` where it says something else, or has no meaning.

    It ``may`` be given for a run that exists, and means something where that run ``is_longer`` than it was.
    """
    for known in SCHEDULES:
        if text is None or (text == known and may and is_longer):
            return known
    choices = ", ".join(SCHEDULES)
    if not may:
        raise UserError(tr("--schedule is for a run that exists."), tr("Leave it out, or name that run."))
    if text in SCHEDULES:
        raise UserError(tr("--schedule is for a run that gets another length."), tr("Give its length with --epochs."))
    raise UserError(tr("--schedule cannot be “{value}”.", value=text), tr("Choose one of: {choices}.", choices=choices))


def _refuse_beside_branch(recipe_name: str | None, source: Path | None, length: float | None, resume: bool) -> None:
    """Raise ``UserError`` for what contradicts ``--branch``."""
    given = {"--recipe": recipe_name, "--from": source, "--minutes": length, "--resume": resume or None}
    for name, value in given.items():
        if value is not None:
            raise UserError(
                tr("{option} cannot be given with --branch.", option=name),
                tr("A branch has the options of its run; change them with --set, or its length with --epochs."),
            )


def _go_on(
    run: Path | None,
    recipe_name: str | None,
    values: dict[str, Any],
    source: Path | None,
    length: float | None,
    schedule: Schedule,
) -> int:
    if source is not None:
        raise UserError(
            tr("--from cannot be given with --resume."),
            tr("Leave --resume out to start a new run with the networks of another one."),
        )
    if length is not None:
        raise UserError(
            tr("--minutes cannot be given with --resume."), tr("Give --epochs, counted from the run's start.")
        )
    path = find_run(run)
    try:
        return train_with(beginnings.resumed(RunFolder(path), recipe_name, values, schedule), asked=tuple(values))
    except NoState as error:
        raise beginnings.with_way_out(error, path) from None


def _read_minutes(text: str) -> float:
    try:
        return read_number(text, *MINUTES, whole=False)
    except NotTaken as error:
        raise UserError(tr("The minutes of training cannot be “{minutes}”.", minutes=text), str(error)) from None


def train_with(trainer: Trainer, *, asked: Sequence[str] | None = None) -> int:
    """Train and show how far it is; return 0, or ``INTERRUPTED`` where it was saved before its end.

    A run that goes on was ``asked`` for the options of these names; they are none for a new one.
    """
    progress = progress_bar(bars.BarColumn(), bars.TextColumn("{task.description}", markup=False))
    progress.add_task("", total=None, judge=1.0)
    training, folder = trainer.run(), trainer.folder
    assert isinstance(folder, RunFolder)  # a command never trains in memory
    started: Started | None = None
    with endings.interruptible() as interrupted:
        waiting = Waiting(tr("Training waits and tries again every few seconds; Ctrl-C ends it."), interrupted)
        try:
            for event in training:
                if isinstance(event, WriteBlocked):
                    waiting.wait(event.message, event.hint)
                else:
                    waiting.end()
                if isinstance(event, Started):
                    started = event
                    speak_of(event.facts.noun)
                if started is event and asked is not None and beginnings.is_nothing_left(event):
                    say(beginnings.nothing_left(event, asked))
                elif isinstance(event, NotFinite | OutOfMemory):
                    raise _ended_early(event, folder)
                elif not isinstance(event, WriteBlocked):
                    show(event, progress, folder)
                if interrupted():
                    break
        finally:
            training.close()
            if progress.live.is_started:
                progress.stop()
    if interrupted():
        if started or asked is not None:
            say(tr('Stopped and saved. Go on with: python main.py train --resume --run "{path}"', path=folder.path))
        return INTERRUPTED
    if started:  # otherwise this is one of several processes, which another one leads
        _conclude(folder)
    return 0


def show(event: Event, progress: bars.Progress, folder: RunFolder) -> None:
    """Show how far loading or training is."""
    (task,) = progress.task_ids
    if isinstance(event, Progress):
        progress.start()
        progress.update(task, description=event.what, completed=event.done, total=event.total or None)
    elif isinstance(event, Started):
        for remark in event.remarks:
            say(remark)
        say(tr("Training on {device}; run folder: {path}", device=event.device, path=folder.path))
        progress.start()
    elif isinstance(event, Tick):
        total, judge = event.total_images or None, progress.tasks[0].fields["judge"]
        progress.update(task, description=_describe(event, judge), completed=event.images_seen, total=total)
    elif isinstance(event, EvaluatorTraining):
        _show_lessons(event, progress)


def _show_lessons(event: EvaluatorTraining, progress: bars.Progress) -> None:
    """Note how much the judge has learned; where nothing else is left to do, that is what the bar shows."""
    (task,) = progress.tasks
    if event.remark and not event.share:
        say(event.remark)
    progress.update(task.id, judge=event.share)
    if event.is_last:
        if task.total != 1:
            progress.reset(task.id, total=1)
        told = describe_learning(event.share, is_last=True)
        progress.update(task.id, description=told, completed=event.share)


def _conclude(folder: RunFolder) -> None:
    d, g = running_means(folder.metrics())
    say(tr("Means of the losses since the first step: D {d}, G {g}", d=number(d, ".3f"), g=number(g, ".3f")))
    condition = condition_of(folder)
    tell_troubles(condition.troubles, condition.sentence)
    give_path(folder.path)


def _ended_early(event: NotFinite | OutOfMemory, folder: RunFolder) -> UserError:
    """Say what happened and which command goes on."""
    command = f'python main.py train --resume --run "{folder.path}" --set '
    if isinstance(event, NotFinite):
        settings = " --set ".join(f"{name}={value:g}" for name, value in event.remedy.items())
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


def _describe(tick: Tick, judge: float) -> str:
    speed = number(tick.images_per_second, ",.0f")
    text = tr("epoch {epoch} · {speed} images/s", epoch=number(tick.epoch), speed=speed)
    losses = [("D", tick.rows[-1].d_loss), ("G", tick.rows[-1].g_loss)] if tick.rows else []
    busy = threads.describe(*tick.threads) if tick.threads else ""
    learns = describe_learning(judge) if judge < 1 else ""
    parts = [text, *(f"{name} {number(loss, '.3f')}" for name, loss in losses), busy, learns]
    return " · ".join(filter(None, parts))
