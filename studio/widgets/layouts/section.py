"""A part of a panel that opens and closes under its title. It knows nothing of what is in it."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from studio.theme import SPACING


class Section(QWidget):
    """``header`` is a button with an arrow and the title, at its right is ``corner``; ``content`` shows while it is
    pressed in."""

    toggled = Signal()

    def __init__(self, content: QWidget, corner: QWidget | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.content = content
        self._is_forced = False
        self.header = QToolButton(autoRaise=True)
        self.header.setCheckable(True)
        self.header.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.header.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(SPACING // 2)
        top = QHBoxLayout()
        top.addWidget(self.header)
        if corner is not None:  # as high as the header: Tab goes from one to the other
            corner.setSizePolicy(corner.sizePolicy().horizontalPolicy(), QSizePolicy.Policy.Preferred)
            top.addWidget(corner)
        layout.addLayout(top)
        layout.addWidget(content)
        self.header.toggled.connect(self._show_content)
        self._show_content()

    def force_open(self, forced: bool) -> None:
        """Show the content whatever the person chose, until this is taken back."""
        self._is_forced = forced
        self._show_content()

    def _show_content(self) -> None:
        is_open = self._is_forced or self.header.isChecked()
        self.content.setVisible(is_open)
        self.header.setArrowType(Qt.ArrowType.DownArrow if is_open else Qt.ArrowType.RightArrow)
        self.toggled.emit()
