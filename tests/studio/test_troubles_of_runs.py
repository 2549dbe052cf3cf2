"""Troubles of runs that are looked at: opened ones, earlier epochs, the run before."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtCore import QEvent, QTimer
from PySide6.QtWidgets import QApplication

from engine.diagnosis.remedies import after_not_finite
from engine.events import MetricsRow, NotFinite
from studio.model.findings import findings_of
from studio.model.run import CurrentRun, Run
from studio.model.work_state import WorkState
from studio.services.diagnosis_monitor import DiagnosisMonitor
from studio.services.readers import data_of
from studio.widgets.messages.trouble_card import TroubleCard
from studio.widgets.plots.time_plot import TimePlot
from studio.workspaces.train.health_panel import HealthPanel
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.courses import (
    BAD,
    CURVES,
    EPOCH,
    cure_button,
    findings,
    health_tab,
    info_of,
    judged,
    looks,
    made_up,
    opened,
    recorded,
    rows,
    said,
    show,
    shown_run,
    spans,
)
from tests.studio.hands import shown


@pytest.fixture
def panel(qtbot):
    return shown(qtbot, HealthPanel(), 368, 700)


def test_an_opened_run_shows_its_troubles_without_a_message(window, tmp_path):
    show(window, opened(tmp_path, *CURVES["mode-collapse"]()))
    assert [card.objectName() for card in window.health_panel.findChildren(TroubleCard)] == ["trouble_mode-collapse"]
    assert health_tab(window) == "⚠ Health" and not window.message_bar.text
    show(window, opened(tmp_path / "other", *recorded(looks())))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not window.health_panel.findChildren(TroubleCard) and health_tab(window) == "Health"


def test_a_run_is_looked_at_when_it_tells_something_new(window, tmp_path, qtbot):
    info, history = CURVES["d-wins"]()
    fresh, monitor = data_of(info), window.services.health
    show(window, opened(tmp_path, info, fresh))
    heard = []
    monitor.found.connect(heard.append)
    rest = monitor.findChild(QTimer, "rest")
    fresh.append(())
    assert not rest.isActive(), "a tick without rows says nothing new"
    fresh.qualities = history.qualities
    fresh.append(rows(d_real=0.999, d_fake=0.001))
    fresh.append(())
    assert rest.isActive() and not heard
    qtbot.waitUntil(lambda: bool(heard))
    monitor.look()
    assert len(heard) == 1 and heard[0].diagnoses[0].failure_mode == "d-wins"


def test_nothing_finite_is_a_card_and_no_second_message(window, tmp_path):
    info, history = recorded(epochs=1)
    run = opened(tmp_path, info, history)
    window.services.training.current.put(run)
    window.services.training.hear(NotFinite(80, EPOCH, 0, {"d_lr": 0.0001}))
    window.services.trained_health.look()
    window.services.health.look()
    assert [card.objectName() for card in window.health_panel.findChildren(TroubleCard)] == ["trouble_not-finite"]
    assert not window.message_bar.text, "what broke off the training speaks for itself"


def test_health_is_that_of_the_epoch_that_the_slider_shows(window, qtbot):
    well = rows(epochs=15, d_real=0.55, d_fake=0.45)
    info, history = recorded(epochs=0)
    history.append(well)
    history.append(rows(epochs=15, first=15, d_real=0.999, d_fake=0.001))
    history.qualities = [*looks(15), *(judged(epoch, **BAD) for epoch in range(16, 31))]
    shown_run(window, info, history)
    panel = window.health_panel
    window.show_health()
    assert "D wins" in said(panel) and spans(window.loss_plot.findChildren(TimePlot)[1])
    for epoch, words in ((1, "Too early to tell"), (10, "No trouble in the last 1.9 epochs."), (28, "D wins")):
        window.epoch_strip.choose(epoch)
        qtbot.waitUntil(lambda words=words: words in said(panel))
        assert f"As it was at epoch {epoch}:" in said(panel)
        assert spans(window.loss_plot.findChildren(TimePlot)[1]), "the band of the whole run stays"
    assert cure_button(panel).text() == "Start again with this"
    window.epoch_strip.choose(30)
    qtbot.waitUntil(lambda: "As it was" not in said(panel))
    assert "D wins" in said(panel)


def test_no_run_has_the_troubles_of_the_one_before(qtbot):
    """What was found is remembered by its moment, and two runs have the same moments."""
    current = CurrentRun()
    monitor = DiagnosisMonitor(current)
    found = []
    monitor.found.connect(found.append)
    for curves in ({"d_real": 0.999, "d_fake": 0.001}, {}):
        info, history = recorded(looks(**(BAD if curves else {})), **curves)
        current.put(Run(Path("absent"), info, history, history.total_images))
        monitor.look()
    assert [[spell.failure_mode for spell in told.spells] for told in found if told] == [["d-wins"], []]


def test_where_nan_broke_a_training_stays_marked_after_going_on(qtbot):
    info, history = recorded(epochs=2)
    history.append([MetricsRow(200, 3, 2 * EPOCH + 640, 0.0, float("nan"), 1.0, 0.5, 0.5)])
    history.truncate(2 * EPOCH)
    history.truncate(EPOCH)
    assert history.went_back == [(2 * EPOCH + 640, 2 * EPOCH)]
    history.append(rows(epochs=2, first=2))
    assert not findings_of(info, history).diagnoses
    plot = shown(qtbot, LossPlot(), 750, 260)
    plot.set_run_data(history)
    assert plot.marks.troubles == ((2 * EPOCH + 640) / EPOCH,)


@pytest.mark.parametrize(("state", "enabled"), [(WorkState.IDLE, True), (WorkState.WORKING, False)])
def test_what_was_wrong_earlier_is_not_cured_in_the_training_under_way(panel, state, enabled):
    panel.show_state(state)
    panel.show_findings(replace(findings(made_up()), is_newest=False))
    button = cure_button(panel)
    assert (button.text(), button.isEnabled()) == ("Start again with this", enabled)


def test_after_nan_the_panel_goes_on_with_the_same_cure_as_the_message(window, monkeypatch):
    info, history = recorded(troubles=[150_000], epochs=30, info=info_of(g_lr=0.5, d_lr=0.5))
    shown_run(window, info, history)
    window.services.shown.run.images_seen = 0
    resumed = []
    monkeypatch.setattr(window.services.training, "resume", lambda _run, changes, **_how: resumed.append(changes))
    window.show_health()
    button = cure_button(window.health_panel)
    assert button.text() == "Go on with these values"
    button.click()
    assert resumed == [{"g_lr": 0.004, "d_lr": 0.0012}] == [after_not_finite(info.config)]
    assert window.options_form.config().d_lr == 0.0012
