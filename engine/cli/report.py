"""The command that writes the lab report of a run, as one HTML file, or as PDF where somebody can print it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Annotated, TypeAlias

import typer

from engine import files, i18n
from engine.cli import options
from engine.cli.terminal import app, find_run, give_path
from engine.errors import UserError, unknown_name
from engine.i18n import tr
from engine.runs import RunFolder

Printer: TypeAlias = Callable[[str, Path], None]
"""Prints a page of HTML as PDF."""
printers: list[Callable[[], Printer]] = []
"""What the engine does not know: who prints, imported when a page is to be printed."""


@app.command(help=tr("Write the lab report of a run: settings, curves, samples, diagnosis, measures, lessons."))
def report(
    run: options.RunArgument,
    out: Annotated[Path | None, typer.Option(help=tr("FILE.html, pictures and all, or FILE.pdf."))] = None,
    language: Annotated[str | None, typer.Option(help="en | es")] = None,
) -> int:
    """Write the report; without --out beside you, called after the run."""
    from engine import report as reports

    if language is not None and language not in i18n.LANGUAGES:
        raise unknown_name(tr("Duelo does not speak “{name}”.", name=language), language, i18n.LANGUAGES)
    folder = RunFolder(find_run(run))
    out = files.typed(out) if out else Path(f"{folder.path.name}.html")
    if out.suffix.lower() not in (".html", ".htm", ".pdf"):
        raise UserError(tr("“{path}” is no report.", path=out), tr("Make --out end in .html or .pdf."))
    before = i18n.language()
    try:
        i18n.set_language(language or before)
        page = reports.written(folder)
    finally:
        i18n.set_language(before)
    if out.suffix.lower() == ".pdf":
        printed = _printer()
        with files.atomic_path(out) as part:
            printed(page, part)
        give_path(out)
    else:
        files.write_atomically(out, page.encode())
        give_path(out)
    return 0


def _printer() -> Printer:
    try:
        return printers[0]()
    except (ImportError, IndexError) as error:
        raise UserError(
            tr("PDF cannot be printed here: PySide6 is missing."), tr("Make --out end in .html instead.")
        ) from error
