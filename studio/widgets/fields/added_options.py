"""A list of options, of which each that is chosen gets a line below it. It knows not what the lines hold."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterable

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from engine.config import OPTIONS
from engine.i18n import tr
from studio.text.search import folded
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox


class AddedOptions(View):
    """``box`` offers the options; Tab goes from it through the lines in their order, and on to what comes after."""

    def __init__(self, box: ElidingComboBox, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.box = set_object_name(box, name)
        self.box.activated.connect(self._on_chosen)
        self._last: QWidget = self.box
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addLayout(self._grid)

    @abstractmethod
    def take_up(self, name: str) -> None:
        """Give the option ``name``, which a person chose, a line."""

    def add_line(self, label: QWidget, *parts: QWidget, below: QWidget | None = None) -> None:
        """Put ``label`` and ``parts`` beside each other into a new line, and something ``below`` all of them."""
        at = self._grid.rowCount()
        for column, part in enumerate((label, *parts)):
            self._grid.addWidget(part, at, column)
        for part in parts:  # Tab would come to them after all else
            QWidget.setTabOrder(self._last, part)
            self._last = part
        if below is not None:
            self._grid.addWidget(below, at + 1, 0, 1, len(parts) + 1)

    def offer(self, question: str, names: Iterable[str]) -> None:
        """Let ``box`` ask ``question``, and offer the options ``names`` in the order of the alphabet."""
        self.box.clear()
        self.box.addItem(question)
        for name in sorted(names, key=lambda it: folded(tr(OPTIONS[it].label))):
            self.box.addItem(tr(OPTIONS[name].label), name)

    def _on_chosen(self, index: int) -> None:
        if name := self.box.itemData(index):
            self.take_up(name)
