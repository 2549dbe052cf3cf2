"""The page of the class wall: which folder it is, and a card for each run that somebody shares there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.i18n import tr, trn
from engine.runs import RunSummary
from engine.wall.cards import Card
from studio.help.help_button import HelpButton
from studio.text.search import folded
from studio.theme import SPACING
from studio.widgets.base.looked_at import LookedAt
from studio.widgets.base.object_names import set_object_name
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.tables.card_list import CardList

_ORDERS: Sequence[Callable[[Card], object]] = (
    lambda card: 0,  # the newest first, as they come
    lambda card: (not card.troubles, not card.is_live),
    lambda card: folded(card.student),
    lambda card: -(card.run.accuracy or 0.0) if isinstance(card.run, RunSummary) else 1.0,
)


class WallPage(LookedAt):
    """Shows cards; what is done with the wall is in the table of commands."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = set_object_name(CardList(), "wall_cards")
        self.order = set_object_name(ElidingComboBox(), "wall_order")
        self.empty = QLabel(wordWrap=True, alignment=Qt.AlignmentFlag.AlignCenter)
        self.count = set_object_name(QLabel(wordWrap=True, textFormat=Qt.TextFormat.PlainText), "wall_count")
        self._order_label = QLabel()
        self._order_label.setBuddy(self.order)
        self._below = WrappingLayout(spacing=SPACING, is_filled=False)
        self._cards: Sequence[Card] = ()
        self._folder = self._problem = ""
        self._is_read = False
        self.order.addItems([""] * len(_ORDERS))
        self._lay_out()
        self.order.currentIndexChanged.connect(self._sort)
        self.retranslate()

    def add_buttons(self, buttons: Iterable[QPushButton]) -> None:
        """Let the buttons stand below the cards."""
        for button in buttons:
            self._below.addWidget(button)

    def show_cards(self, folder: str, cards: Sequence[Card], is_read: bool, problem: str = "") -> None:
        """Show what hangs on the wall in ``folder``; ``problem`` says why that is not what hangs there now."""
        self._folder, self._cards, self._is_read, self._problem = folder, cards, is_read, problem
        self._sort()
        self._say()

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self._order_label.setText(tr("Order"))
        self.order.setAccessibleName(tr("Order"))
        titles = (tr("Newest first"), tr("Troubles first"), tr("By student"), tr("Best read first"))
        for place, title in enumerate(titles):
            self.order.setItemText(place, title)
        self.list.setAccessibleName(tr("Class wall"))
        self.list.retell()
        self._say()

    def _sort(self) -> None:
        key = _ORDERS[max(self.order.currentIndex(), 0)]
        self.list.put(sorted(self._cards, key=key))  # type: ignore[arg-type]  # keys of one order are of one kind

    def _lay_out(self) -> None:
        head = QHBoxLayout()
        head.addWidget(self.count, 1)
        head.addWidget(self._order_label)
        head.addWidget(self.order)
        head.addWidget(HelpButton("wall", self))
        column = QVBoxLayout(self)
        column.setContentsMargins(*(SPACING,) * 4)
        column.addLayout(head)
        column.addWidget(self.list, 1)
        column.addWidget(self.empty, 1)
        column.addLayout(self._below)

    def _say(self) -> None:
        self.list.setVisible(bool(self._cards))
        self.empty.setVisible(not self._cards)
        for part in (self._order_label, self.order):
            part.setVisible(bool(self._cards))
        self.count.setText(self._problem if self._cards and self._problem else self._counted())
        if self._problem:
            text = self._problem
        elif not self._folder:
            text = tr(
                "Here you see how everybody's runs go, live. Choose a folder that the whole class can reach; it "
                "becomes the class wall, and each student shares with it by “Share my runs with the class”."
            )
        elif not self._is_read:
            text = tr("Looking at the class wall…")
        else:
            text = tr(
                "Nothing hangs on “{folder}” yet. On the students' computers: “Share my runs with the class”, and this "
                "folder.",
                folder=self._folder,
            )
        self.empty.setText(text)

    def _counted(self) -> str:
        if not self._cards:
            return self._folder
        live = sum(card.is_live for card in self._cards)
        students = len({card.student for card in self._cards})
        runs = trn("{count} run", "{count} runs", len(self._cards))
        of = trn("{count} student", "{count} students", students)
        return tr("{runs} of {students}, {live} training now · {folder}",
                  runs=runs, students=of, live=live, folder=self._folder)  # fmt: skip
