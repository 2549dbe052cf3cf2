"""What a person's hands do with a control, whatever kind it is."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QComboBox


def set_by_hand(editor, value):
    """Give ``editor`` a value as by hand."""
    if isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
        editor.activated.emit(editor.currentIndex())
    else:
        editor.setValue(value)
