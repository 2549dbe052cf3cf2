"""The tiles of a search: one for each trial, framed by how it is."""

from __future__ import annotations

import sys
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.recipes import recipe
from studio import language
from studio.text.trials import measure_told, ordered, values_told
from studio.widgets.pictures.image_view import image_to_picture
from studio.widgets.tables.trial_delegate import frame_of
from studio.widgets.tables.trial_model import TrialModel
from studio.workspaces.compare.search.contact_sheet import ContactSheet
from tests.engine import searching
from tests.studio.hands import shown
from tests.studio.trials import TRIALS, trial


@pytest.fixture
def sheet(qtbot):
    made = shown(qtbot, ContactSheet(), 900, 600)
    made.show_search(searching.plan(), TRIALS)
    return made


# --- the tiles


def test_tiles_stand_by_measure_or_by_time_and_keep_what_is_chosen(sheet):
    assert [it.number for it in sheet.model.rows][:2] == [5, 0]
    sheet.view.choose([0])
    sheet.put(replace(TRIALS[6], state="finished", value=1.0))
    assert [it.number for it in sheet.model.rows][:3] == [6, 5, 0] and sheet.view.numbers() == [0]
    sheet.order.setCurrentIndex(1)
    assert [it.number for it in sheet.model.rows] == [6, 5, 4, 3, 2, 1, 0] and sheet.view.numbers() == [0]


def test_each_state_has_a_frame_of_its_own_and_words(sheet):
    frames = {(ink.name(), dash) for ink, dash in (frame_of(it, sheet.palette()) for it in TRIALS[1:])}
    assert len(frames) == 6
    told = [sheet.model.index(row).data() for row in range(len(TRIALS))]
    for words in ("Mode collapse", "D wins", "Not a number", "others were better", "learning", "trained to its end"):
        assert any(words in text for text in told), words


def test_new_samples_write_no_words_anew(sheet, qtbot, monkeypatch):
    written = []

    def told(trial, knobs):
        written.append(trial.number)
        return values_told(trial, knobs)

    def repainted():
        sheet.view.viewport().repaint()
        return [written.pop() for _ in list(written)]

    repainted()
    monkeypatch.setattr("studio.widgets.tables.trial_delegate.values_told", told)
    for shade in (10, 200):
        sheet.put_picture(0, np.full((40, 40), shade, np.uint8))
        assert repainted() == []
    seen = sheet.view.grab().toImage()
    sheet.put_picture(0, np.full((40, 40), 90, np.uint8))
    assert sheet.view.grab().toImage() != seen, "the picture itself is the new one"
    sheet.put(replace(TRIALS[0], value=19.0))
    assert repainted() == [0]
    sheet.view.choose([5])
    assert repainted() == [5]
    language.switch("es")
    sheet.retranslate()
    qtbot.waitUntil(lambda: sorted(written) == [trial.number for trial in TRIALS])


def test_points_are_seen_whole_in_a_tile_and_of_a_grid_its_corner_pixel_for_pixel(sheet):
    picture = np.zeros((300, 300, 3), np.uint8)
    picture[220:, 220:] = (255, 0, 255)
    plan = searching.plan()
    of_points = replace(plan, config=recipe("plane-ring").config())
    for shown_plan, sees in ((plan, False), (of_points, True)):
        sheet.show_search(shown_plan, TRIALS, {TRIALS[0].number: picture})
        seen = image_to_picture(sheet.view.viewport().grab().toImage())[..., :3].reshape(-1, 3)
        assert (np.abs(seen.astype(int) - (255, 0, 255)).max(1) < 20).any() == sees


def test_tiles_wait_shortly_for_the_lock_while_they_are_painted_and_nothing_else_does(sheet, qtbot, monkeypatch):
    usual, seen = sys.getswitchinterval(), []

    def told(trial, knobs):
        seen.append(sys.getswitchinterval())
        return 1 / 0 if trial.number == 5 else values_told(trial, knobs)

    monkeypatch.setattr("studio.widgets.tables.trial_delegate.values_told", told)
    monkeypatch.setattr("studio.guard.tell", lambda error: None)
    sheet.model.show_trials(searching.plan(), TRIALS, {})
    sheet.view.viewport().repaint()
    assert len(seen) == len(TRIALS) and max(seen) <= 0.001 < usual == sys.getswitchinterval()


def test_a_measure_that_is_not_of_a_whole_trial_stands_in_brackets():
    plan = searching.plan()
    assert measure_told(plan, TRIALS[5]) == "10.00" and measure_told(plan, TRIALS[4]) == "(9.00)"
    variety = searching.plan(goal="variety")
    better = [trial(0, value=0.2), trial(1, value=0.7)]
    assert [it.number for it in ordered(variety, better, "measure")] == [1, 0]


def test_pictures_take_bounded_room(monkeypatch):
    monkeypatch.setattr("studio.widgets.tables.trial_model._MOST_BYTES", 3 * 64)
    model = TrialModel()
    pictures = {number: np.full((8, 8), number, np.uint8) for number in range(7)}
    model.show_trials(searching.plan(), TRIALS, pictures)
    assert list(model.pictures) == [4, 5, 6]
    for row in range(7):
        model.index(row).data(Qt.ItemDataRole.DecorationRole)
    model.put_picture(0, np.zeros((8, 8), np.uint8))
    assert list(model.pictures) == [5, 6, 0]


def test_the_mouse_enlarges_a_tile(sheet):
    sheet.model.put_picture(5, np.zeros((40, 60), np.uint8))
    index = sheet.model.index(sheet.model.row_of(5))
    sheet.view.entered.emit(index)
    enlarged = sheet.view.enlarged
    assert enlarged.isVisible() and enlarged.picture.pixmap().width() == 120 and "Trial 5" in enlarged.words.text()
    QApplication.sendEvent(sheet.view, QEvent(QEvent.Type.Leave))
    assert enlarged.isHidden()


def test_a_right_click_keeps_what_is_chosen_and_chooses_another_tile(sheet):
    def click(number):
        place = sheet.view.visualRect(sheet.model.index(sheet.model.row_of(number))).center()
        viewport = sheet.view.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
        QApplication.sendEvent(viewport, event)
        return sorted(sheet.view.numbers())

    sheet.view.choose([0, 5])
    assert click(5) == [0, 5] and click(4) == [4]
    QTest.keyPress(sheet.window().windowHandle(), Qt.Key.Key_Control, Qt.KeyboardModifier.ControlModifier)
    assert click(0) == [0], "whatever keys are held"
    QTest.keyRelease(sheet.window().windowHandle(), Qt.Key.Key_Control, Qt.KeyboardModifier.NoModifier)


def test_an_empty_sheet_says_what_there_is_to_do(sheet):
    assert sheet.empty.isHidden() and "7 trials" in sheet.count.text()
    sheet.show_search(None)
    assert sheet.empty.isVisible() and sheet.view.isHidden() and not sheet.count.text()
