import re
import threading

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QMessageBox, QPushButton, QWidget

from engine.config import OPTIONS
from engine.datasets import catalog
from engine.errors import UserError
from engine.evaluation.scheduler import EvaluationScheduler
from engine.events import EvaluatorTraining, Quality
from engine.i18n import tr
from engine.job import Progress
from engine.recipes import FIRST_RECIPE
from engine.runs import RunFolder
from studio import language, theme
from studio.model.work_state import WorkState
from tests import tiny
from tests.studio.hands import announced, click, images_seen, until_listed, wait_for, written

NAMES = [
    "train_button",
    "pause_button",
    "stop_button",
    "recipe_box",
    "dataset_box",
    "loss_plot",
    "sample_grid",
    "epoch_slider",
    "latent_explorer",
    "digit_picker",
    "run_history",
    "quality_panel",
    "health_panel",
]


def running(name):
    """Return the thread called so."""
    return next(thread for thread in threading.enumerate() if thread.name == name)


def test_every_promised_object_is_there_and_named_for_screen_readers(window):
    for name in NAMES:
        found = window.findChild(QWidget, name)
        assert found is not None, name
    for name in ("recipe_box", "dataset_box", "sample_grid", "epoch_slider", "run_history", "loss_plot"):
        assert window.findChild(QWidget, name).accessibleName(), name


def test_real_digits_are_seen_before_anything_is_pressed(window, qtbot):
    window.wake()
    qtbot.waitUntil(lambda: window.sample_view.grid.picture is not None)
    assert window.sample_view.grid.picture.shape == (58, 98)
    assert window.run_bar.train_button.isEnabled()
    assert not window.run_bar.pause_button.isEnabled() and not window.run_bar.stop_button.isEnabled()


def test_train_shows_samples_curves_and_explorer(window, qtbot):
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(window) >= 320)
    wait_for(qtbot, window, WorkState.IDLE)
    assert window.epoch_strip.current_epoch == 4
    assert window.sample_view.grid.picture.shape == (18, 98)
    assert len(window.services.shown.data) > 0
    window.commands.do("go_to_explore")
    qtbot.waitUntil(lambda: window.latent_explorer.picture.picture is not None)
    assert "4" in window.run_bar.status.label.text()
    assert "Finished" in window.message_bar.text
    assert window.run_table.model.rowCount() <= 1


def test_space_trains_pauses_and_resumes(window, qtbot):
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    qtbot.keyClick(window, Qt.Key.Key_Space)
    wait_for(qtbot, window, WorkState.WORKING)
    qtbot.keyClick(window, Qt.Key.Key_Space)
    wait_for(qtbot, window, WorkState.PAUSED)
    assert window.run_bar.pause_button.text() == tr("Resume")
    qtbot.keyClick(window, Qt.Key.Key_Space)
    wait_for(qtbot, window, WorkState.WORKING)
    click(qtbot, window.run_bar.stop_button)
    wait_for(qtbot, window, WorkState.IDLE)
    assert window.run_bar.pause_button.isEnabled() and window.run_bar.pause_button.text() == tr("Resume")


def test_only_live_options_can_be_edited_while_training(window, qtbot):
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    click(qtbot, window.run_bar.train_button)
    wait_for(qtbot, window, WorkState.WORKING)
    unused = window.options_form.config().unused()
    for name, option in OPTIONS.items():
        if option.group != "hidden":
            assert window.options_form.editor(name).isEnabled() == (option.live and name not in unused), name
    window.options_form.editor("g_lr").setValue(0.01)
    qtbot.waitUntil(lambda: bool(window.services.shown.data.changes))
    assert window.services.shown.data.changes[0][1:] == ("g_lr", 0.01)
    click(qtbot, window.run_bar.stop_button)
    wait_for(qtbot, window, WorkState.IDLE)
    assert window.options_form.editor("epochs").isEnabled()


def test_digits_are_asked_for_by_key(window, qtbot):
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(window) >= 320)
    wait_for(qtbot, window, WorkState.IDLE)
    asked = []
    window.digit_picker.pictures_requested.connect(lambda channel, z, labels: asked.append(labels))
    qtbot.keyClick(window, Qt.Key.Key_7)
    qtbot.waitUntil(lambda: any((labels == 7).all() for labels in asked))
    assert not window.digit_picker.visibleRegion().isEmpty()


def test_closing_while_training_asks_saves_and_ends_in_order(window, qtbot, settings):
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(window) > 0)
    assert not window.close()
    question = window.findChild(QMessageBox, "close_question")
    keep, save = (
        next(b for b in question.findChildren(QPushButton) if b.text() == tr(text))
        for text in ("Keep training", "Save and close")
    )
    click(qtbot, keep)
    assert window.isVisible() and window.services.training.is_busy
    assert not window.close()
    question = window.findChildren(QMessageBox, "close_question")[-1]
    save = next(b for b in question.findChildren(QPushButton) if b.text() == tr("Save and close"))
    click(qtbot, save)
    qtbot.waitUntil(lambda: not window.isVisible())
    assert images_seen(window) > 0
    assert settings.last_run == window.services.shown.run.path


def test_closing_while_only_the_judge_learns_says_so(window, qtbot):
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(window) > 0)
    window.services.training.hear(EvaluatorTraining(0.4, is_last=True))
    qtbot.waitUntil(lambda: window.services.training.only_judges)
    assert not window.close()
    question = window.findChild(QMessageBox, "close_question")
    assert "trained and saved" in question.text() and "how good the last samples" in question.informativeText()
    click(qtbot, next(b for b in question.findChildren(QPushButton) if b.text() == "Wait"))
    assert window.isVisible() and window.services.training.is_busy


def judged(_inspector, _generator, _device, epoch, images_seen, *_others):
    return Quality(epoch, images_seen, 80, 22.6, 20.0, 26.0, 4.0, 0.9, 0.82, 0.01, 0.0)


@pytest.fixture
def unjudged(make_window, qtbot, settings, monkeypatch):
    """A run that is trained and was closed before its judge had looked; what it says then is made up."""
    window = make_window()
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(window) >= 320)
    wait_for(qtbot, window, WorkState.IDLE)
    assert not window.services.can_resume and settings.last_run is None
    run = window.services.shown.run.path
    window.close()
    file = run / "config.json"
    file.write_text(re.sub(r'("eval_time_percent": )0(\.0)?', r"\g<1>5.0", file.read_text()))
    monkeypatch.setattr(EvaluationScheduler, "prepare", lambda _inspector: None)
    monkeypatch.setattr(EvaluationScheduler, "maybe_evaluate", judged)
    return run


@pytest.mark.parametrize("how", ["start", "open"])
def test_a_run_closed_upon_its_judge_is_judged_when_it_is_opened_again(make_window, qtbot, settings, unjudged, how):
    window, label = make_window(), "Judge the last samples"
    if how == "start":
        settings.last_run = unjudged
        window.wake()
    else:
        window.runs.open_run(unjudged)
    qtbot.waitUntil(lambda: "not judged yet" in window.message_bar.text)
    button = window.findChild(QPushButton, "message_action")
    assert button.text() == label
    if how == "open":
        assert window.run_bar.pause_button.isEnabled() and window.run_bar.pause_button.text() == "Judge"
        assert label in window.run_bar.pause_button.toolTip()
    before = {path.name: path.read_bytes() for path in (unjudged / "samples").iterdir()}
    with qtbot.waitSignal(window.services.training.finished):
        click(qtbot, button)
    wait_for(qtbot, window, WorkState.IDLE)
    assert [quality.images_seen for quality in RunFolder(unjudged).qualities()] == [320]
    assert {path.name: path.read_bytes() for path in (unjudged / "samples").iterdir()} == before
    assert not window.services.can_resume and not window.run_bar.pause_button.isEnabled()
    assert window.run_bar.pause_button.text() == "Pause" and settings.last_run is None


def test_what_is_judged_is_not_offered_again(make_window, qtbot, settings, unjudged):
    RunFolder(unjudged).append_quality(judged(None, None, None, 4, 320))
    settings.last_run = unjudged  # the program was killed after the judge had spoken
    window = make_window()
    with qtbot.waitSignal(window.services.shown.run_changed):
        window.runs.open_run(unjudged)
    assert not window.services.can_resume and window.message_bar.text == "" and settings.last_run is None


def test_the_next_start_offers_to_go_on(make_window, qtbot, settings):
    first = make_window()
    first.options_form.set_config(first.options_form.config().changed(epochs=100_000))
    click(qtbot, first.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(first) > 0)
    first.services.training.stop()
    wait_for(qtbot, first, WorkState.IDLE)
    first.close()
    second = make_window()
    second.wake()
    qtbot.waitUntil(lambda: bool(second.message_bar.text))
    assert "Your last run stopped" in second.message_bar.text
    with qtbot.waitSignal(second.services.training.started) as started:
        click(qtbot, second.findChild(QPushButton, "message_action"))
    assert started.args[0].run == settings.last_run
    assert started.args[0].images_seen > 0


def test_old_runs_are_listed_and_open_with_a_double_click(window, qtbot):
    click(qtbot, window.run_bar.train_button)
    until_listed(qtbot, window)
    runs = window.workspaces["compare"].run_table
    with announced(qtbot, window.services.shown.run_changed):
        runs.table.activated.emit(runs.model.index(0, 0))
    assert window.sample_view.grid.picture is not None
    assert window.epoch_strip.current_epoch == 4


def test_trouble_is_shown_without_blocking(window, qtbot, tmp_path):
    window.runs.open_run(tmp_path)
    qtbot.waitUntil(lambda: bool(window.message_bar.text))
    assert "holds no run" in window.message_bar.text
    click(qtbot, window.findChild(QWidget, "close_message_button"))
    assert not window.message_bar.text


def test_details_of_a_defect_can_be_copied(window, qtbot, qapp):
    window.message_bar.warn("It <broke>.", "Report it.", "Traceback: x")
    click(qtbot, window.findChild(QWidget, "copy_details_button"))
    assert qapp.clipboard().text() == "Traceback: x"


@pytest.mark.parametrize("code", ["es", "en"])
def test_the_language_switches_live(window, code):
    language.switch("es" if code == "en" else "en")
    before = window.run_bar.train_button.text()
    language.switch(code)
    after = window.run_bar.train_button.text()
    assert before != after == tr("Train")
    assert window.options_form.rows["epochs"].label.text() == tr("Epochs")
    assert window.inspector.tabText(1) == tr("Quality")


@pytest.mark.parametrize("scheme", ["dark", "light"])
def test_the_theme_switches_live(window, scheme, qapp):
    theme.set_scheme(scheme)
    qapp.processEvents()
    assert theme.is_dark() == (scheme == "dark")


def test_layout_and_choices_are_remembered(make_window, settings):
    first = make_window()
    first.commands.do("options_panel")
    assert not first.options_form.isVisible()
    first.commands.do("go_to_compare")
    first.commands.do("choose_es")
    first.commands.do("choose_dark")
    first.close()
    second = make_window()
    assert second.workspace.name == "compare"
    second.commands.do("go_to_train")
    assert not second.options_form.isVisible()
    assert settings.language == "es" and settings.scheme == "dark"
    second.reset_layout()
    assert second.options_form.isVisible()


def test_rubbish_in_the_settings_counts_as_default(settings):
    written(settings).setValue("recipe", "nope")
    written(settings).setValue("language", "xx")
    written(settings).setValue("geometry", "nope")
    written(settings).setValue("scheme", 7)
    assert settings.recipe == FIRST_RECIPE
    assert settings.language in ("en", "es")
    assert settings.geometry.isEmpty()
    assert settings.scheme == "system"


def test_closing_does_not_wait_for_images_that_do_not_come(window, qtbot, monkeypatch):
    may_end, asked = threading.Event(), []

    def read(_config):  # a server that does not answer
        yield Progress(0, 0, "Fetching")
        asked.append(True)
        may_end.wait()
        raise UserError("Nobody answers.", "Try again.")

    monkeypatch.setattr(catalog, "read", read)
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: bool(asked))
    thread = running("training")
    has_closed = window.close()
    left = (has_closed, window.isVisible(), thread.is_alive())
    may_end.set()
    thread.join()
    assert left == (True, False, True), "there is nothing to save, and so nothing to ask or to wait for"


def test_threads_that_hold_nothing_are_waited_for_together_and_briefly(services, qtbot, monkeypatch):
    """A program whose download stood still lived two seconds longer than its window."""
    may_end, waited = threading.Event(), []

    def read(_config):
        yield Progress(0, 0, "Fetching")
        may_end.wait()
        raise UserError("Nobody answers.", "Try again.")

    monkeypatch.setattr(catalog, "read", read)
    services.training.start(tiny.config())
    threads = [running("training"), *(services.jobs.do(name, may_end.wait) for name in ("one", "two"))]
    services.stop()
    with monkeypatch.context() as patch:
        for thread in threads:
            patch.setattr(thread, "join", waited.append)
        patch.setattr("time.monotonic", lambda: 0.2 * len(waited))  # each takes all it may
        services.wait(0.2)
    may_end.set()
    assert len(waited) == 3 and sum(waited) <= 0.25


def test_a_training_that_has_begun_is_saved_though_the_window_has_not_heard_of_it(services, qtbot):
    services.training.start(tiny.config(epochs=100_000))
    thread = running("training")
    while not services.training.must_save:
        thread.join(0.01)  # without any event of Qt's
    assert services.shown.run is None and services.training.must_save
    services.stop()
    services.wait(0)
    assert not thread.is_alive()


@pytest.mark.parametrize("is_waiting", [False, True])
def test_a_program_that_ends_below_a_waiting_thread_ends_at_once(monkeypatch, is_waiting):
    from studio import app

    ended, may_end = [], threading.Event()
    thread = threading.Thread(target=may_end.wait, daemon=True)
    monkeypatch.setattr(threading, "enumerate", lambda: [threading.current_thread(), *([thread] if is_waiting else [])])
    monkeypatch.setattr("os._exit", ended.append)
    assert app.left(0) == 0
    assert ended == ([0] if is_waiting else [])
