"""The options of one group under each other. Nothing of it is made before it is opened."""

from __future__ import annotations

from collections.abc import Collection, Iterable

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout

from engine.config import Config, Option
from studio import theme
from studio.widgets.fields.option_row import OptionRow, editor_name, is_wide
from studio.widgets.fields.row_ruler import RowRuler
from studio.widgets.layouts.late_part import LatePart
from studio.widgets.layouts.least_size import least_size

_GAP = theme.SPACING // 2


class OptionGroup(LatePart):
    """``row_made`` tells each line that was made; closed, it hears of another language when it is its turn."""

    row_made = Signal(OptionRow)

    def __init__(self, options: Iterable[Option]) -> None:
        self.options = {option.name: option for option in options}
        super().__init__([editor_name(name) for name in self.options])
        self.rows: dict[str, OptionRow] = {}
        """The line of each option, by its name, once it is there."""

    def fill(self) -> None:
        """Make the lines."""
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, theme.SPACING)
        grid.setHorizontalSpacing(_GAP)
        grid.setVerticalSpacing(_GAP)
        grid.setColumnStretch(0, 1)
        for name, option in self.options.items():
            row = self.rows[name] = OptionRow(option, self)
            _add_line(grid, row)
            row.retranslate()
            self.row_made.emit(row)

    def retranslate(self) -> None:
        """Set the texts of all its rows."""
        for row in self.rows.values():
            row.retranslate()

    def least_width(self, ruler: RowRuler, shown: Collection[str], config: Config) -> int:
        """Return how narrow it may be while the options ``shown`` are, also before it is there."""
        if self.is_built:
            return least_size(self).width()
        lines = [(option, getattr(config, name)) for name, option in self.options.items() if name in shown]
        return ruler.least_width(lines, _GAP)


def _add_line(grid: QGridLayout, row: OptionRow) -> None:
    line = grid.rowCount()
    grid.addWidget(row.label, line, 0)
    if is_wide(row.option):
        line += 1
        grid.addWidget(row.editor, line, 0, 1, 2)
    else:
        grid.addWidget(row.editor, line, 1)
    ends = QHBoxLayout()
    ends.setSpacing(0)
    ends.addWidget(row.reset)
    ends.addStretch()
    if row.question is not None:
        ends.addWidget(row.question)
    grid.addLayout(ends, line, 2)
    if row.note is not None:
        grid.addWidget(row.note, line + 1, 0, 1, 2)
