"""Layouts of a few parts beside and below each other. They know no part."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from studio.theme import SPACING


def row_of(label: QWidget, *controls: QWidget) -> QHBoxLayout:
    """Put ``controls`` at the right of ``label``, which takes the rest."""
    row = QHBoxLayout()
    row.setSpacing(SPACING)
    row.addWidget(label, 1)
    for control in controls:
        row.addWidget(control)
    return row


def column_of(*parts: QWidget | QHBoxLayout | None) -> QVBoxLayout:
    """Stack the parts from the top; None is the gap that grows, at the end if nowhere else."""
    column = QVBoxLayout()
    column.setSpacing(0)
    column.setContentsMargins(0, SPACING // 2, 0, 0)
    for part in parts if None in parts else (*parts, None):
        if part is None:
            column.addStretch(1)
        elif isinstance(part, QWidget):
            column.addWidget(part)
        else:
            column.addLayout(part)
    return column


def beside(*parts: QWidget) -> QHBoxLayout:
    """Put the parts beside each other, each as wide as it likes."""
    row = QHBoxLayout()
    for part in parts:
        row.addWidget(part)
    return row


def below(*parts: QWidget) -> QVBoxLayout:
    """Put the parts below each other, each as high as it likes."""
    column = QVBoxLayout()
    for part in parts:
        column.addWidget(part)
    return column
