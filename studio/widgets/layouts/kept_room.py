"""Room for what lies elsewhere now and comes back. It knows no part."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QVBoxLayout, QWidget, QWidgetItem

from studio.guard import guarded


@guarded
class KeptRoom(QWidget):
    """As large with ``part`` as while that lies elsewhere, so that what is around stays where it is."""

    def __init__(self, part: QWidget) -> None:
        super().__init__()
        self._part = part
        self._measured = QWidgetItem(part)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        self._column = column

    def take(self) -> None:
        """Let the part lie here, in sight at once: Qt would show it once all else has been laid out and painted."""
        self._column.addWidget(self._part)
        self._part.show()
        self.updateGeometry()  # it may have had another size, or none, when that was asked last

    def sizeHint(self) -> QSize:
        """As the part wishes."""
        return self._measured.sizeHint()

    def minimumSizeHint(self) -> QSize:
        """As the part needs."""
        return self._measured.minimumSize()
