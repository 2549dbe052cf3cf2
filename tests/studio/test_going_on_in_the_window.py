"""Going on with a run in the window: which options hold, and what there is to do where nothing is left of it."""

import pytest

from engine.runs import Branch, RunFolder
from studio import language
from studio.model.work_state import WorkState
from studio.panels.magnifier_dialog import MagnifierDialog
from studio.text.run_columns import place
from tests import tiny
from tests.studio.hands import action, announced, click, images_seen, train_a_little, until_listed, wait_for


@pytest.fixture
def stopped(window, qtbot):
    """A window with a run that rests, unfinished."""
    return train_a_little(qtbot, window)


# A run that rests


def resume(qtbot, window):
    with qtbot.waitSignal(window.services.training.started) as started:
        click(qtbot, window.run_bar.pause_button)
    qtbot.waitUntil(lambda: images_seen(window) > started.args[0].images_seen)


def end(qtbot, window):
    window.services.training.stop()
    wait_for(qtbot, window, WorkState.IDLE)
    return RunFolder(window.services.shown.run.path).info()


def reopened(qtbot, window):
    with announced(qtbot, window.services.shown.run_changed):
        window.runs.open_run(window.services.shown.run.path)
    return window


@pytest.mark.parametrize("rest", [lambda qtbot, window: window, reopened], ids=["stopped", "opened again"])
def test_what_may_change_live_and_is_edited_while_a_run_rests_holds_when_it_goes_on(stopped, qtbot, rest):
    window, seen = rest(qtbot, stopped), stopped.services.shown.run.images_seen
    window.options_form.editor("g_lr").setValue(0.01)
    resume(qtbot, window)
    assert end(qtbot, window).changes == [(seen, "g_lr", 0.01)]


def test_a_run_opened_again_shows_what_was_changed_on_its_way_and_goes_on_with_it(stopped, qtbot):
    stopped.options_form.editor("g_lr").setValue(0.01)
    resume(qtbot, stopped)
    changes = end(qtbot, stopped).changes
    assert reopened(qtbot, stopped).options_form.config().g_lr == 0.01
    resume(qtbot, stopped)
    assert end(qtbot, stopped).changes == changes and len(changes) == 1


def test_options_chosen_for_another_training_do_not_change_the_run_that_goes_on(stopped, qtbot):
    config = stopped.services.shown.run.info.config
    stopped.plans.choose_recipe("growing")
    assert stopped.options_form.config().g_lr != config.g_lr
    resume(qtbot, stopped)
    assert stopped.options_form.config() == config and "its own options" in stopped.message_bar.text
    info = end(qtbot, stopped)
    assert info.changes == [] and info.config == config


def step(qtbot, window):
    """Look at a step, and leave it: what is trained then rests after it."""
    training = window.services.training
    with qtbot.waitSignal(training.stage_reached):
        click(qtbot, window.run_bar.step_button)
    with qtbot.waitSignal(training.step_over):
        window.findChild(MagnifierDialog).reject()
    assert training.state is WorkState.PAUSED


def test_a_step_after_stop_is_the_next_one_of_the_run_that_rests(stopped, qtbot):
    run = stopped.services.shown.run
    seen, learned = run.images_seen, stopped.options_form.editor("g_lr")
    learned.setValue(0.01)
    step(qtbot, stopped)
    assert stopped.services.shown.run is run and run.images_seen == seen + run.info.config.batch_size
    assert end(qtbot, stopped).changes == [(seen, "g_lr", 0.01)]


def test_a_step_with_options_that_the_run_that_rests_cannot_take_begins_a_new_one_and_says_so(stopped, qtbot):
    run, wider = stopped.services.shown.run, stopped.options_form.config().g_channels * 2
    seen = run.images_seen
    stopped.options_form.set_config(stopped.options_form.config().changed(g_channels=wider))
    step(qtbot, stopped)
    new = stopped.services.shown.run
    assert new is not run and new.info.config.g_channels == wider and run.images_seen == seen
    assert "the first step of a new one" in stopped.message_bar.text
    language.switch("es")
    assert "el primer paso de uno nuevo" in stopped.message_bar.text


def test_a_run_without_checkpoints_says_so_and_is_begun_again_with_its_newest_generator(window, qtbot):
    click(qtbot, window.run_bar.train_button)
    until_listed(qtbot, window)
    lost = RunFolder(window.services.shown.run.path)
    for state in lost.path.rglob("state-*"):
        state.unlink()
    reopened(qtbot, window).services.runs.list_runs(lost.path.parent)
    said = window.run_table.model.index(0, place("epochs"))
    qtbot.waitUntil(lambda: said.data() == "4 of 4: no checkpoint")
    click(qtbot, window.run_bar.pause_button)
    qtbot.waitUntil(lambda: "cannot go on" in window.message_bar.text)
    assert action(window).text() == "New run from its newest generator"
    wait_for(qtbot, window, WorkState.IDLE)
    with qtbot.waitSignal(window.services.training.finished):
        click(qtbot, action(window))
    new = RunFolder(window.services.shown.run.path)
    assert new.info().branch_of == Branch(str(lost.path.resolve()), 4) and new.images_seen() == 4 * tiny.COUNT
    assert not lost.has_state() and len(lost.generator_epochs()) > 1
