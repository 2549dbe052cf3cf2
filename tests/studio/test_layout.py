"""Where things stand: whole names, nothing that jumps or is squeezed for good, and room for the samples."""

from itertools import product

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QHoverEvent
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QScrollArea,
    QStyle,
    QStyleOptionTab,
    QTabBar,
    QToolButton,
    QWidget,
)

from engine.i18n import LANGUAGES
from engine.pictures import tile
from studio import language
from studio.model.messages import Subject
from studio.widgets.layouts.wished_splitter import WishedSplitter
from studio.widgets.pictures.tile_layout import banded_layouts, layouts
from studio.widgets.plots.plot_legend import LegendLine, LegendRow
from studio.workspaces.train.sample_view import SampleView
from tests.studio.hands import settle
from tests.studio.test_right_panels import fill


def tab_bars(window):
    return [bar for bar in window.findChildren(QTabBar) if not bar.visibleRegion().isEmpty()]


def cut_tabs(window):
    """Return the names of tabs in sight that are not read whole."""
    cut = []
    for bar in tab_bars(window):
        for index in filter(bar.isTabVisible, range(bar.count())):
            option = QStyleOptionTab()
            bar.initStyleOption(option, index)
            room = bar.style().subElementRect(QStyle.SubElement.SE_TabBarTabText, option, bar).width()
            width = bar.fontMetrics().horizontalAdvance(bar.tabText(index))
            if room < width or not bar.rect().contains(bar.tabRect(index)):
                cut += [bar.tabText(index)]
    return cut


def test_tabs_are_read_whole_at_every_start_and_after_reset(any_start):
    window = any_start
    window.latent_explorer.set_model(64, tuple("0123456789"))
    window.inspector.mark_trouble(True)
    for code, name in product(LANGUAGES, window.workspaces):
        language.switch(code)
        window.show_workspace(name)
        settle()
        assert cut_tabs(window) == [], (code, name)
        window.reset_layout()
        settle()
        assert cut_tabs(window) == [], (code, name)
    window.show_workspace("train")
    settle()
    assert sum(bar.count() for bar in tab_bars(window)) == 3


def test_a_dragged_size_is_kept_and_the_others_follow_the_window(window, qtbot):
    window.resize(1366, 768)
    settle()
    splitter = window.workspace.sides.findChild(WishedSplitter)
    handle = splitter.handle(1)
    middle = handle.rect().center()
    qtbot.mousePress(handle, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(handle, middle + QPoint(40, 0))
    qtbot.mouseRelease(handle, Qt.MouseButton.LeftButton, pos=middle + QPoint(40, 0))
    settle()
    before, right = window.options_form.width(), window.inspector.width()
    assert splitter.wished == {"left": before}  # and not the width of the inspector, which nobody dragged
    window.resize(1900, 1000)
    settle()
    assert (window.options_form.width(), window.inspector.width()) == (before, right)
    window.reset_layout()
    settle()
    assert window.options_form.width() < before


def test_panels_have_their_room_again_after_the_window_was_small(any_start):
    window = any_start
    settle()
    parts = (window.options_form, window.inspector, window.sample_view, window.loss_plot, window.epoch_strip)
    before = [part.size() for part in parts]
    window.resize(window.minimumSizeHint())
    settle()
    assert not window.options_form.isVisible()
    window.resize(1366, 768)
    settle()
    assert [part.size() for part in parts] == before


def test_the_options_are_as_wide_when_groups_open(any_start):
    form = any_start.options_form
    for code in LANGUAGES:
        language.switch(code)
        for section in form.sections.values():
            section.header.setChecked(False)
        settle()
        before = form.width()
        for section in form.sections.values():
            section.header.setChecked(True)
            settle()
            assert form.width() == before, code
        editors = [row.editor for row in form.rows.values() if row.editor.isVisible()]
        assert len(editors) > 40
        for editor in editors:
            right = editor.mapTo(form, editor.rect().topRight()).x()
            assert 0 <= right < form.findChild(QScrollArea).viewport().width(), (code, editor.objectName())


def test_nothing_moves_when_a_message_comes(any_start):
    window = any_start
    settle()
    parts = (window.sample_view, window.loss_plot, window.options_form, window.epoch_strip)
    before = [part.mapTo(window, part.rect().topLeft()) for part in parts], window.sample_view.size()
    for text in ("Short.", "Long. " * 120):
        window.message_bar.warn(text, "Mend it. " * 3, action="Do it")
        settle()
        assert ([part.mapTo(window, part.rect().topLeft()) for part in parts], window.sample_view.size()) == before
        bar = window.message_bar
        assert not bar.visibleRegion().isEmpty() and bar.height() >= bar.heightForWidth(bar.width())
        assert window.rect().contains(bar.geometry())
    window.message_bar.dismiss()
    settle()
    assert window.findChild(QWidget, "hint").isVisible()


def test_a_long_message_hides_nothing_for_long(any_start, qtbot):
    """It folds to its line where a person goes to what it lies upon, and comes out where they point at that line."""
    window, bar = any_start, any_start.message_bar
    window.activateWindow()
    window.plans.choose_recipe("studio")
    bar.tell("Long. " * 120, about=Subject.RECIPE)
    settle()
    line, search = window.findChild(QWidget, "message_place").height(), window.options_form.filter
    whole = bar.height()
    assert whole > line
    search.setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert bar.height() == line and not bar.geometry().intersects(QRect(search.mapTo(window, QPoint()), search.size()))
    for y, height in ((line / 2, whole), (line + 5, line), (line / 2, whole)):
        QApplication.sendEvent(bar, QHoverEvent(QEvent.Type.HoverMove, *[QPointF(50, y)] * 3))
        settle()
        assert bar.height() == height
        assert bar.findChild(QToolButton, "close_message_button").geometry().bottom() < line
    QApplication.sendEvent(bar, QEvent(QEvent.Type.Leave))
    settle()
    assert bar.height() == line
    bar.findChild(QToolButton, "close_message_button").setFocus(Qt.FocusReason.TabFocusReason)
    settle()
    assert bar.height() == whole
    bar.tell("Long. " * 120)
    settle()
    assert bar.height() == whole, "another message is read first"
    bar.tell("Short.")
    bar.fold(True)
    settle()
    assert bar.height() == line and not bar.findChild(QLabel, "more_of_message").isVisible()


def test_what_to_watch_is_one_line_while_it_trains(window, qtbot, monkeypatch):
    monkeypatch.setattr(window.plans, "story", lambda: "Long. " * 120)
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    window.message_bar.tell("Long. " * 120, about=Subject.RECIPE)
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    settle()
    line = window.findChild(QWidget, "message_place").height()
    assert window.message_bar.text and window.message_bar.height() == line


def test_samples_have_three_tenths_of_the_window_and_more_without_the_options(any_start):
    window, view = any_start, any_start.sample_view
    for code, is_troubled in (("en", False), ("es", False), ("es", True)):
        language.switch(code)
        window.inspector.mark_trouble(is_troubled)
        for is_open, share in ((True, 0.3), (False, 0.45)):
            window.workspace.sides.set_open("left", is_open)
            for width, height in ((1366, 768), (1284, 722)):  # the whole screen, and the window of the first start
                window.resize(width, height)
                settle()
                assert view.width() * view.height() >= share * width * height, (code, is_troubled, height)
        window.workspace.sides.set_open("left", True)
        window.resize(1366, 768)
        view.show_epoch(1, 2, np.zeros((238, 298), np.uint8), tuple("0123456789"), 28)
        settle()
        shown = view.grid.picture_rect()
        assert shown.width() * shown.height() >= 0.3 * 1366 * 768, "ten digits alone, without heading and tools"


def test_nothing_of_the_inspector_needs_scrolling(any_start):
    window = any_start
    for code in LANGUAGES:
        language.switch(code)
        fill(window, tuple("0123456789"), 28)
        for page in ("show_health", "show_quality", "show_sample"):
            window.commands.do(page)
            settle()
            (scroll,) = window.inspector.currentWidget().findChildren(QScrollArea)
            assert scroll.verticalScrollBar().maximum() == scroll.horizontalScrollBar().maximum() == 0, (code, page)


def test_a_legend_lies_inside_its_plot_and_above_its_curves(any_start):
    plot = any_start.loss_plot
    for width in (1366, 1000):
        any_start.resize(width, 768)
        settle()
        for pair, line in zip(plot.pair.plots, plot.findChildren(LegendLine), strict=True):
            area = pair.plotting_area(plot).toRect()
            assert area.adjusted(0, 0, 1, 1).contains(line.geometry())
            highest = pair.box.mapViewToScene(QPointF(0, 1.0)).y() - pair.box.sceneBoundingRect().top()
            assert highest >= line.height() - 1, "where 100%, or 1.0 of an empty plot, lies"


def test_a_legend_names_its_curves_whole_in_the_usual_window(any_start):
    plot = any_start.loss_plot
    for code, width in product(LANGUAGES, (1366, 1284)):
        language.switch(code)
        any_start.resize(width, 768)
        settle()
        _losses, verdicts = plot.findChildren(LegendLine)
        rows = verdicts.findChildren(LegendRow)
        assert all(row.width() >= row.sizeHint().width() for row in rows if row.isVisible()), (code, width)
        assert all(row.isVisible() for row in rows if row.has_value), (code, width)


def test_a_legend_leaves_out_what_tells_least_first(qtbot):
    title, rows = QLabel("Realism"), [LegendRow((1, 0)) for _ in range(3)]
    for row, value in zip(rows, ("100%", "100%", ""), strict=True):
        row.set_name("a long name", widest=value)
    line, plot = LegendLine(title, rows), QWidget()
    qtbot.addWidget(plot)
    line.setParent(plot)
    whole, parts = line.sizeHint().width(), [rows[2], title]
    for gone in range(3):
        line.lie_in(QRect(0, 0, whole, 30))
        assert [part.isHidden() for part in parts] == [True] * gone + [False] * (2 - gone)
        whole = line.layout().sizeHint().width() - 1
    line.lie_in(QRect(0, 0, 10, 30))
    assert not rows[0].isHidden() and not rows[1].isHidden()


# ---------------------------------------------------------------- samples of any number of classes


@pytest.mark.parametrize(
    ("room", "least"), [((786, 495), 69), ((1062, 495), 97), ((1366, 495), 105), ((1340, 700), 70)]
)
def test_ten_digits_are_as_large_as_a_wider_room_allows(qtbot, room, least):
    """The rooms at 1366×768 with everything open, with the options folded, with both sides folded; and at 1920×1080."""
    view = SampleView()
    qtbot.addWidget(view)
    view.resize(*room)
    view.show()
    view.show_epoch(1, 2, np.zeros((238, 298), np.uint8), tuple("0123456789"), 28)
    settle()
    assert view.grid.tile_rect(0).width() >= least


@pytest.mark.parametrize("room", [(750, 330), (620, 300), (400, 500)])
@pytest.mark.parametrize(
    "names", [("3", "8"), ("3", "5", "8"), tuple("0123456789"), ("Any",), (), tuple(f"c{label}" for label in range(31))]
)
def test_samples_fill_their_room(qtbot, names, room):
    view = SampleView()
    qtbot.addWidget(view)
    view.resize(*room)
    view.show()
    columns = len(names) or 10
    pixels = np.arange(8 * columns, dtype=np.uint8).repeat(28 * 28).reshape(-1, 28, 28)
    grid = tile(pixels, columns)
    view.show_epoch(1, 2, grid, names, 28, [0.5] * 8 * columns)
    settle()
    area, shown = view.grid.contentsRect(), view.grid.picture_rect()
    assert max(shown.width() / area.width(), shown.height() / area.height()) > 0.7
    least = 0.25 if 0 < len(names) < 3 else 0.45  # a few tiles of one class are all shown
    numbers = [number for number in range(8 * columns) if view.grid.shows(number)]
    assert len(numbers) >= min(36, 6 * columns)
    tiles = len(numbers) * view.grid.tile_rect(0).width() ** 2
    assert tiles > least * area.width() * area.height(), "dark cells fill nothing"
    assert np.array_equal(view.grid.picture, grid), "what is saved and copied is the engine's own grid"
    look = view.grid.grab().toImage()
    for number in numbers:
        place = view.grid.tile_rect(number).center().toPoint()
        assert look.pixelColor(place).red() == number, "each tile lies where it says"
        assert view.grid.tile_at(place.toPointF()) == number
        assert view.grid.class_of(number) == (number % columns if names else -1)
    for index, (name, place) in enumerate(view.grid.headings()):
        mine = [view.grid.tile_rect(number) for number in numbers if number % columns == index]
        assert name == names[index]
        assert all(place.left() - 2 <= rect.left() and rect.right() <= place.right() + 3 for rect in mine)


def test_no_layout_doubles_a_tile_or_has_a_hole():
    for shape, has_classes in (
        ((238, 88), True),
        ((238, 298), False),
        ((28, 28), True),
        ((242, 92), True),
        ((92, 242), True),
        ((1, 1), True),
    ):
        banded = banded_layouts(*shape, 28) if has_classes else ()
        for layout in (*layouts(*shape, 28, has_classes=has_classes), *banded):
            shown = [number for number in range(layout.tile_count) if layout.shows(number)]
            cells = [layout.cell_of(number) for number in shown]
            assert len(set(cells)) == len(shown) == layout.shown_count
            assert [layout.tile_in(*cell) for cell in cells] == shown
            if layout not in banded:  # whose last band may have fewer classes
                assert len(shown) == len(layout.tops) * len(layout.lefts)
            others = set(product(range(len(layout.tops)), range(len(layout.lefts)))).difference(cells)
            assert all(layout.tile_in(*cell) is None for cell in others)
            assert all(layout.lefts[column] + 28 <= layout.width for _, column in cells)
            lines = {line for line, _ in cells}
            assert lines == set(range(len(lines))), "no line is left empty"
            if layout in banded:
                assert len({layout.heading_of(label)[2] for label in range(layout.given_columns)}) > 1
            corners = {layout.given_corner(number) for number in range(layout.tile_count)}
            assert len(corners) == layout.tile_count
            assert all(left + 28 <= shape[1] and top + 28 <= shape[0] for left, top in corners)
