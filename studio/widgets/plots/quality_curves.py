"""What the judge said over the epochs, as three small plots with their legends. It knows no run but its judgments.

It imports pyqtgraph: whoever wants a window quickly imports it later.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.events import Quality
from engine.i18n import tr
from studio import theme
from studio.model.findings import Span
from studio.widgets.base.view import View
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.plots.curve_math import Floats
from studio.widgets.plots.log_axis import LEAST_DISTANCE, LogAxis
from studio.widgets.plots.plot_legend import LegendRow
from studio.widgets.plots.plot_marks import Marks
from studio.widgets.plots.time_plot import Dash, TimePlot

_SOLID: Dash = (1, 0)
_DASHED: Dash = (9, 5)
_DOTTED: Dash = (3, 3)
_SERIES = (("frechet",), ("recall", "precision"), ("accuracy", "low_confidence"))
_DASHES = ((_SOLID,), (_SOLID, _DASHED), (_SOLID, _DOTTED))
_ROLES: tuple[tuple[theme.Role, ...], ...] = (("generator",), ("generator", "generator"), ("generator", "trouble"))
_PERCENT_RANGE = (-0.06, 1.06)
_HEIGHTS = (16 * theme.SPACING, 11 * theme.SPACING, 11 * theme.SPACING)
_BAND_SHARE = 0.4
_NAMES_SHARE = 0.4  # of the height above names: in trouble, curves run near the top and the bottom
_AIR = 1.02  # so that the dot at the last epoch is whole


class QualityCurves(View):
    """Fréchet distance with its interval and floor, variety and fidelity, and how samples are read."""

    epoch_picked = Signal(float)
    """The person clicked at this epoch."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("quality_curves")
        self.marks = Marks()
        first = TimePlot(_DASHES[0], self.marks, left=LogAxis("left"))
        self._plots = (first, *(TimePlot(dash, self.marks, percent=True) for dash in _DASHES[1:]))
        self._legends = tuple(tuple(LegendRow(dash) for dash in dashes) for dashes in _DASHES)
        self._real = LegendRow(_DASHED)
        self._axis_title = QLabel()
        self._axis_title.setAlignment(Qt.AlignmentFlag.AlignRight)
        self.band = pg.PlotCurveItem(pen=None, fillLevel="enclosed")
        self.band.setZValue(-10)
        self.floor = pg.InfiniteLine(angle=0)
        for item in (self.band, self.floor):
            first.addItem(item, ignoreBounds=True)
        self._shown: tuple[tuple[Quality, ...], int, float] = ((), 1, 1.0)
        self._epochs: Floats = np.empty(0)
        self._lay_out()
        self.retranslate()
        self.apply_palette()

    def _lay_out(self) -> None:
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for number, plot in enumerate(self._plots):
            row = WrappingLayout(spacing=theme.SPACING, is_filled=False)  # of large text, one below the other
            for legend in (*self._legends[number], *((self._real,) if number == 0 else ())):
                row.addWidget(legend)
            column.addLayout(row)
            column.addWidget(plot)
            plot.setFixedHeight(_HEIGHTS[number])
            plot.marks_item.names_share = _NAMES_SHARE
            plot.box.setMouseEnabled(x=False, y=False)  # the wheel scrolls the panel
            plot.clicked.connect(self._on_clicked)
            plot.box.sigResized.connect(self._draw)
            if number:
                plot.box.setYRange(*_PERCENT_RANGE, padding=0)
        column.addWidget(self._axis_title)

    def show_qualities(self, qualities: Sequence[Quality], image_count: int, total_epochs: float) -> None:
        """Show ``qualities`` in the order of training over 0 to ``total_epochs``; drawn anew only where they differ."""
        if (wanted := (tuple(qualities), image_count, total_epochs)) == self._shown:
            return
        self._shown = wanted
        self._epochs = np.array([quality.images_seen / image_count for quality in qualities])
        for plot in self._plots:
            plot.box.setXRange(0.0, _AIR * max(total_epochs, *self._epochs, 1e-6), padding=0)
        self._show_reading()
        self._draw()

    def look_at(self, quality: Quality) -> None:
        """Put a dot at ``quality``, one of those shown, on each curve."""
        before, self.marks.cursor = self.marks.cursor, quality.images_seen / self._shown[1]
        for plot, names, roles in zip(self._plots, _SERIES, _ROLES, strict=True):
            values = (_value(quality, name) for name in names)
            plot.marks_item.dots = list(zip(values, map(theme.color, roles), strict=True))
            plot.marks_item.update_at(before, self.marks.cursor)

    def show_spans(self, frechet: list[Span], spread: list[Span], reading: list[Span]) -> None:
        """Shade the epochs in which something is wrong, on each of the three plots."""
        for plot, spans in zip(self._plots, (frechet, spread, reading), strict=True):
            plot.marks_item.set_spans(spans)

    def _show_reading(self) -> None:
        """Leave out what cannot be read: classes of unlabeled data, wishes that a generator does not take."""
        for legend, name in zip(self._legends[2], _SERIES[2], strict=True):
            legend.setVisible(any(getattr(quality, name) is not None for quality in self._qualities))
        self._plots[2].setVisible(any(quality.low_confidence is not None for quality in self._qualities))

    @property
    def _qualities(self) -> tuple[Quality, ...]:
        return self._shown[0]

    def _draw(self) -> None:
        if not self._qualities:
            return
        low, high, floor = (self._series(name) for name in ("frechet_low", "frechet_high", "frechet_real"))
        self.band.setData(np.concatenate([self._epochs, self._epochs[::-1]]), np.concatenate([low, high[::-1]]))
        self.floor.setPos(float(floor[-1]))
        box = self._plots[0].box
        bottom, top = min(low.min(), floor[-1]), max(high.max(), floor[-1])
        air = 0.1 * max(top - bottom, 0.1)
        if box.viewRange()[1] != [bottom - air, top + air]:
            box.setYRange(bottom - air, top + air, padding=0)
        for plot, names in zip(self._plots, _SERIES, strict=True):
            values = np.stack([self._series(name) for name in names])
            plot.draw(self._epochs, values, values)

    def _series(self, name: str) -> Floats:
        return np.array([_value(quality, name) for quality in self._qualities])

    def _on_clicked(self, epoch: float) -> None:
        self.epoch_picked.emit(max(epoch, 0.0))

    def retranslate(self) -> None:
        """Set every text again."""
        texts = (
            (tr("Fréchet"),),  # the line above the curves says of what
            (tr("variety"), tr("fidelity")),
            (tr("read as asked"), tr("{data:unreadable}")),
        )
        for legends, names in zip(self._legends, texts, strict=True):
            for legend, name in zip(legends, names, strict=True):
                legend.set_name(name, widest="")
        self._real.set_name(tr("real {data:images}"), widest="")
        self._axis_title.setText(tr("Epochs"))
        self.setAccessibleName(tr("Curves of the quality"))
        accessible = (
            tr("Curve of the Fréchet distance"),
            tr("Curves of variety and fidelity"),
            tr("Curves of reading"),
        )
        for plot, name in zip(self._plots, accessible, strict=True):
            plot.setAccessibleName(name)
            plot.set_text_style(self.font())

    def apply_palette(self) -> None:
        """Take every color again."""
        paper = self.palette().color(QPalette.ColorRole.Base)
        for plot, legends, roles in zip(self._plots, self._legends, _ROLES, strict=True):
            colors = [theme.color(role) for role in roles]
            plot.set_colors(colors, self.palette())
            for legend, color in zip(legends, colors, strict=True):
                legend.set_color(color)
            values = [value for value, _ in plot.marks_item.dots]
            plot.marks_item.dots = list(zip(values, colors, strict=False))
        real: QColor = theme.color("real")
        self.band.setBrush(theme.blend(theme.color("generator"), paper, _BAND_SHARE))
        self.floor.setPen(pg.mkPen(real, width=2, dash=[part / 2 for part in _DASHED]))
        self._real.set_color(real)

    def changeEvent(self, event: QEvent) -> None:
        """The text size changes live, too."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.retranslate()


def _value(quality: Quality, name: str) -> float:
    """Return one number as it is drawn: distances as logarithms, NaN where there is none."""
    value = getattr(quality, name)
    if value is None:
        return math.nan
    return math.log10(max(value, LEAST_DISTANCE)) if name.startswith("frechet") else float(value)
