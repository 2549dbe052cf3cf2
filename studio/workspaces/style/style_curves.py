"""How content, style and variation fall: three curves over the steps, as logarithms, and the step that is seen."""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QVBoxLayout

from engine.i18n import mark, number, tr
from engine.style.history import CURVES, History, positive
from studio import theme
from studio.guard import guarded
from studio.theme import SPACING, blend
from studio.widgets.base.view import View
from studio.widgets.plots.log_axis import LogAxis
from studio.widgets.plots.plot_legend import LegendRow
from studio.widgets.plots.scaled_plot import ScaledPlot
from studio.widgets.plots.time_plot import PlotAxis
from studio.widgets.plots.unused_menu import tie_menu

_LOOKS: dict[str, tuple[theme.Role, tuple[int, int], str]] = {
    "content": ("discriminator", (8, 4), mark("Content")),
    "style": ("generator", (1, 0), mark("Style")),
    "variation": ("real", (3, 3), mark("Variation")),
}

_LEAST_LINES = 7  # of text, as high as the plot is at least
_EMPTY = 200.0  # steps that an empty plot is made for


class StyleCurves(View):
    """The plot, and a legend above it that tells the values at the step seen."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("style_curves")
        self.plot = _Plot()
        self.rows = {name: LegendRow(dash) for name, (_, dash, _) in _LOOKS.items()}
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in self.rows.values():
            column.addWidget(row)
        column.addWidget(self.plot, 1)
        self.retranslate()
        self.apply_palette()

    def show_history(self, history: History, step: int) -> None:
        """Draw what is known, and tell the values of ``step``."""
        steps = history.steps
        self.plot.draw(steps, {name: history.curve(name) for name in CURVES}, step)
        place = int(np.argmin(np.abs(steps - step))) if len(steps) else -1
        for name, row in self.rows.items():
            row.set_value(number(float(history.curve(name)[place]), ".2g") if place >= 0 else "")

    def retranslate(self) -> None:
        """Set every text."""
        for name, row in self.rows.items():
            row.set_name(tr(_LOOKS[name][2]), "0,00000")
        self.plot.setAccessibleName(tr("Losses of content, style and variation"))

    def apply_palette(self) -> None:
        """Take the colors of the theme."""
        for name, row in self.rows.items():
            row.set_color(theme.color(_LOOKS[name][0]))


@guarded
class _Plot(ScaledPlot):
    def __init__(self) -> None:
        self._axes = {"left": LogAxis("left"), "bottom": PlotAxis("bottom")}
        super().__init__(axisItems=self._axes, enableMenu=False)
        tie_menu(self)
        self.setFrameShape(self.Shape.NoFrame)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.hideButtons()
        self.setMouseEnabled(x=False, y=False)
        self._moment = pg.InfiniteLine(0, angle=90)
        self._moment.hide()
        self._curves = {name: pg.PlotCurveItem(antialias=True, connect="finite") for name in CURVES}
        for item in (self._moment, *self._curves.values()):
            self.addItem(item)
        self.setRange(xRange=(0, _EMPTY), yRange=(-3.0, 0.0), padding=0.03)
        self.apply_palette()

    def draw(self, steps: np.ndarray, curves: dict[str, np.ndarray], moment: int) -> None:
        """Draw ``curves`` ``[N]`` over ``steps`` ``[N]``, and mark the ``moment``."""
        logs = {name: np.log10(positive(values)) for name, values in curves.items()}
        for name, values in logs.items():
            self._curves[name].setData(steps, values)
        known = np.concatenate([values[np.isfinite(values)] for values in logs.values()])
        low, high = (float(known.min()), float(known.max())) if len(known) else (-3.0, 0.0)
        last = max(float(steps[-1]) if len(steps) else _EMPTY, 1.0)
        self.setRange(xRange=(0, last), yRange=(low, max(high, low + 0.1)), padding=0.03)
        self._moment.setVisible(len(steps) > 0)
        self._moment.setPos(moment)

    def apply_palette(self) -> None:
        """Take the colors of the theme."""
        roles = QPalette.ColorRole
        paper, text = self.palette().color(roles.Base), self.palette().color(roles.Text)
        self.setBackground(paper)
        for axis in self._axes.values():
            axis.setPen(blend(text, paper, 0.3))
            axis.setTextPen(text)
            axis.setStyle(tickFont=self.font())
        metrics = self.fontMetrics()
        self._axes["left"].setWidth(max(6 * SPACING, metrics.horizontalAdvance(number(0.0005)) + 2 * SPACING))
        self.getPlotItem().layout.setContentsMargins(0, SPACING, 2 * SPACING, 0)  # half of the last number
        self._moment.setPen(pg.mkPen(blend(text, paper, 0.5), width=1))
        for name, curve in self._curves.items():
            role, dash, _ = _LOOKS[name]
            curve.setPen(_pen(theme.color(role), dash))

    def minimumSizeHint(self) -> QSize:
        """As low as it is legible."""
        height = _LEAST_LINES * self.fontMetrics().height()
        return QSize(height, height)

    sizeHint = minimumSizeHint

    def changeEvent(self, event: QEvent) -> None:
        """Follow the size of text, and the theme, of which it hears after what it stands in."""
        super().changeEvent(event)
        if event.type() in (QEvent.Type.FontChange, QEvent.Type.PaletteChange) and hasattr(self, "_curves"):
            self.apply_palette()


def _pen(color: QColor, dash: tuple[int, int]) -> object:
    pen = pg.mkPen(color, width=2)
    if dash[1]:
        pen.setDashPattern([part / 2 for part in dash])
    return pen
