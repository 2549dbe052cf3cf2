"""The curves of several runs over each other, with bands and the moment that is looked at. It knows no run."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import Signal
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QWidget

from studio.guard import guarded
from studio.model.mirror import Curve, Floats
from studio.theme import SPACING
from studio.widgets.plots.log_axis import LEAST_DISTANCE, LogAxis
from studio.widgets.plots.plain_plot import PlainPlot
from studio.widgets.plots.run_inks import pen_of
from studio.widgets.plots.time_plot import PlotAxis

_BAND = 0.25  # how much of its ink a band has
_DOT = 6


@guarded
class OverlaidCurves(PlainPlot):
    """``clicked`` carries the place on the axis."""

    clicked = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._curves: Sequence[Curve] = ()
        self._scale, self._is_log = 1.0, False
        self._moment = pg.InfiniteLine(0, angle=90)
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.apply_palette()

    def show_curves(self, curves: Sequence[Curve], scale: float, *, is_log: bool = False) -> None:
        """Draw ``curves``, where ``is_log`` by orders of magnitude; ``scale`` images are one unit of the axis."""
        self._curves, self._scale, self._is_log = curves, scale, is_log
        if is_log != isinstance(self._axes["left"], LogAxis):
            self._axes["left"] = LogAxis("left") if is_log else PlotAxis("left")
            self.setAxisItems({"left": self._axes["left"]})
            self.paint_axes()
        self._draw()

    def show_moment(self, moment: float) -> None:
        """Mark the moment that is looked at, in images seen."""
        self._moment.setPos(moment / self._scale)

    def apply_palette(self) -> None:
        """Take the colors of the theme."""
        self.paint_axes()
        self._moment.setPen(pg.mkPen(self.ink(0.5), width=1))
        self._draw()

    def _draw(self) -> None:
        plot = self.getPlotItem()
        plot.clear()
        plot.addItem(self._moment)
        for curve in self._curves:
            self._draw_one(curve)
        plot.getViewBox().autoRange(padding=0.03)
        self._axes["left"].setWidth(7 * SPACING)

    def _draw_one(self, curve: Curve) -> None:
        palette, place = self.palette(), curve.numbers[0]
        x, pen = curve.x / self._scale, pen_of(place, palette)
        if len(curve.numbers) > 1:
            edges = [pg.PlotCurveItem(x, self._heights(edge), pen=None) for edge in (curve.low, curve.high)]
            ink = QColor(pen.color())
            ink.setAlphaF(_BAND)
            self.addItem(pg.FillBetweenItem(*edges, brush=ink))
        item = pg.PlotDataItem(x, self._heights(curve.mean), pen=pen, antialias=True)
        item.setDownsampling(auto=True, method="peak")
        if len(x) == 1 or not np.isfinite(curve.mean).any():
            item.setSymbol("o")
            item.setSymbolSize(_DOT)
            item.setSymbolBrush(pen.color())
        self.addItem(item)

    def _heights(self, values: Floats) -> Floats:
        return np.log10(np.maximum(values, LEAST_DISTANCE)) if self._is_log else values

    def _on_clicked(self, event: object) -> None:
        place = self.getPlotItem().getViewBox().mapSceneToView(event.scenePos())  # type: ignore[attr-defined]
        self.clicked.emit(place.x() * self._scale)
