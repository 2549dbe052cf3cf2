"""The command ``sweep``: searches for better options, alone or with others, and says what was found."""

from __future__ import annotations

import json
import shlex
import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich import progress as bars
from rich.table import Table

from engine import files
from engine.cli import endings
from engine.cli.terminal import app, out_console, progress_bar, say, show_table
from engine.config import OPTIONS, Config, parse_assignments, parse_value
from engine.config.renamed import assignments_of_today
from engine.errors import UserError, unknown_name
from engine.i18n import number, tr, trn
from engine.job import Job, Progress
from engine.numbers import NotTaken, read_number
from engine.recipes import DEFAULT_RECIPE, recipe

if TYPE_CHECKING:
    from engine.search.calibration import Speed
    from engine.search.plan import Plan
    from engine.search.records import SearchEvent, TrialRecord
    from engine.search.search import Search
    from engine.search.study import SearchStudy

INTERRUPTED = 130
_BEST = 10  # trials in the table at the end
_RETRY_SECONDS = 5.0
_MINUTES = "30"


@app.command(help=tr("Search for better options: many short trainings, judged, the hopeless ones stopped early."))
def sweep(
    recipe_name: Annotated[str | None, typer.Option("--recipe", help=tr("The starting point; see “recipes”."))] = None,
    tune: Annotated[
        list[str] | None, typer.Option(help=tr("What varies: option=from..to, option=a,b, or an option alone."))
    ] = None,
    minutes: Annotated[str, typer.Option(help=tr("How long to search, in all."))] = _MINUTES,
    objective: Annotated[str | None, typer.Option(help="frechet | variety | images:20")] = None,
    trial_images: Annotated[str | None, typer.Option(help=tr("How many images a trial is trained on."))] = None,
    trial_seconds: Annotated[str | None, typer.Option(help=tr("Or for how many seconds it is trained."))] = None,
    sampler: Annotated[str, typer.Option(help="tpe | random | grid")] = "tpe",
    pruner: Annotated[str, typer.Option(help="median | hyperband | none")] = "median",
    storage: Annotated[
        str, typer.Option(help=tr("Where the study lies: a URL, or a .journal file on a shared folder."))
    ] = "",
    study: Annotated[str, typer.Option(help=tr("Its name there; without --tune, one that is there already."))] = "",
    out: Annotated[Path | None, typer.Option(help=tr("Where run folders and pictures of the trials go."))] = None,
    keep_runs: Annotated[bool, typer.Option("--runs/--no-runs", help=tr("Keep a run folder of each trial."))] = True,
    dataset: Annotated[str | None, typer.Option(help=tr("The real images; see “datasets”."))] = None,
    data_root: Annotated[str | None, typer.Option(help=tr("Folder with the files of the data set."))] = None,
    classes: Annotated[str | None, typer.Option(help=tr("Train on these classes only, e.g. 3,8."))] = None,
    assignments: Annotated[list[str] | None, typer.Option("--set", help=tr("Any option, as option=value."))] = None,
    seed: Annotated[str | None, typer.Option(help=tr("Where chance starts."))] = None,
    device: Annotated[str | None, typer.Option(help="auto | cpu | cuda | mps")] = None,
    as_json: Annotated[bool, typer.Option("--json", help=tr("Print JSON."))] = False,
) -> int:
    """Work on a study until the minutes are over."""
    from engine.search import plan as plans
    from engine.search.search import MINUTES

    budget = _number(minutes, MINUTES, "--minutes")
    given = {"dataset": dataset, "data_root": data_root, "classes": classes, "seed": seed, "device": device}
    values = _values(assignments or [], given)
    how = (_one_of(sampler, plans.SAMPLERS, "--sampler"), _one_of(pruner, plans.PRUNERS, "--pruner"))
    length = (
        int(_number(trial_images, plans.IMAGES, "--trial-images", whole=True)) if trial_images else 0,
        _number(trial_seconds, plans.SECONDS, "--trial-seconds") if trial_seconds else 0.0,
    )
    if all(length):
        raise UserError(
            tr("--trial-images and --trial-seconds cannot be given together."),
            tr("Say one of them: how long a trial is."),
        )
    with endings.interruptible() as interrupted, _Telling(quiet=as_json, is_over=interrupted) as telling:
        if tune:
            config = recipe(recipe_name or DEFAULT_RECIPE).config(**values)
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
    _conclude(joined, as_json)
    return INTERRUPTED if interrupted() else 0


def _search(study: SearchStudy, minutes: float, folder: Path | None, keep_runs: bool, speed: Speed | None) -> Search:
    from engine.search.search import Search

    return Search(study, minutes, folder=folder, keep_runs=keep_runs, speed=speed)


# --- beginning


def _begun(
    config: Config,
    tune: Sequence[str],
    objective: str,
    length: tuple[int, float],
    how: tuple[str, str],
    storage: str,
    name: str,
    minutes: float,
    telling: _Telling,
) -> tuple[SearchStudy, Speed | None] | None:
    """Begin a study, or go on with it; None where it was interrupted before."""
    from engine.search import knobs, objectives
    from engine.search.plan import Plan
    from engine.search.study import join, open_study, studies

    config.check()
    goal, target = objectives.parse(objective)
    plan = Plan(config, knobs.parse(tune, config), *length, goal, target, *how)
    if plan.images or plan.seconds:
        return join(plan, storage, name), None
    for known in (
        studies(storage) if name or not storage else ()
    ):  # begun before, with the length that was measured then
        if known.name == name and known.plan:
            same = open_study(storage, known.name, config).plan
            return join(_with_length(plan, same.images, same.seconds), storage, name), None
    speed: Speed | None = telling.of(_measured(config))
    if speed is None:
        return None
    return join(_with_length(plan, speed.images_of(minutes, plan.looks), 0.0), storage, name), speed


def _with_length(plan: Plan, images: int, seconds: float) -> Plan:
    return replace(plan, images=images, seconds=seconds)


def _measured(config: Config) -> Job[Progress, Speed]:
    from engine.datasets import catalog
    from engine.search.calibration import calibrate
    from engine.search.evaluators import Evaluators

    evaluators = Evaluators((yield from catalog.read(config)))
    yield from evaluators.prepare(config)
    return (yield from calibrate(config, evaluators))


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
    from engine.search.study import join, open_study

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


def _values(assignments: Sequence[str], given: dict[str, str | None]) -> dict[str, Any]:
    assignments, remarks = assignments_of_today(list(assignments))
    for remark in remarks:
        say(remark)
    values = dict(parse_assignments(assignments))
    return values | {name: parse_value(name, value) for name, value in given.items() if value is not None}


def _number(text: str, limits: tuple[float, float], name: str, *, whole: bool = False) -> float:
    try:
        return read_number(text, *limits, whole=whole)
    except NotTaken as error:
        raise UserError(tr("“{name}” cannot be {value}.", name=name, value=text), str(error)) from None


def _one_of(text: str, known: Sequence[str], name: str) -> str:
    if text not in known:
        raise unknown_name(tr("“{name}” cannot be {value}.", name=name, value=text), text, known)
    return text


# --- telling


class _Telling:
    """Shows on a bar how far a search is, and says of each trial how it ended."""

    def __init__(self, *, quiet: bool, is_over: Callable[[], bool]) -> None:
        self._quiet, self._is_over = quiet, is_over
        self._bar = progress_bar(bars.BarColumn(), bars.TextColumn("{task.description}", markup=False))
        self._task = self._bar.add_task("", total=None)
        self._budget = 0.0
        self._study: SearchStudy | None = None

    def __enter__(self) -> _Telling:
        if not self._quiet:
            self._bar.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._bar.stop()

    def of(self, job: Job[Any, Any], study: SearchStudy | None = None) -> Any:
        """Do ``job`` and return its result; None where somebody wants it to end."""
        self._study = study
        with closing(job):
            while not self._is_over():
                try:
                    self._show(next(job))
                except StopIteration as end:
                    return end.value
        return None

    def _show(self, event: SearchEvent) -> None:
        from engine.search import records

        match event:
            case Progress():
                self._bar.update(self._task, description=event.what, completed=event.done, total=event.total or None)
            case records.SearchStarted():
                self._budget = event.seconds
                self._bar.reset(self._task, total=event.seconds)
                self._say(_started(event))
            case records.TrialProgress():
                self._bar.update(self._task, description=_going_on(event), completed=self._budget - event.seconds_left)
            case records.TrialEnded() if self._study is not None:
                self._say(ended(self._study.plan, event.trial))
            case records.SearchBlocked():
                say(event.hint, event.message)
                self._wait()

    def _say(self, text: str) -> None:
        if not self._quiet:
            say(text)

    def _wait(self) -> None:
        say(tr("The search waits and tries again every few seconds; Ctrl-C ends it."))
        end = time.monotonic() + _RETRY_SECONDS
        while time.monotonic() < end and not self._is_over():
            time.sleep(0.1)


def _started(event: Any) -> str:
    count = max(round(event.trials), 1)
    about = trn(
        "{minutes} min buy about {count} trial of {seconds} s.",
        "{minutes} min buy about {count} trials of {seconds} s, and more where some end early.",
        count,
        minutes=number(event.seconds / 60, ",.3g"),
        seconds=number(event.trial_seconds, ",.0f"),
    )
    begun = event.known
    known = trn("{count} trial is there already.", "{count} trials are there already.", begun) if begun else ""
    return " ".join(filter(None, (about, known)))


def _going_on(event: Any) -> str:
    text = tr("trial {number} · {share} %", number=event.number, share=number(100 * event.share, ".0f"))
    if event.measure is None:
        return text
    return f"{text} · {tr('Fréchet {value}', value=number(event.measure.frechet, ',.1f'))}"


def ended(plan: Plan, trial: TrialRecord) -> str:
    """Say in a line what a trial tried and what came of it."""
    from engine.search.knobs import told

    values = ", ".join(f"{name} {told(name, value)}" for name, value in trial.values.items())
    last = trial.measures[-1] if trial.measures else None
    shown = trial.value if trial.value is not None else plan.goal.of_measure(last) if last else None
    return " · ".join(
        filter(
            None,
            (
                tr("Trial {number}", number=trial.number),
                values,
                ""
                if shown is None
                else plan.goal.told(shown)
                if trial.value is not None
                else f"({number(shown, ',.2f')})",
                trial.told,
                trial.reason,
            ),
        )
    )


def _say_how_to_go_on(search: Search, study: SearchStudy, out: Path | None, keep_runs: bool) -> None:
    command = ["python", "main.py", "sweep", "--study", study.name]
    if study.where:
        command += ["--storage", study.where]
    if out:
        command += ["--out", str(out)]
    command += [] if keep_runs else ["--no-runs"]
    command += ["--sampler", study.plan.sampler, "--pruner", study.plan.pruner]
    command += ["--minutes", f"{max(search.seconds_left / 60, 0.1):.3g}"]
    say(tr("Stopped and saved. Go on with: {command}", command=shlex.join(command)))


# --- what was found


def _conclude(study: SearchStudy, as_json: bool) -> None:
    from engine.search.study import ranked
    from engine.search.why import findings

    trials = study.trials()
    best, found = ranked(study.plan, trials), findings(study)
    if as_json:
        print(json.dumps(_as_json(study, trials, best, found), indent=2))
        return
    if best:
        show_table(_table(study.plan, best[:_BEST]))
    for sentence in filter(None, (found.sentence, found.against_start)):
        out_console.print(sentence, soft_wrap=True)
    if best and best[0].run:
        out_console.print(tr("The best trial's run: {path}", path=best[0].run), soft_wrap=True)


def _table(plan: Plan, best: Sequence[TrialRecord]) -> Table:
    from engine.search.knobs import told

    table = Table(title=tr("The best trials"))
    for heading in (tr("Trial"), tr(plan.goal.title), *(knob.name for knob in plan.knobs), tr("Seconds")):
        table.add_column(heading, justify="right", overflow="fold")
    for trial in best:
        values = [told(k.name, trial.values[k.name]) if k.name in trial.values else "–" for k in plan.knobs]
        value = plan.goal.told(trial.value or 0.0)
        table.add_row(str(trial.number), value, *values, number(trial.seconds, ",.0f"))
    return table


def _as_json(
    study: SearchStudy, trials: Sequence[TrialRecord], best: Sequence[TrialRecord], found: Any
) -> dict[str, Any]:
    return {
        "study": study.name,
        "folder": str(study.folder),
        "objective": study.plan.objective,
        "best": best[0].number if best else None,
        "importance": dict(found.importance),
        "sentence": str(found.sentence),
        "against_start": str(found.against_start),
        "trials": [
            {
                "number": trial.number,
                "state": trial.state,
                "failure_mode": trial.failure_mode,
                "reason": trial.reason,
                "values": dict(trial.values),
                "value": trial.value,
                "frechet": trial.measures[-1].frechet if trial.measures else None,
                "images_seen": trial.measures[-1].images_seen if trial.measures else None,
                "seconds": trial.seconds,
                "run": str(trial.run) if trial.run else None,
                "thumbnail": str(trial.thumbnail) if trial.thumbnail else None,
                "retry_of": trial.retry_of,
                "worker": trial.worker,
            }
            for trial in trials
        ],
    }
