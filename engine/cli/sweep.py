"""The command ``sweep``: searches for better options, alone or with others, and says what was found."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from engine import files
from engine.cli import endings, options
from engine.cli.sweep_reports import Telling, conclude
from engine.cli.terminal import app, say
from engine.config import OPTIONS, Config
from engine.errors import UserError, unknown_name
from engine.i18n import tr
from engine.numbers import NotTaken, read_number

if TYPE_CHECKING:
    from engine.search.calibration import Speed
    from engine.search.search import Search
    from engine.search.study import SearchStudy

INTERRUPTED = 130
_BEST = 10  # trials in the table at the end
_MINUTES = "30"


_Tune = Annotated[
    list[str] | None, typer.Option(help=tr("What varies: option=from..to, option=a,b, or an option alone."))
]
_Storage = Annotated[str, typer.Option(help=tr("Where the study lies: a URL, or a .journal file on a shared folder."))]


@app.command(help=tr("Search for better options: many short trainings, judged, the hopeless ones stopped early."))
def sweep(
    recipe_name: options.Recipe = None,
    tune: _Tune = None,
    minutes: Annotated[str, typer.Option(help=tr("How long to search, in all."))] = _MINUTES,
    objective: Annotated[str | None, typer.Option(help="frechet | variety | images:20")] = None,
    trial_images: Annotated[str | None, typer.Option(help=tr("How many images a trial is trained on."))] = None,
    trial_seconds: Annotated[str | None, typer.Option(help=tr("Or for how many seconds it is trained."))] = None,
    sampler: Annotated[str, typer.Option(help="tpe | random | grid")] = "tpe",
    pruner: Annotated[str, typer.Option(help="median | hyperband | none")] = "median",
    storage: _Storage = "",
    study: Annotated[str, typer.Option(help=tr("Its name there; without --tune, one that is there already."))] = "",
    out: Annotated[Path | None, typer.Option(help=tr("Where run folders and pictures of the trials go."))] = None,
    keep_runs: Annotated[bool, typer.Option("--runs/--no-runs", help=tr("Keep a run folder of each trial."))] = True,
    dataset: options.Dataset = None,
    data_root: options.DataRoot = None,
    classes: options.Classes = None,
    assignments: options.Assignments = None,
    seed: options.Seed = None,
    device: options.Device = None,
    as_json: options.Json = False,
) -> int:
    """Work on a study until the minutes are over."""
    from engine.search import plan as plans
    from engine.search.search import MINUTES

    budget = _number(minutes, MINUTES, "--minutes")
    given = {"dataset": dataset, "data_root": data_root, "classes": classes, "seed": seed, "device": device}
    values = options.values_of(assignments, given)
    how = (_one_of(sampler, plans.SAMPLERS, "--sampler"), _one_of(pruner, plans.PRUNERS, "--pruner"))
    length = _length(trial_images, trial_seconds)
    with endings.interruptible() as interrupted, Telling(quiet=as_json, is_over=interrupted) as telling:
        if tune:
            config = options.chosen_recipe(recipe_name, values).config(**values)
            found = _begun(config, tune, objective or "frechet", length, how, storage, study, budget, telling)
        else:
            found = _joined(recipe_name, storage, study, values, objective, length, how)
        if found is None:
            return INTERRUPTED
        joined, speed = found
        folder = files.typed(out) if out else None
        search = _search(joined, budget, folder, keep_runs, speed)
        if not as_json:
            say(tr("Study “{name}”; runs and pictures: {folder}", name=joined.name, folder=search.folder))
        telling.of(search.run(), joined)
        if interrupted():
            _say_how_to_go_on(search, joined, out, keep_runs)
    conclude(joined, as_json)
    joined.close()
    return INTERRUPTED if interrupted() else 0


def _search(study: SearchStudy, minutes: float, folder: Path | None, keep_runs: bool, speed: Speed | None) -> Search:
    from engine.search.search import Search

    return Search(study, minutes, folder=folder, keep_runs=keep_runs, speed=speed)


# --- beginning


def _length(images: str | None, seconds: str | None) -> tuple[int, float]:
    """Return how long a trial shall be, in images or in seconds; both 0 where nobody says."""
    from engine.search.plan import IMAGES, SECONDS

    if images and seconds:
        raise UserError(
            tr("--trial-images and --trial-seconds cannot be given together."),
            tr("Say one of them: how long a trial is."),
        )
    return (
        int(_number(images, IMAGES, "--trial-images", whole=True)) if images else 0,
        _number(seconds, SECONDS, "--trial-seconds") if seconds else 0.0,
    )


def _begun(
    config: Config,
    tune: Sequence[str],
    objective: str,
    length: tuple[int, float],
    how: tuple[str, str],
    storage: str,
    name: str,
    minutes: float,
    telling: Telling,
) -> tuple[SearchStudy, Speed | None] | None:
    """Begin a study, or go on with it; None where it was interrupted before."""
    from engine.search import knobs, objectives
    from engine.search.calibration import speed_of
    from engine.search.opening import join, open_study, studies
    from engine.search.plan import Plan

    config.check()
    goal, target = objectives.parse(objective)
    plan = Plan(config, knobs.parse(tune, config), *length, goal, target, *how)
    if plan.images or plan.seconds:
        return join(plan, storage, name), None
    for known in studies(storage) if name or not storage else ():  # begun before, with what was measured then
        if known.name == name and known.plan:
            same = open_study(storage, known.name, config).plan
            return join(replace(plan, images=same.images, seconds=same.seconds), storage, name), None
    speed: Speed | None = telling.of(speed_of(config))
    return None if speed is None else (join(speed.fitted(plan, minutes), storage, name), speed)


def _joined(
    recipe_name: str | None,
    storage: str,
    name: str,
    values: dict[str, Any],
    objective: str | None,
    length: tuple[int, float],
    how: tuple[str, str],
) -> tuple[SearchStudy, None]:
    """Go on with a study that is there: it knows what is searched."""
    from engine.search.opening import join, open_study

    other = [key for key in values if key != "data_root" and not OPTIONS[key].of_machine]
    if not (storage or name) or other or recipe_name or objective or any(length):
        raise UserError(
            tr("A search needs at least one option to tune."),
            tr(
                "Write it as --tune option=from..to, e.g. --tune d_lr; or name a study that is there, and nothing else."
            ),
        )
    found = open_study(storage, name, Config.parse(values))
    return join(replace(found.plan, sampler=how[0], pruner=how[1]), storage, found.name), None


def _number(text: str, limits: tuple[float, float], name: str, *, whole: bool = False) -> float:
    try:
        return read_number(text, *limits, whole=whole)
    except NotTaken as error:
        raise UserError(tr("“{name}” cannot be “{value}”.", name=name, value=text), str(error)) from None


def _one_of(text: str, known: Sequence[str], name: str) -> str:
    if text not in known:
        raise unknown_name(tr("“{name}” cannot be “{value}”.", name=name, value=text), text, known)
    return text


def _say_how_to_go_on(search: Search, study: SearchStudy, out: Path | None, keep_runs: bool) -> None:
    from engine.search.places import told

    command = ["python", "main.py", "sweep", "--study", study.name]
    if study.where:
        command += ["--storage", told(study.where)]  # whoever has a password knows it
    if out:
        command += ["--out", str(out)]
    command += [] if keep_runs else ["--no-runs"]
    command += ["--sampler", study.plan.sampler, "--pruner", study.plan.pruner]
    command += ["--minutes", f"{max(search.seconds_left / 60, 0.1):.3g}"]
    say(tr("Stopped and saved. Go on with: {command}", command=shlex.join(command)))
