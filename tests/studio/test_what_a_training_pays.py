"""What a window does beside a training is paid by it: nothing is read, told or painted that nobody needs."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QEvent
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from engine.events import MetricsRow, Tick
from engine.runs.queue import TrainingQueue
from engine.search.records import SearchStarted
from studio.model.work_state import WorkState
from studio.widgets.base.throttle import Throttle
from studio.widgets.exploring.typicality_gauge import TypicalityGauge
from studio.workers.bridge import Bridge
from studio.workspaces.explore.latent_explorer import PICTURE, LatentExplorer
from tests import tiny
from tests.studio.hands import Watch, begin_training, shown, written


def test_reports_of_a_training_wake_the_window_with_what_else_comes_and_nothing_else_waits(
    services, qtbot, monkeypatch
):
    usual, put = {way: getattr(Bridge, way) for way in ("put", "put_along")}, {"put": [], "put_along": []}

    def keep(way, bridge, call, *arguments):
        put[way].append(type(arguments[-1]) if arguments else None)
        usual[way](bridge, call, *arguments)

    for way in put:
        monkeypatch.setattr(Bridge, way, lambda *call, way=way: keep(way, *call))
    with qtbot.waitSignal(services.training.stopped):
        services.training.start(tiny.config(epochs=3))
    assert set(put["put_along"]) == {Tick} and Tick not in put["put"]


def test_an_empty_queue_is_read_once_and_one_that_somebody_changed_anew(make_window, qtbot, monkeypatch):
    looks, plans = [], TrainingQueue.plans
    monkeypatch.setattr(TrainingQueue, "plans", lambda queue: looks.append(True) or plans(queue))
    monkeypatch.setattr("studio.workspaces.compare.presenter._REST_MS", 0)
    window = make_window()
    queue, training, runs = (getattr(window.services, name) for name in ("queue", "training", "runs"))
    assert window.run_table, "the workspace that shows the queue is built"
    queue.refresh()
    qtbot.waitUntil(lambda: queue.is_known)
    seen = []
    runs.look_again = lambda path: seen.append(path)  # which is done at the same moment
    before = len(looks)
    for _ in range(3):
        queue.look_for_news()
    training.start(tiny.config(epochs=3))
    qtbot.waitUntil(lambda: bool(seen) and training.state is WorkState.IDLE)
    TrainingQueue().add(tiny.config())
    queue.look_for_news()  # in its turn: after all that was asked for before
    qtbot.waitUntil(lambda: len(queue.state.plans) == 1)
    assert len(looks) == before + 1


def test_the_size_of_text_is_read_once(settings):
    assert settings.text_size == 100
    written(settings).setValue("text_size", "150")
    assert settings.text_size == 100, "every command asks at each change of anything"
    settings.text_size = 125
    assert settings.text_size == 125


def test_a_picture_that_follows_a_slider_paints_nothing_around_it(qtbot):
    view = shown(qtbot, LatentExplorer(), 340, 560)
    view.show_pictures(PICTURE, np.zeros((1, 28, 28), np.uint8))
    around, inside = Watch(view.picture.parentWidget()), Watch(view.picture)
    around.forget()
    inside.forget()
    view.show_pictures(PICTURE, np.full((1, 28, 28), 255, np.uint8))
    QApplication.processEvents()
    assert QEvent.Type.Paint in inside.kinds and QEvent.Type.Paint not in around.kinds


def test_a_sentence_that_follows_a_slider_paints_nothing_around_it(qtbot):
    page = QWidget()
    gauge = TypicalityGauge()
    QVBoxLayout(page).addWidget(gauge)
    shown(qtbot, page, 400, 60)
    gauge.set_z(np.ones(64, np.float32))
    around, inside = Watch(page), Watch(gauge)
    around.forget()
    inside.forget()
    gauge.retranslate()
    QApplication.processEvents()
    assert QEvent.Type.Paint in inside.kinds and QEvent.Type.Paint not in around.kinds


def test_the_first_rows_are_drawn_at_once_and_those_that_follow_soon_together(window, qtbot, monkeypatch):
    monkeypatch.setattr("studio.workspaces.train.presenter._CURVES_MS", 10_000_000)
    plot, training = window.loss_plot, window.services.training

    def report(*steps):
        rows = tuple(MetricsRow(n, 1, 64 * n, 0.0, 1.0, 1.5, 0.6, 0.3) for n in steps)
        training.hear(Tick(steps[-1], 1, 64 * steps[-1], 10_000, 1.0, 500.0, 60.0, rows))

    begin_training(training)
    report(1, 2)
    assert len(plot.table) == 2
    report(3)
    report(4, 5)
    assert len(plot.table) == 2
    plot.findChild(Throttle).settle()
    training.hear_end()
    assert len(plot.table) == 5


def test_a_hand_that_drags_makes_room_while_a_training_or_a_search_goes_on(window):
    training, searching = window.services.training, window.services.searching
    assert not Throttle.others_compute
    begin_training(training)
    assert Throttle.others_compute
    training.hear_end()
    assert not Throttle.others_compute
    searching.hear(SearchStarted(60.0, 10.0, 6.0, 0))
    assert Throttle.others_compute
    searching.hear_end()
    assert not Throttle.others_compute
