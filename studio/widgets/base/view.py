"""The base of every panel: texts follow the language and colors follow the theme while the program runs.

An exception in what Qt calls of a panel is told in the window and does no other harm.
"""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QWidget

from studio.guard import guarded


@guarded
class View(QWidget):
    """A panel with two hooks; a subclass calls both once at the end of its ``__init__``."""

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        guarded(cls)

    def retranslate(self) -> None:
        """Set every text again, in the current language."""

    def apply_palette(self) -> None:
        """Take every color again from the palette and ``studio.theme``."""

    def changeEvent(self, event: QEvent) -> None:
        """Qt tells here that language or palette changed."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self.retranslate()
        elif event.type() == QEvent.Type.PaletteChange:
            self.apply_palette()
