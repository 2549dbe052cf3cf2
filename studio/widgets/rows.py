"""Parts beside each other, or one below the other. It knows no part."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget


def row_of(*parts: QWidget) -> QHBoxLayout:
    """Return ``parts`` beside each other."""
    row = QHBoxLayout()
    for part in parts:
        row.addWidget(part)
    return row


def column_of(*parts: QWidget) -> QVBoxLayout:
    """Return ``parts`` one below the other."""
    column = QVBoxLayout()
    for part in parts:
        column.addWidget(part)
    return column
