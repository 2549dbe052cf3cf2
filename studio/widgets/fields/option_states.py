"""Single options that a class locks or hides: the person chooses which, and each gets a line. It knows no class."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QGridLayout, QLabel, QVBoxLayout, QWidget

from engine.config import GROUP_TITLES, OPTIONS
from engine.i18n import tr
from studio.text.search import folded
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox


class OptionStates(View):
    """``chosen`` are the options that a person took up, each with one of ``states``, whose values are marked texts."""

    def __init__(self, states: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._states = dict(states)
        self._rows: dict[str, tuple[QLabel, QComboBox]] = {}
        self.box = set_object_name(ElidingComboBox(), "option_to_lock")
        self.box.activated.connect(self._on_chosen)
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addLayout(self._grid)
        self.retranslate()

    def chosen(self) -> dict[str, str]:
        """Return the options that were taken up, each with its state."""
        return {name: box.currentData() for name, (_, box) in self._rows.items()}

    def choose(self, name: str, state: str) -> None:
        """Let ``name`` have a line, and ``state``."""
        if name not in self._rows:
            label, box = QLabel(), set_object_name(QComboBox(), f"class_option_{name}")
            label.setBuddy(box)
            for each in self._states:
                box.addItem("", each)
            at = self._grid.rowCount()
            self._grid.addWidget(label, at, 0)
            self._grid.addWidget(box, at, 1)
            self._rows[name] = label, box
            self.retranslate()
        box = self._rows[name][1]
        box.setCurrentIndex(box.findData(state))
        box.setFocus()

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        for name, (label, box) in self._rows.items():
            label.setText(tr(OPTIONS[name].label))
            box.setAccessibleName(label.text())
            for place, text in enumerate(self._states.values()):
                box.setItemText(place, tr(text))
        self.box.setAccessibleName(tr("Single option to lock or hide"))
        self.box.clear()
        self.box.addItem(tr("Lock or hide a single option…"))
        free = (it for it, option in OPTIONS.items() if option.group in GROUP_TITLES and it not in self._rows)
        for name in sorted(free, key=lambda it: folded(tr(OPTIONS[it].label))):
            self.box.addItem(tr(OPTIONS[name].label), name)

    def _on_chosen(self, index: int) -> None:
        if name := self.box.itemData(index):
            self.choose(name, "locked")
