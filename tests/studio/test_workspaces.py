"""Workspaces: chosen by button and key, remembered, each with its own layout; one more is a folder and a line."""

from __future__ import annotations

from itertools import product
from types import SimpleNamespace

import pytest
from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QApplication,
    QLabel,
    QMainWindow,
    QSpacerItem,
    QSplitter,
    QStackedWidget,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.i18n import tr
from studio import language
from studio.commands import Command
from studio.panels.workspace_bar import WorkspaceBar
from studio.widgets.layouts.laid_out_first import laid_out_first
from studio.widgets.layouts.sideways import Sideways
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.window import MainWindow
from studio.workspace import Workspace, go_to
from studio.workspaces import WORKSPACES
from tests.studio.hands import settle

CONTROL = Qt.KeyboardModifier.ControlModifier
NAMES = [each.name for each in WORKSPACES]


class Elsewhere(Workspace):
    """A workspace as another package would bring it."""

    name, title, tip = "elsewhere", "Elsewhere", "Somewhere else"
    switches = ("elsewhere_wide",)

    def __init__(self, context):
        super().__init__(context)
        self.is_wide = False
        column = QVBoxLayout(self)
        column.addWidget(QLabel("A panel"), 1)
        column.addWidget(self.timeline)

    def commands(self):
        def widen():
            self.is_wide = not self.is_wide

        return [Command("elsewhere_wide", "View", "Wide", widen, why_not=self.why_not_here, is_on=lambda: self.is_wide)]

    def layout_state(self):
        return {"wide": int(self.is_wide)}

    def restore_layout(self, state):
        self.is_wide = bool(state.get("wide", 0))


def test_what_there_is_to_do_is_said_where_it_can_be_done(window):
    """In Compare stood “These are real digits”, and none were to be seen."""
    train, explore = (window.workspaces[name] for name in ("train", "explore"))
    hint = window.findChild(QLabel, "hint")
    for told, where in (("Press Train.", train), ("Turn a number.", explore)):
        where.say_hint(told)
    assert hint.text() == "Press Train."
    for name, told in (("explore", "Turn a number."), ("compare", ""), ("train", "Press Train.")):
        window.show_workspace(name)
        assert hint.text() == told


@pytest.mark.parametrize("how", ["key", "button"])
def test_workspaces_are_chosen_and_the_rest_of_the_window_stays(window, qtbot, how):
    window.activateWindow()
    settle()
    bar = window.run_bar
    before = bar.mapTo(window, bar.rect().topLeft()), bar.size()
    for place, name in enumerate(NAMES):
        if how == "key":
            qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + place), CONTROL)
        else:
            qtbot.mouseClick(window.findChild(QToolButton, f"go_to_{name}_button"), Qt.MouseButton.LeftButton)
        settle()
        assert window.workspace.name == name and window.workspace.isVisible()
        chosen = [each for each in NAMES if window.findChild(QToolButton, f"go_to_{each}_button").isChecked()]
        assert chosen == [name]
        assert window.epoch_strip.isVisible() == window.workspace.has_timeline
        assert window.workspace.isAncestorOf(window.epoch_strip)
        assert (bar.mapTo(window, bar.rect().topLeft()), bar.size()) == before
        assert window.findChild(QToolButton, "options_panel_button").isVisible() == (name == "train")


def test_the_time_line_lies_at_the_same_height_in_every_workspace(window):
    window.resize(1366, 768)
    bottoms = set()
    for name in (each.name for each in WORKSPACES if each.has_timeline):
        window.show_workspace(name)
        settle()
        strip = window.epoch_strip
        bottoms.add((strip.mapTo(window, strip.rect().topLeft()).y(), strip.height()))
    assert len(bottoms) == 1


class Painted(QObject):
    """Notes in which size each of ``parts`` is painted."""

    def __init__(self, *parts):
        super().__init__()
        self.sizes = {part: [] for part in parts}
        for part in parts:
            part.installEventFilter(self)

    def eventFilter(self, part, event):
        if event.type() == QEvent.Type.Paint:
            self.sizes[part].append((part.width(), part.height()))
        return False


def test_after_a_switch_each_part_is_painted_once_and_keeps_its_size(window):
    window.resize(1366, 768)
    settle()
    window.show_workspace("compare")
    settle()
    once = window.epoch_strip, window.inspector, window.options_form, window.sample_view
    painted = Painted(*once, window.loss_plot)
    window.show_workspace("train")
    settle()
    curves = set(painted.sizes.pop(window.loss_plot))  # twice, where their scene has news of its own
    assert curves == {(window.loss_plot.width(), window.loss_plot.height())}
    assert painted.sizes == {part: [(part.width(), part.height())] for part in once}


def test_what_pages_must_have_counts_and_not_what_they_would_like(qtbot):
    class Page(QWidget):
        def sizeHint(self):
            return QSize(900, 400)

        def minimumSizeHint(self):
            return QSize(700, 80)

    stack = QStackedWidget()
    stack.addWidget(Page())
    place = Sideways(stack)
    qtbot.addWidget(place)
    assert place.sizeHint() == QSize(700, 80)
    stack.currentWidget().setMinimumSize(2000, 2000)
    assert place.minimumSizeHint() == QSize(480, 240), "a small screen shows a part, and scrolls"


def test_lines_are_as_high_as_they_were_until_a_part_of_them_changes(qtbot):
    asked = []

    class Part(QSpacerItem):
        def isEmpty(self):
            return False

        def minimumSize(self):
            asked.append(self)
            return self.sizeHint()

    place = QWidget()
    qtbot.addWidget(place)
    lines, parts = WrappingLayout(place, spacing=0), [Part(40, 20), Part(40, 20)]
    for part in parts:
        lines.addItem(part)
    assert (lines.heightForWidth(80), lines.heightForWidth(79)) == (20, 40)
    asked.clear()
    assert (lines.heightForWidth(80), lines.heightForWidth(79)) == (20, 40) and not asked
    parts[0].changeSize(40, 30)
    lines.invalidate()
    assert (lines.heightForWidth(80), lines.heightForWidth(79)) == (30, 50)


def test_what_changes_behind_others_is_laid_out_ahead(window, qtbot):
    """At each start the time line has its height once; later it has another one where there is little room."""
    window.workspaces.whole()
    changed, explore = [], window.workspaces["explore"]
    explore.layout_changed.connect(changed.append)
    window.epoch_strip.setMinimumHeight(window.epoch_strip.height() + 40)
    qtbot.waitUntil(lambda: changed == [explore])
    assert explore.timeline.sizeHint().height() == window.epoch_strip.height()
    font = explore.font()
    font.setPointSize(font.pointSize() + 2)
    explore.setFont(font)
    assert changed == [explore] * 2
    qtbot.waitUntil(lambda: explore.timeline.height() == window.epoch_strip.height())
    assert not explore.isVisible()


def test_what_comes_to_the_front_is_laid_out_and_painted_once(qtbot):
    painted, heights = [], []

    class Part(QLabel):
        def paintEvent(self, event):
            painted.append(self)

    class Strip(QLabel):
        height_changed = Signal()

        def be_low(self, is_low):
            low.append(is_low)

        def resizeEvent(self, event):
            heights.append(event.size().height())

    stack, strip, low = QStackedWidget(), Strip("Epochs"), []
    page = Elsewhere(SimpleNamespace(timeline=strip))
    window, place = QMainWindow(), QSplitter()
    place.addWidget(stack)
    window.setCentralWidget(place)
    qtbot.addWidget(window)
    opaque = QWidget(autoFillBackground=True)
    QVBoxLayout(opaque).addWidget(Part("Inside"))
    page.layout().insertWidget(0, opaque)
    stack.addWidget(QWidget())
    stack.addWidget(page)
    window.resize(853, 400)  # of 1280 × 720 at 150 %
    window.show()
    for shown in (1, 0, 1):
        with laid_out_first(place):
            page.take_timeline()
            stack.setCurrentIndex(shown)
        assert place.count() == 1
        painted.clear()
        QApplication.processEvents()
    assert len(painted) == 1, "an opaque part was painted, and again with the whole"
    assert set(heights) == {strip.sizeHint().height()}
    window.resize(1280, 800)
    QApplication.processEvents()
    assert low == [True, False], "the strip leaves its height to the samples"


def test_the_workspace_is_remembered_and_an_unknown_one_is_the_first(make_window, settings):
    first = make_window()
    first.commands.do("go_to_explore")
    assert settings.workspace == "explore", "also where the process is killed before it closes"
    first.close()
    assert make_window().workspace.name == "explore"
    settings.workspace = "gone"
    assert make_window().workspace.name == NAMES[0]


def test_each_workspace_keeps_its_own_layout_and_has_a_reset(make_window):
    first = make_window()
    first.commands.do("inspector_panel")
    first.commands.do("go_to_explore")
    first.learning.place.wished["learn_column"] = 300
    first.reset_layout()
    assert not first.learning.place.wished, "the column of lessons has its usual width again, too"
    first.workspaces["compare"].searching.page.sides.wished = {"trial_panel": 345}
    first.close()
    second = make_window()
    sides = second.workspaces["compare"].searching.page.sides
    assert sides.wished == {"trial_panel": 345}, "also on a page that is built after the layout was taken up"
    second.commands.do("go_to_train")
    assert not second.inspector.isVisible(), "the reset of another workspace changed nothing here"
    second.commands.do("reset_layout")
    assert second.inspector.isVisible()


def test_what_belongs_to_another_workspace_says_so(window):
    window.commands.do("go_to_explore")
    assert not window.commands.is_possible("options_panel")
    assert "Train" in window.commands.action("options_panel").toolTip()
    window.commands.do("show_health")
    assert window.workspace.name == "train" and window.health_panel.isVisible()


def test_a_workspace_from_outside_is_one_line(tiny_gan, qtbot, settings):
    for is_wide in (False, True):
        window = MainWindow(settings, workspaces=(*WORKSPACES, Elsewhere))
        qtbot.addWidget(window)
        window.show()
        window.activateWindow()
        settle()
        if not is_wide:
            qtbot.keyClick(window, Qt.Key(Qt.Key.Key_1 + len(WORKSPACES)), CONTROL)
        settle()
        assert window.workspace.name == "elsewhere" and window.epoch_strip.isVisible()
        assert window.workspace.is_wide == is_wide
        if not is_wide:
            window.findChild(QToolButton, "elsewhere_wide_button").click()
        window.close()


def test_all_menus_and_workspaces_are_in_reach_whatever_the_room(window):
    bar, menus = window.findChild(WorkspaceBar), window.menuBar()
    more = menus.findChild(QToolButton, "qt_menubar_ext_button")
    choice, wide = (bar.findChild(QToolButton, name) for name in ("workspace_choice", "go_to_style_button"))
    seen = set()
    for code, name in product(("es", "en"), NAMES):
        language.switch(code)
        window.show_workspace(name)
        for width in (1366, 680, 480):
            menus.setFixedWidth(width)
            QApplication.processEvents()
            assert not more.isVisible(), (code, name, width)
            assert bar.width() >= bar.sizeHint().width() and menus.rect().right() >= bar.geometry().right()
            for button in bar.findChildren(QToolButton):
                assert not button.isVisible() or button.width() >= button.sizeHint().width()
            assert choice.isVisible() != wide.isVisible()
            assert choice.text() == tr(window.workspace.title)
            seen.add((choice.isVisible(), bar.findChild(QToolButton, "learn_panel_button").isVisible()))
    assert seen == {(False, True), (True, True), (True, False)}
    assert [action.objectName() for action in choice.menu().actions()] == [go_to(name) for name in NAMES]
