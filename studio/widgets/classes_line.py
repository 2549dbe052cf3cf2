"""A line to write classes into, such as "3, 8"; empty means all. It knows no data."""

from __future__ import annotations

from PySide6.QtCore import QRegularExpression, Signal
from PySide6.QtGui import QRegularExpressionValidator
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.config import parse_classes

_NUMBERS = QRegularExpression(r"\s*(\d{1,4}\s*(,\s*\d{1,4}\s*)*,?\s*)?")


class ClassesLine(QLineEdit):
    """``valueChanged`` tells the classes, sorted and each once, when the person has finished writing."""

    valueChanged = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._value: tuple[int, ...] = ()
        self.setValidator(QRegularExpressionValidator(_NUMBERS, self))
        self.editingFinished.connect(self._on_editing_finished)

    def value(self) -> tuple[int, ...]:
        """Return the classes; none means all."""
        return self._value

    def setValue(self, value: tuple[int, ...]) -> None:
        """Show ``value``."""
        changed = value != self._value
        self._value = value
        self.setText(", ".join(map(str, value)))
        if changed:
            self.valueChanged.emit(value)

    def _on_editing_finished(self) -> None:
        self.setValue(parse_classes(self.text()))
