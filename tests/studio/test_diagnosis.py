"""The diagnosis in the window: recorded courses become cards, spans and messages, and cures work by a click."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton

from engine.diagnosis import curves_of
from engine.diagnosis.grace_period import grace_period
from engine.diagnosis.own import DETECTORS, OWN
from engine.events import MetricsRow
from engine.i18n import tr
from studio import theme
from studio.model.findings import findings_of
from studio.model.run_data import RunData
from studio.model.work_state import WorkState
from studio.widgets.messages.trouble_card import TroubleCard
from studio.widgets.messages.trouble_list import TroubleList
from studio.workspaces.train.health_panel import HealthPanel
from tests.studio.courses import (
    BAD,
    CURVES,
    EPOCH,
    FEW,
    LIVE,
    NOT_LIVE,
    cure_button,
    findings,
    info_of,
    looks,
    made_up,
    recorded,
    rows,
    said,
)
from tests.studio.hands import click, shown
from tests.studio.shouting import shout


def found_in(info, history):
    findings = findings_of(info, history)
    return [diagnosis.failure_mode for diagnosis in findings.diagnoses]


def cards(widget):
    return [card for card in widget.findChildren(TroubleCard) if card.isVisible()]


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
    assert DETECTORS[trouble].title in text and tr(DETECTORS[trouble].why).split(".")[0] in text
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


@pytest.mark.parametrize(("epochs", "told"), [(0.5, "only begun to learn"), (30, "nearly undecided")])
def test_that_d_cannot_tell_them_apart_yet_is_no_praise_of_the_images(panel, epochs, told):
    """Beside pure noise it was said that the images look real to D."""
    info, history = recorded(looks(int(epochs)), epochs=epochs, d_real=0.6, d_fake=0.5)
    panel.set_run_data(history)
    panel.show_findings(findings_of(info, history))
    assert told in said(panel)
    panel.set_run_data(recorded(epochs=30, d_real=0.6, d_fake=0.5)[1])
    assert "nearly undecided" in said(panel), "another run"


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
