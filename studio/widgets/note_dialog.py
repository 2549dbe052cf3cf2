"""A dialog in which a person writes some lines about something. It knows nothing of what."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Signal
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QLabel, QPlainTextEdit, QVBoxLayout, QWidget

from engine.i18n import tr
from studio import theme
from studio.guard import guarded
from studio.part_keys import NOTE_KEEP
from studio.widgets.object_names import set_object_name

_ROOM = (56 * theme.SPACING, 24 * theme.SPACING)


@guarded
class NoteDialog(QDialog):
    """``written`` carries the text when the person keeps it."""

    written = Signal(str)

    def __init__(self, name: str, text: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("note_dialog")
        self._name = name
        self._label = QLabel(wordWrap=True)
        self._text = set_object_name(QPlainTextEdit(text, tabChangesFocus=True), "note_text")
        self._label.setBuddy(self._text)
        buttons = QDialogButtonBox.StandardButton
        self._buttons = QDialogButtonBox(buttons.Save | buttons.Cancel)
        for button in self._buttons.buttons():
            button.setIcon(QIcon())  # the style's are black, also on black
        self._buttons.accepted.connect(self._keep)
        self._buttons.rejected.connect(self.reject)
        NOTE_KEEP.shortcut(self, self._keep)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(*(2 * theme.SPACING,) * 4)
        for part in (self._label, self._text, self._buttons):
            layout.addWidget(part)
        self.resize(*_ROOM)
        self._text.moveCursor(self._text.textCursor().MoveOperation.End)
        self._retranslate()

    def _keep(self) -> None:
        self.written.emit(self._text.toPlainText())
        self.accept()

    def changeEvent(self, event: QEvent) -> None:
        """Say everything again when the language changes."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange:
            self._retranslate()

    def _retranslate(self) -> None:
        self.setWindowTitle(tr("Note"))
        self._label.setText(tr("About “{run}”:", run=self._name))
        self._text.setToolTip(tr("It is kept in the folder of the run (Ctrl+Enter saves it)"))
