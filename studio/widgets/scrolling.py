"""Room for content that may be taller than its panel."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFocusEvent
from PySide6.QtWidgets import QScrollArea, QVBoxLayout, QWidget

from studio.guard import guarded


@guarded
class _Page(QScrollArea):
    def focusInEvent(self, event: QFocusEvent) -> None:
        """A screen reader hears which panel the arrow keys scroll now."""
        panel = self.parentWidget()
        self.setAccessibleName(panel.accessibleName() if panel else "")
        super().focusInEvent(event)


def scroll_down(panel: QWidget, content: QWidget) -> QScrollArea:
    """Fill ``panel`` with ``content``, scrolled up and down where it is too tall, and return the scroll area."""
    scroll = _Page(widgetResizable=True)
    scroll.setFrameShape(QScrollArea.Shape.NoFrame)
    scroll.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
    scroll.setWidget(content)
    layout = QVBoxLayout(panel)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.addWidget(scroll)
    return scroll
