"""Runs as rows of a table, and which of them are shown in which order. Qt-free; it knows neither columns nor files."""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field

from engine.numbers import NotTaken, read_number
from engine.runs import ListedRun
from studio.text.search import folded

Key = float | str | None
"""What a column is sorted by; None where there is nothing to say, which comes last."""

_MOST = 1e15
_COMPARED = re.compile(r"(<=|>=|<|>|=)(.+)")
_RANGE = re.compile(r"(.+?)(?:\.\.|…)(.+)")
_COMPARISONS: Mapping[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
    "=": operator.eq,
}


@dataclass(frozen=True, eq=False)
class RunRow:
    """What a table says of ``run``: by columns, the text and what it is sorted by.

    ``sought`` is all of it as a search compares it. ``is_training``: it is the run under way.
    """

    run: ListedRun
    texts: tuple[str, ...]
    keys: tuple[Key, ...]
    sought: str
    is_training: bool = False


@dataclass(frozen=True)
class Arrangement:
    """Which rows are shown, and in which order: sorted by ``column``, with every word of ``search`` somewhere in them.

    ``filters`` are by column: words that its text must have, or for numbers also "< 20", ">= 99" or "5..10".
    """

    column: int = 0
    descending: bool = False
    search: str = ""
    filters: Mapping[int, str] = field(default_factory=dict)

    def shown(self, rows: Iterable[RunRow]) -> list[RunRow]:
        """Return those of ``rows`` that are shown, in order; what was equal keeps its order."""
        tests = [_of_words(self.search)]
        tests += [_of_column(column, pattern) for column, pattern in self.filters.items() if pattern.strip()]
        found = [row for row in rows if all(test(row) for test in tests)]
        known = [row for row in found if row.keys[self.column] is not None]
        # A column has keys of one kind, which mypy cannot know.
        known.sort(key=lambda row: row.keys[self.column], reverse=self.descending)  # type: ignore[arg-type, return-value]
        return known + [row for row in found if row.keys[self.column] is None]


def _of_words(search: str) -> Callable[[RunRow], bool]:
    words = folded(search).split()
    return lambda row: all(word in row.sought for word in words)


def _of_column(column: int, pattern: str) -> Callable[[RunRow], bool]:
    is_right = _number_test(pattern.strip())
    words = folded(pattern).split()

    def is_meant(row: RunRow) -> bool:
        key, text = row.keys[column], folded(row.texts[column])
        if is_right is not None and isinstance(key, int | float):
            return is_right(key)
        return all(word in text for word in words)

    return is_meant


def _number_test(pattern: str) -> Callable[[float], bool] | None:
    """Return what numbers ``pattern`` means, None where it is words."""
    compared = _COMPARED.fullmatch(pattern)
    if compared and (bound := _number(compared[2])) is not None:
        compare = _COMPARISONS[compared[1]]
        return lambda value: compare(value, bound)
    span = _RANGE.fullmatch(pattern)
    if span and (low := _number(span[1])) is not None and (high := _number(span[2])) is not None:
        return lambda value: low <= value <= high
    return None


def _number(text: str) -> float | None:
    try:
        return read_number(text.strip().removesuffix("%"), -_MOST, _MOST, whole=False)
    except NotTaken:
        return None
