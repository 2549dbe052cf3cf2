"""The trainings that are lined up: their order, how long each and all take, and how those that are over ended."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeyEvent
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
from studio.help.help_button import HelpButton
from studio.model.queue import QueueState
from studio.part_keys import QUEUE_MOVE, QUEUE_REMOVE
from studio.text.queue import all_told
from studio.theme import SPACING
from studio.widgets.object_names import set_object_name
from studio.widgets.view import View


class QueuePanel(View):
    """Shows plans and says what a person wants of them."""

    turned = Signal(bool)
    plan_requested = Signal()
    """What is planned now shall be lined up."""
    moved = Signal(str, int)
    removed = Signal(list)
    again_requested = Signal(str)
    run_chosen = Signal(Path)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._state = QueueState()
        self.list = set_object_name(QTreeWidget(), "queue_list")
        self.list.setRootIsDecorated(False)
        self.list.setUniformRowHeights(True)
        self.list.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.list.setColumnCount(3)
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.total = set_object_name(QLabel(wordWrap=True), "queue_total")
        names = ("start_queue", "add_to_queue", "move_up", "move_down", "try_again", "remove_from_queue")
        self.buttons = {name: set_object_name(QPushButton(), f"{name}_button") for name in names}
        self.buttons["start_queue"].setCheckable(True)
        self._lay_out()
        self._connect()
        self.retranslate()
        self.show_state(self._state, is_on=False)

    def show_state(self, state: QueueState, *, is_on: bool) -> None:
        """Show what is lined up; what is chosen stays so."""
        chosen = {plan.key for plan in self._chosen()}
        self._state = state
        self.buttons["start_queue"].setChecked(is_on)
        self.list.clear()
        for plan in self.plans:
            item = QTreeWidgetItem()
            self.list.addTopLevelItem(item)
            item.setSelected(plan.key in chosen)
        self.list.setVisible(bool(self.plans))
        self.empty.setVisible(not self.plans)
        self._say()
        self._offer()

    @property
    def plans(self) -> Sequence[Planned]:
        """What is shown, in order."""
        return self._state.plans

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.empty.setText(
            tr("Nothing is lined up. Line up what is planned, or runs of the table again: they train one by one.")
        )
        self.list.setHeaderLabels([tr("Training"), tr("State"), tr("Time")])
        self.list.setAccessibleName(tr("Queue"))
        texts = {
            "start_queue": (tr("Train them"), tr("Train one after the other; a failure is noted, and the next begins")),
            "add_to_queue": (tr("Line up what is planned"), tr("Add a training with the options of the form")),
            "move_up": (tr("Earlier"), tr("Train it before the one above (Ctrl+Up)")),
            "move_down": (tr("Later"), tr("Train it after the one below (Ctrl+Down)")),
            "try_again": (tr("Try again"), tr("Let what failed wait once more")),
            "remove_from_queue": (tr("Remove"), tr("Take it out; a run that was begun stays (Del)")),
        }
        for name, (text, tip) in texts.items():
            self.buttons[name].setText(text)
            self.buttons[name].setAccessibleName(text)
            self.buttons[name].setToolTip(tip)
        self._say()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Ctrl+Up and Ctrl+Down change the order, Delete takes out."""
        way = QUEUE_MOVE.nth(event)
        if way is not None:
            self._move((-1, 1)[way])
        elif QUEUE_REMOVE.nth(event) is not None:
            self._remove()
        else:
            super().keyPressEvent(event)

    def _lay_out(self) -> None:
        header = self.list.header()
        header.setStretchLastSection(False)
        header.setSectionResizeMode(QHeaderView.ResizeMode.ResizeToContents)
        header.setSectionResizeMode(0, QHeaderView.ResizeMode.Stretch)
        head, below = QHBoxLayout(), QHBoxLayout()
        head.addWidget(self.total, 1)
        head.addWidget(HelpButton("queue", self))
        for button in self.buttons.values():
            below.addWidget(button)
        below.addStretch()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(SPACING,) * 4)
        layout.addLayout(head)
        layout.addWidget(self.list, 1)
        layout.addWidget(self.empty, 1)
        layout.addLayout(below)

    def _connect(self) -> None:
        self.list.itemSelectionChanged.connect(self._offer)
        self.list.itemActivated.connect(self._open)
        self.buttons["start_queue"].clicked.connect(self.turned)
        self.buttons["add_to_queue"].clicked.connect(self.plan_requested)
        self.buttons["move_up"].clicked.connect(lambda: self._move(-1))
        self.buttons["move_down"].clicked.connect(lambda: self._move(1))
        self.buttons["try_again"].clicked.connect(self._again)
        self.buttons["remove_from_queue"].clicked.connect(self._remove)

    def _chosen(self) -> list[Planned]:
        numbers = sorted(self.list.indexOfTopLevelItem(item) for item in self.list.selectedItems())
        return [self.plans[number] for number in numbers if number < len(self.plans)]

    def _say(self) -> None:
        for number, plan in enumerate(self.plans[: self.list.topLevelItemCount()]):
            item, seconds = self.list.topLevelItem(number), self._state.seconds[number]
            assert item is not None
            time = "" if plan.is_over else tr("not known") if seconds is None else duration(max(seconds, 1))
            for column, text in enumerate((plan.told, plan.state_told, time)):
                item.setText(column, text)
                item.setToolTip(column, text)
        self.total.setText(all_told(self._state))

    def _offer(self) -> None:
        chosen = self._chosen()
        for name in ("move_up", "move_down"):
            self.buttons[name].setEnabled(len(chosen) == 1)
        self.buttons["remove_from_queue"].setEnabled(bool(chosen))
        self.buttons["try_again"].setEnabled(any(plan.state == "failed" for plan in chosen))
        self.buttons["start_queue"].setEnabled(any(not plan.is_over for plan in self.plans))

    def _move(self, by: int) -> None:
        if len(chosen := self._chosen()) == 1:
            self.moved.emit(chosen[0].key, max(self.plans.index(chosen[0]) + by, 0))

    def _remove(self) -> None:
        if chosen := self._chosen():
            self.removed.emit([plan.key for plan in chosen])

    def _again(self) -> None:
        for plan in self._chosen():
            if plan.state == "failed":
                self.again_requested.emit(plan.key)

    def _open(self, item: QTreeWidgetItem) -> None:
        plan = self.plans[self.list.indexOfTopLevelItem(item)]
        if plan.run:
            self.run_chosen.emit(Path(plan.run))
