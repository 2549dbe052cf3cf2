"""The commands ``runs …``: what a person does with the runs there are. Knows no format and no file of a run."""

from __future__ import annotations

import json
from collections.abc import Sequence
from contextlib import closing
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, TextColumn
from rich.table import Table

from engine import files
from engine.amounts import in_spans, megabytes
from engine.cli import options
from engine.cli.terminal import find_run, give_path, new_group, progress_bar, say, show_table
from engine.config import OPTIONS
from engine.errors import UserError
from engine.i18n import again, joined, number, tr, trn
from engine.job import Job, Progress
from engine.recipes.words import options_told, value_words
from engine.runs import ListedRun, RunFolder, RunStore, RunSummary, UnreadableRun, runs_root, trash, words
from engine.runs.archive import SUFFIX, export_run, export_size, import_run, read_manifest
from engine.runs.arriving import folder_name
from engine.runs.trash import Trashed
from engine.text import LONGEST_NAME, plain

group = new_group("runs", tr("List, compare, share, name and delete runs."))

_Runs = Annotated[list[Path], typer.Argument(help=tr("Runs: their folders, or the names you gave them."))]


@group.command("list", help=tr("List all runs, the newest first; those that cannot be read with the reason."))
def list_all(as_json: options.Json = False) -> int:
    """Print a table of all runs."""
    found = RunStore(runs_root()).runs()
    if as_json:
        return _print([_facts(run) for run in found])
    table = Table()
    table.add_column(tr("Run"), no_wrap=True)  # by whose name it is asked for
    for heading in (tr("What"), tr("Epochs"), tr("Fréchet"), tr("Read as asked"), tr("Diagnosis")):
        table.add_column(heading)
    for run in found:
        table.add_row(*_row(run))
    if not found:
        say(tr("There is no run in “{folder}” yet.", folder=runs_root()))
    else:
        show_table(table)
    return 0


@group.command(help=tr("Tell all about one run."))
def show(run: options.RunArgument, as_json: options.Json = False) -> int:
    """Print what the table of runs tells, and where a new run can branch off."""
    path = find_run(run)
    found = _summary(path)
    folder = RunFolder(path)
    exact = folder.branch_epochs()
    if as_json:
        return _print(_facts(found) | {"branch_epochs": exact, "generator_epochs": folder.generator_epochs()})
    table = Table(title=words.title(found), show_header=False)
    for label, value in (
        (tr("Recipe"), words.recipe(found)),
        (tr("Differs in"), words.options(found) or tr("nothing")),
        (tr("{data:Images}"), words.data(found)),
        (tr("Epochs"), words.epochs(found)),
        (tr("{data:Images} seen"), number(found.images_seen, ",.0f")),
        (tr("State"), words.standing(found)),
        (tr("Fréchet distance"), words.frechet(found)),
        (tr("Read as asked"), words.accuracy(found)),
        (tr("Preferred in blind duels"), words.preference(found) if found.preference is not None else ""),
        (tr("Diagnosis"), words.diagnosis(found)),
        (tr("Training time"), words.time(found)),
        (tr("Size on disk"), words.size(found)),
        (tr("Trained last"), _when(found.modified)),
        (tr("Comes from"), words.origin(found)),
        (tr("Branches off exactly after epochs"), in_spans(exact)),
        (tr("Note"), found.note),
        (tr("Folder"), plain(found.path)),
    ):
        if value:
            table.add_row(label, value)
    show_table(table)
    return 0


@group.command(help=tr("Compare runs: the options that differ, in words, and their measures."))
def compare(runs: _Runs, as_json: options.Json = False) -> int:
    """Print a column for each run."""
    found = [_summary(find_run(run)) for run in dict.fromkeys(runs)]
    if len(found) < 2:
        raise UserError(tr("One run cannot be compared."), tr("Name two runs or more."))
    differing = words.compared({str(run.path): run.config_now for run in found})
    if as_json:
        options = {name: list(values.values()) for name, values in differing.items()}
        return _print({"runs": [_facts(run) for run in found], "options": options})
    table = Table()
    table.add_column(tr("What differs"))
    for run in found:
        table.add_column(words.title(run), overflow="fold")
    for name, values in differing.items():
        table.add_row(tr(OPTIONS[name].label), *(value_words(name, value) for value in values.values()))
    for label, say_it in (
        (tr("{data:Images} seen"), lambda run: number(run.images_seen, ",.0f")),
        (tr("Fréchet distance"), words.frechet),
        (tr("Read as asked"), words.accuracy),
        (tr("Diagnosis"), words.diagnosis),
        (tr("Training time"), words.time),
    ):
        table.add_row(label, *map(say_it, found))
    show_table(table)
    return 0


@group.command(help=tr("Name a run, star it, or write a note; what is left out stays."))
def rename(
    run: options.RunArgument,
    name: Annotated[str | None, typer.Argument(help=tr("Its new name; empty for that of its folder."))] = None,
    note: Annotated[str | None, typer.Option(help=tr("What you want to remember of it."))] = None,
    star: Annotated[bool | None, typer.Option("--star/--no-star", help=tr("Mark it as a favorite."))] = None,
    as_json: options.Json = False,
) -> int:
    """Write what a person says of a run."""
    path = find_run(run)
    RunFolder(path).info()
    about = RunStore(path.parent).describe(path, name=name, note=note, star=star)
    if as_json:
        return _print({"path": str(path), **asdict(about)})
    say(joined(tr("The run is called “{name}”.", name=about.name or path.name), about.note))
    return 0


@group.command(help=tr("Delete runs: they go into a trash, from which “runs restore” takes them back."))
def delete(runs: _Runs, as_json: options.Json = False) -> int:
    """Move runs into the trash, and tell its rule and what left it."""
    deleted = [RunStore(path.parent).delete(path) for path in map(find_run, dict.fromkeys(runs))]
    expired = [run for each in deleted for run in each.expired]
    if as_json:
        return _print({"deleted": [_waiting(each.run) for each in deleted], "expired": list(map(_waiting, expired))})
    for each in deleted:
        say(tr("“{run}” is in the trash: “runs restore” takes it back.", run=each.run.name))
    say(trash.rule())
    for run in expired:
        say(tr("“{run}” was there for long enough and is gone for good.", run=run.name))
    return 0


@group.command(help=tr("Take a deleted run back; without a name, list those that can be had back."))
def restore(
    name: Annotated[str | None, typer.Argument(help=tr("The folder that the run had."))] = None,
    as_json: options.Json = False,
) -> int:
    """Move a run out of the trash."""
    store = RunStore(runs_root())
    waiting = store.trash.runs()
    if name is None:
        return _list_trash(waiting, as_json)
    run = next((run for run in waiting if run.name == name), None)
    if run is None:
        known = joined(*(each.name for each in waiting), between=", ")
        raise UserError(
            tr("There is no “{name}” in the trash.", name=name),
            tr("What is there: {things}.", things=known) if known else trash.rule(),
        )
    path = store.restore(run)
    if as_json:
        return _print({"path": str(path)})
    give_path(path)
    return 0


@group.command("export", help=tr("Write a whole run into one file, to give it to somebody."))
def export_one(
    run: options.RunArgument,
    out: Annotated[Path | None, typer.Option(help=tr("The file; NAME.duelo here when left out."))] = None,
    as_json: options.Json = False,
) -> int:
    """Write ``NAME.duelo``."""
    folder = RunFolder(find_run(run))
    target = files.typed(out) if out else Path(folder.path.name + SUFFIX)
    if target.suffix != SUFFIX:
        raise UserError(
            tr("“{path}” does not say that it is an experiment.", path=target), tr("Let its name end in .duelo.")
        )
    if target.exists():
        raise UserError(tr("“{path}” exists already.", path=target), tr("Choose another name; nothing was changed."))
    if not as_json:
        say(tr("The run takes {size}.", size=megabytes(export_size(folder))))
    written = _watched(export_run(folder, target))
    if as_json:
        return _print({**asdict(written), "path": str(written.path)})
    left_out = tr("Names of folders of this machine are not in it.") if written.left_out else ""
    say(joined(tr("The file takes {size}.", size=megabytes(written.size_bytes)), left_out))
    give_path(written.path)
    return 0


@group.command("import", help=tr("Unpack a run that “runs export” wrote, beside yours."))
def import_one(
    file: Annotated[Path, typer.Argument(help=tr("A file NAME.duelo."))], as_json: options.Json = False
) -> int:
    """Unpack an experiment as a new run; nothing is written over."""
    source = files.typed(file)
    manifest = read_manifest(source)
    if not as_json:
        size = megabytes(manifest.size_bytes)
        say(tr("“{name}” takes {size}.", name=manifest.title, size=size))
    path = _watched(import_run(source, runs_root()))
    if as_json:
        return _print({"path": str(path)})
    if path.name != folder_name(manifest.name):
        say(tr("There was a run in a folder of this name; this one lies beside it, in “{folder}”.", folder=path.name))
    give_path(path)
    return 0


# --- what is printed


def _print(content: object) -> int:
    print(json.dumps(content, indent=2, ensure_ascii=False))
    return 0


def _row(run: ListedRun) -> Sequence[str]:
    name = joined("★" if isinstance(run, RunSummary) and run.star else "", words.title(run))
    if isinstance(run, UnreadableRun):
        return name, joined(words.standing(run), plain(again(run.reason)), between=": "), "", "", "", ""
    about = joined(words.recipe(run), words.what_differs(run), words.data(run), between=" · ")
    state = run.standing if run.standing != "finished" else ""
    epochs = joined(words.epochs(run), words.standing(run) if state else "", between=", ")
    return name, about, epochs, words.frechet(run), words.accuracy(run), words.diagnosis(run)


def _facts(run: ListedRun) -> dict[str, Any]:
    """Return a run as JSON tells it: the same names whatever the language."""
    modified = datetime.fromtimestamp(run.modified, UTC).isoformat(timespec="seconds")
    facts = {"path": str(run.path), "title": words.title(run), "modified": modified}
    if isinstance(run, UnreadableRun):
        return facts | {"state": "unreadable", "trouble": str(again(run.reason))}
    return facts | {
        "state": run.standing,
        **asdict(run.about),
        "recipe": run.config.recipe,
        "options": dict(run.differences),
        "options_told": options_told(run.differences),
        "dataset": run.config.dataset,
        "classes": run.config.classes,
        "epochs": run.epochs,
        "total_epochs": run.total_epochs,
        "images_seen": run.images_seen,
        "total_images": run.total_images,
        "frechet": run.frechet,
        "read_as_asked": run.accuracy,
        "preference": run.preference,
        "health": run.health,
        "troubles": run.troubles,
        "seconds": run.seconds,
        "size_bytes": run.size_bytes,
        "branch_of": asdict(run.branch_of) if run.branch_of else None,
    }


def _waiting(run: Trashed) -> dict[str, Any]:
    return {"name": run.name, "path": str(run.path), "size_bytes": run.size_bytes}


def _list_trash(waiting: Sequence[Trashed], as_json: bool) -> int:
    if as_json:
        return _print(list(map(_waiting, waiting)))
    table = Table()
    table.add_column(tr("Run"), overflow="fold")
    for heading in (tr("Deleted"), tr("Size on disk")):
        table.add_column(heading)
    for run in waiting:
        table.add_row(plain(run.name, LONGEST_NAME), _when(run.deleted), megabytes(run.size_bytes))
    if waiting:
        show_table(table)
    say(joined(trn("{count} run in the trash.", "{count} runs in the trash.", len(waiting)), trash.rule()))
    return 0


def _when(moment: float) -> str:
    return f"{datetime.fromtimestamp(moment):%Y-%m-%d %H:%M}"


def _summary(path: Path) -> RunSummary:
    RunFolder(path).info()  # what is wrong with it is told as of any run
    found = RunStore(path.parent).one(path)
    if isinstance(found, UnreadableRun):
        raise UserError(str(again(found.reason)), tr("Choose another run."))
    return found


def _watched(job: Job[Progress, Any]) -> Any:
    """Do ``job`` and show how far it is."""
    with progress_bar(BarColumn(), TextColumn("{task.completed} / {task.total} MB")) as bar, closing(job):
        task = bar.add_task("", total=None)
        while True:
            try:
                event = next(job)
            except StopIteration as end:
                return end.value
            bar.update(task, completed=event.done, total=event.total or None)
