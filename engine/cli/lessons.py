"""The commands ``lessons …``: what there is to learn, and what a teacher needs to write a lesson."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from engine import files
from engine.cli.terminal import give_path, new_group, out_console, say, say_error, show_table
from engine.errors import UserError
from engine.i18n import LANGUAGES, language, number, speaking_of, tr, trn

if TYPE_CHECKING:
    from engine.lessons.progress import LessonProgress

group = new_group(
    "lessons",
    tr("List the lessons, or show one; check a file that you wrote, and see what can be measured."),
    shows=True,
)


@group.callback(invoke_without_command=True)
def _list(context: typer.Context) -> None:
    """Print name, title, length and progress of each lesson."""
    from engine.lessons import library

    if context.invoked_subcommand is not None:
        return
    found = library.load()
    reached, fault = _reached()
    table = Table(tr("Lesson"), tr("Title"), tr("Minutes"), tr("Done"))
    for name in found.names():
        lesson = found.in_language(name, language())
        share = reached[name].share(len(lesson.pages)) if name in reached else 0.0
        table.add_row(name, lesson.title, number(lesson.minutes), number(share, ".0%"))
    show_table(table)
    for each in (*found.faults, *fault):
        say(each.whole, tr("Left out:"))


def _reached() -> tuple[Mapping[str, LessonProgress], list[UserError]]:
    from engine.lessons import progress

    try:
        return progress.read(), []
    except UserError as error:
        return {}, [error]


@group.command(help=tr("Show a lesson with its steps and checks."))
def show(name: Annotated[str, typer.Argument(help=tr("A lesson."))]) -> int:
    """Print what a student reads."""
    from engine.lessons import library, words
    from engine.lessons.lesson import LessonStep

    lesson = library.load().in_language(name, language())
    out_console.print(lesson.title, style="bold")
    out_console.print(f"{lesson.about}\n")
    for place, page in enumerate(lesson.pages):
        out_console.print(f"{place + 1}. {page.title}", style="bold")
        out_console.print(page.text)
        if isinstance(page, LessonStep):
            with speaking_of(words.noun_at(lesson, place)):
                for check in page.checks:
                    out_console.print(f"   ✓ {words.asked(check)}")
        else:
            for question in page.questions:
                out_console.print(f"   ? {question.text}")
        out_console.print()
    return 0


@group.command(help=tr("Check files of lessons: what is wrong with them is told with the line."))
def check(lessons: Annotated[list[Path], typer.Argument(help=tr("Files, such as my-lesson.en.md."))]) -> int:
    """Read each file as the window does."""
    from engine.lessons import library

    bad = 0
    for path in lessons:
        try:
            lesson = library.read(files.typed(path))
            steps = trn("{count} step", "{count} steps", len(lesson.steps))
            checks = trn("{count} check", "{count} checks", sum(len(step.checks) for step in lesson.steps))
            say(tr("“{title}” is fine: {steps}, {checks}.", title=lesson.title, steps=steps, checks=checks))
        except UserError as error:
            bad += 1
            for each in error.each:
                say_error(each.message, each.hint)
    return 1 if bad else 0


@group.command(help=tr("List everything that a check can ask about."))
def measures() -> int:
    """Print the vocabulary of lessons."""
    from engine.diagnosis.own import DETECTORS
    from engine.lessons.measures import MEASURES

    table = Table(tr("Measure"), tr("What it is"), tr("Where it comes from"))
    for measure in MEASURES.values():
        classes = tr("also “for classes …”") if measure.by_class else ""
        told = ". ".join(filter(None, (tr(measure.title), tr(measure.help), classes)))
        table.add_row(measure.name, told, tr(measure.source))
    show_table(table)
    troubles = Table(tr("diagnosis, cured"), tr("The trouble"))
    for name, detector in DETECTORS.items():
        troubles.add_row(name, tr(detector.title))
    show_table(troubles)
    return 0


@group.command(help=tr("Write the beginning of a lesson, which explains itself, to go on from."))
def new(file: Annotated[Path, typer.Argument(help=tr("The file to write, such as my-lesson.en.md."))]) -> int:
    """Copy the pattern in the language of the commands."""
    from engine.lessons import library

    target = files.typed(file)
    if target.suffix.lower() != ".md":
        raise UserError(tr("“{path}” does not end with .md.", path=target), tr("Call it NAME.en.md or NAME.es.md."))
    if target.exists():
        raise UserError(tr("“{path}” exists already.", path=target), tr("Choose another name; nothing was changed."))
    code = language() if language() in LANGUAGES else "en"
    files.write_atomically(target, (library.SHIPPED / "pattern" / f"pattern.{code}.md").read_bytes())
    say(tr("Put it into “{folder}” to find it in the window.", folder=library.folder()))
    give_path(target)
    return 0
