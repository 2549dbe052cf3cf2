"""A page that is drawn only while it is seen, and at most ten times a second. It knows nothing of what is on it."""

from __future__ import annotations

from PySide6.QtCore import QTimer, Signal
from PySide6.QtGui import QPaintEvent
from PySide6.QtWidgets import QWidget

from studio.guard import guarded

_REST_MS = 90  # so that it keeps up with the fastest playback


@guarded
class LazyWidget(QWidget):
    """``ask`` whenever something changed; ``due`` says when to draw it.

    A page in a tab behind others counts as visible for Qt; what tells is whether any of it reaches the screen.
    """

    due = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._is_stale = False
        self._rest = QTimer(self, singleShot=True)
        self._rest.timeout.connect(self.draw)

    def ask(self) -> None:
        """Have the page drawn: at once if it rested long enough, otherwise then or when it is seen."""
        self._is_stale = True
        if not self._rest.isActive():
            self.draw()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Being painted means being seen; what is drawn may move the layout and waits until this is over."""
        super().paintEvent(event)
        if self._is_stale and not self._rest.isActive():
            self._rest.start(0)

    def draw(self) -> None:
        """Draw what changed, where any of it is seen."""
        if self._is_stale and not self.visibleRegion().isEmpty():
            self._is_stale = False
            self._rest.start(_REST_MS)
            self.due.emit()
