"""Single options that a class locks or hides: the person chooses which, and each gets a line. It knows no class."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtWidgets import QComboBox, QLabel, QWidget

from engine.config import GROUP_TITLES, OPTIONS
from engine.i18n import tr
from studio.widgets.base.object_names import set_object_name
from studio.widgets.fields.added_options import AddedOptions
from studio.widgets.fields.eliding_combo_box import ElidingComboBox


class OptionStates(AddedOptions):
    """``chosen`` are the options that a person took up, each with one of ``states``, whose values are marked texts."""

    def __init__(self, states: Mapping[str, str], parent: QWidget | None = None) -> None:
        super().__init__(ElidingComboBox(), "option_to_lock", parent)
        self._states = dict(states)
        self._rows: dict[str, tuple[QLabel, QComboBox]] = {}
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
            self.add_line(label, box)
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
        free = (it for it, option in OPTIONS.items() if option.group in GROUP_TITLES and it not in self._rows)
        self.offer(tr("Lock or hide a single option…"), free)

    def take_up(self, name: str) -> None:
        """Let ``name`` be locked."""
        self.choose(name, "locked")
