"""How the command ``train`` begins: a new run, a branch of another one, or a run that goes on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.cli import options
from engine.cli.terminal import say
from engine.config import OPTIONS, Config
from engine.datasets import catalog
from engine.errors import UserError
from engine.events import Started
from engine.i18n import joined, number, tr
from engine.runs import Branch, NoState, RunFolder, Schedule, UnnamedRun, new_run_path

if TYPE_CHECKING:
    from engine.trainer import Trainer

_RESUMABLE = {
    "epochs",
    "total_images",
    "batch_size",
    "device",
    "threads",
    "data_root",
    "max_snapshot_mb",
    "max_branch_mb",
}
_LENGTH = {"epochs", "total_images"}


def new(run: Path | None, recipe_name: str | None, values: dict[str, Any], minutes: float | None) -> Trainer:
    """Return the trainer of a new run."""
    from engine.trainer import Trainer

    chosen = options.chosen_recipe(recipe_name, values)
    config = chosen.config(**values)
    if "epochs" not in values and catalog.dataset(config.dataset).origin in ("folder", "file"):
        # Only the files tell how many images there are: few are passed more often, and drawn no more often for that.
        length = chosen.length_on(catalog.own_count(config))
        if minutes is not None or config.overruled():
            del length["epochs"]
        config = chosen.config(**length | values)
    trainer = Trainer(config, RunFolder(run) if run else UnnamedRun(config.recipe), minutes=minutes)
    _name_unused(config, values)
    return trainer


def branch(
    run: Path | None, source: Path, epoch: int | None, values: Mapping[str, Any], minutes: float | None
) -> Trainer:
    """Return the trainer of a new run that begins with the networks which another one kept, and with its options."""
    from engine.trainer import Trainer
    from engine.training import checkpoint

    folder = RunFolder(source)
    info, kept = folder.info(), folder.generator_epochs()
    if epoch is None:
        epoch = kept[-1] if kept else 1
    generator = checkpoint.flatten(generator=folder.generator(epoch))
    config = info.config_at(epoch * info.facts.image_count).given(**values)
    checkpoint.check_adoptable(config, info.facts, generator, "generator")  # before anything is made
    origin = Branch(str(source.resolve()), epoch)
    say(tr("The new run begins with the networks of epoch {epoch} of “{run}”.", epoch=epoch, run=source))
    say(tr("Its optimizers and its position are new, so that it is not a continuation."))
    _name_unused(config, values)
    folder = RunFolder(run) if run else UnnamedRun(f"{config.recipe}-from-epoch-{epoch}")
    return Trainer(config, folder, minutes=minutes, branch_of=origin)


def branch_off(
    run: Path | None, source: Path, epoch: int | None, values: Mapping[str, Any], schedule: Schedule
) -> Trainer:
    """Return the trainer of a new run that goes on from where another one stood when ``epoch`` ended.

    Where the full state of that moment was not kept, it begins with the networks alone, and says so.
    """
    from engine.trainer import Trainer

    config, origin = origin_of(source, epoch, values)
    if not origin.is_exact:
        return branch(run, source, origin.epoch, values, None)
    say(tr("The new run goes on exactly from the end of epoch {epoch} of “{run}”.", epoch=origin.epoch, run=source))
    _name_unused(config, values)
    path = run or new_run_path(f"{config.recipe}-branch-{origin.epoch}")
    return Trainer(config, RunFolder(path), branch_of=origin, schedule=schedule)


def origin_of(source: Path, epoch: int | None, values: Mapping[str, Any]) -> tuple[Config, Branch]:
    """Return the options of a branch, and where it begins: the newest exact epoch where none is named.

    Says where it is not exact; raises ``UserError`` where too little was kept.
    """
    folder = RunFolder(source)
    info, exact = folder.info(), folder.branch_epochs()
    if epoch is None:
        epoch = exact[-1] if exact else None
    if epoch is not None and epoch in exact:
        moment = folder.branch_moment(epoch)
        config = info.until(moment).config_at(moment).given(**values)
        return config, Branch(str(source.resolve()), epoch, moment, is_exact=True)
    epoch = _inexact_epoch(folder, epoch)
    return info.config_at(epoch * info.facts.image_count).given(**values), Branch(str(source.resolve()), epoch)


def _inexact_epoch(folder: RunFolder, epoch: int | None) -> int:
    """Return the epoch whose networks a branch begins with, and say that it is not exact."""
    exact, both = folder.branch_epochs(), folder.snapshot_epochs()
    nearest = sorted(exact, key=lambda kept: abs(kept - (epoch or 0)))[:2]
    near = tr("Exact ones near it: {epochs}.", epochs=", ".join(map(number, sorted(nearest)))) if nearest else ""
    if epoch not in both and (epoch is not None or not both):
        raise UserError(
            tr("Of epoch {epoch} too little was kept for a branch.", epoch=1 if epoch is None else epoch),
            near or tr("Choose one of: {choices}.", choices=", ".join(map(number, both)) or "–"),
        )
    say(joined(tr("This branch is not exact: the full state of that epoch was not kept."), near))
    return both[-1] if epoch is None else epoch


def resumed(
    folder: RunFolder, recipe_name: str | None, values: dict[str, Any], schedule: Schedule = "stretch"
) -> Trainer:
    """Return the trainer of a run that goes on; what is asked for and cannot be is refused, or told to be ignored."""
    from engine.trainer import Trainer

    info = folder.info()
    now = info.config_at(folder.images_seen())
    if recipe_name not in (None, info.config.recipe):
        say(tr("“--recipe {name}” is ignored: a run that goes on keeps its own options.", name=recipe_name))
    live: dict[str, Any] = {}
    other: dict[str, Any] = {}
    for name, value in values.items():
        is_live = OPTIONS[name].live
        value = getattr((now if is_live else info.config).changed(**{name: value}), name)
        if is_live:
            live[name] = value
        elif name in _RESUMABLE:
            other[name] = value
        elif value != getattr(info.config, name):
            raise UserError(
                tr("“{name}” cannot change when a run goes on.", name=name),
                tr("Leave it out, or start a new run without --resume."),
            )
    trainer = Trainer(info.config.given(**other), folder, resume=True, schedule=schedule)
    _name_unused(now, (name for name, value in live.items() if value != getattr(now, name)))
    for name, value in live.items():
        trainer.change(name, value)
    return trainer


def gives_length(values: Mapping[str, Any]) -> bool:
    """Whether ``values`` say how long to train."""
    return bool(values.keys() & _LENGTH)


def _name_unused(config: Config, values: Iterable[str]) -> None:
    """Say which of the options that were given this training does not ask for, and why."""
    unused = config.unused()
    for name in values:
        if name in unused:
            say(tr("“{name}” is ignored: {why}", name=name, why=tr(unused[name])))


def is_nothing_left(started: Started) -> bool:
    """Whether a run that should go on has been trained to its end."""
    return started.images_seen >= started.total_images > 0


def nothing_left(started: Started, values: Iterable[str]) -> str:
    """Say that it has, which of the given ``values`` were for nothing, and how it goes on all the same."""
    images, epochs = started.images_seen, started.images_seen // started.facts.image_count
    done = tr(
        "Nothing is left to train: the run has seen {images} images, and no more were asked for.",
        images=number(images, ",.0f"),
    )
    names = [f"“{name}”" for name in values if name not in _LENGTH]
    unchanged = tr("Not changed, as nothing is trained: {names}.", names=", ".join(names)) if names else ""
    return joined(done, unchanged, tr("To go on, give --epochs more than {count}.", count=epochs))


def with_way_out(error: NoState, run: Path) -> UserError:
    """Add to the news that a run cannot go on the command that makes the best of what is left of it."""
    if error.epoch is None:
        return error
    command = f'python main.py train --from "{run}"'
    return UserError(error.message, f"{error.hint} {tr('The command is: {command}', command=command)}")
