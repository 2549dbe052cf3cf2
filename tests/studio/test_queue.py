"""Trainings that are lined up: one after the other, on after a failure, off when a person stops one."""

from __future__ import annotations

import shutil
import threading
from dataclasses import replace
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from engine import files
from engine.errors import UserError
from engine.runs import RunFolder, runs_root
from engine.runs.planned import Planned
from engine.runs.queue import TrainingQueue
from engine.trainer import Trainer
from studio.model.queue import QueueState
from studio.model.work_state import WorkState
from studio.text.queue import all_told
from tests import tiny
from tests.engine import hostile
from tests.studio.hands import announced, begin_training, choice
from tests.studio.run_rows import listed


def states(window):
    return [plan.state for plan in window.services.queue.state.plans]


def button(window, command):
    return window.findChild(QPushButton, f"{command}_button")


def show_queue(window):
    window.show_workspace("compare")
    window.workspace.pages.setCurrentWidget(window.queue_panel)
    return window.queue_panel


def test_what_is_lined_up_is_trained_one_by_one(window, qtbot):
    queue = window.services.queue
    queue.add(tiny.config(epochs=1, dataset="pictures", data_root="/nowhere"))
    queue.add(tiny.config(epochs=2), "two", seeds=2)
    qtbot.waitUntil(lambda: len(queue.state.plans) == 3)
    assert window.queue_panel.list.topLevelItemCount() == 3 and "takes longer than" in window.queue_panel.total.text()
    button(window, "start_queue").click()
    qtbot.waitUntil(lambda: states(window) == ["done"] * 3 and not queue.is_on)
    runs = [RunFolder(plan.run) for plan in queue.state.plans]
    assert [run.info().config.seed for run in runs] == [0, 0, 1]


def test_a_look_at_the_queue_that_finds_nothing_new_shows_nothing_anew(window, qtbot):
    """It is looked at every few seconds of a training."""
    queue, told = window.services.queue, []
    show_queue(window)
    qtbot.waitUntil(lambda: queue.is_known)
    queue.changed.connect(lambda: told.append(len(queue.state.plans)))
    queue.refresh()
    queue.add(tiny.config(epochs=1))
    qtbot.waitUntil(lambda: len(queue.state.plans) == 1)
    queue.refresh()
    queue.add(tiny.config(epochs=2))
    qtbot.waitUntil(lambda: len(queue.state.plans) == 2)
    assert told == [1, 2]


def test_a_failure_is_noted_with_its_reason_and_the_next_one_begins(window, qtbot, monkeypatch):
    whole = Trainer.run

    def fails_at_first(self):
        if self._live.config.seed == 7:
            raise UserError("It is broken.", "Mend it.")
        yield from whole(self)

    monkeypatch.setattr(Trainer, "run", fails_at_first)
    queue = window.services.queue
    for seed in (7, 1):
        queue.add(tiny.config(epochs=1, seed=seed))
        qtbot.waitUntil(lambda seed=seed: seed in [plan.config.seed for plan in queue.state.plans])
    queue.turn_on()
    qtbot.waitUntil(lambda: states(window) == ["failed", "done"] and not queue.is_on)
    assert queue.state.plans[0].reason == "It is broken."
    show_queue(window).list.topLevelItem(0).setSelected(True)
    assert button(window, "try_again").isEnabled()
    button(window, "try_again").click()
    qtbot.waitUntil(lambda: states(window) == ["waiting", "done"])
    assert not button(window, "try_again").isEnabled()


def test_a_person_who_stops_a_training_stops_the_queue_and_it_goes_on_where_it_was(window, qtbot):
    queue, training = window.services.queue, window.services.training
    queue.add(tiny.config(epochs=100_000))
    qtbot.waitUntil(lambda: len(queue.state.plans) == 1)
    queue.turn_on()
    qtbot.waitUntil(lambda: training.state is WorkState.WORKING and len(window.services.shown.data) > 5)
    with qtbot.waitSignal(queue.changed):
        queue.refresh()
    assert not queue.state.is_elsewhere, "it is this window that trains"
    training.stop()
    qtbot.waitUntil(lambda: not queue.is_on and states(window) == ["begun"] and not training.is_busy)
    (plan,) = TrainingQueue().plans()
    before = RunFolder(plan.run).images_seen()
    queue.turn_on()
    qtbot.waitUntil(lambda: training.state is WorkState.WORKING)
    assert str(window.services.shown.run.path) == plan.run and training.begun.images_seen == before
    training.stop()
    qtbot.waitUntil(lambda: not training.is_busy and not queue.is_on)
    assert len(list(runs_root().glob("*/config.json"))) == 1


def test_only_one_is_taken_however_often_it_is_asked_to_go_on(window, qtbot, monkeypatch):
    queue = window.services.queue
    queue.add(tiny.config(epochs=1), seeds=2)
    qtbot.waitUntil(lambda: len(queue.state.plans) == 2)
    take, may_take, taken = TrainingQueue.take, threading.Event(), []

    def noted(self):
        may_take.wait(60)
        taken.append(take(self))
        return taken[-1]

    monkeypatch.setattr(TrainingQueue, "take", noted)
    queue.turn_on()
    for _ in range(3):
        queue.go_on()
    may_take.set()
    qtbot.waitUntil(lambda: states(window) == ["done", "done"] and not queue.is_on)
    assert [plan and plan.config.seed for plan in taken] == [0, 1, None]


def test_what_was_taken_when_a_person_turned_the_queue_off_can_be_trained_elsewhere(window, qtbot, monkeypatch):
    queue = window.services.queue
    queue.add(tiny.config(epochs=1), "one")
    qtbot.waitUntil(lambda: len(queue.state.plans) == 1)
    take, may_take = TrainingQueue.take, threading.Event()
    monkeypatch.setattr(TrainingQueue, "take", lambda self: may_take.wait(60) and take(self))
    queue.turn_on()
    queue.turn_off()
    may_take.set()
    qtbot.waitUntil(lambda: states(window) == ["begun"])
    elsewhere = TrainingQueue()
    qtbot.waitUntil(lambda: (plan := take(elsewhere)) is not None and plan.title == "one")
    assert not window.services.training.is_busy
    elsewhere.rest(elsewhere.plans()[0].key)


def test_the_time_that_is_left_follows_the_speed_of_the_plan_under_way(window, qtbot):
    queue, training = window.services.queue, window.services.training
    queue.add(tiny.config(epochs=100_000), seeds=2)
    qtbot.waitUntil(lambda: len(queue.state.plans) == 2)
    before = queue.state.seconds
    queue.turn_on()
    with announced(qtbot, training.ticked) as ticks:
        qtbot.waitUntil(lambda: training.state is WorkState.WORKING)
    training.pause()
    qtbot.waitUntil(lambda: training.state is WorkState.PAUSED)
    training.ticked.emit(replace(ticks[-1][0], images_per_second=1e-3))
    with announced(qtbot, queue.changed):
        queue.refresh()
    assert min(queue.state.seconds) > 1e3 * max(before), "for the one behind it as well"
    training.stop()
    qtbot.waitUntil(lambda: not training.is_busy and not queue.is_on)


def test_order_and_removal(window, qtbot):
    queue, panel = window.services.queue, show_queue(window)
    for title in "abc":
        queue.add(tiny.config(), title)
        qtbot.waitUntil(lambda title=title: title in [plan.title for plan in queue.state.plans])
    panel.list.topLevelItem(2).setSelected(True)
    button(window, "move_up").click()
    qtbot.waitUntil(lambda: [plan.title for plan in queue.state.plans] == ["a", "c", "b"])
    assert panel.list.topLevelItem(1).isSelected(), "what is moved stays chosen"
    button(window, "remove_from_queue").click()
    qtbot.waitUntil(lambda: [plan.title for plan in queue.state.plans] == ["a", "b"])
    assert button(window, "move_up").toolTip() == "Choose a training first. (Ctrl+Up)"


def test_the_queue_by_keys_and_by_a_right_click(window, qtbot):
    queue, panel = window.services.queue, window.queue_panel
    queue.add(tiny.config(), "a", seeds=3)
    qtbot.waitUntil(lambda: len(queue.state.plans) == 3)
    assert "workspace" in window.commands["move_down"].why_not()
    window.show_workspace("compare")
    assert "Queue" in window.commands["move_down"].why_not()
    show_queue(window).list.setFocus()

    def order():
        return [plan.config.seed for plan in queue.state.plans]

    qtbot.keyClick(panel.list, Qt.Key.Key_Down)
    for key, seeds in ((Qt.Key.Key_Up, [1, 0, 2]), (Qt.Key.Key_Down, [0, 1, 2])):
        qtbot.keyClick(panel.list, key, Qt.KeyboardModifier.ControlModifier)
        qtbot.waitUntil(lambda seeds=seeds: order() == seeds)
    assert not choice(panel, "try_again").isEnabled() and choice(panel, "move_up").isEnabled()
    choice(panel, "move_up").trigger()
    qtbot.waitUntil(lambda: order() == [1, 0, 2])
    qtbot.keyClick(panel.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: order() == [0, 2])
    window.show_workspace("train")
    window.commands.do("add_to_queue")
    qtbot.waitUntil(lambda: len(order()) == 3)


def test_what_is_trained_is_told_so_and_neither_moved_nor_removed(window, qtbot):
    queue, training = window.services.queue, window.services.training
    queue.add(tiny.config(epochs=100_000), seeds=2)
    qtbot.waitUntil(lambda: len(queue.state.plans) == 2)
    panel = show_queue(window)
    queue.turn_on()
    qtbot.waitUntil(lambda: training.state is WorkState.WORKING)
    qtbot.waitUntil(lambda: [panel.list.topLevelItem(row).text(1) for row in (0, 1)] == ["training now", "waiting"])
    panel.list.setFocus()
    panel.list.topLevelItem(0).setSelected(True)
    for command in ("move_up", "move_down", "remove_from_queue"):
        assert (
            not button(window, command).isEnabled() and "Stop the training first" in button(window, command).toolTip()
        )
    qtbot.keyClick(panel.list, Qt.Key.Key_Up, Qt.KeyboardModifier.ControlModifier)
    assert window.message_bar.text.endswith("Stop the training first.")
    window.commands.do("stop")
    qtbot.waitUntil(lambda: panel.list.topLevelItem(0).text(1) == "begun")
    assert button(window, "move_down").isEnabled() and button(window, "remove_from_queue").isEnabled()


def test_three_more_seeds_are_one_click(window, qtbot):
    listed(window, qtbot, "a")
    queue = window.services.queue
    config = RunFolder(runs_root() / "a").info().config
    queue.turn_on = lambda: None  # that it trains is asked elsewhere
    window.commands.do("more_seeds")
    qtbot.waitUntil(lambda: len(queue.state.plans) == 3)
    assert [plan.config.seed for plan in queue.state.plans] == [config.seed + it for it in (1, 2, 3)]


# --- after a start


def offer(make_window, qtbot):
    window = make_window()
    window.wake()
    qtbot.waitUntil(lambda: window.runs.has_offered)
    return window, window.message_bar.text


def test_after_a_start_what_is_lined_up_is_offered_with_its_time_and_one_click_goes_on(make_window, qtbot):
    TrainingQueue().add(tiny.config(epochs=1), seeds=2)
    window, text = offer(make_window, qtbot)
    assert text.startswith("2 trainings are lined up: about ")
    action = window.findChild(QPushButton, "message_action")
    assert action.text() == "Go on with the queue"
    action.click()
    qtbot.waitUntil(lambda: states(window) == ["done", "done"] and not window.services.queue.is_on)


def test_what_another_process_trains_and_what_is_over_is_not_offered(make_window, qtbot):
    queue = TrainingQueue()
    queue.add(tiny.config())
    folder = RunFolder(queue.take().run)
    folder.create()
    with folder.lock():
        assert offer(make_window, qtbot)[1] == ""
    queue.done(queue.plans()[0].key)
    assert offer(make_window, qtbot)[1] == ""


def test_a_queue_that_cannot_be_read_is_told(make_window, qtbot):
    path = files.home() / "queue.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text('{"schema": 99, "plans": []}')
    assert "newer Duelo" in offer(make_window, qtbot)[1]


def test_a_plan_whose_parent_is_gone_fails_with_the_reason_and_the_next_begins(window, qtbot):
    gone = hostile.make_run(runs_root() / "gone")
    queue = TrainingQueue()
    queue.lengthen(gone.path, 9)
    queue.add(tiny.config(epochs=1))
    shutil.rmtree(gone.path)
    window.services.queue.turn_on()
    qtbot.waitUntil(lambda: states(window) == ["failed", "done"])
    assert "holds no run" in window.services.queue.state.plans[0].reason


def test_the_same_options_are_offered_to_be_lined_up_while_something_is_trained(window, qtbot):
    listed(window, qtbot, "a")
    begin_training(window.services.training)
    window.commands.do("same_options")
    assert "can be lined up" in window.message_bar.text and window.workspace.name == "compare"
    window.findChild(QPushButton, "message_action").click()
    qtbot.waitUntil(lambda: len(window.services.queue.state.plans) == 1)
    window.services.training.hear_end()


def test_what_another_process_lines_up_is_seen_where_the_workspace_is(window, qtbot):
    queue, look = window.services.queue, partial(window.workspaces["compare"].looked_at.emit, True)
    qtbot.waitUntil(lambda: queue.is_known)
    TrainingQueue().add(tiny.config(), "from elsewhere")
    look()
    qtbot.waitUntil(lambda: [plan.title for plan in queue.state.plans] == ["from elsewhere"])
    before = queue.state
    look()
    TrainingQueue().add(tiny.config(dataset="pictures", data_root="/nowhere"))
    qtbot.waitUntil(lambda: look() or len(queue.state.plans) == 2)
    assert before.plans == queue.state.plans[:1]


def test_the_time_of_all_is_said_as_far_as_it_is_known():
    one, two = Planned("1", tiny.config()), Planned("2", tiny.config())
    assert all_told(QueueState((one, two), (60.0, 30.0), 90.0)) == "All that is left takes about 2 minutes."
    assert all_told(QueueState((one, two), (60.0, None))) == "All that is left takes longer than 60 seconds."
    assert all_told(QueueState((one,), (None,))) == "How long all that is left takes is not known."
    assert all_told(QueueState((replace(one, state="done"),), (None,))) == ""
