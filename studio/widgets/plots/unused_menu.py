"""The menu that pyqtgraph makes for every plot, also for those in which nobody can open it."""

from __future__ import annotations

import pyqtgraph as pg


def tie_menu(plot: pg.PlotWidget) -> None:
    """Let the menu of ``plot``, and the six in it, be deleted with it, though no window holds them.

    Left alone, they are windows of nobody's that hear of every other language and theme until all garbage is looked
    for: seventy for each window that was closed.
    """
    plot.destroyed.connect(plot.getPlotItem().ctrlMenu.deleteLater)
