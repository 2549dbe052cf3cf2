"""Draws what made trials of a search good or bad: lines over all knobs, points over one or two, bars of importance.

A click chooses the trial nearest to it; what is chosen is drawn in the color of the selection, and thicker.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from engine.i18n import number
from engine.search.why import Axis, Contour, Line, Slice
from studio.guard import guarded
from studio.part_keys import WHY_WALK
from studio.theme import SPACING, blend, color
from studio.widgets.plots.plain_plot import PlainPlot

_DOT = 9
_NEAR = 24  # pixels, within which a click means a trial
_FAINT = 0.45
_SHADES = 8
_BREAK = (np.nan, np.nan)  # between two lines of a curve


@guarded
class WhyPlot(PlainPlot):
    """``chosen`` carries the numbers of the trials that a person points at."""

    chosen = Signal(list)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.numbers: list[int] = []
        """The trials that are drawn, from the left to the right where they have an order."""
        self.lines: list[NDArray[np.float64]] = []  # of each of them, its points (x, y)
        self.selected: set[int] = set()
        self._shares: NDArray[np.float64] = np.empty(0)  # how good each is, from 0 (best) to 1
        self._draw_again = self.clear_all
        self.scene().sigMouseClicked.connect(self._on_clicked)
        self.apply_palette()

    # --- what is drawn

    def clear_all(self) -> None:
        """Draw nothing."""
        self.getPlotItem().clear()
        self.numbers, self.lines, self._draw_again = [], [], self.clear_all

    def show_parallel(self, axes: Sequence[Axis], lines: Sequence[Line], shares: NDArray[np.float64]) -> None:
        """Draw each trial as a line over all ``axes``; ``shares`` ``[N]`` says how good each is (0 is the best)."""
        self._begin([line.number for line in lines], shares)
        self._draw_again = lambda: self.show_parallel(axes, lines, shares)
        plot = self.getPlotItem()
        metrics, room = self.fontMetrics(), int(self.width() / max(len(axes), 1)) - 2 * SPACING
        titles = [metrics.elidedText(axis.title, Qt.TextElideMode.ElideMiddle, room) for axis in axes]
        self._name_axes(list(enumerate(titles)), [], "", "")
        for place, axis in enumerate(axes):
            plot.addItem(pg.InfiniteLine(place, pen=self._pen(self.ink(0.35))))
            for at, text in [axis.ticks[0], axis.ticks[-1]] if axis.ticks else []:
                self._write(text, place, at, (0.5, 1.15 if at > 0.5 else -0.15))
        for line in lines:
            points = [(place, at) for place, at in enumerate(line.positions) if at is not None]
            self.lines.append(np.array(points, np.float64).reshape(-1, 2))
        for places in self._alike():
            drawn = np.concatenate([np.vstack([self.lines[place], _BREAK]) for place in places])
            pen = self._pen(self._ink_of(places[0]), 4 if self.numbers[places[0]] in self.selected else 1.5)
            curve = pg.PlotCurveItem(drawn[:, 0], drawn[:, 1], pen=pen, antialias=True, connect="finite")
            curve.setSegmentedLineMode("on")  # one path of so many lines is stroked twice as slowly
            plot.addItem(curve, ignoreBounds=True)
        letters = 1.5 * metrics.height()  # above and below the lines, and as much under them for the titles
        air = letters / max(self.height() - 3.5 * letters, letters)
        self.setRange(xRange=(-0.45, len(axes) - 0.55), yRange=(-air, 1 + air), padding=0)

    def show_slice(self, drawn: Slice, title: str, shares: NDArray[np.float64]) -> None:
        """Draw each trial as a point: its value of one knob, and its measure; ``shares`` ``[N]`` as above."""
        self._begin(list(drawn.numbers), shares)
        self._draw_again = lambda: self.show_slice(drawn, title, shares)
        is_log = len(drawn.values) > 0 and drawn.values.min() > 0
        heights = np.log10(drawn.values) if is_log else drawn.values
        self.lines = [np.array([[x, y]]) for x, y in zip(drawn.positions, heights, strict=True)]
        low, high = (float(heights.min()), float(heights.max())) if len(heights) else (0.0, 1.0)
        ticks = [(float(at), number(float(f"{10**at if is_log else at:.3g}"))) for at in np.linspace(low, high, 5)]
        self._name_axes(list(drawn.axis.ticks), ticks, drawn.axis.title, title)
        self._draw_points()
        air = 0.1 * (high - low) or 0.5
        self.setRange(xRange=(0, 1), yRange=(low - air, high + air), padding=0.05)

    def show_contour(self, drawn: Contour, shares: NDArray[np.float64], is_better_higher: bool) -> None:
        """Draw the measure over two knobs as a map, green where it is good, trials as points; ``shares`` ``[N]``."""
        self._begin(list(drawn.numbers), shares)
        self._draw_again = lambda: self.show_contour(drawn, shares, is_better_higher)
        surface = drawn.surface
        if len(drawn.values) and np.isfinite(surface).all():
            heights = np.log(surface) if surface.min() > 0 else surface
            span = float(np.ptp(heights)) or 1.0
            good = (heights.max() - heights) / span
            image = pg.ImageItem(self._map(1.0 - good if is_better_higher else good), axisOrder="row-major")
            image.setRect(0, 0, 1, 1)
            self.getPlotItem().addItem(image)
        self.lines = [point.reshape(1, 2) for point in drawn.points]
        self._name_axes(list(drawn.x.ticks), list(drawn.y.ticks), drawn.x.title, drawn.y.title)
        self._draw_points()
        self.setRange(xRange=(0, 1), yRange=(0, 1), padding=0.05)

    def show_importance(self, names: Sequence[str], shares: Sequence[float]) -> None:
        """Draw a bar for each knob, the most important one on top."""
        self._begin([], np.empty(0))
        self._draw_again = lambda: self.show_importance(names, shares)
        rows = np.arange(len(names))[::-1]
        bars = pg.BarGraphItem(
            x0=0, y=rows, height=0.6, width=np.array(shares) * 100, brush=color("real"), pen=self._pen(self.ink(0.5))
        )
        self.getPlotItem().addItem(bars)
        for row, share in zip(rows, shares, strict=True):
            self._write(number(share, ".0%"), 100 * share, float(row), (0.0, 0.5))
        shares_named = [(at, number(at / 100, ".0%")) for at in range(0, 101, 20)]
        self._name_axes(shares_named, list(zip(map(float, rows), names, strict=True)), "", "")
        self.setRange(xRange=(0, 108), yRange=(-0.6, len(names) - 0.4), padding=0.02)

    def select(self, numbers: Sequence[int]) -> None:
        """Draw these trials as chosen."""
        if set(numbers) != self.selected:
            self.selected = set(numbers)
            self._draw_again()

    def apply_palette(self) -> None:
        """Take the colors of the theme."""
        self.paint_axes()
        self._draw_again()

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Give the texts the room that there is now."""
        super().resizeEvent(event)
        if hasattr(self, "_draw_again"):
            self._draw_again()

    # --- hands

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Go from trial to trial with the arrows."""
        number = WHY_WALK.nth(event)
        if number is None or not self.numbers:
            event.ignore()
            return
        way = (-1, 1)[number]
        order = sorted(self.numbers)
        now = next((order.index(each) for each in order if each in self.selected), -1 if way > 0 else 0)
        self.chosen.emit([order[(now + way) % len(order)]])

    def _on_clicked(self, event: object) -> None:
        point = event.scenePos()  # type: ignore[attr-defined]
        place = self.nearest(point.x(), point.y())
        with_others = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)  # type: ignore[attr-defined]
        picked = {self.numbers[place]} if place is not None else set()
        self.chosen.emit(sorted(self.selected ^ picked if with_others else picked))

    def nearest(self, x: float, y: float) -> int | None:
        """Return which of the trials drawn is near the point of the scene, None where there is none."""
        box, best = self.getPlotItem().getViewBox(), (float(_NEAR), None)
        for place, points in enumerate(self.lines):
            seen = np.array([(p.x(), p.y()) for p in (box.mapViewToScene(pg.Point(*each)) for each in points)])
            if len(seen):
                away = _distance(np.array([x, y]), seen)
                best = min(best, (away, place), key=lambda each: each[0])  # type: ignore[assignment]
        return best[1]

    # --- inside

    def _begin(self, numbers: list[int], shares: NDArray[np.float64]) -> None:
        self.getPlotItem().clear()
        self.numbers, self.lines, self._shares = numbers, [], shares

    def _name_axes(
        self, below: Sequence[tuple[float, str]], left: Sequence[tuple[float, str]], x_title: str, y_title: str
    ) -> None:
        for name, ticks, title in (("bottom", below, x_title), ("left", left, y_title)):
            axis = self._axes[name]
            axis.setTicks([list(ticks)])
            axis.setLabel(title or None)
            axis.showLabel(bool(title))
        letters = max((self.fontMetrics().horizontalAdvance(text) for _, text in left), default=0)
        line = self.fontMetrics().height()
        self._axes["left"].setWidth(letters + (line if y_title else 0) + 3 * SPACING)
        self._axes["bottom"].setHeight(line * (2 if x_title else 1) + SPACING)

    def _alike(self) -> list[list[int]]:
        """Return the places of the trials in groups that are drawn alike, and as one: the worst first, the chosen last.

        A line of its own for each would take the window a millisecond, and nobody tells so many shades apart.
        """
        ranks = [_SHADES if each in self.selected else int((1 - self._shares[place]) * (_SHADES - 1))
                 for place, each in enumerate(self.numbers)]  # fmt: skip
        return [[place for place, own in enumerate(ranks) if own == rank] for rank in sorted(set(ranks))]

    def _draw_points(self) -> None:
        if not self.lines:
            return
        points = np.concatenate(self.lines)
        is_chosen = [each in self.selected for each in self.numbers]
        self.getPlotItem().addItem(
            pg.ScatterPlotItem(
                points[:, 0],
                points[:, 1],
                size=[_DOT + 7 * chosen for chosen in is_chosen],
                brush=[self._ink_of(place) for place in range(len(points))],
                pen=self._pen(self.ink(1.0)),
            )
        )

    def _ink_of(self, place: int) -> QColor:
        """Return green for the best and gray for the worst; what is chosen has the color of the selection."""
        if self.numbers[place] in self.selected:
            return self.palette().color(QPalette.ColorRole.Highlight)
        good = 1.0 - float(self._shares[place])
        return blend(color("good"), blend(color("real"), self.palette().color(QPalette.ColorRole.Base), _FAINT), good)

    def _map(self, good: NDArray[np.float64]) -> NDArray[np.uint8]:
        paper = self.palette().color(QPalette.ColorRole.Base)
        ends = np.array([[ink.red(), ink.green(), ink.blue()] for ink in (paper, color("good"))], np.float64)
        mixed = ends[0] + good[..., None] ** 2 * (ends[1] - ends[0])
        return mixed.round().astype(np.uint8)

    def _pen(self, ink: QColor, width: float = 1) -> object:
        return pg.mkPen(ink, width=width)

    def _write(self, text: str, x: float, y: float, anchor: tuple[float, float]) -> None:
        item = pg.TextItem(text, color=self.palette().color(QPalette.ColorRole.Text), anchor=anchor)
        item.setFont(self.font())
        item.setPos(x, y)
        self.getPlotItem().addItem(item, ignoreBounds=True)


def _distance(point: NDArray[np.float64], line: NDArray[np.float64]) -> float:
    """Return how far ``point`` is from the pieces of ``line``."""
    if len(line) == 1:
        return float(np.hypot(*(line[0] - point)))
    begin, way = line[:-1], np.diff(line, axis=0)
    share = ((point - begin) * way).sum(1) / np.maximum((way**2).sum(1), 1e-12)
    foot = begin + np.clip(share, 0.0, 1.0)[:, None] * way
    return float(np.hypot(*(foot - point).T).min())
