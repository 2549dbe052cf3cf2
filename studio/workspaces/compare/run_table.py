"""All runs in one table: to be found, sorted, named, compared and opened again; and those that cannot, with why."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QModelIndex, Qt, Signal
from PySide6.QtGui import QAction, QContextMenuEvent, QFontMetricsF, QKeyEvent, QResizeEvent, QShowEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QTableView,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import number, tr
from engine.runs import RunSummary
from studio.commands import Command, fill, menu_of
from studio.help.help_button import HelpButton
from studio.model.run_rows import RunRow
from studio.part_keys import RUNS_SEEK, RUNS_UNDO
from studio.text.run_columns import COLUMNS, NAME, PICTURE, STAR, Column, place
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.search_line import SearchLine
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.tables.airy import AIR, give_air
from studio.widgets.tables.filter_header import FilterHeader
from studio.widgets.tables.run_choice import RunChoice
from studio.widgets.tables.run_table_model import RunTableModel
from studio.widgets.tables.thumbnail_delegate import PICTURE as PICTURE_SIZE
from studio.widgets.tables.thumbnail_delegate import ThumbnailDelegate

_MOST_LINES = 3  # of a cell's text that are read whole


class RunTable(View):
    """Shows rows and says what a person wants of them; ``actions`` are those of its context menu and of “More”."""

    run_chosen = Signal(Path)
    """The person wants to look at this run."""
    run_named = Signal(Path, str)
    star_clicked = Signal(Path)
    selection_changed = Signal()
    language_switched = Signal()
    """The rows still speak the language from before."""
    undo_requested = Signal()
    """Ctrl+Z while the table has the focus."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.table = set_object_name(QTableView(), "run_history")
        self.model = RunTableModel(self.table)
        self.header = FilterHeader(self.table)
        self._actions: list[QAction | None] = []
        self._widths: dict[str, int] = {}
        self.can_undo = False
        """Whether Ctrl+Z has something to bring back here; otherwise it is the options'."""
        self._prepare_table()
        self.choice = RunChoice(self.table, self.model)
        self.search = set_object_name(SearchLine(), "run_search")
        self.count = set_object_name(QLabel(), "run_count")
        self.filters = set_object_name(QToolButton(), "filter_runs_button")
        self.filters.setCheckable(True)
        self.columns = set_object_name(QToolButton(), "columns_button")
        self.more = set_object_name(QToolButton(popupMode=QToolButton.ToolButtonPopupMode.InstantPopup), "more_button")
        self.more.setMenu(QMenu(self.more))
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.buttons = WrappingLayout(spacing=SPACING, is_filled=False)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.restore({})
        self._count()

    # --- rows

    def put(self, rows: Sequence[RunRow]) -> None:
        """Show ``rows``, or what is new about them."""
        self.choice.put(rows)

    def keep_only(self, paths: Iterable[Path]) -> None:
        """Forget the runs that are gone; where the chosen ones are, the one that took their place is chosen."""
        self.choice.keep_only(paths)

    def chosen(self) -> list[RunRow]:
        """Return the rows that are selected, from the top."""
        return self.choice.rows()

    def chosen_runs(self) -> list[RunSummary]:
        """Return those of them that can be read."""
        return [row.run for row in self.chosen() if isinstance(row.run, RunSummary)]

    def choose(self, paths: Sequence[Path]) -> None:
        """Select the runs in ``paths``, as far as they are shown, and let the first of them be seen."""
        self.choice.choose(paths)

    # --- what a person does

    def set_actions(self, actions: Sequence[QAction | None], buttons: Sequence[QPushButton]) -> None:
        """Let ``actions`` stand in the context menu and under “More”, ``buttons`` below the table."""
        self._actions = list(actions)
        fill(self.more.menu(), self._actions)
        for place_of, button in enumerate(buttons):
            self.buttons.insertWidget(place_of, button)

    def rename(self) -> None:
        """Let the person type another name for the current run."""
        self.choice.take()
        index = self.model.index(self.table.currentIndex().row(), place(NAME))
        self.table.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.table.setColumnHidden(place(NAME), False)
        self.table.scrollTo(index)
        self.table.edit(index)

    def seek(self) -> None:
        """Let the person type what they seek."""
        self.search.setFocus(Qt.FocusReason.ShortcutFocusReason)
        self.search.selectAll()

    # --- layout

    def layout_state(self) -> dict[str, int]:
        """Return columns with place, width and whether they are hidden, what is sorted by, and whether lines show."""
        state = {"sorted_by": self.model.arrangement.column, "descending": int(self.model.arrangement.descending)}
        state["filter_lines"] = int(self.header.are_lines_shown)
        for number_of, column in enumerate(COLUMNS):
            state[f"{column.name}_at"] = self.header.visualIndex(number_of)
            state[f"{column.name}_wide"] = self._widths.get(column.name, 0)
            state[f"{column.name}_hidden"] = int(self.header.isSectionHidden(number_of))
        return state

    def restore(self, state: Mapping[str, int]) -> None:
        """Take up what ``layout_state`` returned; nothing of it means the layout of the first start."""
        self._widths = {column.name: state.get(f"{column.name}_wide", 0) for column in COLUMNS}
        wanted = sorted(range(len(COLUMNS)), key=lambda it: (state.get(f"{COLUMNS[it].name}_at", it), it))
        for at, number_of in enumerate(wanted):
            self.header.moveSection(self.header.visualIndex(number_of), at)
        for number_of, column in enumerate(COLUMNS):
            is_hidden = bool(state.get(f"{column.name}_hidden", 0))
            self.header.setSectionHidden(number_of, is_hidden and column.name != NAME)
        self._take_sizes()
        sorted_by = state.get("sorted_by", place("date"))
        descending = bool(state.get("descending", 1))
        order = Qt.SortOrder.DescendingOrder if descending else Qt.SortOrder.AscendingOrder
        self.table.sortByColumn(sorted_by if sorted_by < len(COLUMNS) else place("date"), order)
        self.filters.setChecked(bool(state.get("filter_lines", 0)))

    # --- words

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.empty.setText(tr("Your runs are kept here. Train one, or import one that somebody gave you."))
        self.search.setPlaceholderText(tr("Search all columns"))
        self.search.setAccessibleName(tr("Search for runs"))
        self.search.setToolTip(tr("Shows the runs that have all these words, wherever they stand (Ctrl+F)"))
        self._say(self.filters, tr("Filter"), tr("Type under each title what that column shall have"))
        self._say(self.columns, tr("Columns"), tr("Choose which columns are shown; their titles can be dragged"))
        self._say(self.more, tr("More"), tr("All that can be done with the chosen runs"))
        self.table.setAccessibleName(tr("Runs"))
        self.model.retranslate()
        self.header.name_lines([tr(column.title) for column in COLUMNS], [tr(column.tip) for column in COLUMNS])
        self._take_sizes()
        self._count()

    @staticmethod
    def _say(button: QToolButton, name: str, tip: str) -> None:
        button.setText(name)
        button.setAccessibleName(name)
        button.setToolTip(tip)

    def showEvent(self, event: QShowEvent) -> None:
        """Only now is it known how much room there is."""
        super().showEvent(event)
        self._take_sizes()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """The columns share what room there is."""
        super().resizeEvent(event)
        self._take_sizes()

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of the text, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._take_sizes()
        elif event.type() == QEvent.Type.LanguageChange:
            self.language_switched.emit()

    def event(self, event: QEvent) -> bool:
        """Ctrl+F seeks a run here, and Ctrl+Z brings back what was deleted here last."""
        if isinstance(event, QKeyEvent):
            seeks = RUNS_SEEK.nth(event) is not None
            undoes = RUNS_UNDO.nth(event) is not None and self.can_undo
            if seeks or undoes:
                if event.type() == QEvent.Type.KeyPress:
                    self.seek() if seeks else self.undo_requested.emit()
                event.accept()
                return True
        return super().event(event)

    # --- inside

    def _prepare_table(self) -> None:
        table = self.table
        table.setHorizontalHeader(self.header)
        table.setModel(self.model)
        give_air(table, self.header)
        self.header.make_lines([column.name for column in COLUMNS])
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setTabKeyNavigation(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setWordWrap(True)
        table.setIconSize(PICTURE_SIZE)
        table.verticalHeader().hide()
        table.setItemDelegateForColumn(place(PICTURE), ThumbnailDelegate(table))

    def _take_sizes(self) -> None:
        """Give rows and columns their room: what a person dragged, else what the text needs and a share of the rest."""
        lines = _MOST_LINES * self.fontMetrics().lineSpacing()
        self.table.verticalHeader().setDefaultSectionSize(max(PICTURE_SIZE.height(), lines) + SPACING // 2)
        widths = [self._widths.get(column.name) or self._least_width(column) for column in COLUMNS]
        shares = [
            0 if self._widths.get(column.name) or self.header.isSectionHidden(number_of) else column.share
            for number_of, column in enumerate(COLUMNS)
        ]
        taken = (width for number_of, width in enumerate(widths) if not self.header.isSectionHidden(number_of))
        edges = self.table.verticalScrollBar().sizeHint().width() + 2 * self.table.frameWidth()
        room = self.width() - 2 * SPACING  # the table's own width is not known before it has rows
        part = max(room - edges - sum(taken), 0) / max(sum(shares), 1)
        self.header.blockSignals(True)
        for number_of, (width, share) in enumerate(zip(widths, shares, strict=True)):
            self.header.resizeSection(number_of, width + int(part * share))
        self.header.blockSignals(False)
        self.table.updateGeometries()
        self.header.follow()

    def _least_width(self, column: Column) -> int:
        if column.name == PICTURE:
            return PICTURE_SIZE.width()
        title = self.header.fontMetrics().horizontalAdvance(tr(column.title)) + 3 * SPACING
        font = self.font()
        font.setBold(not column.share)  # as a run stands there while it is trained; what has a share breaks lines
        widest = max(map(QFontMetricsF(font).horizontalAdvance, column.widest().split("\n")))
        return max(title, math.ceil(widest) + 2 * AIR)  # a word is cut that lacks a part of a pixel

    def _lay_out(self) -> None:
        self._bar = QHBoxLayout()
        self._bar.addWidget(self.search, 1)
        self._bar.addStretch()  # where there is nothing to search, the rest stays at the right
        for part in (self.count, self.filters, self.columns, HelpButton("runs", self)):
            self._bar.addWidget(part)
        self.buttons.addWidget(self.more)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(SPACING, SPACING, SPACING, SPACING)
        layout.setSpacing(SPACING)
        layout.addLayout(self._bar)
        layout.addWidget(self.table, 1)
        layout.addWidget(self.empty, 1)
        layout.addLayout(self.buttons)

    def _connect(self) -> None:
        self.table.setSortingEnabled(True)
        self.table.activated.connect(self._choose)
        self.table.clicked.connect(self._on_clicked)
        self.table.horizontalScrollBar().valueChanged.connect(self.header.follow)
        self.table.selectionModel().selectionChanged.connect(lambda *_: self.selection_changed.emit())
        self.header.filtered.connect(self._sift)
        self.header.sectionResized.connect(self._on_resized)
        self.columns.clicked.connect(self._choose_columns)
        self.search.textChanged.connect(self._sift)
        for line in (self.search, *self.header.lines):
            line.left_downward.connect(self.table.setFocus)
        self.filters.toggled.connect(self._on_filters)
        self.model.renamed.connect(self.run_named)
        self.model.counted.connect(self._count)

    def _on_resized(self, column: int, before: int, width: int) -> None:
        if before and width:  # hiding and showing is none
            self._widths[COLUMNS[column].name] = min(width, 9999)

    def _on_filters(self, are_shown: bool) -> None:
        self.header.show_lines(are_shown)
        self.table.updateGeometries()
        self._sift()

    def _sift(self) -> None:
        self.model.arrange(self.search.text(), self.header.patterns())

    def _choose(self, index: QModelIndex) -> None:
        if index.isValid():
            self.run_chosen.emit(self.model.rows[index.row()].run.path)

    def _on_clicked(self, index: QModelIndex) -> None:
        row = self.model.rows[index.row()]
        if COLUMNS[index.column()].name == STAR and isinstance(row.run, RunSummary):
            self.star_clicked.emit(row.run.path)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Offer what can be done with the chosen runs, and on their titles which columns are shown."""
        if self.header.isVisible() and self.header.rect().contains(self.header.mapFromGlobal(event.globalPos())):
            self._column_menu().popup(event.globalPos())
            return
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        fill(menu, self._actions)
        menu.popup(event.globalPos())

    def _column_menu(self) -> QMenu:
        def turn(number_of: int) -> None:
            self.header.setSectionHidden(number_of, not self.header.isSectionHidden(number_of))
            self._take_sizes()

        return menu_of(
            [
                Command(
                    f"column_{column.name}",
                    "",
                    column.title,
                    partial(turn, number_of),
                    is_on=lambda it=number_of: not self.header.isSectionHidden(it),  # type: ignore[misc]
                    why_not=partial(_why_always, column.name),
                )
                for number_of, column in enumerate(COLUMNS)
            ],
            self,
        )

    def _choose_columns(self) -> None:
        self._column_menu().popup(self.columns.mapToGlobal(self.columns.rect().bottomLeft()))

    def _count(self) -> None:
        shown, all_of_them = len(self.model.rows), self.model.count_all
        found = tr("{shown} of {all} runs", shown=number(shown), all=number(all_of_them))
        self.count.setText(found if shown < all_of_them else tr("Runs: {all}", all=number(all_of_them)))
        self.table.setVisible(all_of_them > 0)
        self.empty.setVisible(all_of_them == 0)
        for part in (self.search, self.count, self.filters, self.columns):
            part.setVisible(all_of_them > 0)


def _why_always(column: str) -> str:
    return tr("Each run is known by its name.") if column == NAME else ""
