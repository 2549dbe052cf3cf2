"""A line to write classes into, such as "3, 8"; empty means all. It knows no data."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSignalBlocker, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QLineEdit, QWidget

from engine.config import parse_classes
from engine.errors import UserError
from studio.guard import guarded
from studio.part_keys import BOX_RESTORE
from studio.theme import SPACING
from studio.widgets.base.note import Note
from studio.widgets.base.undo_keys import is_for_the_window


@guarded
class ClassesLine(QLineEdit):
    """``valueChanged`` tells the classes, in the data's order and each once, when the person has finished writing.

    What is no list of classes stays, while ``note``, a label for whoever lays the line out, says why.
    """

    valueChanged = Signal(object)
    problem_changed = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.note = Note()
        self.note.changed.connect(self.problem_changed)
        self._value: tuple[int, ...] = ()
        self._usual_text = ""  # nothing: as wide as a layout wishes
        self._is_typed = False
        self.textChanged.connect(self._on_text_changed)
        self.editingFinished.connect(self.finish)

    @property
    def problem(self) -> str:
        """Why the text is not taken, or nothing."""
        return self.note.problem

    def set_usual_text(self, text: str) -> None:
        """Be as wide as a box for numbers in which ``text`` stands."""
        self._usual_text = text
        self._take_width()

    def _take_width(self) -> None:
        if self._usual_text:
            self.setFixedWidth(self.fontMetrics().horizontalAdvance(self._usual_text) + 4 * SPACING)

    def value(self) -> tuple[int, ...]:
        """Return the classes that were taken last; none means all."""
        return self._value

    def setValue(self, value: tuple[int, ...]) -> None:
        """Show ``value`` in the place of whatever was written."""
        self._is_typed = False
        self.note.say("")
        changed = value != self._value
        self._value = value
        with QSignalBlocker(self):
            self.setText(", ".join(map(str, value)))
        if changed:
            self.valueChanged.emit(value)

    def finish(self) -> None:
        """Read what was written, as leaving the line does."""
        if self._is_typed:
            self._is_typed = False
            self._read()

    def _read(self) -> None:
        try:
            value = parse_classes(self.text())
        except UserError as error:
            self.note.say(error.hint)
        else:
            self.setValue(value)

    def _on_text_changed(self) -> None:
        self._is_typed = True
        self.note.say("")  # what is written now may be well

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Escape brings the last classes back."""
        if BOX_RESTORE.nth(event) is not None and (self._is_typed or self.problem):
            self.setValue(self._value)
        else:
            super().keyPressEvent(event)

    def event(self, event: QEvent) -> bool:
        """Undo what is written here, and leave it to the window where nothing is."""
        if is_for_the_window(self, event):
            event.ignore()
            return False
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        """What is wrong is said in the new language."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.LanguageChange and self.problem:
            self._read()
        if event.type() == QEvent.Type.FontChange:
            self._take_width()
