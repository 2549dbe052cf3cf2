"""What is written in the loss plot lies upon nothing else, in whatever room: legend, messages, troubles, numbers."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QRectF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter
from PySide6.QtWidgets import QApplication, QLabel, QSlider

from engine.ghosts import Ghost
from studio import language
from studio.model.findings import Span
from studio.model.run_data import RunData
from studio.widgets.base.fitting_words import fitting_lines
from studio.widgets.plots.plot_legend import LegendLine, LegendRow
from studio.widgets.plots.plot_spans import paint_names
from studio.widgets.plots.time_plot import PlotAxis
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.hands import shown
from tests.studio.loss_curves import history_of, plots, values

SPANS = (Span(2.0, 3.0, ("D gives real images 99% and generated ones 1%.", "D wins")),)


@pytest.fixture
def view(qtbot):
    view = shown(qtbot, LossPlot(), 760, 260)
    view.findChild(QSlider).setValue(0)
    return view


def test_the_first_message_and_the_legend_never_lie_upon_each_other(view):
    upper, _ = plots(view)
    legend = view.findChildren(LegendLine)[0]
    for history, is_message in ((RunData(image_count=1000, total_images=1000), True), (history_of(30), False)):
        view.set_run_data(history)
        view.resize(view.width() - 1, view.height())  # which lays the legends out anew
        assert bool(upper.marks_item.message) == is_message and legend.isVisible() != is_message


def test_large_numbers_are_whole_commas_and_all(view):
    font = QFont(view.font())
    font.setPointSizeF(3 * font.pointSizeF())
    for each in plots(view):
        each.set_text_style(font)
    upper, lower = (each.getPlotItem().getAxis("bottom") for each in plots(view))
    letters = QFontMetrics(font).height()
    assert lower.minimumHeight() >= letters and upper.minimumHeight() >= 0.4 * letters, "or 0,2 would be read as 0.2"


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
        x, high = np.linspace(0, 30, 9), np.full(9, 99.0)
        view.ghost.show_ghost(Ghost("studio", {}, 3, 120_000, x, np.stack([-high] * 4), np.stack([high] * 4)))
        QApplication.processEvents()
        assert view.grab(words).toImage() == before, "nor is what lies there seen through it, as a first peak does"
        view.ghost.show_ghost(None)


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


@pytest.mark.parametrize(
    ("loss", "written"),
    [
        (12.3456, "12.346"),
        (-12.3456, "−12.346"),
        (123.4, "123"),
        (-99999.2, "−99,999"),
        (99999.6, "100 k"),
        (-123456.0, "−123 k"),
        (999_600.0, "1 M"),
        (1230000.0, "1.23 M"),
        (-127000000000000.0, "−1.3·10¹⁴"),
        (1e300, "10³⁰⁰"),
    ],
)
def test_a_loss_of_any_size_has_room_beside_its_name(view, loss, written):
    view.set_run_data(history_of(3, g_loss=loss))
    legend = view.findChild(LegendRow)
    assert values(view)[0] == written
    metrics = legend.fontMetrics()
    assert metrics.horizontalAdvance(written) <= metrics.horizontalAdvance("−00,000") + 8
    view.grab()


def test_ticks_of_large_losses_are_short(view):
    axis = plots(view)[0].getPlotItem().getAxis("left")
    assert axis.tickStrings([0.0, 5e6, -2e6], 1, 1e6) == ["0", "5 M", "−2 M"]
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


def test_a_first_sentence_is_read_whole_or_from_its_beginning(view):
    upper, _ = plots(view)
    view.resize(560, 260)
    QApplication.processEvents()
    room, line = upper.marks_item.boundingRect(), view.fontMetrics().height()
    message = upper.marks_item.message
    assert fitting_lines(message, room, view.fontMetrics()) == message and len(message.splitlines()) == 2
    room.setHeight(1.5 * line)
    assert fitting_lines(message, room, view.fontMetrics()) == message.splitlines()[0]
    room.setSize(QSizeF(8 * line, 2.5 * line))
    words = fitting_lines(message, room, view.fontMetrics())
    assert words.endswith("…") and message.startswith(words[:-1]) and len(words) > 20, "its beginning, not its middle"


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
    row.set_name("Discriminator", widest="−00,000", short="D")
    shown(qtbot, row, 60, 20)
    pictures = []
    for name, short in (("Discriminator", "D"), ("D", ""), ("Discriminator", "")):
        row.set_name(name, widest="−00,000", short=short)
        pictures.append(row.grab().toImage())
    assert pictures[0] == pictures[1] != pictures[2]
    row.set_name("Discriminator", widest="−00,000", short="D")
    row.set_value("0.813")
    assert row.grab().toImage() == pictures[0], "no value that lies upon the name"
    row.resize(row.sizeHint())
    with_value = row.grab().toImage()
    row.set_value("")
    assert row.grab().toImage() != with_value


def test_the_name_of_the_level_hides_no_curve(view):
    """It stands in the legend: at the line itself the curves of a healthy duel leave no place."""
    view.set_run_data(history_of(1000))
    level = view.findChildren(LegendRow)[-1]
    assert level.accessibleName() == "undecided" and level.isVisible()
    assert not plots(view)[1].plotting_area(view).intersects(level.geometry().toRectF())
