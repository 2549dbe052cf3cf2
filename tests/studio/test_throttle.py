"""What follows a slider, or a training: the first at once, the newest after a rest, the last never forgotten."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QObject, QPoint, Qt, QTimer

from engine.events import Tick
from studio.model.snapshot import NEWEST
from studio.model.work_state import WorkState
from studio.widgets.base.throttle import Throttle
from studio.widgets.exploring.respite import Respite
from studio.widgets.exploring.typicality_gauge import TypicalityGauge
from studio.widgets.fields.dimension_sliders import DimensionSliders
from studio.widgets.fields.picture_slider import PictureSlider
from studio.widgets.messages.run_status import RunStatus
from tests.studio.hands import shown


def over(asked):
    """Let the rest of the one throttle in ``asked`` end."""
    timer = asked.findChild(QTimer)
    timer.stop()
    timer.timeout.emit()


def rests(asked):
    return asked.findChild(QTimer).isActive()


@pytest.fixture
def throttle():
    parent = QObject()
    yield Throttle(10_000, parent)


def test_the_first_has_it_done_at_once_and_all_who_ask_in_the_rest_once_at_its_end(throttle):
    done = []
    throttle.due.connect(lambda: done.append(True))
    for _ in range(3):
        throttle.ask()
    assert len(done) == 1 and rests(throttle)
    over(throttle)
    assert len(done) == 2 and rests(throttle), "which is done like any other, and rested after"
    over(throttle)
    assert len(done) == 2 and not rests(throttle), "nobody asked"
    throttle.ask()
    assert len(done) == 3


def test_what_is_done_now_owes_nothing_and_what_is_settled_only_what_is_owed(throttle):
    done = []
    throttle.due.connect(lambda: done.append(True))
    throttle.settle()
    assert not done
    throttle.ask()
    throttle.ask()
    throttle.do_now()
    assert len(done) == 2
    over(throttle)
    assert len(done) == 2
    throttle.ask()
    throttle.ask()
    throttle.settle()
    assert len(done) == 4 and rests(throttle)


def test_who_asks_while_it_is_done_is_heard_after_the_rest(throttle):
    done = []
    throttle.due.connect(lambda: done.append(True) or (len(done) == 1 and throttle.ask()))
    throttle.ask()
    assert len(done) == 1
    over(throttle)
    assert len(done) == 2


@pytest.mark.parametrize(
    ("others_compute", "computed", "rests_on"),
    [(True, 0.003, 0), (True, 0.006, 20), (True, 0.5, 80), (False, 0.5, 0)],
    ids=["no more than its share", "a half more", "far more, but three rests are the longest", "nobody waits"],
)
def test_a_rest_is_longer_where_its_thread_would_take_more_than_its_share(
    monkeypatch, others_compute, computed, rests_on
):
    """With a tenth: what took 6 ms every 40 takes them every 60."""
    monkeypatch.setattr(Throttle, "others_compute", others_compute)
    clocks = {"monotonic": 100.0, "thread_time": 7.0}
    for clock in clocks:
        monkeypatch.setattr(f"studio.widgets.base.throttle.{clock}", lambda clock=clock: clocks[clock])
    parent, done = QObject(), []
    throttle = Throttle(40, parent, 0.1)
    throttle.due.connect(lambda: done.append(True))
    throttle.ask()
    throttle.ask()
    clocks["monotonic"] += 0.040
    clocks["thread_time"] += computed
    over(throttle)
    if rests_on:
        assert len(done) == 1 and throttle.findChild(QTimer).interval() == rests_on
        clocks["monotonic"] += rests_on / 1000
        over(throttle)
    assert len(done) == 2 and throttle.findChild(QTimer).interval() == 40


def test_a_slider_that_the_mouse_holds_tells_the_first_value_at_once_and_later_the_newest(qtbot):
    slider, told = shown(qtbot, PictureSlider()), []
    slider.setRange(0, 1000)
    slider.turned.connect(told.append)
    for value in (1, 2, 3):
        slider.setValue(value)  # as a key does
    assert told == [1, 2, 3]
    slider.findChild(QTimer).stop()
    slider.setSliderDown(True)
    for value in (10, 11, 12):
        slider.setSliderPosition(value)
    assert told[3:] == [10]
    over(slider)
    assert told[3:] == [10, 12]
    slider.setSliderPosition(13)
    slider.setSliderDown(False)
    assert told[3:] == [10, 12, 13], "what the mouse left it at is never lost"


def test_the_mouse_of_a_person_is_one_that_holds_a_slider(qtbot):
    view, told = shown(qtbot, DimensionSliders(), 340, 560), []
    view.set_z(np.zeros(8, np.float32))
    view.number_changed.connect(lambda _dimension, value: told.append(value))
    slider = view.sliders[2]
    place = slider.rect().center()
    qtbot.mousePress(slider, Qt.MouseButton.LeftButton, pos=place)
    for step in range(1, 30):
        qtbot.mouseMove(slider, place + QPoint(step, 0))
    qtbot.mouseRelease(slider, Qt.MouseButton.LeftButton, pos=place + QPoint(29, 0))
    assert len(told) < 29 and told[-1] == slider.value() / 100 > 0


def test_a_generator_that_a_person_chose_waits_for_nobody_and_those_that_train_for_the_rest():
    parent, due = QObject(), []
    respite = Respite(parent)
    respite.due.connect(lambda: due.append(True))
    for _ in range(3):
        respite.take(NEWEST)
    assert len(due) == 1
    respite.take(NEWEST._replace(kept=7))
    assert len(due) == 2
    over(respite)
    assert len(due) == 2, "what trains was painted over by what was chosen"
    respite.take(NEWEST)
    respite.take(NEWEST)
    over(respite)
    assert len(due) == 4


def test_the_sentence_on_a_z_follows_it_and_ends_with_the_last(qtbot):
    gauge = shown(qtbot, TypicalityGauge())
    said = []
    for length in (8, 9, 30):
        gauge.set_z(np.full(64, length / 8, np.float32))
        said.append(gauge.text())
    assert "8" in said[0] and said[1:] == said[:1] * 2 and gauge.found.length == pytest.approx(30)
    over(gauge)
    assert "30" in gauge.text() and gauge.text() == gauge.accessibleDescription() == gauge.toolTip()


def test_reports_that_follow_soon_are_shown_together_and_the_last_is(qtbot):
    status = shown(qtbot, RunStatus(), 900, 60)
    status.show_state(WorkState.WORKING)
    for step in (1, 2, 3):
        status.show_tick(Tick(step, 1, 100 * step, 1000, 1.0, 500.0, 60.0))
    assert status.bar.value() / status.bar.maximum() == pytest.approx(0.1)
    over(status)
    assert status.bar.value() / status.bar.maximum() == pytest.approx(0.3)
