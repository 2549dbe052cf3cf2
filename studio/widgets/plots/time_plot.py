"""A plot over epochs: thinned raw curves behind smooth ones, zoom, hover and click. It knows no run."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pyqtgraph as pg
from PySide6.QtCore import QRectF, Qt, Signal
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter, QPalette
from PySide6.QtWidgets import QApplication, QWidget

from engine.i18n import language, number
from engine.large_numbers import ticks
from studio.guard import guarded
from studio.theme import SPACING, blend
from studio.widgets.plots.curve_math import Floats, dashes, lone, peaks
from studio.widgets.plots.plot_marks import Inks, Marks, MarksItem
from studio.widgets.plots.scaled_plot import ScaledPlot
from studio.widgets.plots.unused_menu import tie_menu

Dash = tuple[int, int]
_DOT, _EDGE = 6, 6  # pixels
_BELOW = 0.4  # of the letters: the lowest number of the left axis reaches below it


@guarded
class _Box(pg.ViewBox):
    """Drag draws a box to zoom into, the wheel zooms the epochs, the middle or right button moves them.

    Where the mouse is disabled, drag and wheel are left to whoever lies around the plot.
    """

    clicked = Signal(float)
    hovered = Signal(object)

    def __init__(self, zooms_y: bool) -> None:
        super().__init__(enableMenu=False, defaultPadding=0.0)
        self.setMouseMode(pg.ViewBox.RectMode)
        self.setMouseEnabled(x=True, y=zooms_y)
        self.disableAutoRange()

    def wheelEvent(self, event: object, axis: int | None = None) -> None:
        super().wheelEvent(event, axis=axis or 0)

    def mouseDragEvent(self, event: object, axis: int | None = None) -> None:
        if not any(self.mouseEnabled()):
            event.ignore()  # type: ignore[attr-defined]
            return
        if event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            super().mouseDragEvent(event, axis=axis)
            return
        event.accept()  # type: ignore[attr-defined]
        moved = self.mapToView(event.lastPos()) - self.mapToView(event.pos())  # type: ignore[attr-defined]
        self.translateBy(x=moved.x())
        self.sigRangeChangedManually.emit([True, False])

    def showAxRect(self, ax: QRectF, **kwargs: object) -> None:
        box, zooms_y = ax.normalized(), self.mouseEnabled()[1]
        if box.width() <= 0 or box.height() <= 0:
            return
        self.setXRange(box.left(), box.right(), padding=0)
        if zooms_y:
            self.setYRange(box.top(), box.bottom(), padding=0)
        self.sigRangeChangedManually.emit([True, zooms_y])

    def mouseClickEvent(self, event: object) -> None:
        if event.button() == Qt.MouseButton.LeftButton:  # type: ignore[attr-defined]
            event.accept()  # type: ignore[attr-defined]
            self.clicked.emit(self.mapToView(event.pos()).x())  # type: ignore[attr-defined]

    def hoverEvent(self, event: object) -> None:
        leaves = event.isExit()  # type: ignore[attr-defined]
        self.hovered.emit(None if leaves else self.mapToView(event.pos()).x())  # type: ignore[attr-defined]


@guarded
class PlotAxis(pg.AxisItem):
    """Tick numbers in the person's format, as percent where asked."""

    def __init__(self, orientation: str, percent: bool = False) -> None:
        super().__init__(orientation, maxTickLength=-4)
        self._percent = percent
        self._painted_in, self.picture = language(), None
        self.enableAutoSIPrefix(False)
        self.setStyle(hideOverlappingLabels=False)
        if percent:
            self.setTickSpacing(0.5, 0.25)
            self.setStyle(maxTextLevel=0)

    def tickStrings(self, values: Sequence[float], scale: float, spacing: float) -> list[str]:
        """Return the numbers beside the ticks at ``values``, which lie ``spacing`` apart."""
        if self._percent:
            # Above 100% there is only room for a legend.
            return [number(value, ".0%") if value <= 1 else "" for value in values]
        return ticks([float(value) for value in values], spacing)

    def tickValues(self, minVal: float, maxVal: float, size: float) -> list[tuple[float, list[float]]]:
        """Return the ticks that have room: in a small plot every second number, or fewer, so that each can be read."""
        levels = super().tickValues(minVal, maxVal, size)
        spacing, values = levels[0] if levels else (0.0, [])
        if len(values) < 2 or size <= 0:
            return levels
        stride = math.ceil(self._room_for(values, spacing) * (maxVal - minVal) / (spacing * size) - 1e-9)
        if stride < 2:
            return levels
        return [(spacing * stride, [value for value in values if round(value / spacing) % stride == 0])]

    def paint(self, painter: QPainter, option: object, widget: QWidget | None) -> None:
        """Paint it from its picture, which holds the numbers of one language."""
        if self._painted_in != language():
            self._painted_in, self.picture = language(), None
        super().paint(painter, option, widget)

    def drawPicture(self, painter: QPainter, axis: tuple, ticks: Sequence[tuple], texts: Sequence[tuple]) -> None:
        """Draw lines as wide as they say in pixels of the window, of which pyqtgraph makes pixels of the screen."""
        for line in (axis, *ticks):
            line[0].setCosmetic(False)
        super().drawPicture(painter, axis, ticks, texts)

    def _room_for(self, values: Sequence[float], spacing: float) -> float:
        """Return how many pixels the largest of the numbers takes along the axis."""
        metrics = QFontMetrics(self.style["tickFont"] or QApplication.font())
        if self.orientation == "left":
            return 0.8 * metrics.height()  # digits have no strokes below the line
        return max(map(metrics.horizontalAdvance, self.tickStrings(values, 1.0, spacing))) + SPACING // 2


@guarded
class _Curve(pg.PlotCurveItem):
    """A curve that does not search its points for its bounds each time it is drawn: a third of the whole cost."""

    def boundingRect(self) -> QRectF:
        box = self.getViewBox()
        return box.viewRect() if isinstance(box, pg.ViewBox) else QRectF()


class TimePlot(ScaledPlot):
    """Curves over epochs, each faint as it is and thick as smoothed."""

    clicked = Signal(float)
    """The epoch at which the person clicked."""
    hovered = Signal(object)
    """The epoch under the mouse, None when it leaves."""
    zoomed = Signal(bool, bool)
    """The person changed the range of (epochs, values)."""

    def __init__(
        self,
        dash: Sequence[Dash],
        marks: Marks,
        *,
        percent: bool = False,
        top: bool = False,
        left: PlotAxis | None = None,
    ) -> None:
        """``dash``: one (drawn, left out) per curve; ``top``: carries the symbols, another plot the epoch numbers.

        ``left``: another axis for the values.
        """
        self.box = _Box(zooms_y=not percent)
        axes = {"left": left or PlotAxis("left", percent), "bottom": PlotAxis("bottom")}
        super().__init__(viewBox=self.box, axisItems=axes, enableMenu=False)
        tie_menu(self)
        self._axes = axes
        self._dash = tuple(dash)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setFrameShape(self.Shape.NoFrame)
        self.hideButtons()
        self.number_epochs(not top)
        self._raw = [_Curve(connect="finite") for _ in dash]
        self._smooth = [_Curve(antialias=True, skipFiniteCheck=True) for _ in dash]
        for curve in self._raw + self._smooth:
            curve.setSegmentedLineMode("on" if curve in self._smooth else "off")
            self.addItem(curve, ignoreBounds=True)
        self.dots = [pg.ScatterPlotItem(size=_DOT, pen=None) for _ in dash]
        for dots in self.dots:
            self.addItem(dots, ignoreBounds=True)
        self.marks_item = MarksItem(self.box, marks, symbols=top)
        self.box.clicked.connect(self.clicked)
        self.box.hovered.connect(self.hovered)
        self.box.sigRangeChangedManually.connect(lambda mask: self.zoomed.emit(bool(mask[0]), bool(mask[1])))

    def number_epochs(self, shown: bool) -> None:
        """Write the numbers of the epochs below the plot, or draw its lower edge alone."""
        self._axes["bottom"].setStyle(showValues=shown)
        self._give_room()

    def _give_room(self) -> None:
        """Let whole numbers fit below the plot: pyqtgraph leaves out a fifth of them, which a comma reaches into."""
        axis = self._axes["bottom"]
        letters = QFontMetrics(axis.style["tickFont"] or self.font()).height()
        shown = axis.style["showValues"]
        axis.setHeight(letters + axis.style["tickTextOffset"][1] if shown else max(_EDGE, _BELOW * letters))

    def draw(self, x: Floats, raw: Floats, smooth: Floats) -> None:
        """Show curves ``[curves, rows]`` at ascending epochs ``x`` ``[rows]``; rows between two pixels cost little.

        A value that no line leads to is a dot.
        """
        first, last = self.box.viewRange()[0]
        columns = max(int(self.box.width()), 1)
        for place, dash in enumerate(self._dash):
            self._raw[place].setData(*peaks(x, raw[place], first, last, columns))
            xs, ys, connect = dashes(x, smooth[place], first, last, columns, dash)
            self._smooth[place].setData(xs, ys, connect=connect)
            self._show_dots(self.dots[place], *lone(x, smooth[place], first, last, columns))
        self.marks_item.update()

    @staticmethod
    def _show_dots(dots: pg.ScatterPlotItem, xs: Floats, ys: Floats) -> None:
        """Show dots, of which there are hardly ever any: an empty item that is visible costs as much as a curve."""
        if len(xs) or dots.isVisible():
            dots.setData(xs, ys)
            dots.setVisible(len(xs) > 0)

    def set_colors(self, colors: Sequence[QColor], palette: QPalette) -> None:
        """Draw the curves in ``colors`` and everything else from ``palette``."""
        inks = Inks.of(palette)
        self.setBackground(inks.paper)
        for axis in self._axes.values():
            axis.setPen(blend(inks.text, inks.paper, 0.3))
            axis.setTextPen(inks.text)
        for color, raw, smooth, dots in zip(colors, self._raw, self._smooth, self.dots, strict=True):
            dots.setBrush(pg.mkBrush(color))
            raw.setPen(pg.mkPen(blend(color, inks.paper, 0.35), width=1))
            smooth.setPen(pg.mkPen(color, width=2))
        self.marks_item.inks = inks
        self.marks_item.update()

    def set_text_style(self, font: QFont) -> None:
        """Use ``font`` and the current language's numbers; the left axis gets the same width in every plot."""
        for axis in self._axes.values():
            axis.setStyle(tickFont=font)
            axis.picture = None
            axis.update()
        beyond = max(
            QFontMetrics(font).horizontalAdvance("100") // 2, SPACING + SPACING // 2
        )  # half of the last number
        self.getPlotItem().layout.setContentsMargins(0, SPACING, beyond, 0)
        widest = max(map(QFontMetrics(font).horizontalAdvance, ("−00,00", ticks([-888_000.0], 1000.0)[0])))
        self._axes["left"].setWidth(widest + SPACING)
        self._give_room()
        self.marks_item.font = font
        self.marks_item.update()

    def plotting_area(self, widget: QWidget) -> QRectF:
        """Return the plotting area in pixels of ``widget``, a parent of this plot."""
        area = self.mapFromScene(self.box.sceneBoundingRect()).boundingRect()
        return QRectF(self.viewport().mapTo(widget, area.topLeft()), area.size())
