"""In the window a cure works by one click, on the training under way or from another start."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QPushButton

from engine.diagnosis import health
from engine.events import Finished
from engine.i18n import tr
from engine.runs import RunFolder
from studio import language
from studio.model.work_state import WorkState
from tests.studio.courses import (
    LIVE,
    NOT_LIVE,
    cure_button,
    health_tab,
    made_up,
    said,
)
from tests.studio.hands import click


@pytest.fixture
def sick(window, qtbot, monkeypatch):
    """A window that trains a run in which a trouble is found until an option in its cure takes its value."""
    cure = dict(LIVE)

    def diagnose(curves):
        wanted = {name: value for name, value in cure.items() if getattr(curves.config, name) != value}
        return (made_up(cure=wanted),) if wanted else ()

    monkeypatch.setattr(health, "diagnose", diagnose)
    window.cure = cure
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000, g_lr=0.001, r1_gamma=1.0))
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: len(window.services.shown.data) > 3)
    return window


def look(window):
    window.services.health.look()
    window.services.trained_health.look()


def test_a_trouble_is_announced_once_and_shown_on_demand(sick, qtbot):
    look(sick)
    assert sick.message_bar.text.startswith("<b>D wins.</b>") and "D gives real images 99%" in sick.message_bar.text
    assert health_tab(sick) == "⚠ Health"
    language.switch("es")
    assert f"⚠ {tr('Health')}" == health_tab(sick)
    sick.commands.do("go_to_explore")
    assert sick.findChild(QLabel, "health_heading").visibleRegion().isEmpty()
    click(qtbot, sick.message_bar.findChild(QPushButton, "message_action"))
    qtbot.waitUntil(lambda: not sick.findChild(QLabel, "health_heading").visibleRegion().isEmpty())
    assert not sick.message_bar.text
    sick.cure["g_lr"] = 0.001
    look(sick)
    assert not sick.message_bar.text


def test_a_training_that_ends_in_trouble_says_so(sick):
    sick.message_bar.dismiss()
    sick.services.training.hear(Finished(2, 160, 1.0))
    assert sick.message_bar.text.startswith("<b>D wins.</b>")
    sick.cure.clear()
    sick.services.training.hear(Finished(2, 160, 1.0))
    assert sick.message_bar.text.startswith("Finished.")


def test_a_live_cure_works_by_one_click(sick, qtbot):
    sick.show_health()
    look(sick)
    button = cure_button(sick.centralWidget())
    assert button.text() == "Change it now"
    click(qtbot, button)
    assert not button.isVisible() and not sick.message_bar.text
    history = sick.services.shown.data
    qtbot.waitUntil(lambda: bool(history.changes) and history.rows()[-1, 2] > history.changes[-1][0])
    assert sorted(change[1:] for change in history.changes) == sorted(LIVE.items())
    assert {name: getattr(sick.options_form.config(), name) for name in LIVE} == LIVE
    assert sick.options_form.editor("g_lr").value() == LIVE["g_lr"]
    look(sick)
    assert "“D wins” was cured at epoch" in said(sick.health_panel) and health_tab(sick) == "Health"


def test_another_start_ends_the_run_and_trains_with_the_cure(sick, qtbot):
    sick.cure.update(NOT_LIVE)
    sick.show_health()
    look(sick)
    before = sick.services.shown.run.path
    button = cure_button(sick.centralWidget())
    assert button.text() == "Start again with this"
    with qtbot.waitSignal(sick.services.training.started) as started:
        click(qtbot, button)
        assert sick.services.training.state is WorkState.STOPPING and not button.isEnabled()
    config = started.args[0].config
    assert started.args[0].run != before and started.args[0].images_seen == 0
    assert {name: getattr(config, name) for name in sick.cure} == sick.cure
    assert sick.options_form.config() == config
    assert RunFolder(before).images_seen() > 0, "the run before is saved"
    qtbot.waitUntil(lambda: len(sick.services.shown.data) > 0)
    look(sick)
    assert "Too early to tell" in said(sick.health_panel)


def test_a_finished_run_starts_again_too(sick, qtbot):
    sick.services.training.stop()
    qtbot.waitUntil(lambda: sick.services.training.state is WorkState.IDLE)
    sick.show_health()
    look(sick)
    assert cure_button(sick.centralWidget()).text() == "Start again with this"
    with qtbot.waitSignal(sick.services.training.started) as started:
        click(qtbot, cure_button(sick.centralWidget()))
    assert started.args[0].config.g_lr == LIVE["g_lr"]


def test_options_that_make_no_sense_are_not_trained(sick, qtbot):
    sick.services.training.stop()
    qtbot.waitUntil(lambda: sick.services.training.state is WorkState.IDLE)
    look(sick)
    sick.troubles.cure(made_up(cure={"output": "sigmoid"}), False)
    assert sick.services.training.state is WorkState.IDLE and sick.options_form.warning.text


def test_a_resumed_change_is_not_applied_twice(sick, qtbot):
    """A cure wanted during a pause waits for the next step."""
    sick.services.training.pause()
    qtbot.waitUntil(lambda: sick.services.training.state is WorkState.PAUSED)
    sick.show_health()
    look(sick)
    click(qtbot, cure_button(sick.centralWidget()))
    look(sick)
    assert "it counts from the next step on" in said(sick.health_panel)
    changes = []
    sick.services.training.option_changed.connect(lambda change: changes.append(change.name))
    sick.services.training.resume()
    qtbot.waitUntil(lambda: len(changes) == len(LIVE))
    assert sorted(changes) == sorted(LIVE)
