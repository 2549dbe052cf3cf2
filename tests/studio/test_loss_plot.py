"""The loss view: what it shows of a run, follows, reads out and signals, also with degenerate runs."""

from __future__ import annotations

import gettext

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QMenu, QSlider, QToolButton

from engine import i18n
from studio import language, theme
from studio.widgets.plots.curve_math import SmoothedTable
from studio.widgets.plots.plot_legend import LegendRow
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.hands import shown
from tests.studio.loss_curves import EPOCHS, history_of, plots, rows, texts, values


@pytest.fixture
def view(qtbot):
    view = shown(qtbot, LossPlot(), 750, 260)
    view.findChild(QSlider).setValue(0)
    return view


def x_range(plot):
    return tuple(plot.box.viewRange()[0])


def drawn(plot, kind):
    """The points of a plot's curves: kind 0 is the first raw curve, -1 the last smooth one."""
    curves = [item for item in plot.getPlotItem().items if hasattr(item, "getData")]
    return curves[kind].getData()


def pixel(plot, epoch, share=0.5):
    (first, last), (low, high) = plot.box.viewRange()
    at = plot.box.mapViewToScene(QPointF(epoch, low + share * (high - low)))
    assert first <= epoch <= last
    return plot.mapFromScene(at)


def turn_wheel(plot, epoch, notches=4):
    at = QPointF(pixel(plot, epoch))
    buttons, keys = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier
    where = QPointF(plot.viewport().mapToGlobal(at.toPoint()))
    phase = Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(at, where, QPoint(), QPoint(0, 120 * notches), buttons, keys, phase, False)
    QApplication.sendEvent(plot.viewport(), event)


# The view


def test_without_data_there_are_axes_and_a_sentence(view):
    view.set_run_data(history_of(0))
    upper, lower = plots(view)
    assert x_range(upper) == x_range(lower) == (0, EPOCHS)
    assert "training starts" in upper.marks_item.message
    assert values(view) == ["", "", "", ""]
    view.grab()


def test_rows_show_as_they_arrive(view):
    history = history_of(0)
    view.set_run_data(history)
    history.append(rows(3))
    view.refresh()
    upper, lower = plots(view)
    assert upper.marks_item.message == ""
    assert values(view) == ["1.500", "1.000", "60%", "30%"]
    assert "Epoch 0.30" in texts(view)
    np.testing.assert_allclose(drawn(upper, 0)[1], 1.5)
    np.testing.assert_allclose(drawn(lower, -1)[1], 0.3)
    history.append(rows(5, start=3, g_loss=2.0))
    view.refresh()
    assert values(view)[0] == "2.000"
    assert drawn(upper, 0)[0][-1] == pytest.approx(0.8)


def inked(plot, color):
    """Return how many pixels of the plot have just this color."""
    image = plot.grab().toImage()
    return sum(image.pixelColor(x, y) == color for x in range(image.width()) for y in range(image.height()))


@pytest.mark.parametrize("gap", [None, np.nan])
def test_a_value_that_no_line_leads_to_is_a_dot(view, gap):
    """A training of one step drew nothing."""
    upper, lower = plots(view)
    view.resize(400, 200)
    values = [1.5] if gap is None else [gap, 1.5, gap]
    view.set_run_data(history_of(len(values), g_loss=lambda number: values[number]))
    if gap is None:  # otherwise the marks of the gaps lie upon it
        assert 10 < inked(upper, theme.color("generator")) < 60
    assert all(len(dots.getData()[0]) == 1 for dots in (upper.dots[0], *(lower.dots if gap is None else ())))
    view.set_run_data(history_of(2))
    assert [len(dots.getData()[0]) for plot in (upper, lower) for dots in plot.dots] == [0] * 4


def test_smoothing_calms_the_thick_curve_and_leaves_the_raw_one(view):
    view.set_run_data(history_of(50, g_loss=lambda number: number % 2))
    view.findChild(QSlider).setValue(5)
    upper, _ = plots(view)
    raw, smooth = drawn(upper, 0)[1], drawn(upper, 2)[1]
    assert np.ptp(raw) == 1.0
    assert np.ptp(smooth[-100:]) < 0.1


def test_rows_beyond_the_budget_are_seen(view):
    history = history_of(20)
    view.set_run_data(history)
    history.total_images = 1
    view.refresh()
    assert x_range(plots(view)[0])[1] >= history.epochs_seen()[-1] > history.total_epochs
    assert "Epoch 2.00" in texts(view)
    history.total_images, history.batch_size = 1950, 64
    view.refresh()
    assert "Epoch 1.95" in texts(view), "the last batch ends with the training, which has no more epochs"


def test_a_longer_budget_moves_the_end_of_the_axis(view):
    history = history_of(5)
    view.set_run_data(history)
    history.total_images = 20_000
    view.refresh()
    assert x_range(plots(view)[0]) == (0, 20)


def test_wheel_zooms_both_plots_until_fit(view, qtbot):
    history = history_of(50)
    view.set_run_data(history)
    upper, lower = plots(view)
    fit = view.findChild(QToolButton, "fit_button")
    assert not fit.isEnabled()
    turn_wheel(upper, 3.0)
    first, last = x_range(upper)
    assert 0 < first < 3 < last < EPOCHS
    np.testing.assert_allclose(x_range(lower), (first, last))
    assert fit.isEnabled()
    history.append(rows(5, start=50))
    view.refresh()
    assert x_range(upper) == (first, last)
    qtbot.mouseClick(fit, Qt.MouseButton.LeftButton)
    assert x_range(upper) == x_range(lower) == (0, EPOCHS)
    assert not fit.isEnabled()


def test_zoom_ends_at_the_run(view):
    view.set_run_data(history_of(50))
    turn_wheel(plots(view)[1], 3.0, notches=-10)
    assert x_range(plots(view)[0]) == (0, EPOCHS)


def test_a_box_zooms_into_epochs_and_losses(view):
    view.set_run_data(history_of(50))
    upper, lower = plots(view)
    corners = upper.box.mapSceneToView(upper.box.sceneBoundingRect().center()), upper.box.viewRange()[1]
    box = upper.box.viewRect()
    box.setRect(2.0, corners[0].y(), 3.0, (corners[1][1] - corners[0].y()) / 2)
    upper.box.showAxRect(box)
    assert x_range(upper) == pytest.approx((2, 5))
    np.testing.assert_allclose(upper.box.viewRange()[1], (box.top(), box.bottom()))
    lower.box.showAxRect(lower.box.viewRect().adjusted(1, 0.2, -1, -0.2))
    assert x_range(upper) == pytest.approx((3, 4))
    assert lower.box.viewRange()[1][0] < 0 < 1 < lower.box.viewRange()[1][1]


def test_click_picks_the_epoch(view, qtbot):
    view.set_run_data(history_of(50))
    for plot in plots(view):
        with qtbot.waitSignal(view.epoch_picked) as picked:
            qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=pixel(plot, 4.0))
        assert picked.args[0] == pytest.approx(4.0, abs=0.05)


def test_hover_reads_the_nearest_row(view, qtbot):
    history = history_of(50, g_loss=lambda number: float(number))
    view.set_run_data(history)
    _, lower = plots(view)
    lower.hovered.emit(2.04)
    assert values(view) == ["19.000", "1.000", "60%", "30%"]
    assert "Epoch 2.00" in texts(view)
    view.grab()
    history.append(rows(5, start=50))
    view.refresh()
    assert values(view)[0] == "19.000", "the cursor stays while rows arrive"
    lower.hovered.emit(None)
    assert "Epoch 5.50" in texts(view)


def test_the_mouse_is_followed(view, qtbot):
    view.set_run_data(history_of(50))
    upper, _ = plots(view)
    heard = []
    upper.hovered.connect(heard.append)
    qtbot.mouseMove(upper.viewport(), pixel(upper, 2.0))
    qtbot.waitUntil(lambda: bool(heard))
    assert heard[-1] == pytest.approx(2.0, abs=0.05)
    QApplication.sendEvent(upper, QEvent(QEvent.Type.Leave))
    assert heard[-1] is None


def test_keyboard_walks_and_picks(view, qtbot):
    view.set_run_data(history_of(50, g_loss=lambda number: float(number)))
    qtbot.keyClick(view, Qt.Key.Key_Home)
    assert values(view)[0] == "0.000"
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert values(view)[0] == "1.000"
    with qtbot.waitSignal(view.epoch_picked) as picked:
        qtbot.keyClick(view, Qt.Key.Key_Return)
    assert picked.args == [pytest.approx(0.2)]
    qtbot.keyClick(view, Qt.Key.Key_End)
    qtbot.keyClick(view, Qt.Key.Key_Right)
    assert values(view)[0] == "49.000"
    qtbot.keyClick(view, Qt.Key.Key_Left)
    assert values(view)[0] == "48.000"
    qtbot.keyClick(view, Qt.Key.Key_Escape)
    assert values(view)[0] == "49.000"


def test_nan_is_a_gap_and_a_mark(view):
    history = history_of(50, d_loss=lambda number: np.nan if 20 <= number < 25 else 1.0)
    view.set_run_data(history)
    upper, lower = plots(view)
    assert upper.marks_item.marks.troubles == pytest.approx((2.1,))
    assert upper.marks_item.marks.trouble_text == "not a number"
    xs, ys = drawn(upper, -1)
    assert np.isnan(ys[(xs > 2.1) & (xs < 2.5)]).all()
    assert np.isfinite(ys[(xs < 2) | (xs > 2.6)]).all()
    assert np.isfinite(drawn(lower, -1)[1]).all()
    upper.hovered.emit(2.3)
    assert values(view) == ["1.500", "NaN", "60%", "30%"]
    view.grab()


def test_nothing_but_nan_and_a_trouble_of_the_run(view):
    history = history_of(3, **dict.fromkeys(("d_loss", "g_loss", "d_real", "d_fake"), np.nan))
    history.not_finite.append(300)
    view.set_run_data(history)
    upper, _ = plots(view)
    assert upper.marks_item.marks.troubles == pytest.approx((0.1, 0.3))
    assert values(view) == ["NaN"] * 4
    low, high = upper.box.viewRange()[1]
    assert low < high
    upper.hovered.emit(0.1)
    view.grab()


def test_pauses_and_changes_are_told_under_the_cursor(view):
    history = history_of(50)
    history.pauses.append(2000)
    history.changes += [(3000, "g_lr", 0.002), (3000, "not_an_option", 1.0)]
    view.set_run_data(history)
    upper, _ = plots(view)
    marks = upper.marks_item.marks
    assert marks.pauses == (2.0,)
    assert marks.changes == (3.0, 3.0)
    upper.hovered.emit(2.0)
    assert marks.cursor_text == "Paused here"
    upper.hovered.emit(3.0)
    assert marks.cursor_text == "Learning rate of G set to 0.002\nnot_an_option set to 1"
    view.grab()
    upper.hovered.emit(8.0)
    assert marks.cursor_text == ""


def test_the_chosen_epoch_is_marked(view):
    view.set_run_data(history_of(50))
    marks = plots(view)[0].marks_item.marks
    view.set_cursor_epoch(4.0)
    assert marks.chosen == 4.0
    view.grab()
    view.set_cursor_epoch(None)
    assert marks.chosen is None


def test_a_second_run_starts_afresh(view):
    first = history_of(50, g_loss=np.nan)
    first.pauses.append(100)
    view.set_run_data(first)
    view.set_cursor_epoch(3.0)
    turn_wheel(plots(view)[0], 3.0)
    plots(view)[0].hovered.emit(3.0)
    second = history_of(2)
    second.total_images = 4000
    view.set_run_data(second)
    upper, lower = plots(view)
    marks = upper.marks_item.marks
    assert (marks.chosen, marks.cursor, marks.pauses, marks.troubles) == (None, None, (), ())
    assert x_range(upper) == x_range(lower) == (0, 4)
    assert values(view)[0] == "1.500"
    assert not view.findChild(QToolButton, "fit_button").isEnabled()
    view.set_run_data(history_of(0))
    assert drawn(upper, 0)[0] is None or len(drawn(upper, 0)[0]) == 0


def test_the_plots_align_and_tell_where(view, qtbot):
    view.set_run_data(history_of(5))
    with qtbot.waitSignal(view.x_range_changed) as changed:
        view.resize(900, 300)
        view.grab()
    first, last, left, right = changed.args
    assert (first, last) == (0, EPOCHS)
    assert 0 < left < right < 900
    assert view.x_range() == (first, last, left, right)
    lower = plots(view)[1].plotting_area(view)
    assert (lower.left(), lower.right()) == (left, right)
    with qtbot.waitSignal(view.x_range_changed) as changed:
        turn_wheel(plots(view)[0], 5.0)
    assert 0 < changed.args[0] < changed.args[1] < EPOCHS
    assert changed.args[2:] == [left, right]


def test_language_changes_live(view, monkeypatch):
    class Marked(gettext.NullTranslations):
        def gettext(self, message):
            return f"¡{message}"

    history = history_of(5)
    view.set_run_data(history)
    monkeypatch.setattr(i18n, "_catalog", Marked())
    QApplication.sendEvent(view, QEvent(QEvent.Type.LanguageChange))
    assert all(text.startswith("¡") for text in texts(view))
    assert all(legend.accessibleName().startswith("¡") for legend in view.findChildren(LegendRow))
    assert view.accessibleName().startswith("¡")
    upper, lower = plots(view)
    assert lower.marks_item.level == 0.5
    assert upper.marks_item.marks.trouble_text == "¡not a number"
    assert values(view)[2] == "¡60%"


def test_numbers_follow_the_language(view):
    view.set_run_data(history_of(5))
    language.switch("es")
    assert values(view)[0] == "1,500"
    upper, _ = plots(view)
    assert upper.getPlotItem().getAxis("left").tickStrings([0.5], 1, 0.5) == ["0,5"]


def test_colors_follow_the_theme(view, qapp):
    before = qapp.palette()
    view.set_run_data(history_of(5))
    try:
        for window in ("#ffffff", "#202020"):
            qapp.setPalette(QPalette(QColor(window)))
            qapp.processEvents()
            upper, _ = plots(view)
            curves = [item for item in upper.getPlotItem().items if hasattr(item, "getData")]
            colors = [curve.opts["pen"].color().name() for curve in curves[2:4]]
            assert colors == [theme.color("generator").name(), theme.color("discriminator").name()]
            assert upper.backgroundBrush().color() == view.palette().color(QPalette.ColorRole.Base)
    finally:
        qapp.setPalette(before)
        qapp.processEvents()


def test_rows_that_arrive_are_drawn_when_they_are_shown_and_a_move_before_harms_nothing(view):
    table = SmoothedTable(4, 5.0)
    table.append(np.ones((4, 2)))
    view.pair.show_table(np.array([1.0, 2.0]), table, 3.0)
    table.append(np.ones((4, 1)))
    view.pair.fit()
    assert drawn(plots(view)[0], 0)[0][-1] == 2.0


def test_the_menus_that_nobody_can_open_go_with_their_plots(qtbot):
    def menus():
        return sum(isinstance(each, QMenu) for each in QApplication.topLevelWidgets())

    before, view = menus(), LossPlot()
    assert menus() > before, "pyqtgraph makes them in any case"
    view.deleteLater()
    del view
    for _ in range(2):  # the plots, and what goes with them
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert menus() <= before
