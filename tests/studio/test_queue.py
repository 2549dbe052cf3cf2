"""Trainings that are lined up: one after the other, on after a failure, off when a person stops one."""

from __future__ import annotations

from engine.runs import RunFolder, runs_root
from engine.runs.queue import TrainingQueue
from studio.model.work_state import WorkState
from tests import tiny
from tests.studio.test_run_table import listed


def states(window):
    return [plan.state for plan in window.services.queue.state.plans]


def test_what_is_lined_up_is_trained_one_by_one_and_a_failure_does_not_end_it(window, qtbot):
    queue = window.services.queue
    queue.add(tiny.config(epochs=1))
    queue.add(tiny.config(epochs=1, dataset="pictures", data_root="/nowhere"))
    queue.add(tiny.config(epochs=2), "two", seeds=2)
    qtbot.waitUntil(lambda: len(queue.state.plans) == 4)
    assert window.queue_panel.list.topLevelItemCount() == 4 and "takes about" in window.queue_panel.total.text()
    window.queue_panel.buttons["start_queue"].click()
    qtbot.waitUntil(lambda: sorted(states(window)) == ["done", "done", "done", "failed"] or not queue.is_on)
    qtbot.waitUntil(lambda: queue.state.left == 0)
    assert not queue.is_on and states(window).count("done") >= 3
    runs = [RunFolder(plan.run) for plan in queue.state.plans if plan.state == "done"]
    assert {run.info().config.seed for run in runs} >= {0, 1}


def test_a_person_who_stops_a_training_stops_the_queue_and_it_goes_on_where_it_was(window, qtbot):
    queue, training = window.services.queue, window.services.training
    queue.add(tiny.config(epochs=100_000))
    qtbot.waitUntil(lambda: len(queue.state.plans) == 1)
    queue.turn_on()
    qtbot.waitUntil(lambda: training.state is WorkState.WORKING and len(window.services.shown.data) > 5)
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


def test_order_and_removal(window, qtbot):
    queue, panel = window.services.queue, window.queue_panel
    for title in "abc":
        queue.add(tiny.config(), title)
        qtbot.waitUntil(lambda title=title: title in [plan.title for plan in queue.state.plans])
    panel.list.topLevelItem(2).setSelected(True)
    panel.buttons["move_up"].click()
    qtbot.waitUntil(lambda: [plan.title for plan in queue.state.plans] == ["a", "c", "b"])
    assert panel.list.topLevelItem(1).isSelected(), "what is moved stays chosen"
    panel.buttons["remove_from_queue"].click()
    qtbot.waitUntil(lambda: [plan.title for plan in queue.state.plans] == ["a", "b"])


def test_three_more_seeds_are_one_click(window, qtbot):
    listed(window, qtbot, "a")
    queue = window.services.queue
    config = RunFolder(runs_root() / "a").info().config
    queue.turn_on = lambda: None  # that it trains is asked elsewhere
    window.commands.do("more_seeds")
    qtbot.waitUntil(lambda: len(queue.state.plans) == 3)
    assert [plan.config.seed for plan in queue.state.plans] == [config.seed + it for it in (1, 2, 3)]
