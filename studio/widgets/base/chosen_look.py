"""How the one that is chosen among several buttons stands out in every style and theme. Knows no button's meaning."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QAbstractButton


def show_chosen(buttons: Iterable[QAbstractButton], window: QPalette) -> None:
    """Give those that are checked the color of what is chosen in ``window``, and the others their usual one."""
    chosen = QPalette()
    chosen.setColor(QPalette.ColorRole.Button, window.color(QPalette.ColorRole.Highlight))
    chosen.setColor(QPalette.ColorRole.ButtonText, window.color(QPalette.ColorRole.HighlightedText))
    for button in buttons:
        button.setPalette(chosen if button.isChecked() else QPalette())
