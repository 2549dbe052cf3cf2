"""More than two columns of numbers: each against each other, and in the diagonal how often each value occurs.

It is told what to show and knows no run and no generator.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter, QPaintEvent, QPalette, QPen, QPolygonF

from engine.i18n import number
from studio.model.scatter import Scatter
from studio.theme import SPACING
from studio.widgets.plots import point_marks
from studio.widgets.plots.plot_frame import Frame
from studio.widgets.plots.scatter_layers import ScatterLayers

_GAP = 3
_BARS = 24
_REAL, _GENERATED = 4.0, 5.0  # pixels across
_MOST = 400  # real points in a cell, and half as many generated ones: with more, nobody could tell them apart
_FEWEST = 40.0  # pixels of a cell, from which on its numbers have room


class ScatterMatrix(ScatterLayers):
    """The column of a cell runs across, its row upward; cells of the diagonal are histograms of one column."""

    def show_scatter(self, scatter: Scatter | None) -> None:
        """Show ``scatter``, or nothing."""
        self._scatter = scatter
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint cell by cell."""
        scatter = self._scatter
        if scatter is None:
            return
        painter, shown = QPainter(self), set(scatter.layers) & set(self.layers)
        for row in scatter.columns:
            for column in scatter.columns:
                frame = self._frame(scatter, row, column)
                self._paint_cell(painter, frame, scatter, (row, column), shown)
                self._paint_words(painter, frame, scatter, row, column)

    def _paint_cell(
        self, painter: QPainter, frame: Frame, scatter: Scatter, cell: tuple[int, int], shown: Collection[str]
    ) -> None:
        row, column = cell
        inks, ratio = point_marks.inks(self.palette()), self.devicePixelRatioF()
        painter.fillRect(frame.place, inks.paper)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame.place)
        if row == column:
            self._paint_bars(painter, frame, scatter, column, shown)
        else:
            both = [column, row]
            if "real" in shown:
                mark = point_marks.cross(inks.real, _REAL, ratio)
                point_marks.paint_marks(painter, mark, frame.at(scatter.real[:_MOST, both]))
            if "generated" in shown:
                mark = point_marks.disc(inks.generated, inks.text, _GENERATED, ratio)
                point_marks.paint_marks(painter, mark, frame.at(scatter.generated[: _MOST // 2, both]))
            if scatter.marked is not None:
                ring = self.palette().color(QPalette.ColorRole.Highlight)
                large = point_marks.target(inks.generated, ring, ratio)
                point_marks.paint_marks(painter, large, frame.at(scatter.marked[None, both]))
        painter.setClipping(False)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.setPen(inks.faint)
        painter.drawRect(frame.place)

    def _frame(self, scatter: Scatter, row: int, column: int) -> Frame:
        many, both = len(scatter.columns), [column, row]
        left, below = self._rim()
        width, height = (self.width() - left) / many, (self.height() - below) / many
        place = QRectF(left + column * width, row * height, width, height).adjusted(0, 0, -_GAP, -_GAP)
        return Frame(place, np.asarray(scatter.low[both], np.float64), np.asarray(scatter.high[both], np.float64))

    def _rim(self) -> tuple[float, float]:
        metrics = QFontMetricsF(self.font())
        return metrics.horizontalAdvance("−0.000") + 4, metrics.height() + 2

    def _paint_bars(
        self, painter: QPainter, frame: Frame, scatter: Scatter, column: int, shown: Collection[str]
    ) -> None:
        """Paint how often values occur: filled for real points, a line for generated ones."""
        inks = point_marks.inks(self.palette())
        edges = np.linspace(scatter.low[column], scatter.high[column], _BARS + 1)
        if "real" in shown:
            ground = QColor(inks.real)
            ground.setAlphaF(0.45)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(ground)
            painter.drawPolygon(_steps(frame, edges, _share(scatter.real[:, column], edges)))
        if "generated" in shown:
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(inks.generated, 2))
            painter.drawPolyline(_steps(frame, edges, _share(scatter.generated[:, column], edges)))

    def _paint_words(self, painter: QPainter, frame: Frame, scatter: Scatter, row: int, column: int) -> None:
        """Write the name of a column into the diagonal, and its ends along the outer edges."""
        metrics, place, inks = QFontMetricsF(self.font()), frame.place, point_marks.inks(self.palette())
        painter.setPen(inks.text)
        if row == column:
            name = metrics.elidedText(scatter.names[column], Qt.TextElideMode.ElideRight, place.width() - SPACING)
            painter.drawText(QPointF(place.left() + 4, place.top() + metrics.ascent() + 2), name)
        ends = [_short(float(scatter.low[column])), _short(float(scatter.high[column]))]
        if row == len(scatter.columns) - 1 and place.width() >= metrics.horizontalAdvance("".join(ends)) + SPACING:
            base = place.bottom() + metrics.ascent() + 2
            painter.drawText(QPointF(place.left() + _GAP, base), ends[0])
            painter.drawText(QPointF(place.right() - _GAP - metrics.horizontalAdvance(ends[1]), base), ends[1])
        if column == 0 and place.height() >= max(_FEWEST, 2 * metrics.height()):
            for value, at in ((scatter.low[row], place.bottom()), (scatter.high[row], place.top() + metrics.ascent())):
                text = _short(float(value))
                painter.drawText(QPointF(place.left() - 4 - metrics.horizontalAdvance(text), at), text)


def _short(value: float) -> str:
    return number(float(f"{value:.3g}"))


def _share(values: NDArray[np.floating], edges: NDArray[np.floating]) -> NDArray[np.float64]:
    """Return how often values ``[N]`` fall between ``edges`` ``[B + 1]``: ``[B]``, 1 at the most frequent."""
    counts = np.histogram(values[np.isfinite(values)], edges)[0].astype(np.float64)
    return counts / max(counts.max(initial=0), 1)


def _steps(frame: Frame, edges: NDArray[np.floating], shares: NDArray[np.float64]) -> QPolygonF:
    """Return the outline of bars as high as ``shares`` ``[B]`` of the frame, between ``edges`` ``[B + 1]``."""
    high = 0.8 * frame.place.height() * shares
    left, width, base = frame.place.left(), frame.place.width(), frame.place.bottom()
    across = left + width * (edges - edges[0]) / max(float(edges[-1] - edges[0]), 1e-300)
    points = [QPointF(float(across[0]), base)]
    for place, height in enumerate(high.tolist()):
        points += [QPointF(float(across[place]), base - height), QPointF(float(across[place + 1]), base - height)]
    return QPolygonF([*points, QPointF(float(across[-1]), base)])
