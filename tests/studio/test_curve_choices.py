"""What stands beside the curves: choices, or a menu of the same where the curves would have too little room."""

import math

import pytest
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QCheckBox, QComboBox, QSlider, QToolButton

from studio.panels.epoch_strip import EpochStrip
from studio.theme import SPACING
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.plots.plot_legend import LegendRow
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.hands import settle, shown
from tests.studio.loss_curves import history_of, plots
from tests.studio.test_epoch_strip import run as strip_run

LARGE, WIDE, NARROW = 1.75, 1100, 500


@pytest.fixture
def view(qtbot):
    """Curves with letters as at 175 %, and the room that they then have between options and inspector."""
    view = LossPlot()
    font = QFont(view.font())
    font.setPointSizeF(LARGE * font.pointSizeF())
    view.setFont(font)
    shown(qtbot, view, NARROW, 135)
    view.set_run_data(history_of(40))
    settle()
    return view


def menu_of(view):
    button = view.findChild(QToolButton, "curve_choices_button")
    menu = button.menu()
    menu.aboutToShow.emit()
    return button, menu


def actions(menu):
    return {action.text(): action for action in menu.actions()}


def test_curves_keep_most_of_the_room_whatever_the_size_of_letters(view):
    button, _menu = menu_of(view)
    (upper, _lower), slider = plots(view), view.findChild(QSlider, "smoothing_slider")
    assert button.isVisible() and not slider.isVisible()
    assert upper.width() > 0.7 * view.width()
    assert [row.shows_value for row in view.findChildren(LegendRow)[:2]] == [True, True]
    view.resize(WIDE, 135)
    settle()
    assert not button.isVisible() and slider.isVisible() and view.choices.running_mean.isVisible()
    assert upper.width() > 0.6 * view.width()
    view.resize(NARROW, 135)
    settle()
    assert button.isVisible() and not slider.isVisible()


def test_the_menu_has_what_stands_beside_the_curves_elsewhere(view):
    _button, menu = menu_of(view)
    assert list(actions(menu)) == ["Smoothing", "Mean since the start", "Fit"], "no band to show or hide"
    levels = actions(menu)["Smoothing"].menu()
    assert [action.text() for action in levels.actions() if action.isChecked()] == ["4"]
    actions(levels)["Not smoothed"].trigger()
    assert view.choices.half_life == 0 and not actions(menu)["Fit"].isEnabled()
    actions(levels)["3"].trigger()
    assert view.choices.half_life == 4
    actions(menu)["Mean since the start"].trigger()
    assert math.isinf(view.choices.half_life)
    _button, menu = menu_of(view)
    assert actions(menu)["Mean since the start"].isChecked() and not actions(menu)["Smoothing"].isEnabled()


def test_the_band_of_healthy_runs_is_in_the_menu_where_there_is_one(view):
    view.ghost.show_ghost(None)
    settle()
    box = view.findChild(QCheckBox, "ghost_box")
    assert not box.isVisible()
    _button, menu = menu_of(view)
    (action,) = (action for text, action in actions(menu).items() if text == box.text())
    assert action.isChecked() and not action.isEnabled(), "there is none of this recipe"


def test_the_words_of_a_box_may_become_too_long_for_the_curves(view):
    view.resize(view.choices.sizeHint().width() + 700, 135)
    settle()
    button, _menu = menu_of(view)
    assert not button.isVisible()
    view.choices.running_mean.setText("Mean since the start, " * 5)
    settle()
    assert button.isVisible()


def test_the_time_line_leaves_out_what_has_no_room_beside_the_axis(qtbot):
    strip = shown(qtbot, EpochStrip(), 500, 100)
    strip.set_run_data(strip_run([0, 1, 2]))
    strip.choose(0)
    newest = next(each for each in strip.findChildren(QToolButton) if each.text() == "Newest")
    speed, label = strip.findChild(QComboBox), strip.findChild(FittingLabel)
    least = newest.sizeHint().width()
    for beside, seen in ((200, (True, True)), (least + 30, (False, False)), (least + 4, (False, False))):
        strip.set_axis(0.0, 36.0, 50.0, 500.0 - beside - slider_end(strip))
        settle()
        assert newest.width() >= least, "its word is whole"
        assert (speed.isVisible(), label.isVisible()) == seen, beside
    strip.choose(2)
    settle()
    assert not newest.isVisible() and label.isVisible() and label.shown == "2 / 36"


def slider_end(strip):
    """Return how far the handle of the slider reaches beyond the axis, and the gap to what stands beside it."""
    return strip.findChild(QSlider).handle_length() + SPACING
