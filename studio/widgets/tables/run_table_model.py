"""Runs as rows of an item view, sorted and sifted. It does both itself: a thousand rows through Qt's proxy, which asks
Python for each comparison, would hold the window up for a tenth of a second.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QFont, QPalette, QPixmap
from PySide6.QtWidgets import QWidget

from engine.i18n import tr
from engine.runs import RunSummary
from engine.text import breakable, plain
from studio.guard import guarded
from studio.model.run_rows import Arrangement, RunRow
from studio.text.run_columns import COLUMNS, EDITED, NAME, PICTURE, Column, place
from studio.widgets.base.bold import bold
from studio.widgets.pictures.image_view import picture_to_image

_Index = QModelIndex | QPersistentModelIndex
_TOP = QModelIndex()
_RIGHT = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
_LEFT = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter


@guarded
class RunTableModel(QAbstractTableModel):
    """``rows`` are those that are shown, in order, of ``count_all`` in all."""

    renamed = Signal(Path, str)
    """The person typed another name for the run in this folder."""
    counted = Signal()
    """More or fewer rows are shown, or there are more or fewer in all."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._view = parent
        self._all: dict[Path, RunRow] = {}
        self.rows: list[RunRow] = []
        self.arrangement = Arrangement(place("date"), descending=True)
        self._pictures: dict[Path, tuple[RunRow, QPixmap]] = {}

    @property
    def count_all(self) -> int:
        """How many runs there are, shown or not."""
        return len(self._all)

    # --- what is shown

    def put(self, rows: Iterable[RunRow]) -> None:
        """Add ``rows``, or let them stand for what was said of the same runs before, which stay where they are."""
        new, renewed = [], set()
        shown_at = {id(row): number for number, row in enumerate(self.rows)}
        for row in rows:
            path = row.run.path
            before = self._all.get(path)
            if before is row:
                continue
            if before is None:
                new.append(row)
            elif (number := shown_at.get(id(before), -1)) >= 0:
                self.rows[number] = row
                renewed.add(number)
            self._all[path] = row
        if renewed:
            self.dataChanged.emit(self.index(min(renewed), 0), self.index(max(renewed), len(COLUMNS) - 1))
        if shown := self.arrangement.shown(new):
            self.beginInsertRows(_TOP, len(self.rows), len(self.rows) + len(shown) - 1)
            self.rows += shown
            self.endInsertRows()
            self._order()
        self.counted.emit()

    def keep_only(self, paths: Iterable[Path]) -> None:
        """Forget the runs that are no longer there, and sort again what changed."""
        gone = self._all.keys() - set(paths)
        for path in gone:
            del self._all[path]
            self._pictures.pop(path, None)
        for number in reversed([number for number, row in enumerate(self.rows) if row.run.path in gone]):
            self.beginRemoveRows(_TOP, number, number)
            del self.rows[number]
            self.endRemoveRows()
        self._order()
        self.counted.emit()

    def arrange(self, search: str, filters: Mapping[int, str]) -> None:
        """Show the rows that are sought."""
        self.arrangement = replace(self.arrangement, search=search, filters=dict(filters))
        self.beginResetModel()
        self.rows = self.arrangement.shown(self._all.values())
        self.endResetModel()
        self.counted.emit()

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by ``column``."""
        self.arrangement = replace(self.arrangement, column=column, descending=order == Qt.SortOrder.DescendingOrder)
        self._order()

    def row_of(self, path: Path | None) -> int:
        """Return where the run in ``path`` stands, -1 where it does not."""
        return next((number for number, row in enumerate(self.rows) if row.run.path == path), -1)

    def row_in(self, path: Path) -> RunRow | None:
        """Return what is said of the run in ``path``, whether it is shown or not."""
        return self._all.get(path)

    def _order(self) -> None:
        """Bring the rows in order; what is chosen moves with them."""
        wanted = self.arrangement.shown(self.rows)
        if [*map(id, wanted)] == [*map(id, self.rows)]:
            return
        self.layoutAboutToBeChanged.emit()
        before, held = self.rows, self.persistentIndexList()
        self.rows = wanted
        where = {id(row): number for number, row in enumerate(wanted)}
        moved = [self._index_in(where.get(id(before[index.row()]), -1), index.column()) for index in held]
        self.changePersistentIndexList(held, moved)
        self.layoutChanged.emit()

    def _index_in(self, row: int, column: int) -> QModelIndex:
        return self.index(row, column) if row >= 0 else QModelIndex()

    # --- what Qt asks

    def rowCount(self, parent: _Index = _TOP) -> int:
        """Rows below the root, none below a row."""
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: _Index = _TOP) -> int:
        """As many as are declared."""
        return 0 if parent.isValid() else len(COLUMNS)

    def flags(self, index: _Index) -> Qt.ItemFlag:
        """A name can be typed where it stands."""
        flags = super().flags(index)
        is_edited = index.isValid() and COLUMNS[index.column()].name in EDITED and self._is_readable(index)
        return flags | Qt.ItemFlag.ItemIsEditable if is_edited else flags

    def data(self, index: _Index, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """Text, picture, and how a cell looks."""
        row, column = self.rows[index.row()], COLUMNS[index.column()]
        text = row.texts[index.column()] or self._why_no_picture(row, column)
        match role:
            case Qt.ItemDataRole.DisplayRole:
                return breakable(text) if column.name == NAME else row.texts[index.column()]
            case Qt.ItemDataRole.EditRole:
                return text
            case Qt.ItemDataRole.ToolTipRole:
                return "\n".join(filter(None, (text, plain(row.run.path))))
            case Qt.ItemDataRole.AccessibleTextRole:
                return f"{tr(column.title)}: {text}" if text else tr(column.title)
            case Qt.ItemDataRole.DecorationRole:
                return self._picture(row) if column.name == PICTURE else None
            case Qt.ItemDataRole.TextAlignmentRole:
                return int(_RIGHT if column.is_number else column.alignment)
            case Qt.ItemDataRole.FontRole:
                return self._font(row)
            case Qt.ItemDataRole.ForegroundRole if not self._is_readable(index):
                return self._view.palette().color(QPalette.ColorRole.PlaceholderText)
        return None

    def setData(self, index: _Index, value: object, role: int = Qt.ItemDataRole.EditRole) -> bool:
        """Pass on the name that was typed; the row says it as soon as it is kept."""
        row = self.rows[index.row()]
        if role != Qt.ItemDataRole.EditRole or str(value).strip() == row.texts[index.column()]:
            return False
        self.renamed.emit(row.run.path, str(value).strip())
        return True

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole) -> object:
        """The titles above, nothing at the side."""
        if orientation == Qt.Orientation.Vertical:
            return None
        column = COLUMNS[section]
        if role == Qt.ItemDataRole.DisplayRole:
            return "" if column.name == PICTURE else tr(column.title)
        if role == Qt.ItemDataRole.ToolTipRole:
            return f"{tr(column.title)}\n{tr(column.tip)}"
        return int(_RIGHT if column.is_number else _LEFT) if role == Qt.ItemDataRole.TextAlignmentRole else None

    def retranslate(self) -> None:
        """Say the titles again; what the rows say is brought anew."""
        self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, len(COLUMNS) - 1)

    # --- inside

    def _is_readable(self, index: _Index) -> bool:
        return isinstance(self.rows[index.row()].run, RunSummary)

    def _font(self, row: RunRow) -> QFont | None:
        return bold(self._view.font()) if row.is_training else None

    def _why_no_picture(self, row: RunRow, column: Column) -> str:
        """Return what the sign means that stands in the place of a picture; a faulty run says so in its name."""
        if column.name != PICTURE or not isinstance(row.run, RunSummary) or row.run.preview is not None:
            return ""
        if row.is_training:
            return tr("Its first picture comes in a moment.")
        return tr("There is no picture: none is kept, it is far too large, or it lies outside the run.")

    def _picture(self, row: RunRow) -> QPixmap | None:
        """Return the picture of a run, an empty one where it is to come; those of the rows that were seen are kept."""
        if not isinstance(row.run, RunSummary) or row.run.preview is None:
            return QPixmap() if row.is_training else None
        known = self._pictures.get(row.run.path)
        if known is None or known[0] is not row:
            known = self._pictures[row.run.path] = (row, QPixmap.fromImage(picture_to_image(row.run.preview)))
        return known[1]
