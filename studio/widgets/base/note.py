"""A sentence beside a control: why what was typed into it is not taken, or a remark. It knows no control."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent
from PySide6.QtWidgets import QLabel


class Note(QLabel):
    """Hidden while nothing is to be said, and until somebody has laid it out; a screen reader tells a problem at once.

    ``changed`` tells the new problem, nothing where all is well.
    """

    changed = Signal(str)

    def __init__(self) -> None:
        super().__init__(wordWrap=True, textFormat=Qt.TextFormat.PlainText)
        self.problem = ""
        self._remark = ""
        self._may_show = True
        self.hide()

    def say(self, problem: str) -> None:
        """Show ``problem``; nothing hides the note."""
        if problem == self.problem:
            return
        self.problem = problem
        self._write()
        if problem:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self.changed.emit(problem)

    def remark(self, text: str) -> None:
        """Show ``text`` while there is no problem; nothing takes it away."""
        if text != self._remark:
            self._remark = text
            self._write()

    def set_shown(self, shown: bool) -> None:
        """Let the note be seen, or not, together with its control."""
        self._may_show = shown
        self._show()

    def _write(self) -> None:
        self.setText(f"⚠ {self.problem}" if self.problem else self._remark)
        self.setAccessibleName(self.problem or self._remark)
        self._show()

    def _show(self) -> None:
        self.setVisible(bool(self.problem or self._remark) and self._may_show and self.parentWidget() is not None)
