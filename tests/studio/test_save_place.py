"""Where a file goes, whose ending follows the kind; and what lies there already."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from studio.widgets.fields.save_place import SavePlace
from tests.studio.hands import shown


@pytest.fixture
def place(qtbot):
    return shown(qtbot, SavePlace("film", (".mp4", ".gif", "")))


def test_the_ending_is_that_of_the_kind(place):
    assert not place.is_said
    place.suggest(Path("/films/first.mp4"))
    place.suggest(Path("/films/second.mp4"))
    assert place.edit.text() == str(Path("/films/first.mp4")), "once something is said, nothing is suggested"
    place.set_ending(".gif")
    assert place.edit.text() == str(Path("/films/first.gif"))
    place.edit.setText("/films/v1.2")
    assert place.path() == Path("/films/v1.2.gif") and place.edit.text() == "/films/v1.2"
    assert place.settled() == Path("/films/v1.2.gif") and place.edit.text() == str(Path("/films/v1.2.gif"))
    place.set_ending("")
    assert place.path() == Path("/films/v1.2"), "a folder has none"


def test_another_known_ending_is_told_once_it_is_typed(place, qtbot):
    typed = []
    place.ending_typed.connect(typed.append)
    for text in ("/films/a.GIF", "/films/a.doc", "/films/a"):
        place.edit.setText(text)
        qtbot.keyClick(place.edit, Qt.Key.Key_Return)
    assert typed == [".gif"]


def test_what_lies_there_already_is_told_of_that_place_alone(place):
    asked = []
    place.asked.connect(asked.append)
    place.edit.setText("/films/first")
    assert asked == [Path("/films/first.mp4")] and place.replaced_told() == ""
    place.show_taken(Path("/films/other.mp4"), True)
    assert not place.is_taken
    place.show_taken(Path("/films/first.mp4"), True)
    assert place.is_taken and "will be replaced" in place.replaced_told()
    place.edit.setText("/films/second")
    assert not place.is_taken
    place.edit.setText("  ")
    assert not place.is_said and asked[-1] == Path("/films/second.mp4")
