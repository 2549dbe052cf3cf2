"""What is said of a training that was stopped: where it rests, and that Resume goes on with it."""

import math

import pytest
from PySide6.QtWidgets import QFrame, QPushButton, QWidget

from engine.events import MetricsRow, Tick
from engine.lessons import library
from engine.runs import RunFolder
from studio import language
from studio.model.run_data import RunData
from studio.model.work_state import WorkState
from studio.widgets.messages.run_status import RunStatus
from studio.workspaces.train.loss_plot import LossPlot
from tests import tiny
from tests.studio.hands import action, begin_training, click, images_seen, shown, train_a_little, wait_for

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
    epoch = math.floor(10 * epoch) / 10  # no epoch is done before it is
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


def row(step):
    return MetricsRow(step, 1, 8 * step, 0.1 * step, 1.0, 1.0, 0.5, 0.5)


def tick(step, *rows, is_open=True):
    under_way = (row(step),) if is_open else ()
    return Tick(step, 1 + step // 10, 8 * step, 800, 0.1 * step, 100.0, 1.0, rows, None, under_way)


def test_where_a_training_rests_its_curves_reach_to_that_moment_and_go_on_as_if_it_had_not(services):
    training = services.training
    begin_training(training)
    run = training.current.run
    told = []
    run.data.rows_added.connect(lambda: told.append(run.data.series("step").tolist()))
    for event in (tick(4, row(3)), tick(5)):
        training.hear(event)
    assert told.pop() == [3]
    training.hear_pause()
    assert told.pop() == [3, 5], "with the row that is under way"
    training.hear(tick(7, row(6)))
    assert told.pop() == [3, 6]
    training.hear(tick(8))
    training.hear_pause()
    training.hear(tick(9, row(9), is_open=False))
    assert told.pop() == [3, 6, 9]
    training.hear_pause()
    assert not told[2:], "nothing is under way"
    training.hear(tick(11))
    run.data.end_row()
    run.data.truncate(run.images_seen)  # as a run that goes on where it stands
    assert run.data.series("step").tolist() == [3, 6, 9]
    training.hear_end()


def test_a_curve_that_reached_to_a_pause_takes_up_the_whole_row_that_comes_in_its_place(qtbot):
    """As many rows stand there before and after, if nobody looked between."""
    history, plot = RunData(image_count=80, total_images=800), shown(qtbot, LossPlot(), 600, 200)
    plot.set_run_data(history)
    history.append([row(3)], (row(5)._replace(d_loss=9.0),))
    history.end_row()
    plot.refresh()
    history.append([row(6)])
    plot.refresh()
    assert all(curve.tolist() == [1.0, 1.0] for curve in plot.table.raw[:2])


def test_a_run_that_was_stopped_shows_all_that_its_folder_holds(services, qtbot):
    with qtbot.waitSignal(services.training.ticked, check_params_cb=lambda tick: tick.step > 0):
        services.training.start(tiny.config(epochs=100_000, log_every=1000, sample_every=1000))
    with qtbot.waitSignal(services.training.stopped):
        services.training.stop()
    run = services.training.current.run
    assert run.data.series("step").tolist() == [row.step for row in RunFolder(run.path).metrics()]
    assert run.data.images_seen == run.images_seen > 0


def test_at_rest_the_bar_counts_epochs_that_are_done_as_the_table_does(qtbot):
    status = RunStatus()
    qtbot.addWidget(status)
    status.resize(900, 40)
    status.show_position(0, 800, 80)
    for state, epoch in (
        (WorkState.WORKING, "Epoch 3 of 10"),
        (WorkState.PAUSED, "Epoch 2 of 10"),
        (WorkState.WORKING, "Epoch 3 of 10"),
        (WorkState.HALTED, "Epoch 2 of 10"),
        (WorkState.IDLE, "Epoch 2 of 10"),
    ):
        status.show_tick(tick(25))
        status.show_state(state)
        assert epoch in status.label.text() + status.label.toolTip()


def test_a_run_that_went_back_is_told_where_it_stands_once_it_is_stopped(window, qtbot):
    training = window.services.training
    begin_training(training)
    training.hear(tick(35))
    training.current.run.images_seen = 160  # as its newest checkpoint
    training.hear_end()
    label = window.run_bar.status.label
    assert "2/10" in label.text() + label.toolTip() or "Epoch 2 of 10" in label.text() + label.toolTip()
