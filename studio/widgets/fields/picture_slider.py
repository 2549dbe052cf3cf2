"""A slider that pictures follow: under the mouse it tells no more of itself than is painted. Knows no picture."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QSlider, QWidget

from studio.widgets.base.throttle import Throttle

_HELD_MS = 40
_SHARE = 0.08  # of a core: what a hand that drags may take of a training


class PictureSlider(QSlider):
    """A horizontal slider whose ``turned`` carries each of its values; while the mouse holds it, up to 25 a second.

    A mouse tells of itself up to a thousand times a second, and films run at 24 pictures. The newest value is
    never lost: it comes at the end of the rest, or as soon as the mouse lets go.
    """

    turned = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setAutoFillBackground(True)  # or Qt would paint all that it stands in as well
        self._telling = Throttle(_HELD_MS, self, _SHARE)
        self._telling.due.connect(lambda: self.turned.emit(self.value()))
        self.sliderReleased.connect(self._telling.settle)
        self.valueChanged.connect(lambda _: self._telling.ask() if self.isSliderDown() else self._telling.do_now())
