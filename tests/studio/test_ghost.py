"""The band of healthy runs behind the curves: there for runs that should lie in it, with a switch that names it."""

import numpy as np
import pyqtgraph as pg
import pytest

from engine.ghosts import Ghost
from studio import language
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.hands import shown


def ghost(runs=3):
    x = np.linspace(0, 8, 20)
    low = np.stack([np.full(20, level) for level in (0.7, 1.2, 0.5, 0.4)])
    return Ghost("studio", {}, runs, 120_000, x, low, low + 0.1)


@pytest.fixture
def plot(qtbot):
    return shown(qtbot, LossPlot(), 900, 300)


def bands(plot):
    items = [item for each in plot.pair.plots for item in each.getPlotItem().items]
    return [item for item in items if isinstance(item, pg.PlotCurveItem) and item.opts["fillLevel"] == "enclosed"]


def test_a_band_lies_behind_each_curve_until_it_is_switched_off(plot):
    assert plot.ghost.box.isHidden() and not any(band.isVisible() for band in bands(plot))
    plot.ghost.show_ghost(ghost())
    assert plot.ghost.box.isVisible() and len(bands(plot)) == 4 and all(band.isVisible() for band in bands(plot))
    assert all(band.zValue() < 0 for band in bands(plot))
    _, heights = bands(plot)[1].getData()
    assert (heights.min(), heights.max()) == pytest.approx((1.2, 1.3))
    plot.ghost.box.setChecked(False)
    assert not any(band.isVisible() for band in bands(plot)) and plot.ghost.box.isVisible()


def test_where_no_healthy_runs_are_known_the_switch_says_so(plot):
    plot.ghost.show_ghost(ghost())
    plot.ghost.show_ghost(None)
    assert not any(band.isVisible() for band in bands(plot)) and not plot.ghost.box.isEnabled()
    assert plot.ghost.box.isVisible() and "no healthy runs" in plot.ghost.box.toolTip()
    plot.ghost.show_ghost(ghost())
    assert plot.ghost.box.isEnabled()


def test_the_band_is_in_sight_also_where_the_run_is_far_from_it(plot):
    plot.ghost.show_ghost(ghost())
    low, high = plot.pair.upper.box.viewRange()[1]
    assert low <= 0.7 and high >= 1.3
    plot.ghost.box.setChecked(False)
    assert plot.pair.upper.box.viewRange()[1][1] < 1.3


def test_the_band_is_in_the_way_of_no_word(plot):
    """Before the first row, where the words that say so lie upon it."""
    words = plot.pair.upper.marks_item
    x, height = np.linspace(0, 8, 20), np.ones(20)
    everywhere = Ghost("studio", {}, 3, 120_000, x, np.stack([-9 * height] * 4), np.stack([9 * height] * 4))
    plot.ghost.show_ghost(everywhere)
    words.marks.chosen = 0.0  # as a training that has not made its first step has it
    assert words.message
    middle = words.mapToScene(words.boundingRect().center()).toPoint()
    row = [plot.pair.upper.grab().toImage().pixelColor(x, middle.y()) for x in range(middle.x() - 60, middle.x() + 60)]
    assert max(row, key=row.count).rgb() == words.inks.paper.rgb()


def test_a_band_that_ends_before_the_run_fades_there_and_says_so(plot):
    plot.ghost.show_ghost(ghost(), epochs=8)
    assert not any(band.opts["brush"].gradient() for band in bands(plot))
    assert "until epoch" not in plot.ghost.box.toolTip()
    plot.ghost.show_ghost(ghost(), epochs=30)
    for band in bands(plot):
        stops = dict(band.opts["brush"].gradient().stops())
        assert stops[1.0].alpha() == 0 and stops[0.0].alpha() == 255
    assert "until epoch 8" in plot.ghost.box.toolTip() and plot.ghost.box.text() == "Healthy runs, to epoch 8"
    language.switch("es")
    assert "hasta la época 8" in plot.ghost.box.toolTip()


def test_the_switch_says_what_the_band_is_in_either_language(plot):
    plot.ghost.show_ghost(ghost(3))
    assert plot.ghost.box.text() == "Healthy runs" and "as 3 of them tell" in plot.ghost.box.toolTip()
    language.switch("es")
    assert "según 3 de ellos" in plot.ghost.box.toolTip()
