"""A line to search with; Escape empties it, and Down leads out of it. It knows nothing of what is sought."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.guard import guarded
from studio.part_keys import SEARCH_CLEAR, SEARCH_LEAVE


@guarded
class SearchLine(QLineEdit):
    """A line edit with a button that clears it; Escape in an empty line is for whoever is around it."""

    left_downward = Signal()
    """The person wants to go to what was found."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, clearButtonEnabled=True)

    def event(self, event: QEvent) -> bool:
        """Escape is heard here first while there is something to empty; around it, it closes what lies on top."""
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.ShortcutOverride and self._empties(event):
            event.accept()
            return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape shows everything again, and Down goes on to it."""
        if self._empties(event):
            self.clear()
        elif SEARCH_LEAVE.nth(event) is not None:
            self.left_downward.emit()
        else:
            super().keyPressEvent(event)

    def _empties(self, event: QKeyEvent) -> bool:
        return SEARCH_CLEAR.nth(event) is not None and bool(self.text())
