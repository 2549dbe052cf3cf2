"""A row of a table of runs in words, the same in window and command line. Knows no file."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from engine.amounts import duration, megabytes
from engine.config import Config
from engine.datasets.sets import noun_of
from engine.diagnosis import words as diagnosis_words
from engine.i18n import joined, mark, number, speaking_of, tr
from engine.recipes.words import dataset_title, differences, options_told, recipe_title
from engine.runs.info import Branch
from engine.runs.summary import ListedRun, RunSummary, Standing
from engine.text import LONGEST_NAME, plain

_OF_LENGTH_OR_DATA = ("epochs", "total_images", "dataset", "data_root")
"""Options that a table tells in columns of their own."""
_STANDINGS: dict[Standing, str] = {
    "training": mark("training now"),
    "finished": mark("finished"),
    "unfinished": mark("unfinished"),
    "left": mark("no checkpoint"),
}
_HEALTH = {
    "healthy": mark("healthy"),
    "watched": mark("watched after a trouble"),
    "early": mark("too early to tell"),
}


def title(run: ListedRun) -> str:
    """Return what a run is called: by a person, or by its folder."""
    return (run.name if isinstance(run, RunSummary) else "") or plain(run.path.name, LONGEST_NAME)


def recipe(run: RunSummary) -> str:
    """Return the title of its recipe."""
    return recipe_title(run.config)


def data(run: RunSummary) -> str:
    """Return what its real images are called, and which classes of them."""
    classes = ", ".join(map(str, run.config.classes))
    return joined(dataset_title(run.config), f"({classes})" if classes else "")


def options(run: RunSummary) -> str:
    """Return what differs from the recipe: "Learning rate of D 0.0012, Seed 3"; length and data stand elsewhere."""
    shown = {name: value for name, value in run.differences.items() if name not in _OF_LENGTH_OR_DATA}
    with speaking_of(noun_of(run.config.dataset)):
        return options_told(shown)


def epochs(run: RunSummary) -> str:
    """Return how far it was trained: "24", or "3 of 24"; "0.41" where what it should see was less than the images."""
    if run.standing == "finished":
        is_whole = run.total_images % run.image_count == 0
        return number(run.epochs) if is_whole else number(run.total_images / run.image_count, ".3g")
    return tr("{epoch} of {total}", epoch=number(run.epochs), total=number(run.total_epochs))


def standing(run: ListedRun) -> str:
    """Return whether it trains now, is finished, or could go on."""
    return tr(_STANDINGS[run.standing]) if isinstance(run, RunSummary) else tr("cannot be read")


def diagnosis(run: RunSummary) -> str:
    """Return the troubles that are seen in it, or how it is without."""
    if run.troubles:
        return joined(*map(diagnosis_words.title, run.troubles), between=", ")
    return tr(_HEALTH[run.health]) if run.health in _HEALTH else ""


def frechet(run: RunSummary) -> str:
    """Return the Fréchet distance at its end, "–" where nothing was judged."""
    return "–" if run.frechet is None else number(run.frechet, ".2f")


def accuracy(run: RunSummary) -> str:
    """Return the share of samples read as asked at its end, "–" where that cannot be told."""
    return "–" if run.accuracy is None else number(run.accuracy, ".1%")


def preference(run: RunSummary) -> str:
    """Return the share of blind duels that it would win, "–" where it was in too few."""
    return "–" if run.preference is None else number(run.preference, ".0%")


def time(run: RunSummary) -> str:
    """Return how long it was trained."""
    return duration(run.seconds) if run.seconds else "–"


def size(run: RunSummary) -> str:
    """Return what it takes on the disk."""
    return megabytes(run.size_bytes)


def origin(run: RunSummary) -> str:
    """Return which run and epoch a run comes from; nothing where it began from scratch."""
    branch = run.branch_of
    return tr("“{run}”, epoch {epoch}", run=_parent(run, branch), epoch=branch.epoch) if branch else ""


def what_differs(run: RunSummary) -> str:
    """Return whose branch it is, if it is one, and what differs from the recipe."""
    if branch := run.branch_of:
        source = tr("Branch of “{run}”, epoch {epoch}", run=_parent(run, branch), epoch=number(branch.epoch))
        return joined(source, options(run), between=": ")
    return options(run)


def _parent(run: RunSummary, branch: Branch) -> str:
    folder = branch.run.replace("\\", "/").rstrip("/").rpartition("/")[2]
    return run.parent_title or plain(folder, LONGEST_NAME)


def compared(configs: Mapping[str, Config]) -> dict[str, dict[str, Any]]:
    """Return the options that are not the same in all ``configs``, each with the value of every one of them.

    ``engine.recipes.words.value_words`` says a value.
    """
    first = next(iter(configs.values()), None)
    names = {} if first is None else {name: None for each in configs.values() for name in differences(each, first)}
    return {name: {key: getattr(each, name) for key, each in configs.items()} for name in names}
