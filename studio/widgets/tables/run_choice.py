"""Which rows of a table of runs are chosen: runs stay chosen while rows come, go, are sorted and sought."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QModelIndex
from PySide6.QtWidgets import QTableView

from studio.model.run_rows import RunRow
from studio.text.run_columns import NAME, place
from studio.widgets.tables.run_table_model import RunTableModel


class RunChoice:
    """The rows of ``table`` that are selected; what nobody chose gives way to what is offered."""

    def __init__(self, table: QTableView, model: RunTableModel) -> None:
        self._table, self._model = table, model
        self._kept: tuple[set[Path], Path | None] = (set(), None)
        self._nobodys: Path | None = None  # which is chosen, but not by a person
        self._offered: Path | None = None
        self._awaited: Sequence[Path] = ()
        model.modelAboutToBeReset.connect(self._keep)
        model.modelReset.connect(self._choose_kept)
        table.pressed.connect(lambda _: self.take())

    def rows(self) -> list[RunRow]:
        """Return the rows that are selected, from the top.

        Whole rows are, so their ranges tell; ``selectedRows`` asks for every cell, and all commands ask for the rows.
        """
        selection = self._table.selectionModel().selection()
        ranges = map(selection.at, range(selection.count()))
        numbers = {number for part in ranges for number in range(part.top(), part.bottom() + 1)}
        return [self._model.rows[number] for number in sorted(numbers)]

    def put(self, rows: Iterable[RunRow]) -> None:
        """Let the model show ``rows``; the first ones bring a choice, those that are awaited theirs."""
        is_first = not self._model.rows
        self._model.put(rows)
        if is_first and self._model.rows:
            self._go_to_nobodys(0)
        if self._awaited and all(map(self._model.row_in, self._awaited)):
            self.choose(self._awaited)
        self._take_offer()

    def keep_only(self, paths: Iterable[Path]) -> None:
        """Forget the runs that are gone; where the chosen ones are, the one that took their place is chosen."""
        had = bool(self.rows())
        self._model.keep_only(paths)
        if had and not self.rows():
            self.go_to(self._model.index(max(self._table.currentIndex().row(), 0), place(NAME)))

    def choose(self, paths: Sequence[Path]) -> None:
        """Select the runs in ``paths``, as far as they are shown, and let the first of them be seen."""
        self._kept, self._awaited, self._nobodys = (set(paths), paths[0] if paths else None), (), None
        self._choose_kept()

    def wait_for(self, paths: Sequence[Path]) -> None:
        """Choose the runs in ``paths`` as soon as all of them are listed."""
        self._awaited = tuple(paths)
        self.put(())

    def offer(self, path: Path) -> None:
        """Choose the run in ``path`` as soon as it is listed, unless a person chose others."""
        self._offered = path
        self._take_offer()

    def take(self) -> None:
        """What is chosen is what a person wants."""
        self._nobodys = self._offered = None

    def go_to(self, index: QModelIndex) -> None:
        """Choose this row alone, whatever keys are held: to the view, Ctrl would mean “this one, too”."""
        flags = QItemSelectionModel.SelectionFlag
        self._table.selectionModel().setCurrentIndex(index, flags.ClearAndSelect | flags.Rows)

    def _go_to_nobodys(self, row: int) -> None:
        self.go_to(self._model.index(row, place(NAME)))
        self._nobodys = self._model.rows[row].run.path

    def _take_offer(self) -> None:
        row = self._model.row_of(self._offered)
        if row >= 0:
            self._offered = None
            if {each.run.path for each in self.rows()} <= {self._nobodys}:
                self._go_to_nobodys(row)
                self._table.scrollTo(self._model.index(row, place(NAME)))

    def _keep(self) -> None:
        row = self._table.currentIndex().row()
        current = self._model.rows[row].run.path if 0 <= row < len(self._model.rows) else None
        self._kept = ({each.run.path for each in self.rows()}, current)

    def _choose_kept(self) -> None:
        """Select again what was selected, as far as it is still shown."""
        paths, current = self._kept
        selection = self._table.selectionModel()
        now = self._model.row_of(current)
        if now >= 0:
            at = self._model.index(now, place(NAME))
            self.go_to(at)
            self._table.scrollTo(at)
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for number_of, row in enumerate(self._model.rows):
            if row.run.path in paths:
                selection.select(self._model.index(number_of, 0), flags)
