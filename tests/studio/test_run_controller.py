import threading

import numpy as np
import pytest

from engine import files
from engine.config import OPTIONS
from engine.datasets import catalogue
from engine.events import EvaluatorTraining, MetricsRow, NotFinite, OutOfMemory, Started, Tick
from engine.job import Progress
from engine.runs import RunFolder
from engine.trainer import Trainer
from studio.model.training_state import TrainingState
from studio.workers import training_worker as worker
from studio.workers.bridge import Bridge
from tests import tiny

LONG = {"epochs": 100_000}


def train_to_the_end(qtbot, controller, **values):
    with qtbot.waitSignal(controller.stopped):
        controller.start(tiny.config(**values))


def train_until_tick(qtbot, controller, **values):
    with qtbot.waitSignal(controller.ticked, check_params_cb=lambda tick: tick.step > 0):
        controller.start(tiny.config(**LONG, **values))


def stop(qtbot, controller):
    with qtbot.waitSignal(controller.stopped):
        controller.stop()


def test_a_training_fills_the_history_and_ends_idle(controller, qtbot):
    states, finished = [], []
    controller.state_changed.connect(states.append)
    controller.finished.connect(finished.append)
    train_to_the_end(qtbot, controller, epochs=3)
    assert states == [TrainingState.PREPARING, TrainingState.TRAINING, TrainingState.IDLE]
    assert len(finished) == 1
    assert controller.history.grid_epochs == [0, 1, 2, 3]
    rows = RunFolder(controller.run_path).metrics()
    assert len(controller.history) == len(rows)
    assert controller.history.series("step").tolist() == [row.step for row in rows]
    assert not controller.can_go_on


def test_pause_rests_and_resume_goes_on(controller, qtbot):
    train_until_tick(qtbot, controller)
    with qtbot.waitSignal(controller.state_changed, check_params_cb=lambda state: state is TrainingState.PAUSED):
        controller.pause()
    ticks: list[Tick] = []
    controller.ticked.connect(ticks.append)
    controller.bridge.deliver()
    assert not ticks
    assert controller.history.pauses == [controller.images_seen]
    with qtbot.waitSignal(controller.ticked):
        controller.resume()
    assert controller.state is TrainingState.TRAINING
    stop(qtbot, controller)


def test_stop_saves_and_resume_goes_on_from_the_checkpoint(controller, qtbot):
    train_until_tick(qtbot, controller)
    stop(qtbot, controller)
    assert controller.can_go_on
    saved = RunFolder(controller.run_path).images_seen()
    assert controller.images_seen == saved > 0
    history = controller.history
    lost = 10**6  # images: a row after the checkpoint, as the power cut that made it one left behind
    history.append([MetricsRow(lost, 1, lost, 1.0, 1.0, 1.0, 0.5, 0.5)])
    with qtbot.waitSignal(controller.started) as started:
        controller.resume()
    assert started.args[0].images_seen == saved
    assert controller.history is history and history.series("images_seen").max() < lost
    stop(qtbot, controller)
    steps = controller.history.series("step")
    assert (np.diff(steps) > 0).all()


def test_a_pause_is_marked_where_it_is_whatever_happened_last():
    told = []
    resting = worker.TrainingWorker(lambda: None, told.append)
    resting.pause()
    resting._must_stop.set()
    for event in (Tick(10, 3, 250, 1000, 1.0, 1234.0, 61.0), EvaluatorTraining(0.5)):
        resting._rest(event)
    assert [paused.images_seen for paused in told] == [250, 250]


def test_a_paused_training_can_be_stopped(controller, qtbot):
    train_until_tick(qtbot, controller)
    with qtbot.waitSignal(controller.state_changed, check_params_cb=lambda state: state is TrainingState.PAUSED):
        controller.pause()
    stop(qtbot, controller)
    assert controller.state is TrainingState.IDLE


def test_a_live_change_reaches_the_training(controller, qtbot):
    train_until_tick(qtbot, controller)
    with qtbot.waitSignal(controller.option_changed):
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
    with qtbot.waitSignal(controller.failed) as failed:
        controller.start(tiny.config())
    qtbot.waitUntil(lambda: controller.state is TrainingState.IDLE)
    assert "planted" in failed.args[0].message
    assert "Traceback" in failed.args[0].details


def test_what_a_person_can_mend_has_no_traceback(controller, qtbot):
    with qtbot.waitSignal(controller.failed) as failed:
        controller.start(tiny.config(device="mps"))
    qtbot.waitUntil(lambda: controller.state is TrainingState.IDLE)
    assert "mps" in failed.args[0].message
    assert failed.args[0].details == ""


def test_a_run_opens_again_with_curves_samples_and_explorer(controller, qtbot):
    train_to_the_end(qtbot, controller, epochs=2)
    path, rows = controller.run_path, len(controller.history)
    train_to_the_end(qtbot, controller, epochs=1)
    assert controller.run_path != path
    with qtbot.waitSignals([controller.run_shown, controller.explorer.generator_changed]):
        controller.open(path)
    assert controller.run_path == path
    assert len(controller.history) == rows
    assert controller.history.grid(2).shape == (2 * 10 - 2, 10 * 10 - 2)
    with qtbot.waitSignal(controller.explorer.pictures_ready) as answer:
        controller.explorer.request("test", np.zeros((3, 4), np.float32), np.arange(3))
    assert answer.args[1].shape == (3, 8, 8)


def test_opening_rubbish_is_one_sentence(controller, qtbot, tmp_path):
    with qtbot.waitSignal(controller.failed) as failed:
        controller.open(tmp_path)
    assert "holds no run" in failed.args[0].message
    assert controller.run_path is None


def test_a_stopped_run_can_be_opened_and_gone_on_with(controller, qtbot):
    train_until_tick(qtbot, controller)
    stop(qtbot, controller)
    path = controller.run_path
    with qtbot.waitSignal(controller.started) as started:
        controller.open(path, go_on=True)
    assert started.args[0].run == path and started.args[0].images_seen > 0
    stop(qtbot, controller)


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

    from studio.model.run_data import RunData

    history = RunData(image_count=100, total_images=1000)
    history.append(MetricsRow(i, 1, 10 * i, i, 1, float("nan"), 0.5, 0.5) for i in range(3000))
    assert len(history) == 3000
    assert history.series("step")[-1] == 2999 and np.isnan(history.series("g_loss")).all()
    assert history.epochs_seen()[-1] == pytest.approx(299.9)
    history.cut(50)
    assert history.series("images_seen").tolist() == [0, 10, 20, 30, 40, 50]


def test_a_picture_that_cannot_be_read_is_grey(tmp_path):
    from studio.model.run_data import RunData

    history = RunData()
    (tmp_path / "x.png").write_bytes(b"rubbish")
    history.add_grid(3, tmp_path / "x.png")
    assert history.grid(3).tolist() == [[128]]


def test_failures_are_told_apart():
    from engine.errors import UserError

    assert worker.failure(UserError("a", "b")).details == ""
    assert "KeyError" in worker.failure(KeyError("x")).message


# Fetching images


def test_images_are_fetched_while_preparing_and_then_training_starts(controller, qtbot):
    order = []
    controller.loading.connect(lambda event: order.append((event.what, controller.state)))
    controller.started.connect(lambda _: order.append("started"))
    train_to_the_end(qtbot, controller, epochs=1)
    assert order == [("Reading tiny digits", TrainingState.PREPARING), "started"]


def test_stop_cancels_the_fetching_and_leaves_no_run(controller, qtbot, monkeypatch, tmp_path):
    closed = threading.Event()

    def endless(_config):
        try:
            while True:
                yield Progress(1, 2, "Fetching", "B")
        finally:
            closed.set()

    monkeypatch.setattr(catalogue, "read", endless)
    with qtbot.waitSignal(controller.loading):
        controller.start(tiny.config())
    assert controller.state is TrainingState.PREPARING
    stop(qtbot, controller)
    assert closed.is_set() and controller.state is TrainingState.IDLE
    assert controller.run_path is None and not list(tmp_path.rglob("config.json"))


# Troubles


def test_a_full_disk_halts_until_somebody_mends_it(controller, qtbot, monkeypatch):
    is_full = True
    append = RunFolder.append_metrics

    def append_or_fail(self, rows):
        if is_full:
            raise files.disk_error(self.path, OSError(28, "No space left on device"))
        append(self, rows)

    monkeypatch.setattr(RunFolder, "append_metrics", append_or_fail)
    with qtbot.waitSignal(controller.halted) as halted:
        controller.start(tiny.config(epochs=2))
    assert controller.state is TrainingState.HALTED and halted.args[0].message and halted.args[0].hint
    with qtbot.waitSignal(controller.halted):
        controller.resume()
    assert controller.state is TrainingState.HALTED
    is_full = False
    with qtbot.waitSignal(controller.finished):
        controller.resume()
    qtbot.waitUntil(lambda: controller.state is TrainingState.IDLE)
    rows = RunFolder(controller.run_path).metrics()
    assert controller.history.series("step").tolist() == [row.step for row in rows]
    assert rows[-1].images_seen == 2 * tiny.COUNT


def test_a_halted_training_can_be_stopped(controller, qtbot, monkeypatch):
    def fail(self, rows):
        raise files.disk_error(self.path, OSError(28, "No space left on device"))

    monkeypatch.setattr(RunFolder, "append_metrics", fail)
    states = []
    controller.state_changed.connect(states.append)
    with qtbot.waitSignal(controller.halted):
        controller.start(tiny.config(**LONG))
    stop(qtbot, controller)
    assert states[-3:] == [TrainingState.HALTED, TrainingState.STOPPING, TrainingState.IDLE]


def end_early(monkeypatch, event):
    """Let the next trainings start, report ``event`` and end."""
    run = Trainer.run

    def run_until_trouble(self):
        events = run(self)
        for real in events:
            yield real
            if isinstance(real, Started):
                break
        events.close()
        yield event

    monkeypatch.setattr(Trainer, "run", run_until_trouble)


def test_what_is_not_finite_is_marked_and_told_when_the_run_may_go_on(controller, qtbot, monkeypatch):
    trouble = NotFinite(7, 56, 0, {"d_lr": 0.0006})
    end_early(monkeypatch, trouble)
    could_go_on = []
    controller.broken.connect(lambda _: could_go_on.append(controller.can_go_on))
    with qtbot.waitSignal(controller.broken) as broken:
        controller.start(tiny.config())
    assert broken.args == [trouble] and could_go_on == [True]
    assert controller.history.troubles == [56]
    monkeypatch.undo()


def test_out_of_memory_is_told_and_is_no_mark(controller, qtbot, monkeypatch):
    trouble = OutOfMemory(56, 4)
    end_early(monkeypatch, trouble)
    with qtbot.waitSignal(controller.broken) as broken:
        controller.start(tiny.config())
    assert broken.args == [trouble] and controller.history.troubles == []


def test_a_trouble_is_told_once(controller, qtbot, monkeypatch):
    told = []
    controller.broken.connect(told.append)
    with monkeypatch.context() as patch:
        end_early(patch, OutOfMemory(0, 0))
        with qtbot.waitSignal(controller.broken):
            controller.start(tiny.config())
    with qtbot.waitSignal(controller.stopped):
        controller.resume()
    assert len(told) == 1


def test_going_on_with_a_live_option_is_a_change_at_that_moment(controller, qtbot):
    train_until_tick(qtbot, controller)
    stop(qtbot, controller)
    seen = controller.images_seen
    with qtbot.waitSignal(controller.option_changed) as changed:
        controller.resume({"d_lr": 0.0003})
    stop(qtbot, controller)
    assert (changed.args[0].name, changed.args[0].value, changed.args[0].images_seen) == ("d_lr", 0.0003, seen)
    info = RunFolder(controller.run_path).info()
    assert info.changes == [(seen, "d_lr", 0.0003)] and info.config == controller.info.config


def test_going_on_with_another_batch_size_trains_on_with_it(controller, qtbot):
    train_until_tick(qtbot, controller)
    stop(qtbot, controller)
    with qtbot.waitSignal(controller.started) as started:
        controller.resume({"batch_size": 4})
    assert started.args[0].config.batch_size == controller.history.batch_size == 4
    stop(qtbot, controller)
    assert RunFolder(controller.run_path).info().config.batch_size == 4


@pytest.mark.parametrize("name", [name for name, option in OPTIONS.items() if option.live])
def test_every_live_option_may_change_while_training(controller, qtbot, name):
    option, now = OPTIONS[name], getattr(tiny.config(), name)
    value = option.kind(now + 1) if now + 1 <= option.maximum else now / 2
    train_until_tick(qtbot, controller, g_batch_source="new")  # with which any number of updates makes sense
    with qtbot.waitSignal(controller.option_changed):
        controller.change(name, value)
    with qtbot.waitSignal(controller.ticked):
        pass
    stop(qtbot, controller)
    assert controller.history.changes[0][1:] == (name, value)
    assert RunFolder(controller.run_path).info().changes[0][1:] == (name, value)


# Classes


def test_a_generator_without_labels_has_no_classes_to_ask_for(controller, qtbot):
    train_to_the_end(qtbot, controller, epochs=1, architecture="mlp")
    assert controller.history.class_names == ()
    assert controller.info.facts.class_names == tuple("0123456789")
    path = controller.run_path
    train_to_the_end(qtbot, controller, epochs=1)
    assert controller.history.class_names == tuple("0123456789")
    with qtbot.waitSignal(controller.run_shown):
        controller.open(path)
    assert controller.history.class_names == () and controller.history.batch_size == tiny.OPTIONS["batch_size"]
