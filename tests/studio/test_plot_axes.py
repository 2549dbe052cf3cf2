"""The numbers on the axes of every plot, in another language."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest

from studio import language
from studio.widgets.plots.overlaid_curves import OverlaidCurves
from studio.widgets.plots.trial_curve import TrialCurve
from studio.workspaces.style.style_curves import StyleCurves
from tests.studio.hands import shown


@pytest.mark.parametrize("kind", [StyleCurves, OverlaidCurves, TrialCurve])
def test_the_numbers_on_the_axes_follow_the_language_of_the_window(qtbot, kind):
    before = shown(qtbot, kind(), 400, 200)
    pictures = [_left(before)]
    for code in ("es", "en"):
        language.switch(code)
        language.switch_unseen()
        pictures.append(_left(before))
        assert pictures[-1] == _left(shown(qtbot, kind(), 400, 200)), code
    assert pictures[0] == pictures[2] != pictures[1]


def _left(part):
    """The left axis as it is seen."""
    plot = part.plot if isinstance(part, StyleCurves) else part
    area = plot.mapFromScene(plot.getAxis("left").sceneBoundingRect()).boundingRect()
    return plot.grab(area).toImage()


@pytest.mark.parametrize("kind", ["TimePlot", "StyleCurves", "TrialCurve", "axis"])
def test_lines_are_as_thick_on_a_fine_screen(kind):
    """In pixels of the screen: twice as many where it has twice as many."""
    ink = []
    for ratio in ("1", "2"):
        environment = os.environ | {"QT_SCALE_FACTOR": ratio, "QT_QPA_PLATFORM": "offscreen"}
        done = subprocess.run(
            [sys.executable, "-c", _INK, kind], env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stderr
        ink.append(int(done.stdout))
    assert ink[0] > 0 and 1.3 < ink[1] / ink[0] < 2.6, "Qt paints a line of two pixels three wide where it can"


_INK = """
import sys
import numpy as np
import pyqtgraph as pg
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QApplication
from studio.widgets.plots.plain_plot import PlainPlot
from studio.widgets.plots.plot_marks import Marks
from studio.widgets.plots.time_plot import TimePlot
from studio.workspaces.style.style_curves import CURVES, StyleCurves

app = QApplication([])
kind, x = sys.argv[1], np.arange(11.0)
if kind == "TimePlot":
    part = plot = TimePlot([(1, 0)], Marks())
    plot.set_colors([QColor("black")], plot.palette())
elif kind == "StyleCurves":
    part = StyleCurves()
    plot = part.plot
else:
    part = plot = PlainPlot()
    plot.apply_palette()
part.resize(400, 300)
part.show()
app.processEvents()
if kind == "TimePlot":
    plot.setRange(xRange=(0, 10), yRange=(0, 1), padding=0)
    plot.draw(x, np.full((1, 11), np.nan), np.full((1, 11), 0.47))
elif kind == "StyleCurves":
    plot.draw(x, {name: np.full(11, 10.0**-place) for place, name in enumerate(CURVES)}, 0)
elif kind == "TrialCurve":
    plot.setRange(xRange=(0, 10), yRange=(0, 1))
    plot.addItem(pg.PlotDataItem(x, np.full(11, 0.47), pen=pg.mkPen("k", width=3)))
app.processEvents()
ratio = plot.devicePixelRatioF()
box = plot.mapFromScene(plot.getPlotItem().vb.sceneBoundingRect()).boundingRect()
image = plot.grab().toImage()
if kind == "axis":  # across its line, where no tick is
    axis = plot.mapFromScene(plot.getAxis("left").sceneBoundingRect()).boundingRect()
    xs = range(int(ratio * axis.left()), int(ratio * box.right()))
    ys = [int(ratio * (box.top() + 0.47 * box.height()))]
else:
    xs = range(int(ratio * (box.left() + 40)), int(ratio * (box.right() - 40)), int(ratio))
    ys = range(int(ratio * (box.top() + 3)), int(ratio * (box.bottom() - 8)))
lights = np.array([[image.pixelColor(x, y).lightness() for x in xs] for y in ys])
print((lights.max() - lights).sum())
"""
