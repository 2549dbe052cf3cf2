"""Buttons as narrow as their words. Styles reserve about 80 pixels for "OK" and "Cancel", too much for a dock."""

from PySide6.QtWidgets import QPushButton

from studio.theme import GRID


def allow_narrow(*buttons: QPushButton) -> None:
    """Let the buttons shrink to their text; to be called again whenever the text changes."""
    for button in buttons:
        button.setMinimumWidth(button.fontMetrics().horizontalAdvance(button.text()) + 2 * GRID)
