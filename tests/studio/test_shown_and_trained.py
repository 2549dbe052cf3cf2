"""What is shown apart from what is trained: any run can be looked at while another one trains."""

import threading
import time

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from engine.diagnosis import health
from engine.errors import UserError
from engine.runs import RunInfo
from studio.model.announcement import Announcement
from studio.model.run import CurrentRun, Run
from studio.model.run_data import RunData
from studio.model.work_state import WorkState
from studio.services import pictures, readers
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.messages.trouble_card import TroubleCard
from tests import tiny
from tests.studio.courses import made_up
from tests.studio.hands import announced, begin_training, train_to_the_end, trained_run

LONG = {"epochs": 100_000, "sample_every": 1}


@pytest.fixture
def old(tiny_gan, tmp_path):
    """The folder of a finished run of two epochs."""
    return trained_run(tmp_path / "old", 2)


def train(qtbot, services):
    with qtbot.waitSignal(services.training.ticked, check_params_cb=lambda tick: bool(tick.rows)):
        services.training.start(tiny.config(**LONG))


def stop(qtbot, services):
    with qtbot.waitSignal(services.training.stopped):
        services.training.stop()


def look_at_another(qtbot, services, path):
    with announced(qtbot, services.shown.run_changed):
        services.open(path)


def test_a_listener_that_goes_is_forgotten_and_one_that_leaves_hears_no_more():
    class Listener:
        def __init__(self):
            self.heard = []

        def hear(self, number):
            self.heard.append(number)

    told = Announcement()
    one, other = Listener(), Listener()
    for listener in (one, other):
        told.connect(listener.hear)
    told(1)
    told.disconnect(one.hear)
    told(2)
    heard = other.heard
    del other, listener
    told(3)
    assert (one.heard, heard) == ([1], [1, 2])


def test_what_one_run_tells_is_not_heard_where_another_is(services, qtbot):
    current, heard = CurrentRun(), []
    for news in (current.rows_added, current.grid_added, current.quality_added, current.marks_changed):
        news.connect(lambda *what: heard.append(what))
    begin_training(services.training)
    first = services.training.current.run
    current.put(first)
    first.data.add_pause(3)
    services.training.hear_end()
    begin_training(services.training)
    current.put(services.training.current.run)
    first.data.add_pause(4)
    assert len(heard) == 1
    services.training.hear_end()


def test_another_run_is_looked_at_while_one_trains_and_the_way_back_is_one_step(services, qtbot, old):
    train(qtbot, services)
    live = services.training.current.run
    assert services.shows_live
    look_at_another(qtbot, services, old)
    assert services.shown.run.path == old and not services.shows_live and services.training.is_busy
    rows, grown = len(services.shown.data), []
    services.shown.rows_added.connect(lambda: grown.append(True))
    with announced(qtbot, live.data.rows_added):
        pass
    assert len(services.shown.data) == rows and not grown, "what is trained does not grow into what is shown"
    services.show_live()
    assert services.shown.run is live and services.shows_live
    with announced(qtbot, services.shown.rows_added):
        pass
    stop(qtbot, services)
    assert services.shown.run is live and services.can_resume


def test_the_folder_of_the_live_run_leads_back_to_it(services, qtbot, old):
    train(qtbot, services)
    look_at_another(qtbot, services, old)
    services.open(services.training.current.run.path)
    assert services.shows_live
    stop(qtbot, services)


def test_a_run_opened_while_a_training_is_prepared_stays_and_the_next_training_is_shown(services, qtbot, old):
    with qtbot.waitSignal(services.training.started):
        services.training.start(tiny.config(**LONG))
        assert services.training.state is WorkState.PREPARING
        look_at_another(qtbot, services, old)
    assert services.shown.run.path == old and not services.shows_live
    stop(qtbot, services)
    train(qtbot, services)
    assert services.shows_live
    stop(qtbot, services)


def test_a_run_that_was_asked_for_last_is_the_one_that_is_shown(services, qtbot, old, tmp_path):
    services.open(tmp_path / "gone")
    look_at_another(qtbot, services, old)
    failed = []
    services.runs.failed.connect(failed.append)
    services.jobs.wait(time.monotonic() + 60)
    services.jobs.bridge.deliver(budget=60)
    assert services.shown.run.path == old and not failed


@pytest.mark.parametrize("way", ["back to the live run", "a training begins"])
def test_a_run_that_is_still_being_read_does_not_come_after_what_was_wanted_later(
    services, qtbot, old, monkeypatch, way
):
    may_end, read = threading.Event(), readers.read_run
    monkeypatch.setattr(readers, "read_run", lambda path: may_end.wait() and read(path))
    if way == "a training begins":
        services.open(old)
        train(qtbot, services)
    else:
        train(qtbot, services)
        services.open(old)
        services.show_live()
    may_end.set()
    stop(qtbot, services)
    services.jobs.wait(time.monotonic() + 60)
    services.jobs.bridge.deliver(budget=60)
    assert services.shown.run is services.training.current.run


def test_going_on_with_a_run_wakes_no_other_training_that_rests(services, qtbot, old):
    train(qtbot, services)
    services.training.pause()
    qtbot.waitUntil(lambda: services.training.state is WorkState.PAUSED)
    with announced(qtbot, services.shown.run_changed):
        services.open(old, go_on=True)
    assert services.training.state is WorkState.PAUSED and services.shown.run.path == old
    stop(qtbot, services)


def run_with_a_grid(path):
    data = RunData(image_count=tiny.COUNT)
    data.add_grid(1, path / "epoch-0001.png")
    return Run(path, RunInfo(tiny.config(), tiny.data().facts), data)


def test_what_fails_of_a_run_that_is_shown_no_more_is_not_told(services, qtbot, monkeypatch, tmp_path):
    """Its samples are not read to the end either: those of the run that is shown come first."""
    one, other = (run_with_a_grid(tmp_path / name) for name in ("one", "other"))
    begun, may_end, failed, asked = threading.Event(), threading.Event(), [], []

    def read_grid(path):
        asked.append(path.parent.name)
        if path.parent.name == "other":
            return np.zeros((8, 8), np.uint8)
        begun.set()
        may_end.wait()
        raise OSError("gone")

    monkeypatch.setattr(pictures, "read_grid", read_grid)
    services.pictures.failed.connect(failed.append)
    services.shown.put(one)
    services.pictures.want(1)
    begun.wait()
    services.pictures.want_all([1])
    services.shown.put(other)
    with announced(qtbot, services.shown.grids_read):
        services.pictures.want(1)
        may_end.set()
    assert asked == ["one", "other"] and failed == []


def test_small_pictures_are_asked_for_once_and_after_what_is_being_laid_out(services, monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(services.pictures.worker, "request", lambda channel, *_: asked.append(channel))
    services.shown.put(run_with_a_grid(tmp_path / "one"))
    for _ in range(2):
        services.pictures.want_all([1])
    assert asked == []
    QApplication.processEvents()
    assert asked == ["small"]


# The window


@pytest.fixture
def slow_look(monkeypatch):
    """Real images that are looked at no sooner than the test says so, by setting this."""
    may_end, look = threading.Event(), readers.look_at_images

    def wait_and_look(config):
        may_end.wait()
        return look(config)

    monkeypatch.setattr(readers, "look_at_images", wait_and_look)
    yield may_end
    may_end.set()


def test_what_is_wrong_with_images_that_nobody_asks_for_any_more_is_not_told(window, qtbot, monkeypatch):
    may_end, look, failed = threading.Event(), readers.look_at_images, []

    def look_or_fail(config):
        if not config.data_root:
            return look(config)
        may_end.wait(60)
        raise UserError("They are gone.", "Put them back.")

    monkeypatch.setattr(readers, "look_at_images", look_or_fail)
    images, config = window.services.images, window.context.plan.config
    images.failed.connect(failed.append)
    images.look_at(config.changed(data_root="/nowhere"))
    with qtbot.waitSignal(images.looked_at):
        images.look_at(config)
    may_end.set()
    qtbot.waitUntil(lambda: "reading data" not in [thread.name for thread in threading.enumerate()])
    with qtbot.waitSignal(images.looked_at):  # what was told before is heard by now
        images.look_at(config)
    assert failed == []


def shows_epoch(window, epoch):
    return window.findChild(QLabel, "sample_heading").text().startswith(f"Epoch {epoch} ")


def test_real_images_that_come_late_do_not_lie_upon_the_run_that_was_opened_meanwhile(window, qtbot, old, slow_look):
    services = window.services
    window.plans.choose_recipe("studio")
    look_at_another(qtbot, services, old)
    qtbot.waitUntil(lambda: shows_epoch(window, 2))
    with qtbot.waitSignal(services.images.looked_at):
        slow_look.set()
    assert shows_epoch(window, 2)


def test_nor_upon_the_run_that_was_trained_meanwhile(window, qtbot, slow_look):
    services = window.services
    window.plans.choose_recipe("studio")
    window.options_form.set_config(window.options_form.config().changed(epochs=2, sample_every=1))
    train_to_the_end(qtbot, window)
    qtbot.waitUntil(lambda: shows_epoch(window, 2))
    with qtbot.waitSignal(services.images.looked_at):
        slow_look.set()
    assert shows_epoch(window, 2)


def test_real_images_of_another_choice_are_shown_whatever_was_before(window, qtbot, old):
    look_at_another(qtbot, window.services, old)
    qtbot.waitUntil(lambda: shows_epoch(window, 2))
    config = window.services.shown.run.info.config
    with qtbot.waitSignal(window.services.images.looked_at):
        window.plans.show_config(config.changed(classes=(3, 8)))
    assert window.findChild(QLabel, "sample_heading").text().startswith("Real digits for the next training")
    assert "of the run “old”" in window.findChild(QLabel, "hint").text()  # whose the curves below are
    with qtbot.waitSignal(window.services.images.looked_at):  # as "Same options again" does
        window.plans.show_config(config.changed(epochs=7))
    assert shows_epoch(window, 2), "no other pictures over the curves of a run that has the same real images"


@pytest.fixture
def elsewhere(window, qtbot, old, monkeypatch):
    """A window that trains a run in which a trouble is found, and shows another one."""
    monkeypatch.setattr(health, "diagnose", lambda _course: (made_up(cure={"g_lr": 0.0005}),))
    window.whole()
    window.options_form.set_config(window.options_form.config().changed(**LONG))
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.services.shown.data) > 3 and bool(window.services.shown.data.grid_files))
    window.services.trained_health.look()
    look_at_another(qtbot, window.services, old)
    window.services.health.look()
    return window


def test_one_line_says_which_run_is_shown_and_which_trains_and_leads_back(elsewhere, qtbot, old):
    window, live = elsewhere, elsewhere.services.training.current.run
    assert window.shown_line.isVisible() and old.name in window.findChild(FittingLabel, "shown_label").text()
    assert live.path.name in window.findChild(FittingLabel, "shown_label").text()
    assert live.path.name in window.shown_line.button.toolTip() and old.name in window.windowTitle()
    window.changeEvent(QEvent(QEvent.Type.LanguageChange))
    assert old.name in window.windowTitle(), "another language takes nothing away"
    window.message_bar.dismiss()
    qtbot.mouseClick(window.shown_line.button, Qt.MouseButton.LeftButton)
    assert window.services.shows_live and not window.shown_line.isVisible()
    assert live.path.name in window.windowTitle()


def test_every_panel_shows_the_run_that_is_looked_at_and_the_bar_the_one_that_trains(elsewhere, qtbot):
    window, services = elsewhere, elsewhere.services
    assert window.epoch_strip.current_epoch == 2 and window.epoch_strip.epochs == [0, 1, 2]
    window.show_health()
    device = window.health_panel.findChild(QLabel, "fact_device")
    qtbot.waitUntil(lambda: "Newest generator" in window.origin_line.text())
    grids = len(services.training.current.data.grid_files)
    qtbot.waitUntil(lambda: len(services.training.current.data.grid_files) > grids + 1)
    assert window.epoch_strip.epochs == [0, 1, 2] and not device.text()
    assert "100,000" in window.run_bar.status.label.text()
    assert window.options_form.config().epochs == 100_000, "options steer what trains"
    services.show_live()
    assert len(window.epoch_strip.epochs) > 3 and "CPU" in device.text()


def test_cures_act_on_the_run_that_trains_only_where_it_is_shown(elsewhere, qtbot):
    window = elsewhere
    window.commands.do("show_health")
    button = window.findChild(TroubleCard).button
    assert not button.isEnabled() and "Stop it first" in button.toolTip()
    window.services.show_live()
    window.services.health.look()
    button = next(card.button for card in window.health_panel.findChildren(TroubleCard) if card.isVisible())
    assert button.isEnabled() and button.text() == "Change it now"


def test_a_trouble_of_the_run_that_trains_is_told_and_shown_from_anywhere(elsewhere, qtbot):
    window = elsewhere
    assert window.message_bar.text.startswith("<b>D wins.</b>")
    qtbot.mouseClick(window.message_bar.findChild(QPushButton, "message_action"), Qt.MouseButton.LeftButton)
    assert window.services.shows_live and window.health_panel.isVisible()


def test_a_training_that_ends_elsewhere_leaves_what_is_shown_and_its_options(elsewhere, qtbot, old):
    window, services = elsewhere, elsewhere.services
    stop(qtbot, services)
    assert services.shown.run.path == old and not window.shown_line.isVisible()
    assert window.options_form.config().epochs == 2 and window.epoch_strip.current_epoch == 2
    assert services.training.current.run.is_unfinished and not services.can_resume


def test_a_training_that_finishes_elsewhere_can_be_shown(window, qtbot, old):
    services = window.services
    with qtbot.waitSignal(services.training.finished):
        services.training.start(tiny.config(epochs=3))
        look_at_another(qtbot, services, old)
    if services.training.current.run is services.shown.run:
        pytest.skip("the training was over before another run was read")
    qtbot.waitUntil(lambda: services.training.state is WorkState.IDLE)
    assert "is finished" in window.message_bar.text
    qtbot.mouseClick(window.message_bar.findChild(QPushButton, "message_action"), Qt.MouseButton.LeftButton)
    assert services.shown.run is services.training.current.run


def test_what_is_said_of_the_run_shown_goes_with_it_whatever_is_trained(window, old, qtbot, monkeypatch):
    window.services.generator.failed.emit("It is damaged.")
    assert "damaged" in window.message_bar.text
    monkeypatch.setattr(type(window.services.training), "is_busy", property(lambda _: True))
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(old)
    assert "damaged" not in window.message_bar.text
