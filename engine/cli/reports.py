"""The commands that print what is known: ``evaluate``, ``datasets``."""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer
from rich.table import Table

from engine.cli import options
from engine.cli.terminal import app, find_run, say, show_table, tell_troubles
from engine.datasets.catalog import DATASETS
from engine.i18n import number, tr
from engine.runs import RunFolder
from engine.text import plain

if TYPE_CHECKING:
    from engine.evaluation.evaluate import Evaluation
    from engine.events import Quality


@app.command(help=tr("Judge a run: its losses, and how its {data:images} are read."))
def evaluate(
    run: options.RunFolderArgument,
    count: Annotated[int, typer.Option(help=tr("How many {data:images} are judged."))] = 10_000,
    as_json: options.Json = False,
) -> int:
    """Print what ``engine.evaluation.evaluate`` finds."""
    from engine.evaluation.evaluate import evaluate as judge

    verdict = judge(RunFolder(find_run(run)), count)
    if as_json:
        print(json.dumps(asdict(verdict), indent=2))
        return 0
    look, (accuracy, frechet, real) = _judged(verdict)
    of_points = {tr("Clouds that are covered"), tr("Clouds in all"), tr("Samples that lie in a cloud")}
    table = Table(title=plain(verdict.run), show_header=False)
    for label, value, form in (
        (tr("{data:Images} seen in training"), verdict.images_seen, ",.0f"),
        (tr("Loss of D, last epoch"), verdict.d_loss, ".3f"),
        (tr("Loss of G, last epoch"), verdict.g_loss, ".3f"),
        (tr("Mean loss of D since the first step"), verdict.d_loss_running, ".3f"),
        (tr("Mean loss of G since the first step"), verdict.g_loss_running, ".3f"),
        (tr("D's verdict on real {data:images}"), verdict.d_real, ".3f"),
        (tr("D's verdict on generated {data:images}"), verdict.d_fake, ".3f"),
        (tr("Read as asked"), accuracy, ".2%"),
        (tr("Clouds that are covered"), verdict.clouds_covered, "d"),
        (tr("Clouds in all"), verdict.clouds, "d"),
        (tr("Samples that lie in a cloud"), verdict.good_share, ".1%"),
        (tr("Fréchet distance to real {data:images}"), frechet, ".2f"),
        (
            tr("The same for the real {data:images}"),
            real,
            ".2f",
        ),
    ):
        if value is not None or label not in of_points:
            table.add_row(label, "–" if value is None else number(value, form))
    show_table(table)
    if look:
        say(_of_own_judge(look))
    tell_troubles(verdict.troubles, verdict.health_told)
    return 0


def _judged(verdict: Evaluation) -> tuple[Quality | None, tuple[float | None, float | None, float | None]]:
    """Return the three measures of the judge that comes with Duelo, or those of the run's own and when it looked."""
    look = verdict.last_look
    if verdict.frechet_distance is not None or look is None:
        return None, (verdict.label_accuracy, verdict.frechet_distance, verdict.frechet_distance_real)
    return look, (look.accuracy, look.frechet, look.frechet_real)


def _of_own_judge(look: Quality) -> str:
    return tr(
        "No judge that comes with Duelo knows these data; the run's own said that of {count} samples at epoch {epoch}.",
        count=number(look.count),
        epoch=number(look.epoch),
    )


@app.command(help=tr("List the data sets."))
def datasets() -> int:
    """Print name and explanation of each data set."""
    table = Table()
    table.add_column(tr("Data set"), no_wrap=True)
    table.add_column(tr("What it is"))
    for entry in DATASETS.values():
        table.add_row(entry.name, tr(entry.summary))
    show_table(table)
    return 0
