"""What a person's hands do with a control, whatever kind it is, and with a window."""

from __future__ import annotations

from PySide6.QtCore import Qt
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


def train_to_the_end(qtbot, window):
    """Press Train and wait for the end: for its signal, as a state may be over before anybody looks."""
    with qtbot.waitSignal(window.controller.stopped):
        qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
