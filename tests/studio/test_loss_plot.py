"""The loss view: what it shows of a run, follows, reads out and signals, also with degenerate runs."""

from __future__ import annotations

import gettext

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter, QPalette, QWheelEvent
from PySide6.QtWidgets import QApplication, QLabel, QSlider, QToolButton

from engine import i18n
from engine.events import MetricsRow
from studio import language, theme
from studio.model.findings import Span
from studio.model.run_data import RunData
from studio.widgets.plots.curve_math import SmoothedTable, dashes, decaying_sum, nearest, peaks, robust_range
from studio.widgets.plots.plot_legend import LegendLine, LegendRow
from studio.widgets.plots.plot_marks import fitting_lines
from studio.widgets.plots.plot_spans import paint_names
from studio.widgets.plots.time_plot import PlotAxis, TimePlot
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.hands import shown

EPOCHS = 10
SPANS = (Span(2.0, 3.0, ("D gives real images 99% and generated ones 1%.", "D wins")),)


def rows(count, start=0, **columns):
    """Rows of 100 images each; a column is a number or a function of the row number."""
    values = {"d_loss": 1.0, "g_loss": 1.5, "d_real": 0.6, "d_fake": 0.3} | columns
    for number in range(start, start + count):
        at = {name: value(number) if callable(value) else value for name, value in values.items()}
        yield MetricsRow(number + 1, 1, 100 * (number + 1), 0.0, at["d_loss"], at["g_loss"], at["d_real"], at["d_fake"])


def history_of(count, **columns):
    history = RunData(image_count=1000, total_images=EPOCHS * 1000)
    history.append(rows(count, **columns))
    return history


@pytest.fixture
def view(qtbot):
    view = shown(qtbot, LossPlot(), 750, 260)
    view.findChild(QSlider).setValue(0)
    return view


def plots(view):
    upper, lower = view.findChildren(TimePlot)
    return upper, lower


def values(view):
    return [legend.value for legend in view.findChildren(LegendRow)][:4]


def texts(view):
    return [label.text() for label in view.findChildren(QLabel)]


def test_the_first_message_and_the_legend_never_lie_upon_each_other(view):
    upper, _ = plots(view)
    legend = view.findChildren(LegendLine)[0]
    for history, is_message in ((RunData(image_count=1000, total_images=1000), True), (history_of(30), False)):
        view.set_run_data(history)
        view.resize(view.width() - 1, view.height())  # which lays the legends out anew
        assert bool(upper.marks_item.message) == is_message and legend.isVisible() != is_message


def test_no_line_goes_through_what_the_legend_says(view):
    """The cursor of a run at its end stood upon the newest value."""
    view.set_run_data(history_of(30))
    QApplication.processEvents()
    for legend in view.findChildren(LegendLine):
        words = legend.geometry().adjusted(0, 1, 0, -1)
        below = legend.geometry().translated(0, legend.height() + 8)
        before, free = view.grab(words).toImage(), view.grab(below).toImage()
        first, last, left, right = view.x_range()
        for share in (0.1, 0.5, 0.9):
            x = legend.x() + share * legend.width()
            view.set_cursor_epoch(first + (x - left) / (right - left) * (last - first))
            QApplication.processEvents()
            assert view.grab(words).toImage() == before
            assert view.grab(below).toImage() != free, "below it the cursor is seen"
        view.set_cursor_epoch(None)


@pytest.mark.parametrize("moment", [100, 1500, 2900])
def test_neither_does_the_name_of_a_trouble_lie_upon_it(view, moment):
    data = history_of(30)
    view.set_run_data(data)
    legend = view.findChildren(LegendLine)[0]
    words = legend.geometry().adjusted(0, 1, 0, -1)
    before, whole = view.grab(words).toImage(), view.grab().toImage()
    data.add_not_finite(moment)
    view.refresh()
    QApplication.processEvents()
    assert view.grab(words).toImage() == before and view.grab().toImage() != whole


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


# Numbers


@pytest.mark.parametrize("half_life", [1, 8, 500])
def test_smoothing_is_the_exponential_average_however_the_rows_arrive(half_life):
    raw = np.random.default_rng(0).normal(size=(2, 3000))
    raw[0, 100:110] = np.nan
    at_once, in_parts = SmoothedTable(2, half_life), SmoothedTable(2, half_life)
    at_once.append(raw)
    for part in np.array_split(raw, [1, 2, 50, 105, 1500], axis=1):
        in_parts.append(part)
    keep, total, weight = 0.5 ** (1 / half_life), np.zeros(2), np.zeros(2)
    for number, row in enumerate(raw.T):
        known = np.isfinite(row)
        total, weight = keep * total + np.where(known, row, 0), keep * weight + known
        expected = np.where(known, total / weight, np.nan)
        np.testing.assert_allclose(at_once.smooth[:, number], expected, rtol=1e-9, atol=1e-12)
    np.testing.assert_allclose(in_parts.smooth, at_once.smooth, rtol=1e-9, atol=1e-12)
    assert at_once.gap_starts == in_parts.gap_starts == [100]


def test_another_half_life_smooths_the_rows_that_are_there():
    table = SmoothedTable(1, 0)
    table.append(np.arange(10.0)[None])
    np.testing.assert_array_equal(table.smooth, table.raw)
    table.set_half_life(2)
    assert table.smooth[0, 0] == 0.0
    assert table.smooth[0, -1] < 9.0


def test_a_decaying_sum_carries_over():
    np.testing.assert_allclose(decaying_sum(np.ones((1, 3)), 0.5, np.array([4.0])), [[3.0, 2.5, 2.25]])


def test_infinite_is_a_gap_like_nan():
    table = SmoothedTable(1, 2)
    table.append(np.array([[1.0, np.inf, 1.0, np.nan, -np.inf]]))
    np.testing.assert_array_equal(np.isnan(table.smooth[0]), [False, True, False, True, True])
    assert table.gap_starts == [1, 3]


def test_thinning_keeps_peaks_and_gaps():
    x, y = np.linspace(0, 10, 20_000), np.zeros(20_000)
    y[7777], y[12_345], y[15_000] = 5.0, -3.0, np.nan
    xs, ys = peaks(x, y, 0, 10, 500)
    assert len(xs) <= 1002
    assert np.nanmax(ys) == 5.0
    assert np.nanmin(ys) == -3.0
    assert np.isnan(ys).any()
    assert (np.diff(xs) >= 0).all()


def test_few_rows_are_not_thinned_and_a_neighbor_leads_out_of_the_view():
    x = np.arange(10.0)
    xs, _ = peaks(x, x, 3.5, 6.5, 100)
    assert xs.tolist() == [3, 4, 5, 6, 7]


@pytest.mark.parametrize("count", [0, 1, 2, 20_000])
def test_a_smooth_curve_has_at_most_one_point_per_pixel(count):
    x = np.linspace(1, 9, count)
    xs, ys, connect = dashes(x, x * 2, 0, 10, 300, (4, 2))
    assert len(xs) == len(ys) == len(connect) <= 302
    np.testing.assert_allclose(ys, xs * 2)
    if count > 1:
        assert (xs[0], xs[-1]) == (1, 9)
        assert not connect.all()
        assert connect.mean() == pytest.approx(4 / 6, abs=0.02)


def test_a_smooth_curve_outside_the_view_is_nothing():
    x = np.arange(5.0)
    assert len(dashes(x, x, 7, 9, 100, (1, 0))[0]) == 0


def test_the_value_range_ignores_wild_first_rows_and_shows_the_newest():
    raw = np.ones((2, 100))
    raw[:, :4] = 1e6
    low, high = robust_range(raw, raw)
    assert low < 1 < high < 2
    raw[:, -1] = 7.0
    low, high = robust_range(raw, raw)
    assert high > 7


@pytest.mark.parametrize("largest", [0.7, 1.4, 40.0])
def test_what_is_never_negative_has_an_axis_that_is_not(largest):
    raw = np.linspace(0, largest, 200).reshape(2, 100)
    low, high = robust_range(raw, raw)
    assert -0.03 * high < low <= 0 and high > largest
    assert robust_range(raw - largest / 2, raw)[0] < -0.4 * largest, "a critic's loss may be"


@pytest.mark.parametrize("value", [0.0, 3.0, -1e-9, 1e12, np.nan])
def test_the_value_range_is_never_flat(value):
    raw = np.full((2, 5), value)
    low, high = robust_range(raw, raw)
    assert np.isfinite([low, high]).all()
    assert low < high


def test_nearest_row():
    x = np.array([1.0, 2.0, 4.0])
    assert [nearest(x, place) for place in (-5, 1.4, 1.6, 3.1, 99)] == [0, 0, 1, 2, 2]
    assert nearest(x[:0], 1.0) is None
    assert nearest(x[:1], 1.0) == 0


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


@pytest.mark.parametrize(
    ("loss", "written"),
    [
        (12.3456, "12.346"),
        (-12.3456, "-12.346"),
        (123.4, "123"),
        (-99999.2, "-99,999"),
        (99999.6, "100 k"),
        (-123456.0, "-123 k"),
        (999_600.0, "1 M"),
        (1230000.0, "1.23 M"),
        (-127000000000000.0, "-1.3·10¹⁴"),
        (1e300, "10³⁰⁰"),
    ],
)
def test_a_loss_of_any_size_has_room_beside_its_name(view, loss, written):
    view.set_run_data(history_of(3, g_loss=loss))
    legend = view.findChild(LegendRow)
    assert values(view)[0] == written
    metrics = legend.fontMetrics()
    assert metrics.horizontalAdvance(written) <= metrics.horizontalAdvance("-00,000") + 8
    view.grab()


def test_ticks_of_large_losses_are_short(view):
    axis = plots(view)[0].getPlotItem().getAxis("left")
    assert axis.tickStrings([0.0, 5e6, -2e6], 1, 1e6) == ["0", "5 M", "-2 M"]
    assert axis.tickStrings([0.0, 2e5, 4e5], 1, 2e5) == ["0", "200 k", "400 k"]
    language.switch("es")
    assert axis.tickStrings([0.0, 2e5, 4e5], 1, 2e5) == ["0", "200 mil", "400 mil"]
    QApplication.processEvents()
    widest = QFontMetrics(view.font()).horizontalAdvance("-400 mil")
    assert axis.width() >= widest, "and read whole"


@pytest.mark.parametrize("size", [12, 20, 40, 90, 400])
@pytest.mark.parametrize(("orientation", "percent", "low", "high"), [
    ("left", True, -0.04, 1.04), ("left", False, 0.3, 2.2), ("left", False, -7e5, 4e5), ("bottom", False, 0.0, 1.0),
    ("bottom", False, 0.0, 24.0), ("bottom", False, 0.0, 12_000.0),
])  # fmt: skip
def test_numbers_of_an_axis_never_lie_upon_each_other(view, orientation, percent, low, high, size):
    axis = PlotAxis(orientation, percent)
    metrics = QFontMetrics(QApplication.font())
    spacing, values = axis.tickValues(low, high, size)[0]
    texts = axis.tickStrings(values, 1.0, spacing)
    assert size < 30 or values, "and some are left where there is room"
    places = [(value - low) / (high - low) * size for value in values]
    for place, other, text, beside in zip(places, places[1:], texts, texts[1:], strict=False):
        wide = (metrics.horizontalAdvance(text) + metrics.horizontalAdvance(beside)) / 2
        assert other - place >= (0.75 * metrics.height() if orientation == "left" else wide)


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


def test_it_fits_a_small_place(view):
    view.set_run_data(history_of(5))
    view.resize(500, 120)
    assert (view.width(), view.height()) == (500, 120)
    area = plots(view)[0].plotting_area(view)
    assert area.width() > 100
    for label in view.findChildren(QLabel):
        if label.isHidden():
            continue
        assert view.rect().contains(label.mapTo(view, label.rect().center()))
        assert label.width() >= label.minimumSizeHint().width()


def test_where_there_is_little_room_the_verdicts_give_way(view):
    """At 150 % of the text size two plots had a line each, in which nothing could be read."""
    upper, lower = plots(view)
    view.set_run_data(history_of(30, d_real=0.99, d_fake=0.01))
    line = view.fontMetrics().height()
    view.pair.set_spans([], list(SPANS))
    for lines, is_seen in ((12, True), (6, False), (12, True)):
        view.resize(500, lines * line)
        QApplication.processEvents()
        assert lower.isVisible() == view.findChildren(LegendLine)[1].isVisible() == is_seen
        assert upper.marks_item.spans == ([] if is_seen else list(SPANS)), "no trouble goes unseen"
        plot = lower if is_seen else upper
        assert plot.getPlotItem().getAxis("bottom").style["showValues"], "the epochs are numbered below"
        assert plot.plotting_area(view).height() >= 2.5 * line
    font = QFont(view.font())
    font.setPointSizeF(2 * font.pointSizeF())
    view.setFont(font)
    QApplication.processEvents()
    assert not lower.isVisible(), "larger text needs more room"


def test_a_first_sentence_is_read_whole_or_not_at_all(view):
    upper, _ = plots(view)
    view.resize(560, 260)
    QApplication.processEvents()
    room, line = upper.marks_item.boundingRect(), view.fontMetrics().height()
    message = upper.marks_item.message
    assert fitting_lines(message, room, view.fontMetrics()) == message and len(message.splitlines()) == 2
    for height in (1.5 * line, 0.5 * line):
        room.setHeight(height)
        assert fitting_lines(message, room, view.fontMetrics()) == message.splitlines()[0]


def test_what_is_said_of_a_trouble_lies_below_the_legend(view):
    view.resize(1000, 260)
    view.set_run_data(history_of(30, d_real=0.99, d_fake=0.01))
    legend = view.findChildren(LegendLine)[1]
    words = legend.geometry().adjusted(0, 1, 0, -1)
    plain, whole = view.grab(words).toImage(), view.grab().toImage()
    text = "D gives real images 99% and generated ones 1%, as it has done all the time (since epoch 0.1)."
    view.pair.lower.marks_item.set_spans([Span(0.1, 0.1, (text,))])
    QApplication.processEvents()
    assert view.grab(words).toImage() == plain and view.grab().toImage() != whole


def test_in_a_low_plot_a_trouble_is_named_and_not_described(qtbot):
    """A sentence as wide as the plot hid the curves that it spoke of."""
    page = QImage(400, 100, QImage.Format.Format_RGB32)
    texts = ("D gives real images 99% and generated ones 1%.", "D wins")
    widths = {}
    for height in (30, 90):
        page.fill(Qt.GlobalColor.white)
        painter = QPainter(page)
        black, gray = QColor(0, 0, 0), QColor(200, 200, 200)
        paint_names(painter, [Span(0, 1, texts)], lambda epoch: 400 * epoch, QRectF(0, 0, 400, height), black, gray)
        painter.end()
        widths[height] = sum(page.pixelColor(x, 2) != QColor("white") for x in range(400))
    assert 0 < widths[30] < 0.5 * widths[90]


def test_a_name_without_room_has_a_short_one(qtbot):
    row = LegendRow((1, 0))
    row.set_name("Discriminator", widest="-00,000", short="D")
    shown(qtbot, row, 60, 20)
    pictures = []
    for name, short in (("Discriminator", "D"), ("D", ""), ("Discriminator", "")):
        row.set_name(name, widest="-00,000", short=short)
        pictures.append(row.grab().toImage())
    assert pictures[0] == pictures[1] != pictures[2]


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
    view.running_mean.setChecked(True)
    expected = list(losses_by_step(history))
    assert view.table.smooth[0].tolist() == pytest.approx(expected)
    assert values(view)[0] == f"{expected[-1]:.3f}"
    plots(view)[0].hovered.emit(float(history.epochs_seen()[7]))
    assert values(view)[0] == f"{expected[7]:.3f}", "under the cursor, too, the mean up to there is read"


def test_the_mean_goes_on_as_rows_arrive_and_smoothing_comes_back(view):
    history, whole = history_of(20, g_loss=lambda n: float(n)), history_of(50, g_loss=lambda n: float(n))
    view.set_run_data(history)
    smoothing = view.findChild(QSlider)
    view.running_mean.setChecked(True)
    assert not smoothing.isEnabled()
    history.append(rows(30, start=20, g_loss=lambda n: float(n)))
    view.refresh()
    assert view.table.smooth[0].tolist() == pytest.approx(list(losses_by_step(whole)))
    view.running_mean.setChecked(False)
    assert smoothing.isEnabled() and values(view)[0] == "49.000"


def test_the_mean_passes_over_what_is_no_number(view):
    view.set_run_data(history_of(4, g_loss=lambda n: np.nan if n == 1 else float(n)))
    view.running_mean.setChecked(True)
    np.testing.assert_allclose(view.table.smooth[0], [0.0, np.nan, 1.0, 5 / 3])


@pytest.mark.parametrize("weight", [0.0, 3.0])
def test_rows_without_weight_are_no_mean(weight):
    table = SmoothedTable(1, np.inf)
    table.append(np.array([[2.0, 4.0]]), np.full(2, weight))
    np.testing.assert_allclose(table.smooth[0], [2.0, 3.0] if weight else [np.nan, np.nan])


def test_the_name_of_the_level_hides_no_curve(view):
    """It stands in the legend: at the line itself the curves of a healthy duel leave no place."""
    view.set_run_data(history_of(1000))
    level = view.findChildren(LegendRow)[-1]
    assert level.accessibleName() == "undecided" and level.isVisible()
    assert not plots(view)[1].plotting_area(view).intersects(level.geometry().toRectF())


def test_rows_that_arrive_are_drawn_when_they_are_shown_and_a_move_before_harms_nothing(view):
    table = SmoothedTable(4, 5.0)
    table.append(np.ones((4, 2)))
    view.pair.show_table(np.array([1.0, 2.0]), table, 3.0)
    table.append(np.ones((4, 1)))
    view.pair.fit()
    assert drawn(plots(view)[0], 0)[0][-1] == 2.0
