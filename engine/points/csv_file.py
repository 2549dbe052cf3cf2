"""From a file of numbers, as spreadsheets and programs write them, to columns. Knows no data set.

Commas, semicolons, tabs, bars or spaces part the cells; decimals stand behind a point, or behind a comma where commas
part nothing, as Spanish spreadsheets write them. The first line may name the columns. What is wrong is told with the
first of its lines, and how many there are. A file may come from a stranger: it can do nothing but be refused.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Iterator, Sequence
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine import files
from engine.datasets.info import MOST_COLUMNS, Column
from engine.errors import UserError, reason
from engine.i18n import number, tr, trn
from engine.job import Job, Progress
from engine.text import LONGEST_NAME, plain

if TYPE_CHECKING:
    from _csv import Reader

MOST_BYTES = 100_000_000
_MOST_ROWS = 1_000_000
_LARGEST = 1e100  # beyond it no difference of two numbers is sure to be one
_ROWS_AT_ONCE = 20_000
_LOOKED_AT = 20  # lines that tell what parts the cells
_MOST_DECIMALS = 9
_TOLD_FAULTS = 3  # a teacher sees by them what kind of fault it is
_QUOTED = 40  # characters of a cell that are shown
_USUAL_NAMES = "xyz"
_PLAIN = re.compile(r"[+-]?([0-9]+\.?[0-9]*|\.[0-9]+)(e[+-]?[0-9]{1,3})?", re.IGNORECASE)
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(\.[0-9]{3})+(,[0-9]*)?")
_HASH = re.compile(r"\A#[ \t]*")  # before the names of columns, as programs write it
_AMBIGUOUS = re.compile(r"[+-]?[1-9][0-9]{0,2},[0-9]{3}")


class Table(NamedTuple):
    """Names of columns, and their ``values`` ``[N, C]`` with as many ``decimals`` as each was written with."""

    columns: tuple[Column, ...]
    values: NDArray[np.float64]


class _Row(NamedTuple):
    line: int
    cells: list[str]


def read(path: Path) -> Job[Progress, Table]:
    """Return what the file ``path`` holds, and report on the way; raises ``UserError``. Closing it cancels."""
    name = plain(path.name, LONGEST_NAME)
    yield Progress(0, 0, tr("Reading {name}", name=name))
    text = _HASH.sub("", _text(path, name))
    lines = text.count("\n") + (not text.endswith("\n"))
    mark_between = _separator(text)
    rows = _rows(text, mark_between, name)
    first = next(rows, None)
    if first is None:
        raise _useless(tr("“{name}” is empty.", name=name))
    cells = _Cells(name, mark_between, len(first.cells))
    names = cells.header(first)
    values: list[list[float]] = []
    faulty, count = list[_Row](), 0
    for place, row in enumerate(rows if names else chain((first,), rows), 1):
        if place > _MOST_ROWS:
            raise _too_large(name, tr("{count} rows", count=number(_MOST_ROWS)))
        if place % _ROWS_AT_ONCE == 0:
            yield Progress(place, max(lines - bool(names), place), tr("Reading {name}", name=name))
        numbers_of_row = cells.numbers(row)
        if numbers_of_row is not None:
            values.append(numbers_of_row)
            continue
        count += 1
        if count <= _TOLD_FAULTS:
            faulty.append(row)
    if faulty:
        raise cells.refusal(faulty, count)
    if not values:
        raise _useless(tr("“{name}” holds names of columns, and no numbers.", name=name))
    numbers = np.array(values, np.float64)
    if (numbers == numbers[0]).all():
        raise UserError(
            tr("“{name}” holds one point only.", name=name),
            tr("What is learned is how points are spread: choose a table whose rows differ."),
        )
    return Table(_columns(names or _usual_names(cells.count), numbers, cells.decimals), numbers)


# --- the text


def _text(path: Path, name: str) -> str:
    try:
        files.insist_on_file(path)
        with open(path, "rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        raise UserError(
            tr("The table “{path}” cannot be read: {reason}.", path=path, reason=reason(error)),
            tr("Choose a CSV file."),
        ) from error
    if len(data) > MOST_BYTES:
        raise _too_large(name, tr("{count} MB", count=number(MOST_BYTES // 10**6)))
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        text = data.decode("utf-16", errors="replace")
    else:
        try:
            text = data.decode("utf-8-sig")
        except UnicodeDecodeError:
            text = data.decode("latin-1")
    if "\0" in text or data.startswith(b"PK\x03\x04"):
        raise UserError(tr("“{name}” is no text.", name=name), tr("Save the table as CSV, and take that file."))
    return text


def _separator(text: str) -> str:
    """Return what stands between cells: what the first lines all have."""
    lines = [line for line in text[: 2**16].splitlines()[: 2 * _LOOKED_AT] if line.strip()][:_LOOKED_AT]
    for sign in ";\t|":
        if lines and all(sign in line for line in lines):
            return sign
    return "," if any("," in line for line in lines) or not all(" " in line.strip() for line in lines) else " "


def _rows(text: str, separator: str, name: str) -> Iterator[_Row]:
    """Yield each line that is not blank; empty cells at its end that a spreadsheet left there are gone."""
    rows = _lines(csv.reader(io.StringIO(text, newline=""), delimiter=separator, skipinitialspace=True), name)
    first = list(islice(rows, 2))
    width = max((len(_without_end(row.cells, 1)) for row in first), default=1)
    for row in chain(first, rows):
        yield row._replace(cells=_without_end(row.cells, width))


def _without_end(cells: list[str], width: int) -> list[str]:
    """Return ``cells`` without the empty ones at their end, but ``width`` of them."""
    count = len(cells)
    while count > width and not cells[count - 1]:
        count -= 1
    return cells[:count]


def _lines(reader: Reader, name: str) -> Iterator[_Row]:
    try:
        for cells in reader:
            if any(cell.strip() for cell in cells):
                yield _Row(reader.line_num, [cell.strip() for cell in cells])
    except csv.Error:
        raise UserError(
            tr("Line {line} of “{name}” is no line of a table.", line=number(reader.line_num), name=name),
            tr("Mend that line, or take it out."),
        ) from None


# --- the cells


class _Cells:
    """Reads the cells of a table with ``count`` columns; ``decimals`` is what was seen behind the point of each."""

    def __init__(self, name: str, separator: str, count: int) -> None:
        self._name, self._separator = name, separator
        self.count = count
        self.decimals = [0] * count

    def header(self, first: _Row) -> list[str]:
        """Return the names of the columns where the first line tells any; raises ``UserError`` for too few or many."""
        if self.count < 2:
            raise UserError(
                tr("“{name}” has one column only.", name=self._name),
                tr("A table needs two columns of numbers or more, with commas or semicolons between them."),
            )
        if self.count > MOST_COLUMNS:
            raise UserError(
                tr("“{name}” has {count} columns.", name=self._name, count=number(self.count)),
                tr("Take at most {most} of them.", most=number(MOST_COLUMNS)),
            )
        if any(self._read(cell) is not None or self._is_ambiguous(cell) for cell in first.cells):
            return []
        bare = [cell.lstrip("#").strip() for cell in first.cells]
        return [plain(cell, LONGEST_NAME) or f"c{place}" for place, cell in enumerate(bare, 1)]

    def numbers(self, row: _Row) -> list[float] | None:
        """Return the numbers of a line, None where it does not hold one in each column."""
        if len(row.cells) != self.count:
            return None
        found = []
        for place, cell in enumerate(row.cells):
            value = None if self._is_ambiguous(cell) else self._read(cell)
            if value is None:
                return None
            self._note_decimals(place, cell)
            found.append(value)
        return found

    def _note_decimals(self, place: int, cell: str) -> None:
        written = cell.replace(",", ".")
        behind = -1 if "e" in written.lower() else len(written.rpartition(".")[2]) if "." in written else 0
        if self.decimals[place] >= 0:
            self.decimals[place] = -1 if behind < 0 else min(max(self.decimals[place], behind), _MOST_DECIMALS)

    def _read(self, cell: str) -> float | None:
        """Return the number that a cell holds, None where it holds something else."""
        if not _PLAIN.fullmatch(cell):
            cell = cell.replace("\N{MINUS SIGN}", "-")
            if self._separator != "," and _GROUPED.fullmatch(cell) and cell.count(".") + cell.count(",") > 1:
                cell = cell.replace(".", "")
            cell = cell.replace(",", ".", 1)
            if not _PLAIN.fullmatch(cell):
                return None
        value = float(cell)
        return value if math.isfinite(value) and abs(value) <= _LARGEST else None

    def _is_ambiguous(self, cell: str) -> bool:
        """Whether a comma may part thousands or decimals: "1,234" in quotation marks, where commas part cells."""
        return self._separator == "," and bool(_AMBIGUOUS.fullmatch(cell))

    def refusal(self, first: Sequence[_Row], count: int) -> UserError:
        """Return what is wrong with ``count`` lines: where, of the ``first`` of them, and how to mend that."""
        faults = "; ".join(map(self._fault, first))
        more = count - len(first)
        if more:
            faults = tr("{faults}; and {count} more", faults=faults, count=number(more))
        what = trn(
            "{count} line of “{name}” cannot be read: {faults}.",
            "{count} lines of “{name}” cannot be read: {faults}.",
            count,
            name=self._name,
            faults=faults,
        )
        if any(self._is_ambiguous(cell) for row in first for cell in row.cells):
            return UserError(what, tr("Write thousands without a sign between them, and decimals behind a point."))
        return UserError(what, tr("Put a number into each cell, or take the lines, or the columns, out."))

    def _fault(self, row: _Row) -> str:
        line = number(row.line)
        if len(row.cells) != self.count:
            return trn(
                "line {line}: {count} cell instead of {usual}",
                "line {line}: {count} cells instead of {usual}",
                len(row.cells),
                line=line,
                usual=number(self.count),
            )
        place = next(at for at, cell in enumerate(row.cells) if self._is_ambiguous(cell) or self._read(cell) is None)
        cell, where = row.cells[place], {"line": line, "column": number(place + 1)}
        if not cell:
            return tr("line {line}, column {column}: empty", **where)
        shown = plain(cell, _QUOTED)
        if self._is_ambiguous(cell):
            return tr("line {line}, column {column}: “{cell}” may mean two numbers", cell=shown, **where)
        return tr("line {line}, column {column}: “{cell}” is no number", cell=shown, **where)


def _usual_names(count: int) -> list[str]:
    return list(_USUAL_NAMES[:count]) if count <= len(_USUAL_NAMES) else [f"c{place}" for place in range(1, count + 1)]


def _columns(names: Sequence[str], values: NDArray[np.float64], decimals: Sequence[int]) -> tuple[Column, ...]:
    ends = zip(names, values.min(0).tolist(), values.max(0).tolist(), decimals, strict=True)
    return tuple(Column(*column) for column in ends)


def _useless(message: str) -> UserError:
    return UserError(message, tr("Choose a CSV file with two columns of numbers or more."))


def _too_large(name: str, limit: str) -> UserError:
    return UserError(
        tr("“{name}” is larger than {limit}.", name=name, limit=limit), tr("Take fewer of its rows, drawn by lot.")
    )
