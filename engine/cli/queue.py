"""The commands ``queue …``: trainings that are lined up, and training them one after the other."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from engine.amounts import duration
from engine.cli import options
from engine.cli.beginnings import gives_length, origin_of
from engine.cli.terminal import find_run, new_group, say, say_error, show_table
from engine.cli.training import read_schedule
from engine.config import Config
from engine.errors import UserError
from engine.i18n import joined, number, tr, trn
from engine.recipes import DEFAULT_RECIPE, RECIPES, recipe
from engine.runs import RunFolder, Schedule
from engine.runs.planned import Planned, in_all, seconds_left
from engine.runs.queue import TrainingQueue

group = new_group("queue", tr("Line up trainings, and train them one after the other."))


@group.command("list", help=tr("List the trainings that are lined up, with the time that each and all will take."))
def list_all(as_json: options.Json = False) -> int:
    """Print the queue."""
    queue = TrainingQueue()
    plans = [plan.named() for plan in queue.plans()]
    seconds = seconds_left(plans, _usual_speed)
    if as_json:
        print(json.dumps([_facts(plan, seconds.get(plan.key)) for plan in plans], indent=2, ensure_ascii=False))
        return 0
    if queue.remark:
        say(queue.remark, tr("Warning:"))
    table = Table()
    for heading in (tr("No."), tr("Training"), tr("State"), tr("Time")):
        table.add_column(heading)
    for place, plan in enumerate(plans, 1):
        takes = seconds.get(plan.key)
        state = plan.state_told(is_trained=plan.state == "begun" and plan.is_trained)
        table.add_row(number(place), plan.told, state, "–" if takes is None else duration(takes))
    if plans:
        show_table(table)
    say(_left_told(seconds))
    return 0


@group.command(help=tr("Line up a training: with a recipe, like another run, as a branch of one, or one that goes on."))
def add(
    recipe_name: options.Recipe = None,
    like: Annotated[Path | None, typer.Option(help=tr("A run whose options are taken again."))] = None,
    branch: Annotated[
        Path | None, typer.Option(help=tr("A run from which a new one branches off, where it stood at --epoch."))
    ] = None,
    epoch: Annotated[int | None, typer.Option(help=tr("With --branch: this epoch instead of the newest."))] = None,
    longer: Annotated[Path | None, typer.Option(help=tr("A run that is trained on to --epochs in all."))] = None,
    epochs: options.Epochs = None,
    schedule: Annotated[
        str | None,
        typer.Option(help=tr("With --longer or --branch: stretch the learning rates to the new end, or hold.")),
    ] = None,
    assignments: options.Assignments = None,
    seeds: Annotated[int, typer.Option(help=tr("So many trainings that differ in their seed alone."))] = 1,
    title: options.Title = "",
) -> int:
    """Add plans."""
    _refuse_two({"--recipe": recipe_name, "--like": like, "--branch": branch, "--longer": longer})
    values = options.values_of(assignments, {"epochs": epochs})
    if epoch is not None and branch is None:
        raise UserError(tr("--epoch says where in another run to begin."), tr("Name that run with --branch."))
    how = read_schedule(schedule, may=branch is not None or longer is not None, is_longer=gives_length(values))
    queue = TrainingQueue()
    if longer is not None:
        added = _lengthened(queue, find_run(longer), values, how, seeds, title)
    elif branch is not None:
        config, origin = origin_of(find_run(branch), epoch, values)
        added = queue.add(config, title, seeds, branch_of=origin, schedule=how)
    else:
        added = queue.add(_options(recipe_name, like, values), title, seeds)
    plans = queue.plans()
    seconds = seconds_left(plans, _usual_speed)
    told = trn("{count} training was lined up.", "{count} trainings were lined up.", len(added))
    say(joined(told, _takes({plan.key: seconds[plan.key] for plan in added})))
    if len(seconds) > len(added):
        say(_left_told(seconds))
    return 0


def _options(recipe_name: str | None, like: Path | None, values: dict[str, Any]) -> Config:
    if like is None:
        return options.chosen_recipe(recipe_name, values).config(**values)
    return RunFolder(find_run(like)).info().config.given(**values)


def _lengthened(
    queue: TrainingQueue, run: Path, values: dict[str, Any], how: Schedule, seeds: int, title: str
) -> list[Planned]:
    if "epochs" not in values:
        raise UserError(tr("It is not said how long the run shall train."), tr("Give its epochs in all with --epochs."))
    _refuse_two(
        {"--longer": run, "--set": values.keys() - {"epochs"} or None, "--seeds": None if seeds == 1 else seeds}
    )
    return queue.lengthen(run, values["epochs"], how, title)


def _refuse_two(given: Mapping[str, object]) -> None:
    """Raise ``UserError`` where more than one of options is given that exclude each other."""
    names = [name for name, value in given.items() if value is not None]
    if len(names) > 1:
        raise UserError(
            tr("{option} cannot be given with {other}.", option=names[1], other=names[0]), tr("Take one of them.")
        )


@group.command(help=tr("Take trainings out of the queue, by their numbers in the list."))
def remove(places: Annotated[list[int], typer.Argument(help=tr("Numbers of the list."))]) -> int:
    """Remove plans; runs that were begun stay."""
    queue = TrainingQueue()
    queue.remove(*(_at(queue, place).key for place in places))
    return 0


@group.command(help=tr("Put a training at another place of the queue."))
def move(
    place: Annotated[int, typer.Argument(help=tr("Its number in the list."))],
    to: Annotated[int, typer.Argument(help=tr("Its new number."))],
) -> int:
    """Reorder."""
    queue = TrainingQueue()
    queue.move(_at(queue, place).key, to - 1)
    return 0


@group.command("run", help=tr("Train what is lined up, one after the other; one that fails stops no other."))
def run_all() -> int:
    """Train until nothing waits, or somebody interrupts; then the one under way is saved and goes on the next time."""
    from engine.cli.training import INTERRUPTED, train_with
    from engine.trainer import Trainer

    queue, has_failed = TrainingQueue(), False
    if not seconds_left(queue.plans(), _usual_speed):
        say(_left_told({}))
    while (plan := queue.take()) is not None:
        say(plan.named().told)
        try:
            config, how = plan.beginning()
            trainer = Trainer(config, RunFolder(plan.run), **how)
            if train_with(trainer, asked=() if how.get("resume") else None) == INTERRUPTED:
                return INTERRUPTED
            queue.done(plan.key)
        except UserError as error:
            say_error(error.message, error.hint)
            queue.failed(plan.key, error.whole)
            has_failed = True
    return int(has_failed)


def _at(queue: TrainingQueue, place: int) -> Planned:
    plans = queue.plans()
    if not 1 <= place <= len(plans):
        raise UserError(tr("There is no number {place} in the queue.", place=place), tr("“queue list” shows them."))
    return plans[place - 1]


def _usual_speed(config: Config) -> float:
    """Return images per second on the machine of the table of recipes."""
    known = RECIPES.get(config.recipe)
    alike = (each for each in RECIPES.values() if each.architecture == config.architecture)
    return (known or next(alike, recipe(DEFAULT_RECIPE))).images_per_second


def _left_told(seconds: Mapping[str, float | None]) -> str:
    """Say how much is lined up, and how long all of it takes."""
    if not seconds:
        return tr("No training is lined up; “queue add” does that.")
    return joined(trn("{count} training is left.", "{count} trainings are left.", len(seconds)), _takes(seconds))


def _takes(seconds: Mapping[str, float | None]) -> str:
    total = in_all(seconds)
    return tr("About {time} on two cores.", time=duration(total)) if total else ""


def _facts(plan: Planned, seconds: float | None) -> dict[str, Any]:
    names = ("key", "title", "group", "state", "run", "reason", "lengthens")
    return {name: getattr(plan, name) for name in names} | {
        "told": plan.told,
        "branch_of": asdict(plan.branch_of) if plan.branch_of else None,
        "schedule": plan.schedule if plan.lengthens or plan.branch_of else None,
        "options": plan.config.model_dump(mode="json"),
        "seconds": seconds,
    }
