"""From which color to which the points of a picture go, and what stands at both ends. Knows no point."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QLinearGradient, QPainter, QPaintEvent
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.layouts.stacked import beside


@guarded
class ColorScale(QWidget):
    """A ramp of colors above the words for its two ends; without any it takes no room."""

    def __init__(self) -> None:
        super().__init__()
        self.low, self.high = QLabel(), QLabel(alignment=Qt.AlignmentFlag.AlignRight)
        self.ramp = _Ramp()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(self.ramp)
        column.addLayout(beside(self.low, self.high))

    def set_words(self, low: str, high: str, told: str = "") -> None:
        """Say what stands at the ends; ``told`` is what a screen reader says of the ramp, if not just that."""
        self.low.setText(low)
        self.high.setText(high)
        self.ramp.setAccessibleName(told or f"{low} … {high}")

    def set_colors(self, low: QColor, high: QColor) -> None:
        """Go from the color ``low`` to ``high``."""
        self.ramp.ends = low, high
        self.ramp.update()


@guarded
class _Ramp(QWidget):
    def __init__(self) -> None:
        super().__init__()
        self.ends = QColor(), QColor()
        self.setFixedHeight(SPACING)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint the colors in a thin frame."""
        colors = QLinearGradient(0, 0, self.width(), 0)
        for place, color in enumerate(self.ends):
            colors.setColorAt(place, color)
        painter = QPainter(self)
        painter.setPen(self.palette().color(self.palette().ColorRole.Mid))
        painter.setBrush(colors)
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))
