"""A column beside something large, which has the rest of the width."""

from __future__ import annotations

from PySide6.QtCore import QSize
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.guard import guarded


@guarded
class SideColumn(QWidget):
    """So wide, or as wide as what is in it must be where text is large; never wider."""

    def __init__(self, width: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._width = width
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)

    def sizeHint(self) -> QSize:
        """Whatever its words would like."""
        return QSize(max(self._width, self.minimumSizeHint().width()), super().sizeHint().height())
