"""One of the two grids of a blind duel: a click on it says that it is the one."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QMouseEvent

from studio.widgets.pictures.image_view import ImageView


class DuelPicture(ImageView):
    """``clicked`` tells that a person pointed at it; what was enlarged is moved by dragging instead."""

    clicked = Signal()

    def __init__(self) -> None:
        super().__init__()
        self._is_pressed = False

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Perhaps the beginning of a click."""
        super().mousePressEvent(event)
        is_left = event.button() == Qt.MouseButton.LeftButton
        self._is_pressed = is_left and self._drag_from is None and self.picture is not None
        event.accept()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click, where it is let go above the grid."""
        super().mouseReleaseEvent(event)
        is_click = self._is_pressed and self.rect().contains(event.position().toPoint())
        self._is_pressed = False
        if is_click:
            self.clicked.emit()
