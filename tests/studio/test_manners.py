"""Manners that controls have in any window, also where they come later: wheel, Space, Enter, double clicks, focus."""

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QPoint, QSize, Qt
from PySide6.QtGui import QAction, QFocusEvent, QFont, QKeyEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QApplication,
    QCheckBox,
    QFrame,
    QLabel,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QMainWindow,
    QProgressBar,
    QPushButton,
    QRadioButton,
    QSlider,
    QSpinBox,
    QSplitter,
    QStyle,
    QTabBar,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.widgets.base.manners import Manners, teach_manners
from studio.widgets.layouts.scrolling import scroll_down
from tests.studio.conftest import forget_manners
from tests.studio.hands import click, shown, turn


def in_sight(widget):
    return not widget.visibleRegion().isEmpty()


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


def test_controls_that_are_there_already_learn_manners_too(qtbot):
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
        window.show()
        button.show()
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


class Deaf(QLabel):
    """A class of one's own with which nothing is done."""

    def paintEvent(self, event):
        super().paintEvent(event)


class Tile(QLabel):
    """One that is clicked."""

    def mousePressEvent(self, event):
        event.accept()


class Seeing(Manners):
    """Tells whom an event was for."""

    def __init__(self, application):
        self.seen = []
        super().__init__(application)

    def eventFilter(self, receiver, event):
        self.seen.append(receiver)
        return super().eventFilter(receiver, event)


def test_only_what_a_person_does_something_with_is_watched(qtbot):
    """Whatever else happens costs no Python: a switch of the workspace brings a thousand events."""
    forget_manners()
    seeing = Seeing(QApplication.instance())
    window, place = QMainWindow(), QWidget()
    qtbot.addWidget(window)
    window.setCentralWidget(place)
    action, menu = QAction("Go", window), window.menuBar().addMenu("Menu")
    menu.addAction(action)
    idle = QLabel("words"), Deaf("words"), QFrame(), QSplitter(), QProgressBar()
    used = QPushButton("Press"), QSlider(), QTabBar(), QListWidget(), QLineEdit(), Tile("a picture")
    column = QVBoxLayout(place)
    for part in (*idle, *used):
        column.addWidget(part)
    window.show()
    for enabled in (False, True):
        action.setEnabled(enabled)
        place.setEnabled(enabled)
        QApplication.processEvents()
    seen = set(seeing.seen)
    shiboken6.delete(seeing)
    assert {*used, used[3].viewport(), window} <= seen
    assert not {*idle, place, action, menu, window.menuBar()} & seen
