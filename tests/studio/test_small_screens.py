"""Where there is little room, or text is large: panels slide, nothing is cut off, nothing scrolls that need not."""

import subprocess

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QFont, QHelpEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QComboBox,
    QPushButton,
    QScrollArea,
    QToolTip,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import LANGUAGES
from studio import language, text_size
from studio.model.explored import Explored
from studio.model.snapshot import SnapshotRef
from studio.widgets.exploring.find_panel import FindPanel
from studio.widgets.exploring.handwriting_panel import Written
from studio.widgets.exploring.plane_panel import PlanePanel
from studio.widgets.exploring.sweep_panel import SweepPanel
from studio.widgets.exploring.truncation_panel import TruncationPanel
from studio.widgets.fields.eliding_combo_box import ElidingComboBox
from studio.widgets.layouts.scrolling import scroll_down
from studio.widgets.pictures.made_up_digits import pictures
from studio.widgets.plots.plot_legend import LegendRow
from studio.workspaces.explore.digit_picker import MIXTURE, STYLES, WAY
from studio.workspaces.explore.latent_explorer import PICTURE, LatentExplorer
from studio.workspaces.explore.map_page import MapPage
from studio.workspaces.train.loss_plot import LossPlot
from tests.engine.forked import Forked
from tests.studio.hands import settle, shown

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
    qtbot.mouseClick(window.run_bar, Qt.MouseButton.LeftButton)
    settle()
    assert not in_sight(panel) and not window.commands.action(switch).isChecked()


@pytest.mark.parametrize("switch", ["options_panel", "inspector_panel"])
def test_a_panel_upon_the_samples_covers_nothing_of_the_time_line(small, qtbot, switch):
    """Its number of the epoch, “Newest” and Play lay under the inspector, which stands beside a lesson so."""
    small.commands.do(switch)
    panel = small.options_form if switch == "options_panel" else small.inspector
    for percent, height in ((100, 480), (150, 520), (100, 700)):
        text_size.show(percent)
        small.resize(853, height)
        settle()
        lies = small.epoch_strip.visibleRegion().boundingRect()
        assert in_sight(panel) and lies == small.epoch_strip.rect(), percent
    qtbot.mouseClick(small.epoch_strip, Qt.MouseButton.LeftButton)
    assert in_sight(panel), "what it shows is of the epoch that is chosen there"


def test_escape_empties_the_search_before_it_closes_the_options_that_lie_upon_the_samples(small, qtbot):
    """What was sought stayed, and the options that were opened next showed none."""
    small.commands.do("find_option")
    line = small.options_form.filter
    qtbot.keyClicks(line, "xyzzy")
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    assert not line.text() and in_sight(small.options_form)
    qtbot.keyClick(line, Qt.Key.Key_Escape)
    settle()
    assert not in_sight(small.options_form)


def test_a_panel_upon_the_samples_is_closed_by_the_button_that_opened_it(small, qtbot):
    button = small.findChild(QAbstractButton, "options_panel_button")
    for is_open in (True, False, True):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        settle()
        assert in_sight(small.options_form) == button.isChecked() == is_open
    small.resize(1366, 768)
    settle()
    assert in_sight(small.options_form) and in_sight(small.inspector), "beside the samples, as before"


def test_a_workspace_that_is_too_wide_beside_a_lesson_is_scrolled(small, qtbot):
    small.commands.do("learn_panel")
    settle()
    assert small.width() == 853
    small.show_workspace("compare")
    small.workspace.setMinimumWidth(800)
    settle()
    around = small.workspace.parentWidget()
    while not isinstance(around, QScrollArea):
        around = around.parentWidget()
    assert small.width() == 853 and small.workspace.width() > around.width() >= 480
    small.commands.do("learn_panel")
    settle()
    assert small.workspace.width() == around.width() == 853 and not around.horizontalScrollBar().isVisible()


FITS = """
import sys
from PySide6.QtWidgets import QApplication, QTabWidget
from pathlib import Path
from studio import language, text_size
from studio.window import MainWindow
from studio.settings import Settings
app = QApplication([])
language.switch("es")
window = MainWindow(Settings(Path(sys.argv[1]) / "studio.ini"))
window.show()
window.learning.open("05-mode-collapse")
while window.learning.service.player is None:
    app.processEvents()
widest = 0
for workspace in window.workspaces:
    window.show_workspace(workspace)
    for pages in window.workspace.findChildren(QTabWidget):
        for page in range(pages.count()):
            pages.setCurrentIndex(page)
            app.processEvents()
    widest = max(widest, window.workspace.minimumSizeHint().width())
for _ in range(3):
    app.processEvents()
least, ratio = window.minimumSizeHint(), window.devicePixelRatioF()
beside = window.learning.column.width() + window.learning.place.handleWidth()
print(*(round(ratio * size) for size in (least.width(), least.height(), widest + beside)))
window.close()
window.services.wait(60)
"""


@pytest.mark.parametrize(("name", "value"), [("QT_SCALE_FACTOR", "1.5"), ("QT_FONT_DPI", "144")])
def test_half_as_large_again_the_window_still_fits_a_small_screen(tmp_path, name, value, monkeypatch):
    """With a lesson beside it and the longer words, beside which at 1366 pixels no page scrolls sideways.

    At a larger resolution the style's measures grow more.
    """
    monkeypatch.setenv(name, value)
    window = Forked([tmp_path], program=FITS, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    told, troubles = window.communicate()
    assert window.returncode == 0, troubles
    width, height, pages = map(int, told.split())
    assert width <= 1280 and height <= 690, told  # 30 pixels are the desktop's
    assert pages <= 1366, told


@pytest.mark.parametrize("code", LANGUAGES)
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
    areas = [area for area in explorer.findChildren(QScrollArea) if area.isVisible()]
    assert areas and not any(area.horizontalScrollBar().maximum() for area in areas), "it does not scroll sideways"
    assert plot.pair.upper.width() >= 0.45 * plot.width()
    for row in plot.findChildren(LegendRow):
        assert row.isHidden() or row.width() >= row.minimumSizeHint().width(), "a number is read whole"


def test_choices_that_have_no_room_end_in_an_ellipsis_and_are_whole_in_their_list(window):
    boxes = [box for box in window.findChildren(QComboBox) if box.parent() is not None]
    assert len(boxes) > 15
    own = [type(box) for box in boxes if not box.isEditable() and not isinstance(box, ElidingComboBox)]
    assert own == [], "Qt's own cuts letters in their middle"
    widths = []
    for box in (ElidingComboBox(), ElidingComboBox(100)):
        box.addItem("as wide as it likes")
        widths.append(box.minimumSizeHint().width())
    assert widths[0] > box.fontMetrics().horizontalAdvance(box.itemText(0)) > 100 > widths[1]


@pytest.mark.parametrize("code", LANGUAGES)
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


@pytest.mark.parametrize("page", ["dimensions", "path_panel", "sweep_panel"])
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
    if room[1] < 500:  # a tool scrolls by itself, beside the picture
        areas = [area for area in areas if area.widget() not in view.tools()]
    assert all(area.verticalScrollBar().maximum() == 0 for area in areas)
    assert view.picture.picture_rect().height() >= 190, "what all of this is about is large"


def test_a_tool_that_is_tall_scrolls_by_itself_and_the_picture_stays_in_sight(qtbot):
    view, tool = shown(qtbot, LatentExplorer(), 803, 240), FindPanel()
    view.set_model(64, tuple("0123456789"))
    view.add_tool(tool, "Find", before=view.dimensions)
    view.pages.setCurrentWidget(tool)
    settle()
    settle()
    tall = [area.widget() for area in view.findChildren(QScrollArea) if area.verticalScrollBar().maximum()]
    assert tool in tall and not any(area.isAncestorOf(view.picture) for area in tall)


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


@pytest.mark.parametrize("code", LANGUAGES)
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


def test_what_scrolls_likes_more_room_as_soon_as_its_text_is_larger(qtbot):
    panel, content = QWidget(), QWidget()
    QVBoxLayout(content).addWidget(QPushButton("Words that need room"))
    scroll = scroll_down(panel, content)
    shown(qtbot, panel, 300, 100)
    before = scroll.sizeHint().width()
    font = panel.font()
    font.setPixelSize(40)
    panel.setFont(font)
    settle()
    assert scroll.sizeHint().width() == content.sizeHint().width() > 1.5 * before


def test_all_numbers_of_z_are_in_reach_at_1366_pixels(window) -> None:
    window.show_workspace("explore")
    explorer = window.latent_explorer
    explorer.pages.setCurrentWidget(explorer.dimensions)
    explorer.say_why_not("")
    explorer.set_model(64, tuple("0123456789"))
    window.resize(1284, 722)  # as the first start on a screen of 1366×768
    settle()
    assert len(explorer.sliders.sliders) >= 20, "with pictures at their ends"
    explorer.dimensions.ends_box.setChecked(False)
    settle()
    assert len(explorer.sliders.sliders) == 64 and explorer.sliders.first_box.isHidden()
    assert all(slider.width() >= 60 for slider in explorer.sliders.sliders)
    explorer.show_pictures(PICTURE, np.zeros((1, 28, 28), np.uint8))
    settle()
    assert explorer.picture.scale >= 12
    explorer.set_model(128, tuple("0123456789"))  # too many: the others are chosen by the box
    settle()
    assert 46 <= len(explorer.sliders.sliders) < 128 and explorer.sliders.first_box.isVisible()


def test_large_text_cuts_nothing_of_the_tools_of_explore(qtbot):
    language.switch("es")
    explored, font = Explored(), QFont()
    explored.begin(16, ())
    font.setPixelSize(24)
    page, plane, truncation, sweep = MapPage(), PlanePanel(explored), TruncationPanel(explored), SweepPanel(explored)
    sizes = (1280, 306), (690, 306), (690, 400), (690, 306)  # of which the third scrolls
    for view, size in zip((page, plane, truncation, sweep), sizes, strict=True):
        view.setFont(font)
        shown(qtbot, view, *size)
    for tool in (plane, truncation, sweep):
        tool.begin()
        for wish in tool.wishes():
            tool.show_pictures(wish.channel, pictures(wish.z, wish.labels))
        tool.limit_height(306)
    settle()
    assert all(area.horizontalScrollBar().maximum() == 0 for area in page.findChildren(QScrollArea))
    assert plane.row.width() >= plane.row.minimumSizeHint().width() and plane.height() <= 306
    for table in (truncation.strip, *sweep.sheet.tables):
        assert table.picture_rect().height() >= 28


@pytest.mark.parametrize("is_cut", [True, False])
def test_the_tool_tip_of_a_choice_says_whole_what_is_cut_in_it(qtbot, is_cut):
    name = "a search with such a long name " * (3 if is_cut else 1)
    box = shown(qtbot, ElidingComboBox(), 160 if is_cut else 600, 30)
    box.addItem(name)
    box.setToolTip("What it is for")
    at = box.rect().center()
    QApplication.sendEvent(box, QHelpEvent(QEvent.Type.ToolTip, at, box.mapToGlobal(at)))
    assert QToolTip.text() == (f"{name}\nWhat it is for" if is_cut else "What it is for")
    QToolTip.hideText()
