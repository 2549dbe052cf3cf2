"""The columns of the table of runs: what each is called, what it says of a run, what it is sorted by. Qt-free."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import NamedTuple

from engine.amounts import duration, megabytes
from engine.i18n import again, joined, mark, tr
from engine.runs import ListedRun, RunSummary, UnreadableRun, words
from engine.text import plain
from studio.model.run_rows import Key, RunRow
from studio.text.search import folded

_DAY = "2026-11-28"
_LEFT_MIDDLE, _MIDDLE = 0x0081, 0x0084  # Qt's alignments, whose numbers never change


class Column(NamedTuple):
    """``title`` and ``tip`` are marked texts; ``key`` None sorts by the words.

    ``widest`` is a text, or lines of it, that shall not be broken or cut, and ``share`` how much of the room that is
    left the column takes.

    A column with a number is compared with what a person types, in the unit that its tip names.
    """

    name: str
    title: str
    tip: str
    words: Callable[[RunSummary], str]
    key: Callable[[RunSummary], Key] | None = None
    widest: Callable[[], str] = lambda: ""
    share: int = 0
    is_number: bool = False
    alignment: int = _LEFT_MIDDLE


PICTURE, STAR, NAME, NOTE, TROUBLE = "picture", "star", "name", "note", "trouble"
EDITED = (NAME,)
"""Columns that are typed into where they stand."""


def row_of(run: ListedRun) -> RunRow:
    """Return what the table says of ``run`` in the current language."""
    if isinstance(run, UnreadableRun):
        texts = tuple(_of_unreadable(run, column) for column in COLUMNS)
        keys: tuple[Key, ...] = tuple(
            _moment(run) if column.name == "date" else folded(text) or None
            for column, text in zip(COLUMNS, texts, strict=True)
        )
    else:
        texts = tuple(str(column.words(run)) for column in COLUMNS)
        keys = tuple(
            column.key(run) if column.key else folded(text) or None for column, text in zip(COLUMNS, texts, strict=True)
        )
    is_training = isinstance(run, RunSummary) and run.is_training
    return RunRow(run, texts, keys, folded("\n".join((*texts, run.path.name))), is_training)


def place(name: str) -> int:
    """Return the place of a column."""
    return next(number for number, column in enumerate(COLUMNS) if column.name == name)


def _of_unreadable(run: UnreadableRun, column: Column) -> str:
    match column.name:
        case "name":
            return words.title(run)
        case "trouble":
            return plain(again(run.reason))
        case "date":
            return _date(run)
    return ""


def _epochs(run: RunSummary) -> str:
    if run.standing in ("finished", "unfinished"):
        return words.epochs(run)
    return joined(words.epochs(run), words.standing(run), between=": ")


def _measure(text: str) -> str:
    """A table that is read by columns keeps a cell empty where there is nothing to say."""
    return "" if text == "–" else text


def _date(run: ListedRun) -> str:
    return f"{datetime.fromtimestamp(run.modified):%Y-%m-%d %H:%M}"


def _moment(run: ListedRun) -> str:
    """Runs of the same minute are sorted, too, and those of the hour that a clock shows twice."""
    return f"{datetime.fromtimestamp(run.modified, UTC):%Y-%m-%d %H:%M:%S.%f}"


COLUMNS: tuple[Column, ...] = (
    Column(PICTURE, mark("Picture"), mark("A corner of the newest samples"), lambda _: "", lambda run: run.modified),
    Column(
        STAR,
        mark("★"),
        mark("A star for what you want to find again; click it, or press Ctrl+D"),
        lambda run: "★" if run.star else "☆",
        lambda run: float(run.star),
        alignment=_MIDDLE,
    ),
    Column(
        NAME,
        mark("Name"),
        mark("What you call it; F2 gives it another name"),
        words.title,
        widest=lambda: f"{_DAY}_00-00",
        share=3,
    ),
    Column(
        "recipe", mark("Recipe"), mark("Where its options come from"), words.recipe, widest=lambda: 11 * "n", share=1
    ),
    Column(
        "differences",
        mark("What differs"),
        mark("The options that are not as the recipe has them"),
        words.what_differs,
        widest=lambda: 14 * "n",
        share=3,
    ),
    Column("data", mark("Data"), mark("What it was trained on"), words.data, widest=lambda: 12 * "n", share=1),
    Column(
        "epochs",
        mark("Epochs"),
        mark("How far it was trained. To filter: > 10, or 5..20"),
        _epochs,
        lambda run: run.epochs,
        lambda: "\n".join([tr("{epoch} of {total}", epoch=100, total=100), *tr("training now").split()]),
        is_number=True,
    ),
    Column(
        "frechet",
        mark("Fréchet"),
        mark("How far its {data:pictures} are from real ones at the end: smaller is better. To filter: < 20"),
        lambda run: _measure(words.frechet(run)),
        lambda run: run.frechet,
        lambda: "100.00",
        is_number=True,
    ),
    Column(
        "asked",
        mark("Read as asked"),
        mark("Share of the samples that the judge reads as the class asked for, at the end. To filter: > 95"),
        lambda run: _measure(words.accuracy(run)),
        lambda run: None if run.accuracy is None else 100 * run.accuracy,
        lambda: "100.0 %",
        is_number=True,
    ),
    Column(
        "preference",
        mark("Preferred"),
        mark("Share of blind duels that it would win against the others: your eye's measure. To filter: > 50"),
        lambda run: _measure(words.preference(run)),
        lambda run: None if run.preference is None else 100 * run.preference,
        lambda: "100 %",
        is_number=True,
    ),
    Column(
        TROUBLE,
        mark("Health"),
        mark("What goes wrong in it, or why it cannot be opened"),
        words.diagnosis,
        widest=lambda: 11 * "n",
        share=1,
    ),
    Column(
        "seconds",
        mark("Time"),
        mark("How long it was trained. To filter, in seconds: > 60"),
        lambda run: _measure(words.time(run)),
        lambda run: run.seconds or None,
        lambda: duration(80),
        is_number=True,
    ),
    Column(
        "size",
        mark("Size"),
        mark("What it takes on the disk. To filter, in MB: > 10"),
        words.size,
        lambda run: run.size_bytes / 1e6 or None,
        lambda: megabytes(100e6),
        is_number=True,
    ),
    Column("date", mark("Date"), mark("When it was trained last"), _date, lambda run: _moment(run), lambda: _DAY),
    Column(
        NOTE,
        mark("Note"),
        mark("What you wrote about it; Shift+F2 opens it"),
        lambda run: " · ".join(run.note.splitlines()),
        widest=lambda: 12 * "n",
        share=3,
    ),
)
