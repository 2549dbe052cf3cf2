"""The form while the queue trains shows the options of the run, and afterwards what was planned before."""

from __future__ import annotations

from engine.runs.folder import RunFolder
from studio.model.work_state import WorkState
from tests import tiny
from tests.studio.hands import set_by_hand

LONG = 100_000


def line_up(window, qtbot, *configs):
    for config in configs:
        count = len(window.services.queue.state.plans)
        window.services.queue.add(config)
        qtbot.waitUntil(lambda count=count: len(window.services.queue.state.plans) == count + 1)


def plan(window, **values):
    """Plan tiny networks with ``values``."""
    window.context.plan.replace(tiny.config(**values))
    return window.options_form.config()


def until_trained(window, qtbot):
    training = window.services.training
    qtbot.waitUntil(lambda: training.state is WorkState.WORKING and len(window.services.shown.data) > 1)


def until_over(window, qtbot):
    qtbot.waitUntil(lambda: not window.services.queue.is_on and not window.services.training.is_busy)


def stop(window, qtbot):
    window.commands.do("stop")
    until_over(window, qtbot)


def test_the_form_shows_the_run_that_the_queue_trains_and_a_step_changes_that_one(window, qtbot):
    form, training = window.options_form, window.services.training
    line_up(window, qtbot, tiny.config(epochs=LONG, g_lr=0.001, d_lr=0.003))
    plan(window, epochs=7, g_lr=0.002, d_lr=0.001)
    window.commands.do("start_queue")
    until_trained(window, qtbot)
    assert [form.editor(name).value() for name in ("g_lr", "d_lr", "epochs")] == [0.001, 0.003, LONG]
    with qtbot.waitSignal(training.option_changed) as changed:
        form.editor("g_lr").stepBy(1)
    assert changed.args[0].name == "g_lr" and 0.001 < changed.args[0].value < 0.002
    now = training.current.run.config_now
    assert (now.g_lr, now.d_lr) == (form.editor("g_lr").value(), 0.003)
    stop(window, qtbot)


def test_what_was_planned_before_comes_back_when_all_is_trained(window, qtbot):
    line_up(window, qtbot, tiny.config(epochs=1, g_lr=0.001), tiny.config(epochs=2, g_lr=0.003))
    planned = plan(window, epochs=7, g_lr=0.002)
    seen = []
    window.services.training.started.connect(lambda _: seen.append(window.options_form.config().g_lr))
    window.commands.do("start_queue")
    until_over(window, qtbot)
    assert seen == [0.001, 0.003] and window.options_form.config() == planned


def test_of_what_is_stopped_the_form_shows_what_goes_on_and_undoing_brings_back_the_plan(window, qtbot):
    form = window.options_form
    line_up(window, qtbot, tiny.config(epochs=LONG, g_lr=0.001))
    planned = plan(window, epochs=LONG, g_lr=0.002)
    window.commands.do("start_queue")
    until_trained(window, qtbot)
    stop(window, qtbot)
    assert form.config().g_lr == 0.001, "or Resume would give the run another rate"
    window.commands.do("undo")
    assert form.config() == planned


def test_a_run_that_goes_on_by_its_turn_is_shown_with_what_was_changed_of_it(window, qtbot):
    form, queue = window.options_form, window.services.queue
    line_up(window, qtbot, tiny.config(epochs=LONG, g_lr=0.001))
    window.commands.do("start_queue")
    until_trained(window, qtbot)
    with qtbot.waitSignal(window.services.training.option_changed):
        set_by_hand(form.editor("g_lr"), 0.004)
    stop(window, qtbot)
    (begun,) = queue.state.plans
    assert RunFolder(begun.run).info().config.g_lr == 0.001
    plan(window, g_lr=0.002)
    queue.turn_on()
    qtbot.waitUntil(lambda: window.services.training.state is WorkState.WORKING)
    assert form.editor("g_lr").value() == 0.004
    stop(window, qtbot)


def test_what_is_planned_between_two_trainings_comes_back_in_place_of_what_was_before(window, qtbot):
    line_up(window, qtbot, tiny.config(epochs=1, g_lr=0.001), tiny.config(epochs=2, g_lr=0.003))
    plan(window, epochs=7, g_lr=0.002)
    between = [0.005]
    window.services.training.stopped.connect(lambda: between and plan(window, g_lr=between.pop()))
    window.commands.do("start_queue")
    until_over(window, qtbot)
    assert [it.state for it in window.services.queue.state.plans] == ["done", "done"]
    assert window.options_form.config().g_lr == 0.005
