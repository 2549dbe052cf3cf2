"""What changes while nobody sees it has its place before somebody does."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QHBoxLayout, QLabel, QStackedWidget, QVBoxLayout, QWidget

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


def test_a_page_that_changed_behind_another_has_the_places_that_it_will_be_seen_with(hidden):
    stack, page = hidden
    ahead, before = LaidOutAhead(page), page.places()
    page.change()
    ahead.ask()
    assert page.places() == before, "in a quiet moment, not at once"
    ahead.findChild(QTimer).timeout.emit()
    places = page.places()
    assert places != before
    stack.setCurrentIndex(0)
    assert page.places() == places, "Qt finds the same"


def test_what_is_seen_is_left_to_qt(hidden):
    stack, page = hidden
    ahead = LaidOutAhead(page)
    ahead.ask()
    stack.setCurrentIndex(0)
    places = page.places()
    page.change()
    ahead.findChild(QTimer).timeout.emit()
    assert page.places() == places
    ahead.findChild(QTimer).stop()
    ahead.ask()
    assert not ahead.findChild(QTimer).isActive()
