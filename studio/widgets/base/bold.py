"""What is bold: a font, or words that head others. It knows nothing of what they say."""

from __future__ import annotations

from PySide6.QtGui import QFont
from PySide6.QtWidgets import QLabel


def bold(font: QFont) -> QFont:
    """Return ``font``, but bold."""
    heavy = QFont(font)
    heavy.setBold(True)
    return heavy


def heading() -> QLabel:
    """Return words in bold, in as many lines as they need."""
    label = QLabel(wordWrap=True)
    label.setFont(bold(label.font()))
    return label
