"""Whose Ctrl+Z it is: of a text that is being typed, or of the window. It knows neither."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit


def is_for_the_window(line: QLineEdit, event: QEvent) -> bool:
    """Whether ``event`` asks who wants the keys of undoing or redoing, and ``line`` has nothing typed to undo or redo.

    A line edit takes them always.
    """
    if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
        return False
    keys = QKeySequence.StandardKey
    if event.matches(keys.Undo):
        return not line.isUndoAvailable()
    return event.matches(keys.Redo) and not line.isRedoAvailable()
