"""Takes out of what is typed or pasted the characters that are not known, and tells which. It knows no field."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QValidator

from studio.guard import guarded


@guarded
class CharacterFilter(QValidator):
    """``left_out`` carries the unknown characters, each once, before the field tells of its new text."""

    left_out = Signal(str)

    def __init__(self, known: str, parent: QObject) -> None:
        super().__init__(parent)
        self._known = frozenset(known)

    def validate(self, text: str, place: int) -> tuple[QValidator.State, str, int]:
        """Take the known part of ``text``; ``place`` is the cursor's."""
        gone = "".join(dict.fromkeys(letter for letter in text if letter not in self._known))
        if gone:
            self.left_out.emit(gone)
        before, kept = ("".join(letter for letter in part if letter in self._known) for part in (text[:place], text))
        return QValidator.State.Acceptable, kept, len(before)
