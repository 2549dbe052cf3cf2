"""What tells several runs apart in plots: a color and a way to dash each, and a short line that shows both."""

from __future__ import annotations

import pyqtgraph as pg
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from studio.guard import guarded
from studio.theme import SPACING

# Told apart by color-blind people, on light and on dark, and none is a color of the duel (Okabe and Ito, 2008).
_COLORS = ("", "#CC79A7", "#009E73", "#9467BD")
_DASHES: tuple[list[float], ...] = ([], [6, 3], [2, 2], [8, 3, 2, 3])


def pen_of(place: int, palette: QPalette, width: float = 2) -> QPen:
    """Return the pen of the run at ``place``; the first has the color of text."""
    color = QColor(_COLORS[place % len(_COLORS)] or palette.color(QPalette.ColorRole.Text))
    pen: QPen = pg.mkPen(color, width=width)
    if dash := _DASHES[place % len(_DASHES)]:
        pen.setDashPattern(dash)
    return pen


@guarded
class LineSample(QWidget):
    """A piece of the curve of the run at ``place``."""

    def __init__(self, place: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._place = place
        self.setFixedSize(QSize(4 * SPACING, 2 * SPACING))

    def paintEvent(self, _event: QPaintEvent) -> None:
        """Draw it across the middle."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        pen = pen_of(self._place, self.palette(), 3)
        pen.setCosmetic(False)
        pen.setCapStyle(Qt.PenCapStyle.FlatCap)
        painter.setPen(pen)
        painter.drawLine(0, self.height() // 2, self.width(), self.height() // 2)
