"""The commands ``queue …``: trainings that are lined up, and training them one after the other."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.table import Table

from engine.amounts import duration
from engine.cli import options
from engine.cli.terminal import find_run, new_group, say, say_error, show_table
from engine.config import Config
from engine.errors import UserError
from engine.i18n import mark, number, tr, trn
from engine.recipes import DEFAULT_RECIPE, RECIPES, recipe
from engine.runs import RunFolder
from engine.runs.queue import Planned, State, TrainingQueue, in_all, seconds_left

group = new_group("queue", tr("Line up trainings, and train them one after the other."))

_STATES: dict[State, str] = {
    "waiting": mark("waiting"),
    "begun": mark("begun"),
    "done": mark("finished"),
    "failed": mark("failed"),
}


@group.command("list", help=tr("List the trainings that are lined up, with the time that each and all will take."))
def list_all(as_json: options.Json = False) -> int:
    """Print the queue."""
    queue = TrainingQueue()
    plans = queue.plans()
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
        state = f"{tr(_STATES[plan.state])}: {plan.reason}" if plan.reason else tr(_STATES[plan.state])
        takes = seconds.get(plan.key)
        table.add_row(number(place), plan.told, state, "–" if takes is None else duration(takes))
    if plans:
        show_table(table)
    total = in_all(seconds)
    left = trn("{count} training is left.", "{count} trainings are left.", len(seconds))
    say(left if not total else f"{left} {tr('They take about {time} on two cores.', time=duration(total))}")
    return 0


@group.command(help=tr("Line up a training with a recipe, or with the options of a run."))
def add(
    recipe_name: options.Recipe = None,
    run: Annotated[Path | None, typer.Option(help=tr("A run whose options are taken again."))] = None,
    assignments: options.Assignments = None,
    seeds: Annotated[int, typer.Option(help=tr("So many trainings that differ in their seed alone."))] = 1,
    title: options.Title = "",
) -> int:
    """Add plans."""
    values = options.values_of(assignments, {})
    if run is not None and recipe_name is not None:
        raise UserError(tr("--run cannot be given with --recipe."), tr("Take one of them, and change it with --set."))
    config = (
        recipe(recipe_name or DEFAULT_RECIPE).config(**values)
        if run is None
        else RunFolder(find_run(run)).info().config.changed(**values)
    )
    added = TrainingQueue().add(config, title, seeds)
    say(trn("{count} training was lined up.", "{count} trainings were lined up.", len(added)))
    return 0


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
    while (plan := queue.take()) is not None:
        say(plan.told)
        try:
            folder = RunFolder(plan.run)
            trainer = Trainer(folder.info().config if plan.resumes else plan.config, folder, resume=plan.resumes)
            if train_with(trainer, resumes=plan.resumes) == INTERRUPTED:
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


def _facts(plan: Planned, seconds: float | None) -> dict[str, Any]:
    names = ("key", "title", "group", "state", "run", "reason")
    return {name: getattr(plan, name) for name in names} | {
        "told": plan.told,
        "options": plan.config.model_dump(mode="json"),
        "seconds": seconds,
    }
