"""A slider that jumps to the pointer, as one expects of a time line. It knows nothing of what its values mean."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QSlider, QStyle, QWidget

from studio.guard import guarded


@guarded
class TimeSlider(QSlider):
    """A horizontal slider whose handle goes where one clicks and is dragged from there."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def handle_length(self) -> int:
        """Return the width of the handle in pixels; its middle tells the value."""
        return self.style().pixelMetric(QStyle.PixelMetric.PM_SliderLength, None, self)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        """Take the handle to the pointer."""
        if event.button() == Qt.MouseButton.LeftButton:
            self.setSliderDown(True)
            self._follow(event)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        """Drag the handle."""
        if self.isSliderDown():
            self._follow(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """Let go of the handle."""
        self.setSliderDown(False)

    def _follow(self, event: QMouseEvent) -> None:
        length = self.handle_length()
        x = round(event.position().x() - length / 2)
        self.setSliderPosition(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), x, self.width() - length))
        event.accept()
