"""Two plots over the same epochs that zoom and follow together. It knows no run and no text."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QColor, QFont, QPalette
from PySide6.QtWidgets import QWidget

from studio.model.findings import Span
from studio.widgets.plots.curve_math import Floats, SmoothedTable, robust_range, visible
from studio.widgets.plots.plot_marks import Marks
from studio.widgets.plots.time_plot import Dash, TimePlot

_SMALLEST_ZOOM = 0.02  # epochs
_MOST_FREE = 0.5  # of a plot's height
_PERCENT_RANGE = (-0.04, 1.04)  # a little air, so that curves at 0% and 100% are seen whole


class PlotPair(QObject):
    """``upper`` shows the first two series and finds its own value range, ``lower`` the last two from 0 to 100%.

    Both show all epochs until the person zooms, and follow again after ``fit``. ``lower`` can give way; what is shaded
    in it is shaded in ``upper`` then.
    """

    clicked = Signal(float)
    """The epoch at which the person clicked."""
    hovered = Signal(object)
    """The epoch under the mouse, None when it leaves."""
    moved = Signal()
    """The epochs shown, or the pixels where they are shown, changed."""
    zoom_changed = Signal(bool)
    """Whether the person has taken over a range."""

    def __init__(self, dash: Sequence[Dash], marks: Marks, parent: QObject | None = None) -> None:
        """``dash``: (pixels drawn, pixels left out) of each of the four curves."""
        super().__init__(parent)
        self.upper = TimePlot(dash[:2], marks, top=True)
        self.lower = TimePlot(dash[2:], marks, percent=True)
        self.plots = (self.upper, self.lower)
        self._x: Floats = np.empty(0)
        self._raw = self._smooth = np.empty((len(dash), 0))
        self._total = 1.0
        self._zoomed_x = self._zoomed_y = False
        self._free = 0
        self._room: tuple[float, float] | None = None
        self._spans: tuple[list[Span], list[Span]] = ([], [])
        self.lower.getPlotItem().setXLink(self.upper.getPlotItem())
        self._show_percent()
        for plot in self.plots:
            plot.clicked.connect(self.clicked)
            plot.hovered.connect(self.hovered)
            plot.zoomed.connect(self._on_zoomed)
        self.upper.box.sigXRangeChanged.connect(self._on_moved)
        self.upper.box.sigResized.connect(self._on_moved)
        for plot in self.plots:
            plot.box.sigResized.connect(self._on_resized)

    def show_table(self, x: Floats, table: SmoothedTable, total: float) -> None:
        """Show ``table`` of four series at ascending epochs ``x`` ``[N]``; the axis ends at ``total`` epochs."""
        self._x, self._raw, self._smooth = x, table.raw, table.smooth  # as long as x, however the table grows
        if total != self._total:
            self._total = total
            for plot in self.plots:
                plot.box.setLimits(xMin=0.0, xMax=total, minXRange=min(_SMALLEST_ZOOM, total))
        self._follow()
        self._draw()

    def fit(self) -> None:
        """Show everything again, and follow."""
        self._zoomed_x = self._zoomed_y = False
        self._follow()
        self._draw()
        self.zoom_changed.emit(False)

    def x_range(self, widget: QWidget) -> tuple[float, float, float, float]:
        """Return (first epoch, last epoch, left pixel, right pixel) of the plotting area in ``widget``."""
        (first, last), _ = self.upper.box.viewRange()
        area = self.upper.plotting_area(widget)
        return float(first), float(last), area.left(), area.right()

    @property
    def epochs_per_pixel(self) -> float:
        """How many epochs lie within one pixel."""
        first, last = self.upper.box.viewRange()[0]
        return float(last - first) / max(self.upper.box.width(), 1.0)

    def set_dots(self, dots: Sequence[tuple[float, QColor]]) -> None:
        """Put the value under the cursor on each of the four curves, or none."""
        self.upper.marks_item.dots, self.lower.marks_item.dots = list(dots[:2]), list(dots[2:])

    def set_spans(self, upper: list[Span], lower: list[Span]) -> None:
        """Shade the epochs in which something is wrong."""
        self._spans = upper, lower
        self.upper.marks_item.set_spans([*upper, *lower] if self.lower.isHidden() else upper)
        self.lower.marks_item.set_spans(lower)

    def show_lower(self, shown: bool) -> None:
        """Show both plots, or the upper one alone, which then has the numbers of the epochs."""
        if shown == self.lower.isHidden():
            self.lower.setVisible(shown)
            self.upper.number_epochs(not shown)
            self.set_spans(*self._spans)

    def leave_free(self, pixels: int) -> None:
        """Let the curves leave so many pixels free above them."""
        if pixels != self._free:
            self._free = pixels
            self._show_percent()
            self._follow()

    def leave_room_for(self, values: tuple[float, float] | None) -> None:
        """Let ``upper`` show these values (low, high), too, wherever its curves are."""
        if values != self._room:
            self._room = values
            self._follow()

    def _show_percent(self) -> None:
        low, high = _PERCENT_RANGE
        self.lower.box.setYRange(low, self._with_air(self.lower, low, high), padding=0)

    def _with_air(self, plot: TimePlot, low: float, high: float) -> float:
        """Return the upper end of a range in which ``high`` lies below the pixels that are to be free."""
        share = min(self._free / max(plot.box.height(), 1.0), _MOST_FREE)
        return high + (high - low) * share / (1 - share)

    def repaint_marks(self) -> None:
        """Show the marks as they are now."""
        for plot in self.plots:
            plot.marks_item.update()

    def repaint_marks_at(self, *epochs: float | None) -> None:
        """Show a mark that has gone from one of ``epochs`` to another."""
        for plot in self.plots:
            plot.marks_item.update_at(*epochs)

    def set_colors(self, colors: Sequence[QColor], palette: QPalette) -> None:
        """Take the colors of the four curves, and everything else from ``palette``."""
        self.upper.set_colors(colors[:2], palette)
        self.lower.set_colors(colors[2:], palette)

    def set_text_style(self, font: QFont) -> None:
        """Use ``font`` and the current language's numbers."""
        for plot in self.plots:
            plot.set_text_style(font)

    def _follow(self) -> None:
        """Set every range that the person has not taken over."""
        box = self.upper.box
        if not self._zoomed_x:
            box.setXRange(0.0, self._total, padding=0)
        if self._zoomed_y:
            return
        rows = visible(self._x, *box.viewRange()[0])
        low, high = robust_range(self._raw[:2, rows], self._smooth[:2, rows])
        if self._room is not None:
            low, high = min(low, self._room[0]), max(high, self._room[1])
        high = self._with_air(self.upper, low, high)
        if [low, high] != box.viewRange()[1]:
            box.setYRange(low, high, padding=0)

    def _draw(self) -> None:
        self.upper.draw(self._x, self._raw[:2], self._smooth[:2])
        self.lower.draw(self._x, self._raw[2:], self._smooth[2:])

    def _on_zoomed(self, epochs: bool, values: bool) -> None:
        self._zoomed_x |= epochs
        self._zoomed_y |= values
        self._follow()
        self._draw()
        self.zoom_changed.emit(True)

    def _on_resized(self) -> None:
        self._show_percent()
        self._follow()

    def _on_moved(self) -> None:
        self._draw()
        self.moved.emit()
