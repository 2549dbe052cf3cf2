"""What stands above pictures or points: a bar in the color of who made them, and a line that says so."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget

from studio import theme
from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.base.bold import bold


class Accent(QWidget):
    """A small upright bar in the color of who made it; the words beside it say the same."""

    def __init__(self) -> None:
        super().__init__()
        self.setFixedWidth(SPACING // 2)

    def show_role(self, role: theme.Role) -> None:
        """Be in the color of ``role``."""
        palette = self.palette()
        palette.setColor(QPalette.ColorRole.Window, theme.color(role))
        self.setPalette(palette)
        self.setAutoFillBackground(True)


@guarded
class ElidedHeading(QLabel):
    """A bold line that is shortened, not clipped, where it is too long, and never forces the window wide."""

    def __init__(self) -> None:
        super().__init__()
        self.setFont(bold(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Write as much as there is room for."""
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, self.width())
        painter = QPainter(self)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(self.rect(), Qt.AlignmentFlag.AlignVCenter | Qt.AlignmentFlag.AlignLeft, text)
