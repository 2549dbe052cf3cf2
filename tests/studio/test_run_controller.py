import numpy as np
import pytest

from engine.config import Config
from engine.events import Tick
from engine.run_folder import RunFolder
from engine.trainer import Trainer
from studio import worker
from studio.bridge import Bridge
from studio.run_controller import State
from tests import tiny

LONG = {"epochs": 100_000}


def train_to_the_end(qtbot, controller, **values):
    with qtbot.waitSignal(controller.stopped, timeout=30_000):
        controller.start(tiny.config(**values))


def train_until_tick(qtbot, controller, **values):
    with qtbot.waitSignal(controller.ticked, timeout=30_000, check_params_cb=lambda tick: tick.step > 0):
        controller.start(tiny.config(**LONG, **values))


def stop(qtbot, controller):
    with qtbot.waitSignal(controller.stopped, timeout=30_000):
        controller.stop()


def test_a_training_fills_the_history_and_ends_idle(controller, qtbot):
    states, finished = [], []
    controller.state_changed.connect(states.append)
    controller.finished.connect(finished.append)
    train_to_the_end(qtbot, controller, epochs=3)
    assert states == [State.PREPARING, State.TRAINING, State.IDLE]
    assert len(finished) == 1
    assert controller.history.grid_epochs == [1, 2, 3]
    rows = RunFolder(controller.run_path).metrics()
    assert len(controller.history) == len(rows)
    assert controller.history.series("step").tolist() == [row.step for row in rows]
    assert not controller.can_go_on


def test_pause_rests_and_resume_goes_on(controller, qtbot):
    train_until_tick(qtbot, controller)
    with qtbot.waitSignal(controller.state_changed, check_params_cb=lambda state: state is State.PAUSED):
        controller.pause()
    ticks: list[Tick] = []
    controller.ticked.connect(ticks.append)
    controller.bridge.deliver()
    assert not ticks
    assert controller.history.pauses == [controller.images_seen]
    with qtbot.waitSignal(controller.ticked, timeout=10_000):
        controller.resume()
    assert controller.state is State.TRAINING
    stop(qtbot, controller)


def test_stop_saves_and_resume_goes_on_from_the_checkpoint(controller, qtbot):
    train_until_tick(qtbot, controller)
    stop(qtbot, controller)
    assert controller.can_go_on
    saved = RunFolder(controller.run_path).images_seen()
    assert controller.images_seen == saved > 0
    history = controller.history
    with qtbot.waitSignal(controller.started, timeout=10_000) as started:
        controller.resume()
    assert started.args[0].images_seen == saved
    assert controller.history is history
    stop(qtbot, controller)
    steps = controller.history.series("step")
    assert (np.diff(steps) > 0).all()


def test_a_paused_training_can_be_stopped(controller, qtbot):
    train_until_tick(qtbot, controller)
    with qtbot.waitSignal(controller.state_changed, check_params_cb=lambda state: state is State.PAUSED):
        controller.pause()
    stop(qtbot, controller)
    assert controller.state is State.IDLE


def test_a_live_change_reaches_the_training(controller, qtbot):
    train_until_tick(qtbot, controller)
    with qtbot.waitSignal(controller.option_changed, timeout=10_000):
        controller.change("g_lr", 0.01)
    stop(qtbot, controller)
    ((images, name, value),) = controller.history.changes
    assert (name, value) == ("g_lr", 0.01)
    assert RunFolder(controller.run_path).info().changes == [(images, "g_lr", 0.01)]


def test_an_option_that_may_not_change_live_is_reported_and_training_goes_on(controller, qtbot):
    train_until_tick(qtbot, controller)
    with qtbot.waitSignal(controller.failed) as failed:
        controller.change("batch_size", 3)
    assert "cannot change" in failed.args[0].message
    assert controller.is_busy
    stop(qtbot, controller)


def test_an_exception_in_the_thread_is_shown_with_details(controller, qtbot, monkeypatch):
    def broken(self):
        raise ZeroDivisionError("planted")
        yield

    monkeypatch.setattr(Trainer, "run", broken)
    with qtbot.waitSignal(controller.failed, timeout=10_000) as failed:
        controller.start(tiny.config())
    qtbot.waitUntil(lambda: controller.state is State.IDLE)
    assert "planted" in failed.args[0].message
    assert "Traceback" in failed.args[0].details


def test_what_a_person_can_mend_has_no_traceback(controller, qtbot):
    with qtbot.waitSignal(controller.failed, timeout=10_000) as failed:
        controller.start(tiny.config(device="mps"))
    qtbot.waitUntil(lambda: controller.state is State.IDLE)
    assert "mps" in failed.args[0].message
    assert failed.args[0].details == ""


def test_a_run_opens_again_with_curves_samples_and_explorer(controller, qtbot):
    train_to_the_end(qtbot, controller, epochs=2)
    path, rows = controller.run_path, len(controller.history)
    train_to_the_end(qtbot, controller, epochs=1)
    assert controller.run_path != path
    with qtbot.waitSignals([controller.run_shown, controller.explorer.generator_changed], timeout=10_000):
        controller.open(path)
    assert controller.run_path == path
    assert len(controller.history) == rows
    assert controller.history.grid(2).shape == (2 * 10 - 2, 10 * 10 - 2)
    with qtbot.waitSignal(controller.explorer.pictures_ready, timeout=10_000) as answer:
        controller.explorer.request("test", np.zeros((3, 4), np.float32), np.arange(3))
    assert answer.args[1].shape == (3, 8, 8)


def test_opening_rubbish_is_one_sentence(controller, qtbot, tmp_path):
    with qtbot.waitSignal(controller.failed, timeout=10_000) as failed:
        controller.open(tmp_path)
    assert "holds no run" in failed.args[0].message
    assert controller.run_path is None


def test_a_stopped_run_can_be_opened_and_gone_on_with(controller, qtbot):
    train_until_tick(qtbot, controller)
    stop(qtbot, controller)
    path = controller.run_path
    with qtbot.waitSignal(controller.started, timeout=10_000) as started:
        controller.open(path, go_on=True)
    assert started.args[0].run == path and started.args[0].images_seen > 0
    stop(qtbot, controller)


def test_real_images_have_a_class_to_a_column(controller, qtbot):
    with qtbot.waitSignal(controller.real_images_ready, timeout=10_000) as ready:
        controller.show_real_images(Config())
    images = ready.args[0]
    assert images.grid.shape == (8 * 10 - 2, 10 * 10 - 2)
    assert images.class_names == tuple("0123456789")


def test_the_bridge_keeps_order_and_its_budget(qtbot):
    bridge = Bridge()
    got: list[object] = []
    bridge.answered.connect(got.append)
    for number in range(5):
        bridge.put(number)
    bridge.deliver(budget=0)
    assert got == [0]
    bridge.deliver(budget=10)
    assert got == [0, 1, 2, 3, 4]
    bridge.stop()


def test_the_history_survives_growth_and_cutting():
    from engine.events import MetricsRow
    from studio.run_history import RunHistory

    history = RunHistory(image_count=100, total_images=1000)
    history.append(MetricsRow(i, 1, 10 * i, i, 1, float("nan"), 0.5, 0.5) for i in range(3000))
    assert len(history) == 3000
    assert history.series("step")[-1] == 2999 and np.isnan(history.series("g_loss")).all()
    assert history.epochs_seen()[-1] == pytest.approx(299.9)
    history.cut(50)
    assert history.series("images_seen").tolist() == [0, 10, 20, 30, 40, 50]


def test_a_picture_that_cannot_be_read_is_grey(tmp_path):
    from studio.run_history import RunHistory

    history = RunHistory()
    (tmp_path / "x.png").write_bytes(b"rubbish")
    history.add_grid(3, tmp_path / "x.png")
    assert history.grid(3).tolist() == [[128]]


def test_failures_are_told_apart():
    from engine.errors import UserError

    assert worker.failure(UserError("a", "b")).details == ""
    assert "KeyError" in worker.failure(KeyError("x")).message
