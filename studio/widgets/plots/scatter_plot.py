"""Two columns of numbers as a plane: real and generated points, D's opinion below them, the push on each as an arrow.

It is told what to show and knows no run and no generator.
"""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QHelpEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QToolTip

from engine.i18n import number, tr
from studio.model.scatter import Scatter
from studio.text.numbers import percent
from studio.theme import SPACING
from studio.widgets.base.fitting_words import draw_words
from studio.widgets.plots import point_marks
from studio.widgets.plots.plot_frame import Frame, paint_axes, room_for_numbers
from studio.widgets.plots.scatter_layers import ScatterLayers

_REAL, _GENERATED = 5.0, 7.0  # pixels across
_ALIKE = 3.0  # times that one column spans the other, up to which both have the same scale
_CORNER = 4  # pixels between a name and the edges
_NEAR = 8.0  # pixels within which a point is under the pointer


class ScatterPlot(ScatterLayers):
    """Columns that are about equally wide have one scale: a circle is a circle. Others fill the room."""

    def __init__(self) -> None:
        super().__init__()
        self._placeholder = ""

    def show_scatter(self, scatter: Scatter | None, placeholder: str = "") -> None:
        """Show ``scatter``, which has two columns, or ``placeholder`` where there is none."""
        self._scatter, self._placeholder = scatter, placeholder
        self.update()

    def frame(self) -> Frame | None:
        """Return where the values lie in this widget, None while there is nothing to show."""
        if self._scatter is None:
            return None
        low, high = (np.asarray(edge, np.float64)[:2] for edge in (self._scatter.low, self._scatter.high))
        return Frame(self._place(high - low), low, high)

    def paintEvent(self, event: QPaintEvent) -> None:
        """Paint all layers, from D's opinion up to the arrows."""
        painter = QPainter(self)
        frame, scatter = self.frame(), self._scatter
        if frame is None or scatter is None:
            painter.setPen(self.palette().color(QPalette.ColorRole.PlaceholderText))
            draw_words(painter, self.rect(), self._placeholder)
            return
        inks, shown = point_marks.inks(self.palette()), set(scatter.layers) & set(self.layers)
        painter.fillRect(frame.place, inks.paper)
        if "field" in shown and scatter.realism is not None:
            painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
            painter.drawImage(frame.place, point_marks.field_image(scatter.realism, inks))
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        paint_axes(painter, frame, inks.faint, inks.text)
        self._paint_names(painter, frame, scatter)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(frame.place)
        self._paint_points(painter, frame, scatter, shown, inks)

    def _paint_points(
        self, painter: QPainter, frame: Frame, scatter: Scatter, shown: Collection[str], inks: point_marks.PointInks
    ) -> None:
        ratio = self.devicePixelRatioF()
        if "real" in shown:
            point_marks.paint_marks(painter, point_marks.cross(inks.real, _REAL, ratio), frame.at(scatter.real))
        if "push" in shown and scatter.push is not None:
            point_marks.paint_arrows(painter, inks.text, frame, scatter.generated[: len(scatter.push)], scatter.push)
        if "generated" in shown:
            point_marks.paint_ways(painter, inks.generated, frame, scatter.ways)
            mark = point_marks.disc(inks.generated, inks.text, _GENERATED, ratio)
            point_marks.paint_marks(painter, mark, frame.at(scatter.generated))
        if scatter.marked is not None:
            large = point_marks.target(inks.generated, self.palette().color(QPalette.ColorRole.Highlight), ratio)
            point_marks.paint_marks(painter, large, frame.at(scatter.marked[None]))

    def _paint_names(self, painter: QPainter, frame: Frame, scatter: Scatter) -> None:
        """Write the names of the columns into two corners of the plane, which so has all the room there is."""
        metrics, place = QFontMetricsF(painter.font()), frame.place
        names = (metrics.elidedText(it, Qt.TextElideMode.ElideRight, place.width() / 2) for it in scatter.names[:2])
        x_name, y_name = names
        corner = QPointF(place.right() - metrics.horizontalAdvance(x_name) - _CORNER, place.bottom() - _CORNER)
        painter.drawText(corner, x_name)
        painter.drawText(QPointF(place.left() + _CORNER, place.top() + metrics.ascent() + _CORNER / 2), y_name)

    def _place(self, span: NDArray[np.float64]) -> QRectF:
        metrics = QFontMetricsF(self.font())
        left, below = room_for_numbers(metrics)
        place = QRectF(self.rect()).adjusted(left, metrics.height() / 2, -2 * SPACING, -below)
        if not (span > 0).all() or not span.max() <= _ALIKE * span.min():
            return place
        scale = min(place.width() / span[0], place.height() / span[1])
        alike = QRectF(0, 0, scale * span[0], scale * span[1])
        alike.moveCenter(place.center())
        return alike

    def event(self, event: QEvent) -> bool:
        """Read the point under the pointer, or what D says there."""
        if isinstance(event, QHelpEvent) and event.type() == QEvent.Type.ToolTip:
            QToolTip.showText(event.globalPos(), self.told_at(QPointF(event.pos())), self)
            return True
        return super().event(event)

    def told_at(self, at: QPointF) -> str:
        """Return what can be read at a place of this widget, nothing beside the plane."""
        frame, scatter = self.frame(), self._scatter
        if frame is None or scatter is None or not frame.place.contains(at):
            return ""
        value, lines = frame.value(at), []
        for title, points in ((tr("Generated"), scatter.generated), (tr("Real"), scatter.real)):
            away = np.hypot(*(frame.at(points) - [at.x(), at.y()]).T)
            if len(away) and np.nanmin(away) <= _NEAR:
                value = points[int(np.nanargmin(away))]
                lines.append(title)
                break
        names = zip(scatter.names, value.tolist(), strict=True)
        lines += [f"{name}: {number(float(f'{each:.4g}'))}" for name, each in names]
        if scatter.realism is not None:
            lines.append(tr("D takes it to be real: {share}", share=percent(_at(scatter, value))))
        return "\n".join(lines)


def _at(scatter: Scatter, value: NDArray[np.floating]) -> float:
    """Return D's opinion at a place ``[2]``."""
    assert scatter.realism is not None
    rows, columns = scatter.realism.shape
    share = (value - scatter.low) / np.maximum(scatter.high - scatter.low, 1e-300)
    column, row = (min(max(int(part * many), 0), many - 1) for part, many in zip(share, (columns, rows), strict=True))
    return float(scatter.realism[row, column])
