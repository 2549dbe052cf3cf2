"""A tool whose controls give way to a sentence where the run shown has no use for them."""

from __future__ import annotations

from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.theme import SPACING
from studio.widgets.base.view import View


class UsableTool(View):
    """A subclass fills ``column`` with its controls, and says in ``why_not`` why they are not there."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.why_not, self._controls = QLabel(wordWrap=True), QWidget()
        self.why_not.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.column = QVBoxLayout(self._controls)
        self.column.setContentsMargins(0, 0, 0, 0)
        self.column.setSpacing(SPACING)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, SPACING, 0, 0)
        layout.setSpacing(SPACING)
        layout.addWidget(self.why_not)
        layout.addWidget(self._controls)
        layout.addStretch()

    def set_usable(self, is_usable: bool, *, is_known: bool = True) -> None:
        """Show the controls, or why they are not there; neither where nothing ``is_known`` of the run yet."""
        self._controls.setVisible(is_usable)
        self.why_not.setVisible(is_known and not is_usable)
