"""What changes while nobody sees it has its place before somebody does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

from studio.widgets.layouts.kept_room import KeptRoom
from studio.widgets.layouts.laid_out_ahead import LaidOutAhead
from tests.studio.hands import shown


class Page(QWidget):
    """A sentence that wraps above two columns of which one holds the other kind of layout."""

    def __init__(self):
        super().__init__()
        self.sentence, self.side = QLabel("Short", wordWrap=True), QLabel("Side")
        below, inner = QHBoxLayout(), QWidget()
        QVBoxLayout(inner).addWidget(QLabel("Inside"))
        for part in (self.side, inner):
            below.addWidget(part)
        column = QVBoxLayout(self)
        column.addWidget(self.sentence)
        column.addLayout(below)
        column.addStretch()

    def change(self):
        self.sentence.setText("A sentence of many words " * 20)
        self.side.setText("A side that is wider than before")

    def places(self):
        return [part.geometry().getRect() for part in self.findChildren(QWidget)]


@pytest.fixture
def hidden(qtbot):
    """A page behind another one, laid out once, as all are at the start."""
    stack, page = QStackedWidget(), Page()
    for each in (page, QWidget()):
        stack.addWidget(each)
    shown(qtbot, stack, 400, 300)
    stack.setCurrentIndex(1)
    return stack, page


def go_on(ahead):
    """Let all quiet moments come that were asked for; return how many those were."""
    quiet, count = ahead.findChild(QTimer), 0
    while quiet.isActive():
        quiet.stop()
        quiet.timeout.emit()
        count += 1
    return count


def test_a_page_that_changed_behind_another_has_the_places_that_it_will_be_seen_with(hidden):
    stack, page = hidden
    ahead, before = LaidOutAhead(stack), page.places()
    page.change()
    ahead.ask(page)
    assert page.places() == before, "in a quiet moment, not at once"
    go_on(ahead)
    places = page.places()
    assert places != before
    stack.setCurrentIndex(0)
    assert page.places() == places, "Qt finds the same"


def test_it_is_painted_ahead_strip_by_strip_and_its_parts_have_heard_of_their_sizes(hidden):
    stack, page = hidden
    stack.resize(400, 500)
    heard, painted = [], []

    class Part(QWidget):
        def resizeEvent(self, event):
            heard.append(event.size().toTuple())

        def paintEvent(self, event):
            painted.append(event.region().boundingRect().getRect())

    page.layout().insertWidget(0, part := Part(), 1)
    ahead = LaidOutAhead(stack)
    ahead.ask(page)
    steps = go_on(ahead)
    assert heard[-1] == part.size().toTuple() and part.height() > 200
    assert len(painted) > 2 and steps >= len(painted), "a person is heard between two strips"
    highest, lowest = min(top for _, top, _, _ in painted), max(top + height for _, top, _, height in painted)
    assert (highest, lowest) == (0, part.height())
    heard.clear()
    stack.setCurrentIndex(0)
    assert not heard


def test_behind_another_it_grows_with_the_window(hidden):
    stack, page = hidden
    ahead = LaidOutAhead(stack)
    stack.resize(700, 500)
    assert page.width() == 400
    go_on(ahead)
    assert page.size().toTuple() == (700, 500)


def test_what_is_seen_is_left_to_qt(hidden):
    stack, page = hidden
    ahead = LaidOutAhead(stack)
    ahead.ask(page)
    stack.setCurrentIndex(0)
    places = page.places()
    page.change()
    go_on(ahead)
    assert page.places() == places
    ahead.ask(page)
    assert not ahead.findChild(QTimer).isActive()


def test_room_is_kept_for_what_lies_elsewhere(hidden):
    """Nothing of a page moves when the part comes to it."""
    stack, page = hidden
    part = QLabel("Two\nlines", minimumHeight=50)
    rooms = KeptRoom(part), KeptRoom(part)
    column = QVBoxLayout(stack.widget(1))
    column.addWidget(rooms[1])
    column.addStretch()
    page.layout().addWidget(rooms[0])
    rooms[1].take()
    QApplication.processEvents()
    ahead = LaidOutAhead(stack)
    ahead.ask(page)
    go_on(ahead)
    places = page.places()
    assert rooms[0].height() == rooms[1].sizeHint().height() == part.height() >= 50
    rooms[0].take()
    stack.setCurrentIndex(0)
    assert part.isVisible() and part.parent() is rooms[0]
    assert [each.geometry().getRect() for each in page.findChildren(QWidget) if each is not part] == places
    assert rooms[1].sizeHint() == rooms[0].sizeHint()
