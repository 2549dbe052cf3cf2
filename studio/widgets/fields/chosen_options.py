"""A few options to be changed: the person chooses which, and gives each another value. It knows no run."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from engine.config import OPTIONS, Config
from engine.i18n import tr
from studio.theme import SPACING
from studio.widgets.fields.added_options import AddedOptions
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.fields.option_row import OptionRow

_WIDEST = 44 * SPACING


class ChosenOptions(AddedOptions):
    """``changes`` are the options that have other values than the config it begins with; ``changed`` tells of one."""

    changed = Signal()

    def __init__(self, names: Iterable[str], parent: QWidget | None = None) -> None:
        super().__init__(ElidingComboBox(_WIDEST), "option_to_change", parent)
        self._names = list(names)
        self._config: Config | None = None
        self._rows: dict[str, OptionRow] = {}
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
            parts = [part for part in (row.editor, row.reset, row.question) if part is not None]
            self.add_line(row.label, *parts, below=row.note)
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
        self.offer(tr("Change an option…"), (name for name in self._names if name not in self._rows))

    def take_up(self, name: str) -> None:
        """Let ``name`` be changed."""
        self.choose(name)
