"""A dialog in which a person writes some lines about something. It knows nothing of what."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QWidget

from engine.i18n import tr
from studio import theme
from studio.part_keys import NOTE_KEEP
from studio.widgets.base.object_names import set_object_name
from studio.widgets.dialogs.dialog import Buttons, Dialog

_ROOM = (56 * theme.SPACING, 24 * theme.SPACING)


class NoteDialog(Dialog):
    """``written`` carries the text when the person keeps it."""

    written = Signal(str)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__("note_dialog", parent, Buttons.Save | Buttons.Cancel)
        self._name = name
        self._label = QLabel(wordWrap=True)
        self._text = set_object_name(QPlainTextEdit(text, tabChangesFocus=True), "note_text")
        self._label.setBuddy(self._text)
        NOTE_KEEP.shortcut(self, self.confirm)
        layout = self.column()
        for part in (self._label, self._text, self.buttons):
            layout.addWidget(part)
        self.resize(*_ROOM)
        self._text.moveCursor(self._text.textCursor().MoveOperation.End)
        self.retranslate()

    def take(self) -> bool:
        """Tell what is written."""
        self.written.emit(self._text.toPlainText())
        return True

    def retranslate(self) -> None:
        """Set every text in the current language."""
        self.setWindowTitle(tr("Note"))
        self._label.setText(tr("About “{run}”:", run=self._name))
        self._text.setToolTip(tr("It is kept in the folder of the run (Ctrl+Enter saves it)"))
