"""Keyboard and wheel in the whole window, at the first start and at the second."""

import pytest
from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QAccessible, QRegion
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QTabBar,
    QWidget,
)

from studio.model.work_state import WorkState
from studio.panels.workspace_bar import WorkspaceBar
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.focus_ring import FocusRing
from studio.widgets.layouts.wrapping import WrappingLayout
from studio.widgets.pictures.picture_table import PictureTable
from tests.studio.hands import click, shown, train_to_the_end, turn, value_of, wait_for

SEEN = ("show_health", "show_quality", "show_sample", "go_to_explore", "ask_for_class", "go_to_compare")
VALUES = (QAbstractSpinBox, QComboBox, QAbstractSlider, QTabBar)


def walk(qtbot, window, key=Qt.Key.Key_Tab):
    """Press ``key`` until the focus is back where it came by first; return where it was."""
    stops = []
    while True:
        qtbot.keyClick(window.focusWidget() or window, key)
        now = window.focusWidget()
        if now in stops:
            return stops
        stops.append(now)
        assert len(stops) < 300


def in_sight(widget):
    return not widget.visibleRegion().isEmpty()


def spoken(widget):
    return QAccessible.queryAccessibleInterface(widget).text(QAccessible.Text.Name)


def turned(numbers):
    """Return a ring of ``numbers`` from where it begins anew."""
    begin = next((n for n in range(len(numbers)) if numbers[n] < numbers[n - 1]), 0)
    return numbers[begin:] + numbers[:begin]


def region_of(window, widget):
    above = (window.findChild(WorkspaceBar), window.run_bar, window.message_bar)
    parts = (*above, *window.workspace.regions())
    return next(n for n, part in enumerate(parts) if part is widget or part.isAncestorOf(widget))


def train_until_listed(qtbot, window):
    train_to_the_end(qtbot, window)
    qtbot.waitUntil(lambda: window.run_table.model.rowCount() == 1)


def test_tab_walks_as_the_eye_reads_through_what_is_in_sight_and_named(second_start, qtbot):
    train_until_listed(qtbot, second_start)
    for seen in SEEN:
        second_start.commands.do(seen)
        if second_start.workspace.name == "explore":
            page = second_start.workspace.pages.currentWidget()
            views = [view for view in page.findChildren(PictureTable) if view.isVisible()]  # each is a stop with one
            qtbot.waitUntil(lambda views=views: all(view.picture is not None for view in views))
        QApplication.processEvents()
        stops = walk(qtbot, second_start)
        regions = [region_of(second_start, stop) for stop in stops]
        assert turned(regions) == sorted(regions), seen
        for stop in stops:
            stop.setFocus(Qt.FocusReason.TabFocusReason)
            QApplication.processEvents()
            assert in_sight(stop) and spoken(stop), (seen, stop.objectName() or stop)
            ring = second_start.findChild(QWidget, "focus_ring")
            place = stop.mapTo(second_start, stop.rect().center())
            assert in_sight(ring) and ring.geometry().adjusted(-1, -1, 1, 1).contains(place), stop
        backwards = walk(qtbot, second_start, Qt.Key.Key_Backtab)
        assert {spoken(stop) for stop in backwards} == {spoken(stop) for stop in stops}, seen
        others = [each for each in second_start.workspaces.values() if each is not second_start.workspace]
        assert not any(other.isAncestorOf(stop) for stop in stops for other in others)


def test_options_are_walked_from_the_top_to_the_bottom(second_start, qtbot):
    form = second_start.options_form
    for section in form.sections.values():
        section.header.setChecked(True)
    QApplication.processEvents()
    content = form.findChild(QScrollArea).widget()
    stops = [stop for stop in walk(qtbot, second_start) if content.isAncestorOf(stop)]
    heights = [stop.mapTo(content, stop.rect().center()).y() for stop in stops]
    assert len(stops) > 50 and turned(heights) == sorted(heights)


def test_f6_goes_from_region_to_region(window, qtbot):
    window.run_bar.train_button.setFocus()
    seen = []
    for _ in range(6):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F6)
        seen.append(region_of(window, window.focusWidget()))
    assert seen == [3, 4, 5, 6, 0, 1], "the time line is one of them, the “?” beside the inspector's tabs is none"
    qtbot.keyClick(window.focusWidget(), Qt.Key.Key_F6, Qt.KeyboardModifier.ShiftModifier)
    assert region_of(window, window.focusWidget()) == seen[-2]
    for key in (Qt.Key.Key_F6, Qt.Key.Key_Tab):  # what came to the front is what one wants
        window.workspace.regions()[0].findChildren(QAbstractButton)[0].setFocus()
        for name in ("explore", "train", "explore", "train"):
            window.commands.do(f"go_to_{name}")
            assert window.focusWidget() is window
            qtbot.keyClick(window, key)
            assert region_of(window, window.focusWidget()) == 3
            window.setFocus()


@pytest.mark.parametrize("chosen_by", ["Tab", "mouse"])
def test_space_pauses_what_it_began(second_start, qtbot, chosen_by):
    window = second_start
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    window.run_bar.train_button.setFocus(Qt.FocusReason.TabFocusReason)
    if chosen_by == "mouse":
        click(qtbot, window.findChild(QAbstractButton, "zoom_in_button"))
        click(qtbot, window.run_bar.train_button)
    else:
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Space)
    wait_for(qtbot, window, WorkState.WORKING)
    for state in (WorkState.PAUSED, WorkState.WORKING, WorkState.PAUSED):
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Space)
        wait_for(qtbot, window, state)
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Tab)
    assert window.focusWidget() in (window.run_bar.pause_button, window.run_bar.stop_button)
    window.services.training.stop()


def test_arrows_go_through_the_epochs_from_a_button_too(window, qtbot):
    """Qt leads the focus from button to button with them, to wherever that was made next."""
    window.options_form.set_config(window.options_form.config().changed(epochs=3, sample_every=1))
    train_to_the_end(qtbot, window)
    button = window.findChild(QAbstractButton, "verdicts_button")
    button.setFocus(Qt.FocusReason.TabFocusReason)
    for key, epoch in ((Qt.Key.Key_Left, 2), (Qt.Key.Key_Left, 1), (Qt.Key.Key_Right, 2)):
        qtbot.keyClick(button, key)
        assert window.epoch_strip.current_epoch == epoch and window.focusWidget() is button


def test_a_click_leaves_space_to_the_training(window, qtbot):
    """Also after a box was ticked, a list was used, or a slider was moved."""
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    click(qtbot, window.run_bar.train_button)
    wait_for(qtbot, window, WorkState.WORKING)
    state = WorkState.WORKING
    slider, play = window.findChild(QAbstractSlider, "epoch_slider"), window.findChild(QAbstractButton, "play_button")
    parts = (window.loss_plot.choices.running_mean, slider, window.run_table.table, window.sample_view.grid, play)
    for part in parts:
        window.commands.do("go_to_compare" if part is window.run_table.table else "go_to_train")
        QApplication.processEvents()
        click(qtbot, part)
        state = WorkState.PAUSED if state is WorkState.WORKING else WorkState.WORKING
        qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Space)
        wait_for(qtbot, window, state)
    window.services.training.stop()


def test_the_wheel_changes_nothing_that_has_not_the_focus(second_start, qtbot):
    train_until_listed(qtbot, second_start)
    second_start.epoch_strip.choose(2)
    boxes = [box for kind in VALUES for box in second_start.findChildren(kind) if not isinstance(box, QScrollBar)]
    assert len(boxes) > 60
    second_start.setFocus()
    for box in boxes:
        before = value_of(box)
        turn(box, 1)
        turn(box, -1), turn(box, -1)
        assert value_of(box) == before, box
        assert not box.hasFocus() and box.focusPolicy() != Qt.FocusPolicy.WheelFocus
    assert second_start.epoch_strip.current_epoch == 2


def test_the_wheel_turns_what_has_the_focus(window):
    box = window.options_form.editor("epochs")
    before = box.value()
    box.setFocus()
    turn(box, 1)
    assert box.value() > before


def test_the_wheel_over_a_box_scrolls_the_page(second_start):
    form = second_start.options_form
    for section in form.sections.values():
        section.header.setChecked(True)
    QApplication.processEvents()
    second_start.setFocus()
    bar = form.findChild(QScrollArea).verticalScrollBar()
    bar.setValue(0)
    for name in ("epochs", "g_lr"):
        before = bar.value()
        turn(form.editor(name))
        assert bar.value() > before, name


def test_a_list_that_opened_and_closed_puts_no_ring_around_what_the_mouse_chose(window, qtbot):
    grid, box = window.sample_view.grid, window.run_bar.recipe_box
    click(qtbot, grid)
    ring = window.findChild(QWidget, "focus_ring")
    assert grid.hasFocus() and not (ring and in_sight(ring))
    click(qtbot, box)
    qtbot.waitUntil(lambda: box.view().isVisible())
    qtbot.keyClick(box.view(), Qt.Key.Key_Escape)
    qtbot.waitUntil(lambda: not box.view().isVisible())
    ring = window.findChild(QWidget, "focus_ring")
    assert not (ring and in_sight(ring))
    assert box.view().window().findChild(QWidget, "focus_ring") is None, "the list shows by itself where one is"


def test_a_ring_does_not_cross_what_comes_to_lie_upon_its_control(qtbot):
    page = QWidget()
    qtbot.addWidget(page)
    below, above = QWidget(page), QWidget(page)
    page.resize(300, 200)
    below.setGeometry(20, 20, 200, 100)
    above.setGeometry(150, 0, 100, 200)
    above.hide()
    page.show()
    ring = FocusRing(page)
    ring.surround(below)
    crossing = QPoint(200, 20) - ring.pos()
    assert ring.mask().contains(crossing)
    above.show()
    QApplication.processEvents()
    assert not ring.mask().contains(crossing) and ring.mask().contains(QPoint(100, 20) - ring.pos())
    above.hide()
    QApplication.processEvents()
    assert ring.mask().contains(crossing)


@pytest.mark.parametrize("inside", [0, 1, 2])
@pytest.mark.parametrize("place", [(20, 20), (0, 0), (200, 140)], ids=str)
def test_a_ring_has_four_whole_sides_also_at_the_edge_of_the_window(qtbot, place, inside):
    page = shown(qtbot, QWidget(), 300, 200)
    control = QWidget(page)
    control.setGeometry(*place, 100, 60)
    control.show()
    ring = FocusRing(page, width=2, inside=inside)
    ring.surround(control)
    room, middle = ring.rect(), ring.rect().center()
    for depth in range(4):
        for side in (
            QPoint(middle.x(), depth),
            QPoint(middle.x(), room.bottom() - depth),
            QPoint(depth, middle.y()),
            QPoint(room.right() - depth, middle.y()),
        ):
            assert ring.mask().contains(side), side
    assert not ring.mask().contains(middle)


def test_a_ring_goes_along_with_what_comes_to_lie_in_another_page(qtbot):
    """Or what lies upon the page that it left would take all of it away: the frame was a bar upon the time slider."""
    page = shown(qtbot, QWidget(), 300, 200)
    first, second = QWidget(page), QWidget(page)
    strip = QWidget(first)
    control = QWidget(strip)
    for each in (first, second):
        each.resize(300, 200)
    strip.resize(300, 60)
    control.setGeometry(20, 20, 200, 24)
    first.show()
    second.hide()
    ring = FocusRing(page)
    ring.surround(control)
    strip.setParent(second)
    second.show()
    strip.show()
    strip.move(0, 40)
    qtbot.waitUntil(lambda: ring.geometry().contains(QPoint(30, 70)))
    crossing, middle = QPoint(100, 60), QPoint(100, 72)
    assert in_sight(ring) and ring.mask().contains(crossing - ring.pos())
    assert not ring.mask().isEmpty() and not ring.mask().contains(middle - ring.pos())


@pytest.mark.parametrize("seen", [QRect(20, 196, 100, 24), QRect(-98, 20, 100, 24)], ids=str)
def test_where_there_is_no_room_for_a_frame_there_is_none(qtbot, seen):
    page = shown(qtbot, QWidget(), 300, 200)
    control, upon = QWidget(page), QWidget(page)
    control.setGeometry(seen)
    upon.hide()
    control.show()
    ring = FocusRing(page)
    ring.surround(control)
    assert not in_sight(ring) or not QRegion(ring.rect()).subtracted(ring.mask()).isEmpty()
    control.setGeometry(20, 20, 100, 24)
    qtbot.waitUntil(lambda: in_sight(ring))
    upon.setGeometry(page.rect())
    upon.show()
    qtbot.waitUntil(lambda: not in_sight(ring))


def test_a_button_as_narrow_as_its_words_follows_their_size_and_a_row_leaves_the_free_width_to_what_may_grow(qtbot):
    holder, button, fixed = QWidget(), CompactButton("New random z"), QCheckBox("Blend")
    qtbot.addWidget(holder)
    fixed.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
    line = WrappingLayout(holder, spacing=8)
    for part in (button, fixed):
        line.addWidget(part)
    font = holder.font()
    font.setPointSizeF(2 * font.pointSizeF())
    holder.setFont(font)
    words = button.fontMetrics().horizontalAdvance(button.text())
    assert words < button.minimumSizeHint().width() < 1.2 * words
    line.setGeometry(QRect(0, 0, 900, 100))
    assert fixed.width() == fixed.sizeHint().width() and button.width() == 900 - 8 - fixed.width()
