"""The diagnosis in the window: recorded courses become cards, spans and messages, and cures work by a click."""

from __future__ import annotations

from dataclasses import replace
from html import unescape
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QTabBar

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.diagnosis import Diagnosis, Evidence, Health, curves_of, health
from engine.diagnosis.grace_period import grace_period
from engine.diagnosis.own import DETECTORS, OWN
from engine.diagnosis.remedies import after_not_finite
from engine.events import Finished, MetricsRow, NotFinite, Quality
from engine.i18n import tr
from engine.runs import RunFolder, RunInfo
from studio import language, theme
from studio.model.findings import Findings, findings_of
from studio.model.run import CurrentRun, Run
from studio.model.run_data import RunData
from studio.model.work_state import WorkState
from studio.services.diagnosis_monitor import DiagnosisMonitor
from studio.services.readers import data_of
from studio.widgets.layouts.lazy_widget import LazyWidget
from studio.widgets.messages.trouble_card import TroubleCard
from studio.widgets.messages.trouble_list import TroubleList
from studio.widgets.plots.class_bars import ClassBars
from studio.widgets.plots.plot_spans import fitting
from studio.widgets.plots.quality_curves import QualityCurves
from studio.widgets.plots.time_plot import TimePlot
from studio.workspaces.train.health_panel import HealthPanel
from studio.workspaces.train.loss_plot import LossPlot
from studio.workspaces.train.quality_panel import QualityPanel
from tests.studio.hands import shown
from tests.studio.shouting import shout

FACTS = DatasetInfo(5000, tuple("0123456789"), 1, 28)
EPOCH = FACTS.image_count
LIVE = {"g_lr": 0.004, "r1_gamma": 2.0}
NOT_LIVE = {"g_beta1": 0.25, "g_lr": 0.004}


def info_of(**options):
    return RunInfo(Config(**{"epochs": 40} | options), FACTS)


def rows(epochs=30, first=0.0, d_loss=1.0, g_loss=1.4, d_real=0.6, d_fake=0.4):
    """Ten rows to an epoch, of the epochs after ``first``."""
    for number in range(round(10 * first) + 1, round(10 * (first + epochs)) + 1):
        images = number * EPOCH // 10
        yield MetricsRow(images // 64, 1 + images // EPOCH, images, 0.0, d_loss, g_loss, d_real, d_fake)


def judged(epoch, **values):
    """A look at good and varied samples, unless ``values`` say otherwise."""
    good = Quality(epoch, epoch * EPOCH, 500, 8.0, 7.0, 9.0, 4.0, 0.8, 0.7, 0.01, 0.02, 0.02, (0.1,) * 10, 0.97)
    return replace(good, **values)


def looks(last=30, **values):
    return [judged(epoch, **values) for epoch in range(1, last + 1)]


def recorded(qualities=(), troubles=(), changes=(), info=None, **curves):
    """The info and history of a run with such a curves."""
    info = info or info_of()
    history = data_of(info)
    history.append(rows(**curves))
    history.qualities, history.not_finite, history.changes = list(qualities), list(troubles), list(changes)
    return info, history


FEW = (0.5, 0.3, 0.2, *[0.0] * 7)
BAD = {"frechet": 900.0, "precision": 0.0, "recall": 0.0}
UNBOUND = info_of(loss="wgan_gp", gp_weight=0.001)
CURVES = {
    "not-finite": lambda: recorded(troubles=[150_000], epochs=30),
    "penalty-too-weak": lambda: recorded(d_loss=-2000.0, g_loss=900.0, info=UNBOUND),
    "rate-too-high": lambda: recorded(d_loss=4e4, g_loss=2e4),
    "d-wins": lambda: recorded(looks(**BAD), d_real=0.999, d_fake=0.001),
    "g-wins": lambda: recorded(looks(**BAD), d_real=0.3, d_fake=0.9),
    "no-learning": lambda: recorded(looks(**BAD), d_real=0.5, d_fake=0.5),
    "memorization": lambda: recorded(looks(memorization=0.9)),
    "labels-ignored": lambda: recorded(looks(accuracy=0.1)),
    "mode-collapse": lambda: recorded(looks(recall=0.0, duplicates=0.8, histogram=FEW)),
    "oscillation": lambda: recorded([judged(e, frechet=(100.0, 400.0)[e % 2]) for e in range(1, 31)]),
}


def found_in(info, history):
    findings = findings_of(info, history)
    return [diagnosis.failure_mode for diagnosis in findings.diagnoses]


def made_up(trouble="d-wins", cure=LIVE, signs=("d-is-sure",)):
    numbers = {"d-is-sure": (0.99, 0.01), "copies": (0.8,)}
    evidence = tuple(Evidence(sign, "verdicts", 2500, 10_000, numbers[sign]) for sign in signs)
    return Diagnosis(trouble, evidence, cure)


def findings(*diagnoses, **options):
    return Findings(Health("trouble" if diagnoses else "healthy", Config(**options), diagnoses=diagnoses), EPOCH)


def said(widget):
    return unescape("\n".join(label.text() for label in widget.findChildren(QLabel) if label.isVisible()))


def cards(widget):
    return [card for card in widget.findChildren(TroubleCard) if card.isVisible()]


def cure_button(widget):
    (button,) = [found for found in widget.findChildren(QPushButton, "cure_button") if found.isVisible()]
    return button


def click(qtbot, widget):
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def spans(plot):
    return plot.marks_item.spans


@pytest.fixture
def panel(qtbot):
    return shown(qtbot, HealthPanel(), 368, 700)


# ---------------------------------------------------------------- what is found in a recorded course


@pytest.mark.parametrize("trouble", CURVES)
def test_every_trouble_is_found_named_and_told(trouble, panel, qtbot):
    info, history = CURVES[trouble]()
    assert found_in(info, history) == [trouble]
    panel.show_findings(findings_of(info, history))
    (card,) = cards(panel)
    text = said(card)
    assert DETECTORS[trouble].title in text and DETECTORS[trouble].why.split(".")[0] in text
    assert "(since epoch" in text and "Try:" in text
    assert cure_button(card).text() == (
        "Go on with these values" if trouble == "not-finite" else "Start again with this"
    )
    assert DETECTORS[trouble].title in card.accessibleName() and "since epoch" in card.accessibleDescription()
    assert "No trouble" not in said(panel) and "Too early" not in said(panel)


def test_every_trouble_has_a_course_here():
    assert set(CURVES) == {each.name for each in OWN}


def test_a_healthy_course_is_said_to_be_watched(panel):
    panel.show_findings(findings_of(*recorded(looks())))
    assert not cards(panel)
    assert "No trouble in the last 1.9 epochs." in said(panel) and "what the judge says" in said(panel)


def test_without_a_judge_only_the_verdicts_are_watched(panel):
    panel.show_findings(findings_of(*recorded(info=info_of(eval_time_percent=0))))
    assert "Only losses and D's verdicts are watched" in said(panel) and "Time for the judge" in said(panel)


def test_before_training_nothing_is_said_of_troubles(panel):
    info, history = recorded(epochs=0)
    assert findings_of(info, history) is None
    panel.show_findings(None)
    assert "trouble" not in said(panel).lower()
    panel.show_findings(findings(made_up()))
    panel.set_run_data(RunData())
    assert not cards(panel) and "trouble" not in said(panel).lower()


def test_several_troubles_stand_below_each_other(panel):
    info, history = recorded(looks(memorization=0.9, recall=0.0, duplicates=0.8, histogram=FEW))
    assert found_in(info, history) == ["memorization", "mode-collapse"]
    panel.show_findings(findings_of(info, history))
    upper, lower = sorted(cards(panel), key=lambda card: card.y())
    assert "Learned by heart" in said(upper) and "Mode collapse" in said(lower)
    assert upper.geometry().bottom() < lower.geometry().top()


def test_after_a_change_that_cures_nothing_is_left(panel):
    info, history = CURVES["d-wins"]()
    history.changes = [(30 * EPOCH, "d_lr", 0.0001)]
    assert found_in(info, history) == []
    history.append(rows(epochs=1, first=30))
    panel.show_findings(findings_of(info, history))
    assert "“D wins” was cured at epoch 30; watching until epoch 32." in said(panel)
    history.append(rows(epochs=20, first=31, d_real=0.999, d_fake=0.001))
    assert found_in(info, history) == ["d-wins"], "and if it comes back it is said again"


def test_a_number_that_was_not_finite_is_forgotten_once_training_goes_on():
    info, history = CURVES["not-finite"]()
    history.append(rows(epochs=1, first=30))
    assert found_in(info, history) == []


def test_the_newest_options_are_the_ones_that_are_cured():
    info, history = recorded(changes=[(10, "g_lr", 0.5)], d_loss=4e4)
    found = findings_of(info, history)
    assert found.config.g_lr == 0.5 and found.diagnoses[0].remedy["g_lr"] != 0.5


# ---------------------------------------------------------------- the cards


@pytest.mark.parametrize(
    ("state", "cure", "text", "enabled"),
    [
        (WorkState.IDLE, LIVE, "Start again with this", True),
        (WorkState.IDLE, NOT_LIVE, "Start again with this", True),
        (WorkState.PREPARING, LIVE, "Start again with this", False),
        (WorkState.WORKING, LIVE, "Change it now", True),
        (WorkState.WORKING, NOT_LIVE, "Start again with this", True),
        (WorkState.PAUSED, LIVE, "Change it now", True),
        (WorkState.HALTED, LIVE, "Change it now", True),
        (WorkState.STOPPING, LIVE, "Start again with this", False),
    ],
)
def test_a_button_offers_what_can_be_done(panel, qtbot, state, cure, text, enabled):
    panel.show_findings(findings(made_up(cure=cure)))
    panel.show_state(state)
    button = cure_button(panel)
    assert (button.text(), button.isEnabled()) == (text, enabled)
    wanted = []
    panel.remedy_requested.connect(lambda diagnosis, now: wanted.append((diagnosis.remedy, now)))
    click(qtbot, button)
    assert wanted == ([(cure, text == "Change it now")] if enabled else [])


def test_a_trouble_without_a_cure_has_no_button(panel):
    panel.show_findings(findings(made_up(cure={})))
    assert not [button for button in panel.findChildren(QPushButton) if button.isVisible()]
    assert "Try:" not in said(panel)


def test_a_trouble_that_stays_keeps_its_card_and_the_focus(panel, qtbot):
    panel.activateWindow()
    panel.show_findings(findings(made_up()))
    before = cure_button(panel)
    before.setFocus()
    panel.show_findings(findings(made_up("memorization", signs=("copies",)), made_up(signs=("d-is-sure",) * 2)))
    QApplication.processEvents()  # what was put into a layout is shown only then
    assert before in panel.findChildren(QPushButton) and panel.focusWidget() is before
    assert [said(card).split("\n")[0] for card in sorted(cards(panel), key=lambda card: card.y())] == [
        "Learned by heart",
        "D wins",
    ]
    panel.show_findings(findings())
    assert not cards(panel) and panel.focusWidget() is not before


def test_a_live_cure_is_asked_for_once(panel, qtbot):
    panel.show_state(WorkState.PAUSED)
    panel.show_findings(findings(made_up()))
    wanted = []
    panel.remedy_requested.connect(lambda *wish: wanted.append(wish))
    button = cure_button(panel)
    click(qtbot, button)
    assert not button.isVisible() and "it counts from the next step on" in said(panel)
    panel.show_findings(findings(made_up(signs=("d-is-sure",) * 2)))
    assert not button.isVisible() and len(wanted) == 1
    panel.show_findings(findings(made_up(cure={"d_lr": 0.1})))
    assert button.isVisible(), "another cure can be wanted"


def test_a_card_is_reached_and_pressed_by_keyboard(panel, qtbot):
    panel.show_findings(findings(made_up()))
    button = cure_button(panel)
    assert button.focusPolicy() & Qt.FocusPolicy.TabFocus
    with qtbot.waitSignal(panel.remedy_requested):
        qtbot.keyClick(button, Qt.Key.Key_Space)


@pytest.mark.parametrize("diagnoses", [(), (made_up(),)])
def test_cards_follow_the_language(panel, monkeypatch, diagnoses):
    panel.show_findings(findings(*diagnoses))
    shout(monkeypatch, panel)
    shown = [label for label in panel.findChild(TroubleList).findChildren(QLabel) if label.isVisible()]
    assert shown and all("¡" in label.text() for label in shown)
    assert all("¡" in button.text() for button in panel.findChildren(QPushButton))


def test_the_edge_of_a_card_follows_the_theme(panel, qapp):
    panel.show_findings(findings(made_up()))
    theme.set_scheme("dark")
    qapp.processEvents()
    edge = cards(panel)[0].edge
    assert edge.palette().color(edge.backgroundRole()) == theme.color("trouble")
    assert panel.grab().toImage().pixelColor(edge.mapTo(panel, edge.rect().center())) == theme.color("trouble")


# ---------------------------------------------------------------- the curves


def test_evidence_is_shaded_on_the_curve_that_shows_it(window):
    plot = window.loss_plot
    upper, lower = plot.findChildren(TimePlot)
    plot.show_findings(findings_of(*CURVES["d-wins"]()))
    assert not spans(upper)
    (span,) = spans(lower)
    assert (span.first, span.last) == (0.1, 30.0) and span.texts[1] == "D wins" and "100%" in span.texts[0]
    language.switch("es")
    assert spans(lower)[0].texts[1] == tr("D wins")
    plot.show_findings(findings_of(*CURVES["rate-too-high"]()))
    assert spans(upper) and not spans(lower)
    plot.grab()
    plot.set_run_data(RunData())
    assert not spans(upper) and not spans(lower)


def test_what_is_not_finite_has_its_mark_already(window):
    info, history = CURVES["not-finite"]()
    window.loss_plot.set_run_data(history)
    window.loss_plot.show_findings(findings_of(info, history))
    upper, _ = window.loss_plot.findChildren(TimePlot)
    assert not spans(upper) and upper.marks_item.marks.troubles == (30.0,)


def test_a_shade_is_seen_and_its_name_too(window, qapp):
    plot = window.loss_plot
    info, history = CURVES["rate-too-high"]()
    plot.set_run_data(history)
    upper, _ = plot.findChildren(TimePlot)
    before = upper.grab().toImage()
    plot.show_findings(findings_of(info, history))
    after = upper.grab().toImage()
    area = upper.plotting_area(upper)
    place = area.left() + area.width() * 15 / 40, area.center().y() + 20
    paper, shade = (image.pixelColor(*map(round, place)) for image in (before, after))
    assert paper != shade and shade.blue() < paper.blue() and shade.red() >= paper.red() - 8


@pytest.mark.parametrize(
    ("room", "expected"), [(100, ("abcdefgh", 8)), (7.5, ("abc", 3)), (2, ("abc", 2)), (-5, ("abc", 0))]
)
def test_a_name_takes_the_fullest_text_that_has_room(room, expected):
    assert fitting(("abcdefgh", "abc"), room, len) == expected


@pytest.fixture
def quality(qtbot):
    return shown(qtbot, QualityPanel(), 368, 1400)


def draw(panel):
    panel.findChild(LazyWidget).draw()
    QApplication.processEvents()


@pytest.mark.parametrize(
    ("trouble", "plot"), [("no-learning", 0), ("oscillation", 0), ("mode-collapse", 1), ("labels-ignored", 2)]
)
def test_the_curves_of_quality_are_shaded(quality, trouble, plot):
    info, history = CURVES[trouble]()
    quality.set_run_data(history)
    quality.show_findings(findings_of(info, history))
    draw(quality)
    plots = quality.findChild(QualityCurves).findChildren(TimePlot)
    assert [bool(spans(each)) for each in plots] == [number == plot for number in range(3)]
    assert spans(plots[plot])[0].last == 30.0
    quality.grab()
    quality.show_findings(None)
    draw(quality)
    assert not any(spans(each) for each in plots)


def test_classes_that_are_hardly_drawn_are_shaded_in_the_epochs_concerned(quality):
    info, history = recorded([*looks(5), *(judged(e, recall=0.0, histogram=FEW) for e in range(6, 31))])
    quality.set_run_data(history)
    quality.show_findings(findings_of(info, history))
    draw(quality)
    bars = quality.findChild(ClassBars)
    assert bars.missing == tuple(range(3, 10)) and bars.warning[0].startswith("Only 3 of 10 classes are drawn (since")
    bars.grab()
    quality.show_epoch(5)
    draw(quality)
    assert bars.missing == () and bars.warning == ()


# ---------------------------------------------------------------- the window


def health_tab(window):
    return next(
        bar.tabText(tab) for bar in window.findChildren(QTabBar) for tab in range(bar.count())
        if tr("Health") in bar.tabText(tab)
    )  # fmt: skip


def opened(tmp_path, info, history):
    return Run(tmp_path, info, history, history.total_images - 1)


def show(window, run):
    """Let the window show ``run``, and look what is wrong with it."""
    window.services.shown.put(run)
    window.services.health.look()


def test_an_opened_run_shows_its_troubles_without_a_message(window, tmp_path):
    show(window, opened(tmp_path, *CURVES["mode-collapse"]()))
    assert [card.objectName() for card in window.findChildren(TroubleCard)] == ["trouble_mode-collapse"]
    assert health_tab(window) == "⚠ Health" and not window.message_bar.text
    show(window, opened(tmp_path / "other", *recorded(looks())))
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not window.findChildren(TroubleCard) and health_tab(window) == "Health"


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
    assert [card.objectName() for card in window.findChildren(TroubleCard)] == ["trouble_not-finite"]
    assert not window.message_bar.text, "what broke off the training speaks for itself"


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
    button = cure_button(sick)
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
    button = cure_button(sick)
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
    assert cure_button(sick).text() == "Start again with this"
    with qtbot.waitSignal(sick.services.training.started) as started:
        click(qtbot, cure_button(sick))
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
    click(qtbot, cure_button(sick))
    look(sick)
    assert "it counts from the next step on" in said(sick.health_panel)
    changes = []
    sick.services.training.option_changed.connect(lambda change: changes.append(change.name))
    sick.services.training.resume()
    qtbot.waitUntil(lambda: len(changes) == len(LIVE))
    assert sorted(changes) == sorted(LIVE)


# ---------------------------------------------------------------- large runs


def test_the_rows_of_a_history_are_a_view():
    _, history = recorded(epochs=1)
    assert history.rows().shape == (10, len(MetricsRow._fields)) and np.shares_memory(history.rows(), history.rows())
    assert RunData().rows().shape == (0, len(MetricsRow._fields))


def test_patience_is_what_these_courses_outlast():
    """Otherwise they would prove nothing: a young run is never blamed."""
    info, history = CURVES["d-wins"]()
    course_images = history.rows()[-1, 2]
    assert grace_period(curves_of(info.config, info.facts, history.rows(), ())) < course_images
    young = recorded(looks(1, **BAD), epochs=0.5, d_real=0.999, d_fake=0.001)
    assert found_in(*young) == []


# ---------------------------------------------------------------- looking back


def shown_run(window, info, history):
    """Let the window show a run that lies in its folder."""
    for epoch in range(1, 31):
        history.add_grid(epoch, Path("absent.png"))
    show(window, opened(Path("absent"), info, history))


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


def test_the_band_of_a_trouble_stays_after_its_cure(window):
    info, history = CURVES["d-wins"]()
    history.changes = [(30 * EPOCH, "d_lr", 0.0001)]
    history.append(rows(epochs=2, first=30))
    shown_run(window, info, history)
    (span,) = spans(window.loss_plot.findChildren(TimePlot)[1])
    assert (span.first, span.last, span.texts[1]) == (0.1, 30.0, "D wins")
    assert health_tab(window) == "Health", "but nothing is wrong now"


def test_the_band_of_a_trouble_stays_after_it_passed_by_itself(window, tmp_path, qtbot):
    info, history = CURVES["d-wins"]()
    history.append(rows(epochs=10, first=30))
    history.qualities += [judged(epoch) for epoch in range(31, 41)]
    show(window, opened(tmp_path, info, history))
    lower = window.loss_plot.findChildren(TimePlot)[1]
    for epoch in (40, 3, 35):  # now, and looking back
        history.add_grid(epoch, Path("absent.png"))
        window.epoch_strip.choose(epoch)
        (span,) = spans(lower)
        assert span.first == 0.1 and 30 <= span.last < 32
        assert span.texts[0].endswith("(epochs 0.1 to 30).") and span.texts[1] == "D wins"
    assert health_tab(window) == "Health", "but nothing is wrong now"


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
    monkeypatch.setattr(window.services.training, "resume", lambda _run, changes: resumed.append(changes))
    window.show_health()
    button = cure_button(window.health_panel)
    assert button.text() == "Go on with these values"
    button.click()
    assert resumed == [{"g_lr": 0.004, "d_lr": 0.0012}] == [after_not_finite(info.config)]
    assert window.options_form.config().d_lr == 0.0012
