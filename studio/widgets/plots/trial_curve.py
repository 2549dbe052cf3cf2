"""How one trial of a search got better as it was trained, before the faint lines of all others.

It imports pyqtgraph: whoever wants a window quickly imports it later.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QWidget

from engine.i18n import tr
from engine.search.plan import Plan
from engine.search.records import TrialRecord
from studio.guard import guarded
from studio.theme import SPACING
from studio.widgets.plots.log_axis import LogAxis
from studio.widgets.plots.plain_plot import PlainPlot
from studio.widgets.plots.time_plot import PlotAxis

_LEAST = 1e-3  # a logarithm needs more than nothing
_DOT = 6
_HEIGHT = 17 * SPACING
_FAINT = 0.3  # of the ink of the text


@guarded
class TrialCurve(PlainPlot):
    """Its axes: how much of a trial is trained, in percent, and the measure, by orders of magnitude for a distance."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedHeight(_HEIGHT)
        self._shown: tuple[Plan | None, TrialRecord | None, tuple[TrialRecord, ...]] = (None, None, ())
        self.drawn = 0
        """How many trials have a line."""
        self.draw()

    def show_trial(self, plan: Plan | None, trial: TrialRecord | None, others: Iterable[TrialRecord]) -> None:
        """Draw ``trial`` before ``others``; nothing without a plan."""
        self._shown = (plan, trial, tuple(others))
        self.draw()

    def apply_palette(self) -> None:
        """Draw it again in the colors of the theme."""
        self.draw()

    def draw(self) -> None:
        """Draw it again, in the colors and the language of the moment."""
        plan, trial, others = self._shown
        is_log = plan is not None and not plan.goal.is_better_higher
        if is_log != isinstance(self._axes["left"], LogAxis):
            self._axes["left"] = LogAxis("left") if is_log else PlotAxis("left")
            self.setAxisItems({"left": self._axes["left"]})
        self.paint_axes()
        self._axes["left"].setWidth(6 * SPACING)
        self.getPlotItem().clear()
        self._axes["bottom"].setLabel(tr("% of a trial"), color=self.ink(1).name())
        self.drawn = 0
        if plan is None or trial is None:
            return
        faint = pg.mkPen(self.ink(_FAINT), width=1)
        for other in others:
            if other.number != trial.number:
                self._add(plan, other, faint, is_log)
        self._add(plan, trial, pg.mkPen(self.palette().color(QPalette.ColorRole.Highlight), width=3), is_log, "o")
        self.setXRange(0, 104, padding=0.02)  # the last number is whole

    def _add(self, plan: Plan, trial: TrialRecord, pen: object, is_log: bool, symbol: str | None = None) -> None:
        if not trial.measures:
            return
        x = np.array([100 * measure.share for measure in trial.measures])
        y = np.array([plan.goal.of_measure(measure) for measure in trial.measures], float)
        y = np.log10(np.maximum(y, _LEAST)) if is_log else y
        ink = self.palette().color(QPalette.ColorRole.Highlight)
        self.addItem(pg.PlotDataItem(x, y, pen=pen, symbol=symbol, symbolSize=_DOT, symbolBrush=ink, symbolPen=None))
        self.drawn += 1
