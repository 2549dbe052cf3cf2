"""How far work is: seen while there is some, in a room that may be kept, and the focus goes on to what began it."""

import pytest
from PySide6.QtWidgets import QPushButton, QVBoxLayout, QWidget

from studio.widgets.messages.work_bar import WorkBar
from tests.studio.hands import click, settle, shown


@pytest.mark.parametrize("keeps_room", [True, False])
def test_nothing_around_it_moves_where_it_keeps_its_room(qtbot, keeps_room):
    page, work, below = QWidget(), WorkBar(keeps_room=keeps_room), QPushButton()
    column = QVBoxLayout(page)
    for part in (work, below):
        column.addWidget(part)
    column.addStretch()
    shown(qtbot, page, 300, 200)
    assert not work.isVisible()
    before = below.y()
    work.show_share(0.3)
    settle()
    assert work.isVisible() and work.bar.text() == "30%" and (below.y() == before) is keeps_room
    work.show_share(None)
    settle()
    assert not work.isVisible() and below.y() == before


def test_who_cancels_is_heard_and_finds_the_focus_where_the_work_began(qtbot):
    page, begin, other, heard = QWidget(), QPushButton(), QPushButton(), []
    work = WorkBar(heir=begin)
    column = QVBoxLayout(page)
    for part in (begin, work, other):  # Qt alone would give the focus to the last one
        column.addWidget(part)
    shown(qtbot, page)
    work.canceled.connect(lambda: heard.append("canceled"))
    work.set_working(True)
    work.button.setFocus()
    click(qtbot, work.button)
    work.set_working(False)
    assert heard == ["canceled"] and begin.hasFocus()
    work.set_working(True)
    other.setFocus()
    work.set_working(False)
    assert other.hasFocus(), "who is elsewhere stays there"


@pytest.mark.parametrize("way", ["hides", "disables"])
def test_it_takes_the_focus_of_what_is_of_no_use_meanwhile_and_gives_it_back(qtbot, way):
    page, begin, other = QWidget(), QPushButton(), QPushButton()
    work = WorkBar(heir=begin, **{way: (begin,)})
    column = QVBoxLayout(page)
    for part in (begin, other, work):  # Qt alone would give the focus to the one in the middle
        column.addWidget(part)
    shown(qtbot, page)
    begin.setFocus()
    work.show_share(0.0)
    assert work.button.hasFocus() and not (begin.isVisible() and begin.isEnabled())
    work.show_share(None)
    assert begin.hasFocus() and begin.isVisible() and begin.isEnabled()


def test_it_is_named_for_screen_readers_and_counts_in_words(qtbot):
    work = shown(qtbot, WorkBar())
    work.name_it("Making the map", "End the map")
    assert (work.bar.accessibleName(), work.button.text()) == ("Making the map", "Cancel")
    assert work.button.toolTip() == "End the map"
    work.name_it("Saving", cancel="Cancel saving")
    assert work.button.text() == work.button.accessibleName() == "Cancel saving"
    work.show_count(3, 40, "3 of 40")
    assert (work.bar.share, work.bar.text()) == (3 / 40, "3 of 40")
