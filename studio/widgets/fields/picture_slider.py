"""A slider that pictures follow: under the mouse it tells no more of itself than is painted. Knows no picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import QSlider, QWidget

_HELD_MS = 33


class PictureSlider(QSlider):
    """A horizontal slider whose ``turned`` carries each of its values; while the mouse holds it, thirty a second.

    A mouse tells of itself up to a thousand times a second, and nobody sees as many pictures. The newest value is
    never lost: it comes at the end of the rest, or as soon as the mouse lets go.
    """

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAutoFillBackground(True)  # or Qt would paint all that it stands in as well
        self._is_owed = False
        self._rest = QTimer(self, singleShot=True, interval=_HELD_MS)
        self._rest.timeout.connect(self._tell_rest)
        self.sliderReleased.connect(self._tell_rest)
        self.valueChanged.connect(self._on_value)

    def _on_value(self) -> None:
        if self.isSliderDown() and self._rest.isActive():
            self._is_owed = True
        else:
            self._tell()

    def _tell_rest(self) -> None:
        if self._is_owed:
            self._tell()

    def _tell(self) -> None:
        self._is_owed = False
        self._rest.start()
        self.turned.emit(self.value())
