"""What is said of a training that was stopped: where it rests, and that Resume goes on with it."""

import pytest
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from engine.lessons import library
from studio import language
from studio.model.work_state import WorkState
from tests.studio.hands import action, click, images_seen, train_a_little, wait_for

LESSON = """# Mine
minutes: 3

## Train
Press it.
set: recipe=studio; epochs=100000
point: train_button
check: steps >= 1000000
hint 1 resting: It is Train.
"""


@pytest.fixture
def lesson(window, qtbot):
    """The window beside a lesson whose only step is reached by training long."""
    library.folder().mkdir(parents=True)
    (library.folder() / "mine.md").write_text(LESSON, "utf-8")
    window.learning.open("mine")
    qtbot.waitUntil(lambda: window.learning.service.player is not None)
    return window


def hint(window):
    box = window.learning.column.page.findChild(QFrame, "lesson_hint")
    return box.accessibleName() if box.isVisible() else ""


def is_framed(window, button):
    frame = window.findChild(QWidget, "lesson_frame")
    return frame.isVisible() and frame.geometry().contains(button.mapTo(window, button.rect().center()))


def test_a_lesson_leads_to_resume_where_its_training_was_stopped_and_to_train_where_none_was(lesson, qtbot):
    """Train would begin anew what Resume goes on with."""
    qtbot.waitUntil(lambda: hint(lesson) == "It is Train.")
    click(qtbot, lesson.learning.column.findChild(QPushButton, "lesson_setup_button"))
    qtbot.waitUntil(lambda: is_framed(lesson, lesson.run_bar.train_button))
    train_a_little(qtbot, lesson)
    qtbot.waitUntil(lambda: is_framed(lesson, lesson.run_bar.pause_button))
    assert "Resume" in hint(lesson) and "It is Train." not in hint(lesson)
    click(qtbot, lesson.run_bar.pause_button)
    wait_for(qtbot, lesson, WorkState.WORKING)
    qtbot.waitUntil(lambda: not hint(lesson))


def test_a_stop_says_where_the_run_rests_and_how_it_goes_on_until_it_does(window, qtbot):
    train_a_little(qtbot, window)
    epoch = images_seen(window) / window.services.shown.run.data.image_count
    assert window.message_bar.text.replace(",", "") == f"Stopped at epoch {epoch:.1f}. Resume goes on with it."
    language.switch("es")
    assert "Reanudar" in window.message_bar.text
    click(qtbot, window.run_bar.pause_button)
    wait_for(qtbot, window, WorkState.WORKING)
    assert "Reanudar" not in window.message_bar.text


def test_of_another_run_than_the_one_that_is_shown_a_stop_says_which_it_was(window, qtbot):
    train_a_little(qtbot, window)
    first = window.services.shown.run
    window.commands.do("train")
    qtbot.waitUntil(lambda: window.services.shown.run is not first and images_seen(window) > 0)
    second = window.services.shown.run
    window.runs.open_run(first.path)
    qtbot.waitUntil(lambda: window.services.shows_another)
    window.services.training.stop()
    wait_for(qtbot, window, WorkState.IDLE)
    assert second.path.name in window.message_bar.text and "Resume" not in window.message_bar.text
    click(qtbot, action(window))
    assert window.services.shown.run is second


def test_who_stops_nothing_that_is_unfinished_is_told_of_no_rest(window, qtbot):
    with qtbot.waitSignal(window.services.training.stopped):
        click(qtbot, window.run_bar.train_button)
    assert "Stopped" not in window.message_bar.text
