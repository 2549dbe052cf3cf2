"""A plot whose lines are as thick on a fine screen as on a coarse one. It knows no curve.

It imports pyqtgraph: whoever wants a window quickly imports it later.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import pyqtgraph as pg
from PySide6.QtGui import QPaintEvent, QPen
from PySide6.QtWidgets import QGraphicsItem

from studio.guard import guarded


@guarded
class ScaledPlot(pg.PlotWidget):
    """Every plot of the house: of pyqtgraph's own, lines are as wide in pixels of the screen, half as thick at 2x."""

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint curves and lines with pens as wide as they say in pixels of the window."""
        ratio = self.devicePixelRatioF()
        if ratio == 1:
            super().paintEvent(event)
            return
        with _widened(self.scene().items(), ratio):
            super().paintEvent(event)


@contextmanager
def _widened(items: list[QGraphicsItem], ratio: float) -> Iterator[None]:
    """Give curves and lines wider pens meanwhile, of which nobody is told: what is told paints again."""
    curves = [(item, item.opts["pen"]) for item in items if isinstance(item, pg.PlotCurveItem)]
    lines = [(item, item.currentPen) for item in items if isinstance(item, pg.InfiniteLine)]
    try:
        for curve, pen in curves:
            curve.opts["pen"] = _wider(pen, ratio)
        for line, pen in lines:
            line.currentPen = _wider(pen, ratio)
        yield
    finally:
        for curve, pen in curves:
            curve.opts["pen"] = pen
        for line, pen in lines:
            line.currentPen = pen


def _wider(pen: QPen | None, ratio: float) -> QPen | None:
    if pen is None or not pen.isCosmetic():
        return pen
    wider = QPen(pen)
    wider.setWidthF(max(pen.widthF(), 1) * ratio)
    return wider
