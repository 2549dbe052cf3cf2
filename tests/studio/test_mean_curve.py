"""The mean since the start in the loss plot, which counts each row by its steps."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtWidgets import QSlider

from engine.events import MetricsRow
from studio.model.run_data import RunData
from studio.widgets.plots.curve_math import SmoothedTable
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.hands import shown
from tests.studio.loss_curves import EPOCHS, history_of, plots, rows, values


@pytest.fixture
def view(qtbot):
    view = shown(qtbot, LossPlot(), 750, 260)
    view.findChild(QSlider).setValue(0)
    return view


# Mean since the start


def losses_by_step(history):
    """The mean since the first step at each row, computed row by row."""
    total = steps = before = 0.0
    for step, loss in zip(history.series("step"), history.series("g_loss"), strict=True):
        total, steps, before = total + (step - before) * loss, steps + step - before, step
        yield total / steps


def history_of_uneven_rows():
    history = RunData(image_count=1000, total_images=EPOCHS * 1000)
    random = np.random.default_rng(3)
    steps = np.cumsum(random.integers(1, 20, 60)).tolist()
    history.append(MetricsRow(step, 1, 10 * step, 0.0, 1.0, float(random.normal(2)), 0.6, 0.3) for step in steps)
    return history


def test_the_mean_since_the_start_counts_each_row_by_its_steps(view):
    history = history_of_uneven_rows()
    view.set_run_data(history)
    view.choices.running_mean.setChecked(True)
    expected = list(losses_by_step(history))
    assert view.table.smooth[0].tolist() == pytest.approx(expected)
    assert values(view)[0] == f"{expected[-1]:.3f}"
    plots(view)[0].hovered.emit(float(history.epochs_seen()[7]))
    assert values(view)[0] == f"{expected[7]:.3f}", "under the cursor, too, the mean up to there is read"


def test_the_mean_goes_on_as_rows_arrive_and_smoothing_comes_back(view):
    history, whole = history_of(20, g_loss=lambda n: float(n)), history_of(50, g_loss=lambda n: float(n))
    view.set_run_data(history)
    smoothing = view.findChild(QSlider)
    view.choices.running_mean.setChecked(True)
    assert not smoothing.isEnabled()
    history.append(rows(30, start=20, g_loss=lambda n: float(n)))
    view.refresh()
    assert view.table.smooth[0].tolist() == pytest.approx(list(losses_by_step(whole)))
    view.choices.running_mean.setChecked(False)
    assert smoothing.isEnabled() and values(view)[0] == "49.000"


def test_the_mean_passes_over_what_is_no_number(view):
    view.set_run_data(history_of(4, g_loss=lambda n: np.nan if n == 1 else float(n)))
    view.choices.running_mean.setChecked(True)
    np.testing.assert_allclose(view.table.smooth[0], [0.0, np.nan, 1.0, 5 / 3])


@pytest.mark.parametrize("weight", [0.0, 3.0])
def test_rows_without_weight_are_no_mean(weight):
    table = SmoothedTable(1, np.inf)
    table.append(np.array([[2.0, 4.0]]), np.full(2, weight))
    np.testing.assert_allclose(table.smooth[0], [2.0, 3.0] if weight else [np.nan, np.nan])
