"""Where things stand: whole names, nothing that jumps or is squeezed for good, and room for the samples."""

import subprocess
import sys
from itertools import product
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, QRect, Qt
from PySide6.QtGui import QEnterEvent, QIcon
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QStyle,
    QStyleOptionButton,
    QStyleOptionTab,
    QTabBar,
    QToolButton,
    QWidget,
)

from engine.pictures import tile
from studio import language, theme
from studio.model.messages import Subject
from studio.model.snapshot import SnapshotRef
from studio.panels.own_pictures import OwnPicturesDialog
from studio.widgets.base.manners import teach_manners
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.exploring.handwriting_panel import Written
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.layouts.wished_splitter import WishedSplitter
from studio.widgets.pictures.made_up_digits import pictures
from studio.widgets.pictures.tile_layout import banded_layouts, layouts
from studio.widgets.plots.plot_legend import LegendLine, LegendRow
from studio.workspaces.explore.digit_picker import MIXTURE, STYLES, WAY
from studio.workspaces.explore.latent_explorer import LatentExplorer
from studio.workspaces.train.loss_plot import LossPlot
from studio.workspaces.train.sample_view import SampleView
from tests.studio.test_right_panels import fill

ROOT = Path(__file__).parents[2]
CODES = ("en", "es")


def settle():
    for _ in range(3):
        QApplication.processEvents()


def tab_bars(window):
    return [bar for bar in window.findChildren(QTabBar) if not bar.visibleRegion().isEmpty()]


def cut_tabs(window):
    """Return the names of tabs that are not read whole."""
    cut = []
    for bar in tab_bars(window):
        for index in range(bar.count()):
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
    for code, name in product(CODES, window.workspaces):
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
    for code in CODES:
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
    """It folds to its line where a person goes to what it lies upon, and comes out below the mouse."""
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
    for event, height in ((QEvent.Type.Enter, whole), (QEvent.Type.Leave, line)):
        QApplication.sendEvent(bar, QEnterEvent(*[QPointF()] * 3) if event == QEvent.Type.Enter else QEvent(event))
        settle()
        assert bar.height() == height
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
            settle()
            assert view.width() * view.height() >= share * window.width() * window.height(), (code, is_troubled)


def test_nothing_of_the_inspector_needs_scrolling(any_start):
    window = any_start
    for code in CODES:
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
    for code, width in product(CODES, (1366, 1284)):
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


# ---------------------------------------------------------------- a small window: panels upon the samples


@pytest.fixture
def small(window):
    """A window as on a screen of 1280×720 with everything half as large again."""
    window.resize(853, 480)
    window.activateWindow()
    settle()
    assert window.size().width() == 853 and window.size().height() <= 480
    return window


def in_sight(widget):
    return not widget.visibleRegion().isEmpty()


@pytest.mark.parametrize("switch", ["options_panel", "inspector_panel"])
def test_where_there_is_little_room_panels_slide_over_the_samples(small, qtbot, switch):
    window, view = small, small.sample_view
    panel = window.options_form if switch == "options_panel" else window.inspector
    assert not in_sight(panel) and view.width() == window.workspace.width() and view.height() >= 160
    before = view.geometry()
    window.run_bar.train_button.setFocus()
    window.commands.do(switch)
    settle()
    assert in_sight(panel) and view.geometry() == before, "it lies upon them"
    assert panel.isAncestorOf(window.focusWidget()) and window.commands.action(switch).isChecked()
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Escape)
    settle()
    assert not in_sight(panel) and window.focusWidget() is window.run_bar.train_button
    window.commands.do(switch)
    settle()
    inside = panel.rect().center()
    qtbot.mouseClick(panel.childAt(inside) or panel, Qt.MouseButton.LeftButton)
    assert in_sight(panel)
    qtbot.mouseClick(window.epoch_strip, Qt.MouseButton.LeftButton)
    settle()
    assert not in_sight(panel) and not window.commands.action(switch).isChecked()


def test_a_panel_upon_the_samples_is_closed_by_the_button_that_opened_it(small, qtbot):
    button = small.findChild(QAbstractButton, "options_panel_button")
    for is_open in (True, False, True):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        settle()
        assert in_sight(small.options_form) == button.isChecked() == is_open
    small.resize(1366, 768)
    settle()
    assert in_sight(small.options_form) and in_sight(small.inspector), "beside the samples, as before"


# ---------------------------------------------------------------- samples of any number of classes


@pytest.mark.parametrize(("room", "least"), [((704, 422), 42), ((992, 422), 49), ((1284, 422), 56), ((1340, 700), 70)])
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
    least = 0.16 if len(names) == 1 else 0.3
    assert shown.width() * shown.height() > least * area.width() * area.height()
    assert np.array_equal(view.grid.picture, grid), "what is saved and copied is the engine's own grid"
    look = view.grid.grab().toImage()
    for number in range(8 * columns):
        place = view.grid.tile_rect(number).center().toPoint()
        assert look.pixelColor(place).red() == number, "each tile lies where it says"
        assert view.grid.tile_at(place.toPointF()) == number
        assert view.grid.class_of(number) == (number % columns if names else -1)
    for index, (name, place) in enumerate(view.grid.headings()):
        mine = [view.grid.tile_rect(number) for number in range(index, 8 * columns, columns)]
        assert name == names[index]
        assert all(place.left() - 2 <= rect.left() and rect.right() <= place.right() + 3 for rect in mine)


def test_no_layout_loses_or_doubles_a_tile():
    for shape, has_classes in (
        ((238, 88), True),
        ((238, 298), False),
        ((28, 28), True),
        ((242, 92), True),
        ((1, 1), True),
    ):
        banded = banded_layouts(*shape, 28) if has_classes else ()
        for layout in (*layouts(*shape, 28, has_classes=has_classes), *banded):
            cells = [layout.cell_of(number) for number in range(layout.tile_count)]
            assert len(set(cells)) == layout.tile_count
            assert [layout.tile_in(*cell) for cell in cells] == list(range(layout.tile_count))
            assert all(layout.lefts[column] + 28 <= layout.width for _, column in cells)


# ---------------------------------------------------------------- icons, and text of half as much again


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_icons_are_seen_also_where_they_are_disabled(window, scheme):
    theme.set_scheme(scheme)
    settle()
    window.message_bar.tell("News.")
    close = window.message_bar.findChild(QToolButton, "close_message_button")
    for button in (window.run_bar.train_button, window.run_bar.pause_button, window.run_bar.stop_button, close):
        ground = button.palette().color(button.backgroundRole()).lightness()
        for mode, least in ((QIcon.Mode.Normal, 120), (QIcon.Mode.Disabled, 40)):
            image = button.icon().pixmap(16, 16, mode).toImage()
            inks = [image.pixelColor(x, y) for x in range(16) for y in range(16)]
            strongest = max(abs(ink.lightness() - ground) * ink.alphaF() for ink in inks)
            assert strongest > least, (button.objectName(), mode)


FITS = """
import sys
from PySide6.QtWidgets import QApplication, QTabWidget
from pathlib import Path
from studio import language
from studio.window import MainWindow
from studio.settings import Settings
app = QApplication([])
if sys.argv[2] == "large font":
    font = app.font(); font.setPointSizeF(1.5 * font.pointSizeF()); app.setFont(font)
for start, codes in enumerate((("en", "es"), ("es", "en"))):
    window = MainWindow(Settings(Path(sys.argv[1]) / "studio.ini"))
    window.show()
    for code in codes:
        language.switch(code)
        for workspace in window.workspaces:
            window.show_workspace(workspace)
            for pages in window.workspace.findChildren(QTabWidget):
                for page in range(pages.count()):
                    pages.setCurrentIndex(page)
                    app.processEvents()
        for _ in range(3):
            app.processEvents()
        least, ratio = window.minimumSizeHint(), window.devicePixelRatioF()
        print(code, start, round(least.width() * ratio), round(least.height() * ratio))
    window.close()
    window.deleteLater()
"""


@pytest.mark.parametrize("how", ["QT_SCALE_FACTOR=1.5", "QT_FONT_DPI=144", "large font"])
def test_half_as_large_again_the_window_still_fits_a_small_screen(tmp_path, how, monkeypatch):
    name, _, value = how.partition("=")
    if value:
        monkeypatch.setenv(name, value)
    command = [sys.executable, "-c", FITS, str(tmp_path), how]
    told = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout.splitlines()
    assert len(told) == 4
    for line in told:
        width, height = line.split()[2:]
        assert int(width) <= 1280 and int(height) <= 690, line  # 30 pixels are the desktop's


@pytest.mark.parametrize("code", CODES)
def test_text_of_half_as_much_again_leaves_room_on_a_small_screen(qtbot, code):
    """At 1280×720 with everything half as large again the explorer has 600 pixels, and the curves at least 500."""
    language.switch(code)
    explorer, plot = LatentExplorer(), LossPlot()
    for view in (explorer, plot):
        qtbot.addWidget(view)
    explorer.set_model(64, tuple("0123456789"))
    explorer.resize(600, 290)
    plot.resize(500, 120)
    explorer.show()
    plot.show()
    settle()
    (scroll,) = (area for area in explorer.findChildren(QScrollArea) if area.isVisible())
    assert scroll.horizontalScrollBar().maximum() == 0, "it does not scroll sideways"
    assert plot.pair.upper.width() >= 0.45 * plot.width()
    for row in plot.findChildren(LegendRow):
        assert row.isHidden() or row.width() >= row.minimumSizeHint().width(), "a number is read whole"


def test_choices_that_have_no_room_end_in_an_ellipsis_and_are_whole_in_their_list(window):
    boxes = [box for box in window.findChildren(QComboBox) if box.parent() is not None]
    assert len(boxes) > 15
    assert {type(box) for box in boxes if not box.isEditable()} == {ElidingComboBox}, (
        "Qt's own cuts letters in their middle"
    )
    widths = []
    for box in (ElidingComboBox(), ElidingComboBox(100)):
        box.addItem("as wide as it likes")
        widths.append(box.minimumSizeHint().width())
    assert widths[0] > box.fontMetrics().horizontalAdvance(box.itemText(0)) > 100 > widths[1]


@pytest.mark.parametrize("code", CODES)
def test_classes_and_a_written_number_need_no_scrolling_at_1366x768(window, code):
    language.switch(code)
    window.show_workspace("explore")
    window.resize(1284, 722)
    picker = window.digit_picker
    window.workspace.pages.setCurrentWidget(picker)
    picker.set_model(16, tuple("0123456789"))
    picker.show_pictures(STYLES, np.zeros((20, 28, 28), np.uint8))
    picker.dial.set_can_blend(True)
    picker.show_pictures(WAY, np.zeros((11, 28, 28), np.uint8))
    picker.show_pictures(MIXTURE, np.zeros((1, 28, 28), np.uint8))
    picker.writer.show_written(Written(np.zeros((64, 600, 4), np.uint8), (), "The judge reads every character."))
    for index in range(picker.pages.count()):
        picker.pages.setCurrentIndex(index)
        settle()
        settle()
        assert all(area.verticalScrollBar().maximum() == 0 for area in picker.findChildren(QScrollArea))
    assert picker.styles_table.scale >= 1.5 and picker.dial.large.scale >= 4


def test_what_is_pressed_in_is_told_from_the_window_in_the_dark(window):
    theme.set_scheme("dark")
    settle()
    button = window.findChild(QAbstractButton, "options_panel_button")
    assert button.isChecked()
    pressed, around = button.grab().toImage().pixelColor(3, button.height() // 2), button.palette().window().color()
    assert pressed.lightness() - around.lightness() > 15


@pytest.mark.parametrize("kind", [QCheckBox, QRadioButton])
def test_an_empty_box_is_seen_in_the_dark(qtbot, kind):
    theme.set_scheme("dark")
    box = kind()
    qtbot.addWidget(box)
    box.show()
    settle()
    option = QStyleOptionButton()
    option.initFrom(box)
    mark = box.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, box)
    inside, around = box.grab().toImage().pixelColor(mark.center()), box.palette().window().color()
    assert inside.lightness() - around.lightness() > 50
    theme.set_scheme("light")
    settle()
    assert box.palette().base().color() == QApplication.palette().base().color()


def test_buttons_of_dialogs_have_no_icons_of_the_style(window):
    """They are black, also on black."""
    teach_manners()
    for dialog in (OwnPicturesDialog(window.services.jobs, parent=window), FileDialog(window, "Any")):
        dialog.show()
        assert all(button.icon().isNull() for box in dialog.findChildren(QDialogButtonBox) for button in box.buttons())
        dialog.reject()


@pytest.mark.parametrize("page", ["sliders", "path_panel", "sweep_panel"])
@pytest.mark.parametrize("room", [(950, 590), (575, 300)])
def test_the_explorer_needs_no_scrolling(qtbot, room, page):
    """At 1366×768, and at 1280×720 with everything half as large again."""
    view = LatentExplorer()
    qtbot.addWidget(view)
    view.pictures_requested.connect(lambda channel, z, labels: view.show_pictures(channel, pictures(z, labels)))
    view.set_model(64, tuple("0123456789"))
    view.resize(*room)
    view.show()
    view.pages.setCurrentWidget(getattr(view, page))
    view.render_again(SnapshotRef(3, 3))
    settle()
    settle()
    areas = [area for area in view.findChildren(QScrollArea) if area.isVisible()]
    if page == "path_panel" and room[1] < 500:  # which scrolls by itself, beside the picture
        areas = [area for area in areas if area.widget() is not view.path_panel]
    assert all(area.verticalScrollBar().maximum() == 0 for area in areas)


def test_the_time_line_has_its_room_where_another_workspace_is_in_front_at_the_start(make_window):
    first = make_window()
    first.show_workspace("explore")
    first.close()
    window = make_window()
    window.wake()
    settle()
    settle()
    assert window.workspace.name == "explore"
    assert window.findChild(QWidget, "epoch_controls").width() < 200, "no plot lies above it"


@pytest.mark.parametrize("code", CODES)
def test_the_search_gives_way_on_a_small_screen_only(window, code):
    """The form has all of its width at 1366 pixels, and less where the trials would be cut otherwise."""
    language.switch(code)
    window.show_workspace("compare")
    page = window.workspaces["compare"].searching.page
    window.workspaces["compare"].pages.setCurrentWidget(page)
    window.resize(1366, 768)
    settle()
    assert page.form.width() == page.form.maximumWidth()
    window.resize(802, 451)  # 94 % of a screen of 1280×720 with everything half as large again
    settle()
    for part in (page.form, page.sheet, page.trial, *page.findChildren(QPushButton)):
        if part.isVisible():
            assert part.width() >= min(part.minimumSizeHint().width(), part.sizeHint().width()), part
            assert part.mapTo(window, part.rect().topRight()).x() < 802
