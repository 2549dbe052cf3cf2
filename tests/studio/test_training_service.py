import threading

import numpy as np
import pytest

from engine import files
from engine.config import OPTIONS
from engine.datasets import catalog
from engine.events import EvaluatorTraining, MetricsRow, NotFinite, OutOfMemory, Started, Tick
from engine.job import Progress
from engine.runs import RunFolder
from engine.trainer import Trainer
from studio.model.work_state import WorkState
from studio.services.readers import read_grid
from studio.workers.bridge import Bridge
from studio.workers.failure import failure
from tests import tiny
from tests.studio.hands import announced, begin_training

LONG = {"epochs": 100_000}


def train_to_the_end(qtbot, services, **values):
    with qtbot.waitSignal(services.training.stopped):
        services.training.start(tiny.config(**values))


def train_until_tick(qtbot, services, **values):
    with qtbot.waitSignal(services.training.ticked, check_params_cb=lambda tick: tick.step > 0):
        services.training.start(tiny.config(**LONG, **values))


def stop(qtbot, services):
    with qtbot.waitSignal(services.training.stopped):
        services.training.stop()


def test_a_training_fills_the_history_and_ends_idle(services, qtbot):
    states, finished = [], []
    services.training.state_changed.connect(states.append)
    services.training.finished.connect(finished.append)
    train_to_the_end(qtbot, services, epochs=3)
    assert states == [WorkState.PREPARING, WorkState.WORKING, WorkState.IDLE]
    assert len(finished) == 1
    assert services.shown.data.grid_epochs == [0, 1, 2, 3]
    rows = RunFolder(services.shown.run.path).metrics()
    assert len(services.shown.data) == len(rows)
    assert services.shown.data.series("step").tolist() == [row.step for row in rows]
    assert not services.can_resume


def test_pause_rests_and_resume_goes_on(services, qtbot):
    train_until_tick(qtbot, services)
    with qtbot.waitSignal(services.training.state_changed, check_params_cb=lambda state: state is WorkState.PAUSED):
        services.training.pause()
    ticks: list[Tick] = []
    services.training.ticked.connect(ticks.append)
    services.jobs.bridge.deliver()
    assert not ticks
    assert services.shown.data.pauses == [services.shown.run.images_seen]
    with qtbot.waitSignal(services.training.ticked):
        services.training.resume()
    assert services.training.state is WorkState.WORKING
    stop(qtbot, services)


def test_stop_saves_and_resume_goes_on_from_the_checkpoint(services, qtbot):
    train_until_tick(qtbot, services)
    stop(qtbot, services)
    assert services.can_resume
    saved = RunFolder(services.shown.run.path).images_seen()
    assert services.shown.run.images_seen == saved > 0
    history = services.shown.data
    lost = 10**6  # images: a row after the checkpoint, as the power cut that made it one left behind
    history.append([MetricsRow(lost, 1, lost, 1.0, 1.0, 1.0, 0.5, 0.5)])
    with qtbot.waitSignal(services.training.started) as started:
        services.training.resume(services.shown.run)
    assert started.args[0].images_seen == saved
    assert services.shown.data is history and (history.series("images_seen") < lost).all()
    stop(qtbot, services)
    steps = services.shown.data.series("step")
    assert (np.diff(steps) > 0).all()


def test_a_pause_is_marked_where_it_is_whatever_happened_last(services):
    training = services.training
    begin_training(training)
    for event in (Tick(10, 3, 250, 1000, 1.0, 1234.0, 61.0), EvaluatorTraining(0.5)):
        training.hear(event)
        training.hear_pause()
    training.hear_end()
    assert services.shown.data.pauses == [250, 250]


def test_a_paused_training_can_be_stopped(services, qtbot):
    train_until_tick(qtbot, services)
    with qtbot.waitSignal(services.training.state_changed, check_params_cb=lambda state: state is WorkState.PAUSED):
        services.training.pause()
    stop(qtbot, services)
    assert services.training.state is WorkState.IDLE


def test_a_live_change_reaches_the_training(services, qtbot):
    train_until_tick(qtbot, services)
    with qtbot.waitSignal(services.training.option_changed):
        services.training.change("g_lr", 0.01)
    stop(qtbot, services)
    ((images, name, value),) = services.shown.data.changes
    assert (name, value) == ("g_lr", 0.01)
    assert RunFolder(services.shown.run.path).info().changes == [(images, "g_lr", 0.01)]


def test_an_option_that_may_not_change_live_is_reported_and_training_goes_on(services, qtbot):
    train_until_tick(qtbot, services)
    with qtbot.waitSignal(services.training.failed) as failed:
        services.training.change("batch_size", 3)
    assert "cannot change" in failed.args[0].message
    assert services.training.is_busy
    stop(qtbot, services)


def test_an_exception_in_the_thread_is_shown_with_details(services, qtbot, monkeypatch):
    def broken(self):
        raise ZeroDivisionError("planted")
        yield

    monkeypatch.setattr(Trainer, "run", broken)
    with qtbot.waitSignal(services.training.failed) as failed:
        services.training.start(tiny.config())
    qtbot.waitUntil(lambda: services.training.state is WorkState.IDLE)
    assert "planted" in failed.args[0].message
    assert "Traceback" in failed.args[0].details


def test_what_a_person_can_mend_has_no_traceback(services, qtbot):
    with qtbot.waitSignal(services.training.failed) as failed:
        services.training.start(tiny.config(device="mps"))
    qtbot.waitUntil(lambda: services.training.state is WorkState.IDLE)
    assert "mps" in failed.args[0].message
    assert failed.args[0].details == ""


def test_a_run_opens_again_with_curves_samples_and_explorer(services, qtbot):
    train_to_the_end(qtbot, services, epochs=2)
    path, rows = services.shown.run.path, len(services.shown.data)
    train_to_the_end(qtbot, services, epochs=1)
    assert services.shown.run.path != path
    with qtbot.waitSignal(
        services.generator.generator_changed, check_params_cb=lambda _: services.shown.run.path == path
    ):
        services.open(path)
    assert len(services.shown.data) == rows
    assert services.shown.data.grid(2) is None, "nothing is read before somebody looks"
    with announced(qtbot, services.shown.grids_read):
        services.pictures.want(2)
    assert services.shown.data.grid(2).shape == (2 * 10 - 2, 10 * 10 - 2)
    with qtbot.waitSignal(services.generator.pictures_ready) as answer:
        services.generator.request("test", np.zeros((3, 4), np.float32), np.arange(3))
    assert answer.args[1].shape == (3, 8, 8)


def test_opening_rubbish_is_one_sentence(services, qtbot, tmp_path):
    with qtbot.waitSignal(services.runs.failed) as failed:
        services.open(tmp_path)
    assert "holds no run" in failed.args[0].message
    assert services.shown.run is None


def test_a_stopped_run_can_be_opened_and_gone_on_with(services, qtbot):
    train_until_tick(qtbot, services)
    stop(qtbot, services)
    path = services.shown.run.path
    with qtbot.waitSignal(services.training.started) as started:
        services.open(path, go_on=True)
    assert started.args[0].run == path and started.args[0].images_seen > 0
    stop(qtbot, services)


def test_the_bridge_keeps_order_and_its_budget(qtbot):
    bridge = Bridge()
    got: list[object] = []
    for number in range(5):
        bridge.put(got.append, number)
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
    history.truncate(50)
    assert history.series("images_seen").tolist() == [0, 10, 20, 30, 40, 50]


def test_a_picture_that_cannot_be_read_is_gray(tmp_path):
    (tmp_path / "x.png").write_bytes(b"rubbish")
    assert read_grid(tmp_path / "x.png").tolist() == [[128]]


def test_failures_are_told_apart():
    from engine.errors import UserError

    assert failure(UserError("a", "b")).details == ""
    assert "KeyError" in failure(KeyError("x")).message


# Fetching images


def test_images_are_fetched_while_preparing_and_then_training_starts(services, qtbot):
    order = []
    services.training.loading.connect(lambda event: order.append((event.what, services.training.state)))
    services.training.started.connect(lambda _: order.append("started"))
    train_to_the_end(qtbot, services, epochs=1)
    assert order == [("Reading tiny digits", WorkState.PREPARING), "started"]


def test_stop_cancels_the_fetching_and_leaves_no_run(services, qtbot, monkeypatch, tmp_path):
    closed = threading.Event()

    def endless(_config):
        try:
            while True:
                yield Progress(1, 2, "Fetching", "B")
        finally:
            closed.set()

    monkeypatch.setattr(catalog, "read", endless)
    with qtbot.waitSignal(services.training.loading):
        services.training.start(tiny.config())
    assert services.training.state is WorkState.PREPARING
    stop(qtbot, services)
    assert closed.is_set() and services.training.state is WorkState.IDLE
    assert services.shown.run is None and not list(tmp_path.rglob("config.json"))


# Troubles


def test_a_full_disk_halts_until_somebody_mends_it(services, qtbot, monkeypatch):
    is_full = True
    append = RunFolder.append_metrics

    def append_or_fail(self, rows):
        if is_full:
            raise files.disk_error(self.path, OSError(28, "No space left on device"))
        append(self, rows)

    monkeypatch.setattr(RunFolder, "append_metrics", append_or_fail)
    with qtbot.waitSignal(services.training.halted) as halted:
        services.training.start(tiny.config(epochs=2))
    assert services.training.state is WorkState.HALTED and halted.args[0].message and halted.args[0].hint
    with qtbot.waitSignal(services.training.halted):
        services.training.resume()
    assert services.training.state is WorkState.HALTED
    is_full = False
    with qtbot.waitSignal(services.training.finished):
        services.training.resume()
    qtbot.waitUntil(lambda: services.training.state is WorkState.IDLE)
    rows = RunFolder(services.shown.run.path).metrics()
    assert services.shown.data.series("step").tolist() == [row.step for row in rows]
    assert rows[-1].images_seen == 2 * tiny.COUNT


def test_a_halted_training_can_be_stopped(services, qtbot, monkeypatch):
    def fail(self, rows):
        raise files.disk_error(self.path, OSError(28, "No space left on device"))

    monkeypatch.setattr(RunFolder, "append_metrics", fail)
    states = []
    services.training.state_changed.connect(states.append)
    with qtbot.waitSignal(services.training.halted):
        services.training.start(tiny.config(**LONG))
    stop(qtbot, services)
    assert states[-3:] == [WorkState.HALTED, WorkState.STOPPING, WorkState.IDLE]


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


def test_what_is_not_finite_is_marked_and_told_when_the_run_may_go_on(services, qtbot, monkeypatch):
    trouble = NotFinite(7, 56, 0, {"d_lr": 0.0006})
    end_early(monkeypatch, trouble)
    could_go_on = []
    services.training.broken.connect(lambda _: could_go_on.append(services.can_resume))
    with qtbot.waitSignal(services.training.broken) as broken:
        services.training.start(tiny.config())
    assert broken.args == [trouble] and could_go_on == [True]
    assert services.shown.data.not_finite == [56]
    monkeypatch.undo()


def test_out_of_memory_is_told_and_is_no_mark(services, qtbot, monkeypatch):
    trouble = OutOfMemory(56, 4)
    end_early(monkeypatch, trouble)
    with qtbot.waitSignal(services.training.broken) as broken:
        services.training.start(tiny.config())
    assert broken.args == [trouble] and services.shown.data.not_finite == []


def test_a_trouble_is_told_once(services, qtbot, monkeypatch):
    told = []
    services.training.broken.connect(told.append)
    with monkeypatch.context() as patch:
        end_early(patch, OutOfMemory(0, 0))
        with qtbot.waitSignal(services.training.broken):
            services.training.start(tiny.config())
    with qtbot.waitSignal(services.training.stopped):
        services.training.resume(services.shown.run)
    assert len(told) == 1


def test_going_on_with_a_live_option_is_a_change_at_that_moment(services, qtbot):
    train_until_tick(qtbot, services)
    stop(qtbot, services)
    seen = services.shown.run.images_seen
    with qtbot.waitSignal(services.training.option_changed) as changed:
        services.training.resume(services.shown.run, {"d_lr": 0.0003})
    stop(qtbot, services)
    assert (changed.args[0].name, changed.args[0].value, changed.args[0].images_seen) == ("d_lr", 0.0003, seen)
    info = RunFolder(services.shown.run.path).info()
    assert info.changes == [(seen, "d_lr", 0.0003)] and info.config == services.shown.run.info.config


def test_going_on_with_another_batch_size_trains_on_with_it(services, qtbot):
    train_until_tick(qtbot, services)
    stop(qtbot, services)
    with qtbot.waitSignal(services.training.started) as started:
        services.training.resume(services.shown.run, {"batch_size": 4})
    assert started.args[0].config.batch_size == services.shown.data.batch_size == 4
    stop(qtbot, services)
    assert RunFolder(services.shown.run.path).info().config.batch_size == 4


@pytest.mark.parametrize("name", [name for name, option in OPTIONS.items() if option.live])
def test_every_live_option_may_change_while_training(services, qtbot, name):
    option, now = OPTIONS[name], getattr(tiny.config(), name)
    value = option.kind(now + 1) if now + 1 <= option.maximum else now / 2
    train_until_tick(qtbot, services, g_batch_source="new")  # with which any number of updates makes sense
    with qtbot.waitSignal(services.training.option_changed):
        services.training.change(name, value)
    with qtbot.waitSignal(services.training.ticked):
        pass
    stop(qtbot, services)
    assert services.shown.data.changes[0][1:] == (name, value)
    assert RunFolder(services.shown.run.path).info().changes[0][1:] == (name, value)


# Classes


def test_a_generator_without_labels_has_no_classes_to_ask_for(services, qtbot):
    train_to_the_end(qtbot, services, epochs=1, architecture="mlp")
    assert services.shown.data.class_names == ()
    assert services.shown.run.info.facts.class_names == tuple("0123456789")
    path = services.shown.run.path
    train_to_the_end(qtbot, services, epochs=1)
    assert services.shown.data.class_names == tuple("0123456789")
    with announced(qtbot, services.shown.run_changed):
        services.open(path)
    assert services.shown.data.class_names == () and services.shown.data.batch_size == tiny.OPTIONS["batch_size"]
