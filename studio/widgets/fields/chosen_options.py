"""A few options to be changed: the person chooses which, and gives each another value. It knows no run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from engine.config import OPTIONS, Config
from engine.i18n import tr
from studio.text.search import folded
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.view import View
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.option_row import OptionRow

_WIDEST = 44 * SPACING


class ChosenOptions(View):
    """``changes`` are the options that have other values than the config it begins with; ``changed`` tells of one."""

    changed = Signal()

    def __init__(self, names: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._names = list(names)
        self._config: Config | None = None
        self._rows: dict[str, OptionRow] = {}
        self.box = set_object_name(ElidingComboBox(_WIDEST), "option_to_change")
        self.box.activated.connect(self._on_chosen)
        self._last: QWidget = self.box
        self._grid = QGridLayout()
        self._grid.setColumnStretch(1, 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.box)
        layout.addLayout(self._grid)
        self.retranslate()

    def begin_with(self, config: Config) -> None:
        """Take the values of ``config``, and keep those that the person gave."""
        given = self.changes()
        self._config = config
        for name, row in self._rows.items():
            row.show_value(given.get(name, getattr(config, name)), getattr(config, name))

    def changes(self) -> dict[str, Any]:
        """Return the options that are other ones now, with their values."""
        values = {name: row.value() for name, row in self._rows.items()}
        return {name: value for name, value in values.items() if value != getattr(self._config, name)}

    def finish(self) -> bool:
        """Read what is still being typed, and return whether all of it is taken."""
        for row in self._rows.values():
            row.finish()
        return not any(row.problem() for row in self._rows.values())

    def choose(self, name: str) -> OptionRow:
        """Let ``name`` be changed, and return its line."""
        if name not in self._rows:
            row = self._rows[name] = OptionRow(OPTIONS[name], self)
            row.retranslate()
            value = getattr(self._config, name)
            row.show_value(value, value)
            row.edited.connect(lambda *_: self.changed.emit())
            at = self._grid.rowCount()
            parts = [part for part in (row.label, row.editor, row.reset, row.question) if part is not None]
            for column, part in enumerate(parts):
                self._grid.addWidget(part, at, column)
            for part in parts[1:]:  # Tab would come to them after all else
                QWidget.setTabOrder(self._last, part)
                self._last = part
            if row.note is not None:
                self._grid.addWidget(row.note, at + 1, 0, 1, len(parts))
            self._fill()
        self._rows[name].editor.setFocus()
        return self._rows[name]

    def retranslate(self) -> None:
        """Set the texts in the current language."""
        self.box.setAccessibleName(tr("Option to change"))
        self.box.setToolTip(tr("Choose an option to give it another value"))
        for row in self._rows.values():
            row.retranslate()
        self._fill()

    def _fill(self) -> None:
        self.box.clear()
        self.box.addItem(tr("Change an option…"))
        free = (name for name in self._names if name not in self._rows)
        for name in sorted(free, key=lambda it: folded(tr(OPTIONS[it].label))):
            self.box.addItem(tr(OPTIONS[name].label), name)

    def _on_chosen(self, index: int) -> None:
        if name := self.box.itemData(index):
            self.choose(name)
