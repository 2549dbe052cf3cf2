"""A line to search with; Escape empties it. It knows nothing of what is sought."""

from __future__ import annotations

from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from studio.guard import guarded
from studio.part_keys import SEARCH_CLEAR


@guarded
class SearchLine(QLineEdit):
    """A line edit with a button that clears it; Escape in an empty line is for whoever is around it."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, clearButtonEnabled=True)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape shows everything again."""
        if SEARCH_CLEAR.nth(event) is not None and self.text():
            self.clear()
        else:
            super().keyPressEvent(event)
