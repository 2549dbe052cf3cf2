"""The charts of the quality panel: curves with their interval, bars and map of the classes."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QFont
from PySide6.QtWidgets import QApplication, QTabBar

from studio import language, theme
from studio.widgets.plots.class_bars import ClassBars
from studio.widgets.plots.class_chart import ClassChart
from studio.widgets.plots.confusion_map import ConfusionMap
from studio.widgets.plots.log_axis import LogAxis
from studio.widgets.plots.quality_curves import QualityCurves
from studio.widgets.plots.time_plot import TimePlot
from studio.workspaces.train.quality_panel import QualityPanel
from tests.studio.hands import settle, shown
from tests.studio.judgments import BARE, judged, said, show


def switch(scheme):
    theme.set_scheme(scheme)
    QApplication.processEvents()


@pytest.fixture
def panel(qtbot):
    return shown(qtbot, QualityPanel(), 368, 1400)


def look_at_classes(panel):
    """Bring the charts of classes to the front."""
    panel.findChild(QTabBar).setCurrentIndex(1)
    QApplication.processEvents()


def test_curves_show_distance_interval_and_floor(panel):
    show(panel, judged(1, frechet=100.0), judged(2, frechet=10.0))
    curves = panel.findChild(QualityCurves)
    first = curves.findChildren(TimePlot)[0]
    x, y = curves.band.getData()
    np.testing.assert_allclose(x, [1, 2, 2, 1])
    np.testing.assert_allclose(10**y, [80, 8, 12, 120])
    assert math.isclose(10 ** curves.floor.value(), 4.0)
    (left, right), (low, high) = first.box.viewRange()
    assert left == 0 and 20 <= right < 21 and 10**low < 4 and 10**high > 120
    assert first.marks_item.marks.cursor == 2 and math.isclose(first.marks_item.dots[0][0], 1.0)


@pytest.mark.parametrize("qualities", [[BARE], [replace(BARE, frechet=0.0, frechet_low=0.0, frechet_real=0.0)]])
def test_a_single_point_and_a_distance_of_nothing_are_drawn(panel, qualities):
    show(panel, *qualities)
    panel.grab()
    assert "Fréchet" in said(panel)


def test_a_click_on_the_curves_picks_the_epoch(panel, qtbot):
    show(panel, judged(1), judged(10))
    plot = panel.findChildren(TimePlot)[0]
    with qtbot.waitSignal(panel.epoch_picked) as picked:
        plot.clicked.emit(7.0)
    assert picked.args == [7.0]


def test_curves_leave_drag_and_wheel_to_the_panel(panel):
    show(panel, judged(1))
    assert not any(any(plot.box.mouseEnabled()) for plot in panel.findChildren(TimePlot))


@pytest.mark.parametrize("classes", [2, 10, 47])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_any_number_of_classes_is_painted_in_both_themes(panel, classes, scheme):
    show(panel, judged())
    switch(scheme)
    names = tuple(f"a rather long class name {number}" for number in range(classes))
    show(panel, judged(classes=classes), names=names)
    panel.grab()
    assert panel.findChild(ConfusionMap).image.width() == classes


def test_the_map_changes_its_colors_with_the_theme(panel):
    show(panel, judged())
    image = panel.findChild(ConfusionMap)
    assert image.colors[1, 0].mean() > 128
    switch("dark")
    assert image.colors[1, 0].mean() < 128


def test_the_curves_change_their_colors_with_the_theme(panel):
    show(panel, judged(1))
    switch("dark")
    curves = panel.findChild(QualityCurves)
    assert curves.floor.pen.color() == theme.color("real")


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (0.5, 2.5, [5, 10, 20, 50, 100, 200]),
        (math.log10(4), math.log10(6), [5]),
        (math.log10(4.1), math.log10(4.4), [4.2, 4.3]),
    ],
)
def test_the_logarithmic_axis_has_round_numbers(qapp, low, high, expected):
    axis = LogAxis("left")
    ((_, ticks),) = axis.tickValues(low, high, 200.0)
    numbers = [10**tick for tick in ticks]
    assert all(10**low - 1e-9 <= number <= 10**high + 1e-9 for number in numbers)
    assert set(expected) <= {float(text) for text in axis.tickStrings(ticks, 1.0, 1.0)}


@pytest.mark.parametrize(("size", "pixels", "numbers"), [(130, 12, 7), (40, 12, 2), (200, 30, 4), (100, 30, 3)])
def test_numbers_of_a_low_axis_stand_apart_however_large_they_are(qapp, size, pixels, numbers):
    axis, font = LogAxis("left"), QFont()
    font.setPixelSize(pixels)
    axis.setStyle(tickFont=font)
    ((_, ticks),) = axis.tickValues(0.0, 6.0, float(size))
    assert axis.tickStrings(ticks, 1.0, 1.0)[0] == "1" and len(ticks) == numbers
    assert min(np.diff(ticks)) * size / 6 >= pixels


# ---------------------------------------------------------------- charts of classes


def test_charts_tell_a_screen_reader_what_matters(panel):
    show(panel, judged(classes=10, accuracy=0.9))
    bars, image = panel.findChild(ClassBars), panel.findChild(ConfusionMap)
    assert "10.0% of those asked for as 0 were read as 1" in image.accessibleDescription()
    assert "Most often 1" in bars.accessibleDescription()
    assert bars.accessibleName() and image.accessibleName()


def test_a_perfect_reading_has_no_error(panel):
    show(panel, judged(accuracy=1.0))
    assert "Every sample was read as asked" in panel.findChild(ConfusionMap).read_out
    assert "equally often" in panel.findChild(ClassBars).read_out


def test_the_mouse_asks_for_a_cell(panel, qtbot):
    show(panel, judged())
    look_at_classes(panel)
    image = panel.findChild(ConfusionMap)
    area = image.area_for(image.width())
    inside = QPointF(area.left() + 1.5 * area.width() / 10, area.top() + 0.5 * area.height() / 10)
    qtbot.mouseMove(image, inside.toPoint())
    assert image.read_out == "Asked for 0, read as 1: 5.0%"
    qtbot.mouseMove(image, QPoint(0, image.height() - 1))
    assert "Most frequent error" in image.read_out


def test_the_arrows_walk_through_the_cells(panel, qtbot):
    show(panel, judged(classes=2), names=("cat", "dog"))
    image = panel.findChild(ConfusionMap)
    image.setFocus()
    keys = Qt.Key
    for key, expected in (
        (keys.Key_Right, "Asked for cat, read as cat"),
        (keys.Key_Right, "Asked for cat, read as dog"),
        (keys.Key_Right, "Asked for cat, read as dog"),
        (keys.Key_Down, "Asked for dog, read as dog"),
    ):
        qtbot.keyClick(image, key)
        assert expected in image.read_out == image.accessibleDescription()
    qtbot.keyClick(image, keys.Key_Escape)
    assert "Most frequent error" in image.read_out


def test_a_cell_of_a_larger_run_is_forgotten(panel, qtbot):
    show(panel, judged(classes=10))
    image = panel.findChild(ConfusionMap)
    for _ in range(8):
        qtbot.keyClick(image, Qt.Key.Key_Right)
    show(panel, judged(classes=2), names=("a", "b"))
    assert "Most frequent error" in image.read_out


@pytest.mark.parametrize("size", [9, 14, 18])
def test_the_words_below_a_chart_are_whole_in_any_width_and_language(qtbot, size):
    """They had two lines, of which a Spanish sentence needs three."""
    language.switch("es")
    chart = ClassBars()
    qtbot.addWidget(chart)
    font = chart.font()
    font.setPointSize(size)
    chart.setFont(font)
    chart.show_shares((1.0, 0.0), ("circles", "squares"))
    for width in (280, 180):
        chart.resize(width, chart.heightForWidth(width))
        chart.show()
        settle()
        area = chart.area_for(width)
        room = QRect(0, 0, width, 10_000)
        needed = chart.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, chart.read_out).height()
        assert area.bottom() + chart.fontMetrics().height() + needed <= chart.height(), width


@pytest.mark.parametrize("kind", [ClassBars, ConfusionMap])
def test_a_chart_without_data_is_blank(qtbot, kind):
    made: ClassChart = kind()
    qtbot.addWidget(made)
    made.resize(10, 10)
    made.grab()
    assert made.read_out == "" and made.cell_at(QPointF(2, 2)) is None


@pytest.mark.parametrize("width", [30, 368, 2000])
def test_a_map_stays_square_in_any_width(panel, width):
    show(panel, judged())
    area = panel.findChild(ConfusionMap).area_for(width)
    assert area.width() == area.height() > 0


@pytest.mark.parametrize("classes", [2, 10, 47])
def test_charts_get_the_height_that_their_names_and_words_need(panel, classes):
    show(panel, judged(classes=classes), names=tuple(f"class {number}" for number in range(classes)))
    look_at_classes(panel)
    for kind in (ClassBars, ConfusionMap):
        made = panel.findChild(kind)
        assert made.height() >= made.heightForWidth(made.width())
