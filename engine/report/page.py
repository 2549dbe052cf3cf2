"""What stands in a report: settings in words, curves, samples over the epochs, diagnosis, measures, lessons."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from engine import export, files
from engine.diagnosis.words import describe_remedy
from engine.errors import UserError
from engine.evaluation.condition import condition_of
from engine.events import Quality
from engine.export import ExportOptions
from engine.i18n import joined, language, number, speaking_of, tr, trn
from engine.points.judge import covered
from engine.recipes.words import set_to
from engine.report import html, lessons
from engine.report.html import Section
from engine.runs import RunFolder, words
from engine.runs.info import RunInfo
from engine.runs.still import StillRun
from engine.runs.summary import RunSummary, summary_of

_WIDE = 624
_ROOM = (2 * _WIDE, 2000)  # twice as sharp as shown
_MOST_LOOKS = 25  # lines of measures


def written(run: RunFolder) -> str:
    """Return the page of ``run`` in the language of the moment; raises ``UserError`` where the run cannot be read."""
    run = StillRun(run.path)
    info, row = run.info(), summary_of(run)
    with speaking_of(info.facts.noun):
        title = tr("Lab report: {run}", run=words.title(row))
        return html.page(title, language(), _sections(run, info, row))


def save_html(run: RunFolder, path: Path) -> Path:
    """Write the page to ``path``; raises ``UserError``. Returns ``path``."""
    files.write_atomically(path, written(run).encode())
    return path


def _sections(run: RunFolder, info: RunInfo, row: RunSummary) -> Iterator[Section]:
    yield Section(tr("The training"), [_facts(row), html.paragraph(row.note)])
    yield Section(tr("Settings"), list(_settings(info, row)))
    yield from _pictures(run)
    yield Section(tr("Diagnosis"), list(_diagnosis(run)))
    if qualities := run.qualities():
        yield Section(tr("Measures"), [_measures(_spread(qualities), info)])
    try:
        yield from lessons.sections(run.path.name)
    except UserError as error:  # the record of the lessons is damaged: the rest of the report stands
        yield Section(tr("Lessons"), [html.paragraph(error.whole)])


def _facts(row: RunSummary) -> str:
    told = [
        (tr("Recipe"), words.recipe(row)),
        (tr("{data:Images}"), words.data(row)),
        (tr("Epochs"), words.epochs(row)),
        (tr("State"), words.standing(row)),
        (tr("Real {data:images} seen"), number(row.images_seen)),
        (tr("Training time"), words.time(row)),
        (tr("Fréchet distance"), words.frechet(row)),
        (tr("Read as asked"), words.accuracy(row) if row.accuracy is not None else ""),
        (tr("Comes from"), words.origin(row)),
    ]
    return html.table([], [line for line in told if line[1]])


def _settings(info: RunInfo, row: RunSummary) -> Iterator[str]:
    if row.differences:
        yield html.paragraph(tr("Other than in the recipe:"))
        yield html.listed(set_to(name, value) for name, value in row.differences.items())
    else:
        yield html.paragraph(tr("All as the recipe has it."))
    if info.changes:
        yield html.paragraph(tr("Changed while it trained:"))
        yield html.listed(
            joined(
                tr("epoch {epoch}:", epoch=number(moment / info.facts.image_count, ".3g")),
                set_to(name, value),
            )
            for moment, name, value in info.changes
        )


def _pictures(run: RunFolder) -> Iterator[Section]:
    """Yield curves and samples; a run without samples has none to show, and neither section."""
    try:
        curves, _ = export.last_picture(run, ExportOptions(), _ROOM)
        sheet, count = export.preview(run, ".png", ExportOptions(), _ROOM)
    except UserError as error:
        yield Section(tr("Samples"), [html.paragraph(error.message)])
        return
    words_of_curves = tr("Samples of the last epoch, and the curves of the whole training")
    yield Section(tr("Curves"), [html.image(curves, words_of_curves, _WIDE), html.paragraph(words_of_curves)])
    words_of_samples = trn(
        "The same noise, {data:drawn} in {count} epoch", "The same noise, {data:drawn} in {count} epochs", count
    )
    yield Section(tr("Samples over the epochs"), [html.image(sheet, words_of_samples, _WIDE)], is_large=True)


def _diagnosis(run: RunFolder) -> Iterator[str]:
    condition = condition_of(run)
    yield html.paragraph(condition.sentence)
    for trouble in condition.troubles:
        yield html.paragraph(f"{trouble.title}.")
        cure = [tr("Try: {changes}", changes=describe_remedy(trouble.remedy))] if trouble.remedy else []
        yield html.listed([*trouble.evidence, *cure])


def _spread(qualities: list[Quality]) -> list[Quality]:
    """Return at most so many judgments, spread over the training, the last one among them."""
    every = -(-len(qualities) // _MOST_LOOKS)
    return qualities[::-1][::every][::-1]


def _share(share: float | None) -> str:
    return "" if share is None else number(share, ".1%")


def _clouds(quality: Quality) -> str:
    found, total = covered(quality)
    return tr("{epoch} of {total}", epoch=number(found), total=number(total)) if total else ""


def _epochs(qualities: list[Quality], image_count: int) -> list[str]:
    """Say when each judgment was made: in parts of epochs where one epoch has several, as a trial's."""
    if len({each.epoch for each in qualities}) == len(qualities):
        return [number(each.epoch) for each in qualities]
    return [number(each.images_seen / image_count, ".3g") for each in qualities]


def _measures(qualities: list[Quality], info: RunInfo) -> str:
    columns = [
        (tr("Epoch"), _epochs(qualities, info.facts.image_count)),
        (tr("Fréchet distance"), [number(each.frechet, ".1f") for each in qualities]),
        (tr("Fidelity"), [number(each.precision, ".0%") for each in qualities]),
        (tr("Variety"), [number(each.recall, ".0%") for each in qualities]),
        (tr("Read as asked"), [_share(each.accuracy) for each in qualities]),
        (tr("Clouds found"), [_clouds(each) if info.facts.is_points else "" for each in qualities]),
    ]
    told = [(head, cells) for head, cells in columns if any(cells)]  # no column without a number
    heads, rows = [head for head, _ in told], list(zip(*(cells for _, cells in told), strict=True))
    real = tr("Real {data:images} have a Fréchet distance of {value}.", value=number(qualities[-1].frechet_real, ".1f"))
    return html.table(heads, rows) + html.paragraph(real)
