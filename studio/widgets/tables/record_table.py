"""A table of rows that are only read, thousands of them at no cost. Knows nothing of what they mean."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QAbstractTableModel, QEvent, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtWidgets import QAbstractItemView, QHeaderView, QTableView, QWidget

from engine.i18n import number
from engine.text import plain
from studio.guard import guarded
from studio.widgets.tables.airy import give_air

Row = tuple[str | int, ...]
_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()


@guarded
class RecordModel(QAbstractTableModel):
    """Rows of texts and whole numbers under headings; Qt asks only for those that are seen."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._rows: Sequence[Row] = ()
        self._headings: tuple[str, ...] = ()

    def show_rows(self, rows: Sequence[Row], headings: tuple[str, ...]) -> None:
        """Take new rows, each with as many values as there are headings."""
        self.beginResetModel()
        self._rows, self._headings = rows, headings
        self.endResetModel()

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Rows below the root, none below a row."""
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: _Index = _TOP) -> int:
        """As many as there are headings."""
        return 0 if parent.isValid() else len(self._headings)

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Numbers in the language's format, to the right."""
        value = self._rows[index.row()][index.column()]
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return number(value) if isinstance(value, int) else plain(value)
        if role == Qt.ItemDataRole.TextAlignmentRole and isinstance(value, int):
            return int(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        return None

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The headings above, nothing at the side."""
        if role == Qt.ItemDataRole.TextAlignmentRole:
            return int(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        is_heading = orientation == Qt.Orientation.Horizontal and role == Qt.ItemDataRole.DisplayRole
        return self._headings[section] if is_heading else None


@guarded
class RecordTable(QTableView):
    """Shows ``RecordModel`` line by line; the first column takes the room that is left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.records = RecordModel(self)
        self.setModel(self.records)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setTabKeyNavigation(False)
        self.setShowGrid(False)
        self.setWordWrap(False)
        give_air(self, self.horizontalHeader())
        self.verticalHeader().hide()
        self.verticalHeader().setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
        self._take_height()

    def _take_height(self) -> None:
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + 8)

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_height()

    def show_rows(self, rows: Sequence[Row], headings: tuple[str, ...]) -> None:
        """Show ``rows`` instead of those before."""
        self.records.show_rows(rows, headings)
        header = self.horizontalHeader()
        header.setHighlightSections(False)
        header.setResizeContentsPrecision(100)  # looks at so many rows, not at all of them
        for column in range(len(headings)):
            stretch = QHeaderView.ResizeMode.Stretch if column == 0 else QHeaderView.ResizeMode.ResizeToContents
            header.setSectionResizeMode(column, stretch)
