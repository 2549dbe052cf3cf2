"""The second start shows the run again that was looked at last, as if nobody had asked for it."""

from __future__ import annotations

import os
import shutil

import pytest

from engine.recipes import DEFAULT_RECIPE, FIRST_RECIPE
from engine.runs import runs_root
from tests.studio.hands import action, announced, click, settle, train_a_little, trained_run


@pytest.fixture
def closed_upon(make_window, settings, qtbot):
    """Make a run that is trained to its end, which a first window showed before it was closed."""

    def close_upon(path):
        config = trained_run(path, epochs=3) / "config.json"
        config.write_text(config.read_text().replace(f'"recipe": "{DEFAULT_RECIPE}"', f'"recipe": "{FIRST_RECIPE}"'))
        window = make_window()
        with announced(qtbot, window.services.shown.run_changed):
            window.runs.open_run(path)
        window.close()
        return path

    return close_upon


def second(make_window, qtbot):
    """Return a window that shows again what a first one showed."""
    window = make_window()
    with announced(qtbot, window.services.shown.run_changed):
        window.wake()
    settle()
    return window


@pytest.mark.parametrize("name", ["plain", "ño, 1%2", os.fsdecode(b"odd\xff")])
def test_a_finished_run_is_shown_again_and_does_not_train(closed_upon, make_window, qtbot, tmp_path, name):
    path = closed_upon(tmp_path / name)
    window = second(make_window, qtbot)
    shown = window.services.shown
    assert shown.run.path == path and len(shown.data) > 0 and window.epoch_strip.current_epoch == 3
    qtbot.waitUntil(lambda: window.sample_view.grid.picture is not None)
    qtbot.waitUntil(lambda: window.services.generator.loaded is not None)
    assert not window.services.training.is_busy
    assert window.run_bar.train_button.isEnabled() and not window.run_bar.pause_button.isEnabled()
    assert window.options_form.config().epochs == 3 and window.message_bar.text == ""


def test_what_a_person_chose_after_it_stays_planned(closed_upon, make_window, qtbot, settings):
    closed_upon(runs_root() / "old")
    settings.recipe = "dcgan-tutorial"
    window = second(make_window, qtbot)
    assert window.services.shown.run.path.name == "old" and window.context.plan.config.recipe == "dcgan-tutorial"


@pytest.mark.parametrize("how", ["gone", "damaged"])
def test_of_one_that_is_gone_nothing_is_said(closed_upon, make_window, qtbot, how):
    path = closed_upon(runs_root() / "old")
    if how == "gone":
        shutil.rmtree(path)
    else:
        (path / "config.json").write_bytes(b"\xff{")
    window = make_window()
    with qtbot.waitSignal(window.services.runs.listed):
        window.wake()
    qtbot.waitUntil(lambda: window.sample_view.grid.picture is not None)  # the real images
    assert window.services.shown.run is None and window.message_bar.text == ""


def test_one_that_can_be_gone_on_with_is_shown_and_still_offered(make_window, qtbot):
    first = train_a_little(qtbot, make_window())
    path = first.services.shown.run.path
    first.close()
    window = second(make_window, qtbot)
    assert window.services.shown.run.path == path and window.run_bar.pause_button.text() == "Resume"
    qtbot.waitUntil(lambda: "Your last run stopped" in window.message_bar.text)
    with qtbot.waitSignal(window.services.training.started) as started:
        click(qtbot, action(window))
    assert started.args[0].run == path and started.args[0].images_seen > 0


def test_what_a_person_opens_meanwhile_is_shown_instead(closed_upon, make_window, qtbot):
    closed_upon(runs_root() / "old")
    other = trained_run(runs_root() / "other", epochs=2)
    window = make_window()
    with announced(qtbot, window.services.shown.run_changed):
        window.wake()
        window.runs.open_run(other)
    settle()
    assert window.services.shown.run.path == other


def test_it_counts_for_no_lesson_that_is_open(closed_upon, make_window, qtbot):
    path = closed_upon(runs_root() / "old")
    window = make_window()
    lessons = window.learning.service
    lessons.list_lessons()
    qtbot.waitUntil(lambda: lessons.is_listed)
    lessons.open(lessons.library.names()[0])
    with announced(qtbot, window.services.shown.run_changed):
        window.wake()
    assert window.services.shown.run.path == path and not lessons.counts()
    with announced(qtbot, window.services.shown.run_changed):
        window.runs.open_run(path)
    assert lessons.counts()


def test_an_old_run_that_is_opened_counts_for_no_step_that_proposes_other_options(window, qtbot):
    path = trained_run(runs_root() / "old", epochs=3)
    lessons = window.learning.service
    lessons.list_lessons()
    qtbot.waitUntil(lambda: lessons.is_listed)
    lessons.open("02-two-phases")
    lessons.go_to(next(at for at, page in enumerate(lessons.player.lesson.pages) if getattr(page, "setup", None)))
    with announced(qtbot, window.services.shown.run_changed):
        window.runs.open_run(path)
    assert not lessons.counts()
    with qtbot.waitSignal(window.services.training.started):
        window.commands.do("train")
    assert lessons.counts(), "what is trained meanwhile does, also with other options"
