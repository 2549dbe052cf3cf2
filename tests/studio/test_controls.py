"""Keyboard and wheel in the whole window, at the first start and at the second."""

import pytest
from PySide6.QtCore import QEvent, QPoint, QRect, QSize, Qt
from PySide6.QtGui import QAccessible, QFocusEvent, QFont, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QPushButton,
    QRadioButton,
    QScrollArea,
    QScrollBar,
    QSizePolicy,
    QSlider,
    QSpinBox,
    QStyle,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.model.work_state import WorkState
from studio.panels.workspace_bar import WorkspaceBar
from studio.widgets.base.compact import CompactButton
from studio.widgets.base.focus_ring import FocusRing
from studio.widgets.base.manners import teach_manners
from studio.widgets.layouts.scrolling import scroll_down
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
    parts = (window.loss_plot.running_mean, slider, window.run_table.table, window.sample_view.grid, play)
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


def test_what_has_the_focus_and_comes_by_while_a_page_scrolls_is_not_turned(qtbot):
    teach_manners()
    holder = QWidget()
    slider, box, label = QSlider(holder), QSpinBox(holder), QLabel("page", holder)
    qtbot.addWidget(holder)
    with qtbot.waitExposed(holder):
        holder.show()
    for start, value in ((1000, slider), (5000, box)):
        value.setFocus()
        over = value if value is slider else box.lineEdit()
        for at, turned_over in ((0, label), (100, over), (450, over)):  # 350 after the last that scrolled
            turn(turned_over, 1, start + at)
            assert value.value() == 0
        turn(over, 1, start + 2000)
        turn(over, 1, start + 2050)
        assert value.value() > 1


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


def test_controls_that_are_there_already_learn_manners_too(qtbot):
    from studio.widgets.base.manners import Manners

    button, bar, large = QPushButton("Press"), QTabBar(), QFont()
    marked = QCheckBox("a"), QRadioButton("b"), QSlider(Qt.Orientation.Horizontal)
    large.setPixelSize(48)
    for widget in (button, bar, *marked):
        qtbot.addWidget(widget)
    assert button.focusPolicy() & Qt.FocusPolicy.ClickFocus
    later = Manners(QApplication.instance())
    assert not button.focusPolicy() & Qt.FocusPolicy.ClickFocus
    assert bar.elideMode() == Qt.TextElideMode.ElideNone
    for widget in marked:
        usual = widget.sizeHint().height()
        widget.setFont(large)
        mark = widget.style().pixelMetric(QStyle.PixelMetric.PM_SliderThickness, None, widget)
        assert usual < 30 < mark and widget.sizeHint().height() >= mark, "its mark is as large as the text"
    later.deleteLater()


def test_controls_made_later_have_the_same_manners(qtbot):
    teach_manners()
    page = QWidget()
    qtbot.addWidget(page)
    QVBoxLayout(page)
    page.show()
    box, button = QSpinBox(), QPushButton("Press")
    page.layout().addWidget(box)
    page.layout().addWidget(button)
    QApplication.processEvents()
    box.clearFocus()
    turn(box, 3)
    click(qtbot, button)
    assert box.value() == 0 and not button.hasFocus()
    button.setFocus(Qt.FocusReason.TabFocusReason)  # as where a click hides what had it
    ring = page.findChild(QWidget, "focus_ring")
    assert not (ring and in_sight(ring))
    qtbot.keyClick(button, Qt.Key.Key_Backtab)
    button.setFocus(Qt.FocusReason.TabFocusReason)
    ring = page.findChild(QWidget, "focus_ring")
    assert in_sight(ring)
    choice = QRadioButton()
    choice.setFixedSize(15, 15)
    page.layout().addWidget(choice)
    QApplication.processEvents()
    choice.setFocus(Qt.FocusReason.TabFocusReason)
    assert in_sight(ring) and not ring.mask().translated(ring.pos()).intersects(choice.geometry()), "it is seen whole"
    box.setFocus(Qt.FocusReason.MouseFocusReason)
    dialog = QSpinBox()
    qtbot.addWidget(dialog)
    for widget, reason in ((dialog, "OtherFocusReason"), (box, "ActiveWindowFocusReason")):
        QApplication.sendEvent(widget, QFocusEvent(QEvent.Type.FocusIn, getattr(Qt.FocusReason, reason)))
    assert not in_sight(ring), "whatever was done in a dialog, here the mouse chose"


def test_what_the_first_press_of_a_double_click_brought_does_not_take_the_second(qtbot):
    teach_manners()
    page, left, place = QWidget(), Qt.MouseButton.LeftButton, QPoint(10, 15)
    rows, answer, opener = QListWidget(page), QRadioButton("An answer", page), QPushButton("Open", page)
    QListWidgetItem("A row", rows).setSizeHint(QSize(50, 25))  # chosen by the press alone
    for each in (rows, answer, opener):
        each.setGeometry(0, 0, 100, 30)
    shown(qtbot, page, 200, 100)
    with qtbot.waitSignals([opener.clicked] * 2):  # both are its own where it stays
        QTest.mouseDClick(page.windowHandle(), left, pos=place)
    opener.clicked.connect(opener.hide)
    for below, is_taken in ((answer, answer.isChecked), (rows, rows.selectedItems)):
        opener.show()
        QTest.mouseDClick(page.windowHandle(), left, pos=place)
        assert not is_taken()
        QTest.mouseClick(page.windowHandle(), left, pos=place)
        assert is_taken()
        below.hide()


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_presses_the_button_that_has_the_focus_once(qtbot, key):
    teach_manners()
    window = QMainWindow()
    qtbot.addWidget(window)
    pressed = []
    for kind in (QPushButton, QToolButton):
        button = kind(window)
        button.clicked.connect(lambda _=False, kind=kind: pressed.append(kind))
        qtbot.keyClick(button, key)
        held = QKeyEvent(QEvent.Type.KeyPress, key, Qt.KeyboardModifier.NoModifier, "", True)
        QApplication.sendEvent(button, held)
    assert pressed == [QPushButton, QToolButton]


def test_a_click_on_a_button_leaves_the_keyboard_where_it_was_also_in_a_page_that_scrolls(qtbot):
    """The page had it then, with a ring around all of it after the next dialog."""
    teach_manners()
    panel, content, line = QWidget(), QWidget(), QLineEdit()
    button = QPushButton()
    column = QVBoxLayout(content)
    for part in (line, button):
        column.addWidget(part)
    qtbot.addWidget(panel)
    scroll_down(panel, content)
    panel.show()
    panel.activateWindow()
    line.setFocus()
    click(qtbot, button)
    assert panel.focusWidget() is line


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
