"""The trainings that are lined up: their order, how long each and all take, and how those that are over ended."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from PySide6.QtCore import QItemSelectionModel, QSignalBlocker, Qt, Signal
from PySide6.QtGui import QContextMenuEvent, QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QPushButton,
    QTreeWidget,
    QTreeWidgetItem,
    QVBoxLayout,
    QWidget,
)

from engine.amounts import duration
from engine.i18n import tr
from engine.runs.planned import Planned
from studio.commands import Command, menu_of
from studio.guard import guarded
from studio.help.help_button import HelpButton
from studio.model.queue import QueueState
from studio.part_keys import QUEUE_MOVE
from studio.text.queue import all_told
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.tables.airy import give_air


@guarded
class _List(QTreeWidget):
    """Leaves the keys that change the order to whoever knows it; Qt's own would move the focus alone."""

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Up and Ctrl+Down are commands."""
        if QUEUE_MOVE.nth(event) is not None:
            event.ignore()
        else:
            super().keyPressEvent(event)


class QueuePanel(View):
    """Shows plans; what a person wants of them is in the table of commands."""

    selection_changed = Signal()
    run_chosen = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = QueueState()
        self.commands: Callable[[], Iterable[Command]] = tuple
        """What can be done with the chosen ones, for the context menu."""
        self.list = set_object_name(_List(), "queue_list")
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setColumnCount(3)
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.total = set_object_name(QLabel(wordWrap=True), "queue_total")
        self._below = WrappingLayout(spacing=SPACING, is_filled=False)
        self._lay_out()
        self.list.itemSelectionChanged.connect(self.selection_changed)
        self.list.itemActivated.connect(self._open)
        self.retranslate()
        self.show_state(self._state)

    def add_buttons(self, buttons: Iterable[QPushButton]) -> None:
        """Let the buttons stand below the list."""
        for button in buttons:
            self._below.addWidget(button)

    def show_state(self, state: QueueState) -> None:
        """Show what is lined up; what is chosen stays so."""
        chosen, current = {plan.key for plan in self.chosen()}, self._current()
        self._state = state
        with QSignalBlocker(self.list):
            self.list.clear()
            for plan in self.plans:
                item = QTreeWidgetItem()
                self.list.addTopLevelItem(item)
                if plan.key == current:
                    self.list.setCurrentItem(item, 0, QItemSelectionModel.SelectionFlag.NoUpdate)
                item.setSelected(plan.key in chosen)
        self.list.setVisible(bool(self.plans))
        self.empty.setVisible(not self.plans)
        self._say()
        self.selection_changed.emit()

    @property
    def plans(self) -> Sequence[Planned]:
        """What is shown, in order."""
        return self._state.plans

    def chosen(self) -> list[Planned]:
        """Return what is chosen in the list, in its order."""
        numbers = sorted(self.list.indexOfTopLevelItem(item) for item in self.list.selectedItems())
        return [self.plans[number] for number in numbers if number < len(self.plans)]

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.empty.setText(
            tr("Nothing is lined up. Line up what is planned, or runs of the table again: they train one by one.")
        )
        self.list.setHeaderLabels([tr("Training"), tr("State"), tr("Time")])
        self.list.setAccessibleName(tr("Queue"))
        self._say()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        """Show what can be done with the chosen ones."""
        menu_of(self.commands(), self).popup(event.globalPos())

    def _lay_out(self) -> None:
        header = self.list.header()
        give_air(self.list, header)
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head = QHBoxLayout()
        head.addWidget(self.total, 1)
        head.addWidget(HelpButton("queue", self))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SPACING,) * 4)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty, 1)
        layout.addLayout(self._below)

    def _current(self) -> str:
        """Return the key of the one where the keyboard is."""
        number = self.list.currentIndex().row()
        return self.plans[number].key if 0 <= number < len(self.plans) else ""

    def _say(self) -> None:
        for number, plan in enumerate(self.plans[: self.list.topLevelItemCount()]):
            item, seconds = self.list.topLevelItem(number), self._state.seconds[number]
            assert item is not None
            time = "" if plan.is_over else tr("not known") if seconds is None else duration(max(seconds, 1))
            state = plan.state_told(is_trained=plan.key in self._state.trained)
            for column, text in enumerate((plan.told, state, time)):
                item.setText(column, text)
                item.setToolTip(column, text)
        self.total.setText(all_told(self._state))

    def _open(self, item: QTreeWidgetItem) -> None:
        plan = self.plans[self.list.indexOfTopLevelItem(item)]
        if plan.run:
            self.run_chosen.emit(Path(plan.run))
