"""Searching in the window: what is wished, what it buys, tiles that tell how each trial is, pausing, going on again."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import QEvent, Qt, QTimer
from PySide6.QtGui import QContextMenuEvent
from PySide6.QtWidgets import QApplication, QDialog, QPushButton

from engine.errors import UserError
from engine.job import Progress
from engine.recipes import recipe
from engine.runs import RunFolder, runs_root
from engine.search.calibration import Speed
from engine.search.records import (
    Measure,
    SearchBlocked,
    SearchStarted,
    TrialEnded,
    TrialProgress,
    TrialRecord,
    TrialStarted,
)
from engine.search.search import Search
from engine.search.why import Findings
from engine.trainer import Trainer
from studio import language, text_size, theme
from studio.model.search import OpenedSearch, SearchNews, offer
from studio.model.work_state import WorkState
from studio.services import search_jobs
from studio.text.trials import measure_told, offer_told, ordered
from studio.widgets.tables.trial_delegate import frame_of
from studio.widgets.tables.trial_model import TrialModel
from studio.workspaces.compare.search.contact_sheet import ContactSheet
from studio.workspaces.compare.search.form import SearchForm
from studio.workspaces.compare.search.why_panel import CONTOUR, IMPORTANCE, PARALLEL, SLICE, WhyPanel
from tests import tiny
from tests.engine import searching
from tests.studio.hands import announced, begin_training, shown

SPEED = Speed(images_per_second=100.0, look_seconds=0.5, start_seconds=1.0)


def measure(frechet, share=0.5):
    return Measure(share, 40, 1.0, frechet, frechet, 0.5, 0.5)


def trial(number, state="finished", value=None, **facts):
    measures = (measure(value or 9.0),) if state != "waiting" else ()
    return TrialRecord(number, state, {"d_lr": 0.001 * (number + 1)}, value, measures, **facts)


TRIALS = (
    trial(0, value=20.0, is_start=True),
    trial(1, "trouble", failure_mode="mode-collapse"),
    trial(2, "trouble", failure_mode="d-wins"),
    trial(3, "trouble", failure_mode="not-finite"),
    trial(4, "pruned"),
    trial(5, value=10.0),
    trial(6, "learning"),
)


def opened(plan=None, trials=TRIALS, pictures=None):
    return OpenedSearch("one", plan or searching.plan(), trials, pictures or {}, Findings({}, "Said."))


@pytest.fixture
def form(qtbot):
    return shown(qtbot, SearchForm(tiny.config()), 368, 700)


@pytest.fixture
def sheet(qtbot):
    made = shown(qtbot, ContactSheet(), 900, 600)
    made.show_search(searching.plan(), TRIALS)
    return made


@pytest.fixture
def page(window, qtbot, monkeypatch):
    """The page in front of a window, whose machine was measured before."""
    searching.use_known_judge(monkeypatch)
    monkeypatch.setattr("studio.services.search_jobs.measured", _known_speed)
    window.wake()
    window.commands.do("go_to_compare")
    window.workspace.pages.setCurrentWidget(window.searching.page)
    return window.searching


def _known_speed(_config):
    return SPEED
    yield


# --- the form


def test_what_is_ticked_varies_in_its_range(form):
    assert [knob.typed for knob in form.wish().knobs] == ["g_lr=1e-05..0.02:log", "d_lr=1e-05..0.02:log"]
    form.knobs["g_lr"].tick.setChecked(False)
    form.knobs["d_steps"].tick.setChecked(True)
    form.knobs["d_lr"].ends[0].setValue(0.0001)
    form.knobs["loss"].tick.setChecked(True)
    for box in list(form.knobs["loss"].choices.values())[2:]:
        box.setChecked(False)
    typed = [knob.typed for knob in form.wish().knobs]
    assert typed == ["d_lr=0.0001..0.02:log", "d_steps=1..4:linear", "loss=nonsaturating,minimax"]


def test_what_cannot_be_searched_is_told_before(form):
    form.knobs["d_lr"].ends[0].setValue(0.01)
    form.knobs["d_lr"].ends[1].setValue(0.001)
    with pytest.raises(UserError, match="range of “Learning rate of D” is empty"):
        form.wish()
    form.knobs["d_lr"].tick.setChecked(False)
    form.knobs["loss"].tick.setChecked(True)
    for box in list(form.knobs["loss"].choices.values())[1:]:
        box.setChecked(False)
    with pytest.raises(UserError, match="at least two choices"):
        form.wish()
    for row in form.knobs.values():
        row.tick.setChecked(False)
    with pytest.raises(UserError, match="something that varies"):
        form.wish()


def test_options_without_effect_are_not_offered(form):
    assert "aux_classifier_weight" in form.knobs
    form.knobs["aux_classifier_weight"].tick.setChecked(True)
    form.set_config(recipe("dcgan-3-8").config())
    assert form.knobs["aux_classifier_weight"].widget.isHidden()
    assert "aux_classifier_weight" not in [knob.name for knob in form.wish().knobs]


def test_only_the_goal_of_images_asks_for_a_distance(form):
    assert form.target.isHidden() and form.wish().target == 0.0
    form.objective.setCurrentIndex(1)
    assert form.target.isVisible() and form.wish().objective == "images" and form.wish().target == 50.0


def test_only_the_length_that_was_chosen_is_asked_for_and_must_be_whole(form):
    assert form.images.isHidden() and form.seconds.isHidden()
    form.images.note.say("The images are missing.")
    assert form.wish().images == 0, "nobody asks for them"
    form.length.setCurrentIndex(1)
    assert form.images.isVisible() and form.seconds.isHidden()
    with pytest.raises(UserError, match=r"not complete\. The images are missing\."):
        form.wish()
    form.show_progress("Trial 1", 0.5)
    assert form.offer.isHidden() and form.bar.isVisible()
    form.show_progress("", 0.0)
    assert form.offer.isVisible() and form.bar.isHidden()


def test_the_form_says_what_the_time_buys(form):
    wish = form.wish()
    bought = offer(wish, 10.0, SPEED)
    assert bought.images == 5500 and "10 minutes buy about 10 trials of 60 seconds" in offer_told(bought)
    form.length.setCurrentIndex(2)
    form.seconds.setValue(600.0)
    assert offer(form.wish(), 5.0, SPEED).trials < 1 and "buys no whole trial" in offer_told(
        offer(form.wish(), 5, SPEED)
    )


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


def test_the_chosen_trial_stands_large_at_the_side(page, window):
    picture = np.zeros((40, 60), np.uint8)
    window.services.searching.hear(opened(pictures={5: picture}))
    panel = page.page.trial
    assert panel.empty.isVisible() and panel.picture.isHidden()
    page.sheet.view.choose([5])
    assert panel.picture.picture is not None and panel.empty.isHidden() and panel.curve.drawn == len(TRIALS)
    assert "Trial 5" in panel.words.text() and "10.00" in panel.words.text()
    window.services.searching.hear(TrialEnded(replace(TRIALS[5], value=4.0), 60.0))
    assert "4.00" in panel.words.text(), "it is told of what changes"
    newer = np.full((40, 60), 9, np.uint8)
    window.services.searching.hear(TrialProgress(5, 40, 0.5, 10.0, 30.0, measure(3.0), newer))
    assert (panel.picture.picture == 9).all()
    page.sheet.view.choose([4, 5])
    assert panel.empty.isVisible() and panel.curve.drawn == 0
    button = panel.findChild(QPushButton, "look_at_trial_button")
    assert not button.isEnabled() and button.text() == "Look at it"


def test_what_can_be_done_with_a_trial_is_written_out_however_large_the_text(page, window, qtbot):
    language.switch("es")
    text_size.show(150)
    window.resize(1280, 720)
    QApplication.processEvents()
    buttons = page.page.trial.findChildren(QPushButton)
    assert len(buttons) == 4
    qtbot.waitUntil(lambda: all(button.width() >= button.sizeHint().width() for button in buttons))
    text_size.show(text_size.USUAL)


def test_enter_and_a_double_click_open_what_a_click_has_chosen(page, window, qtbot, tmp_path):
    done = []
    window.doing.open = done.append
    window.services.searching.hear(opened(trials=(replace(TRIALS[5], run=tmp_path),)))
    view = page.sheet.view
    place = view.visualRect(page.sheet.model.index(0)).center()
    qtbot.mouseClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    assert view.numbers() == [5] and done == []
    qtbot.mouseDClick(view.viewport(), Qt.MouseButton.LeftButton, pos=place)
    qtbot.keyClick(view, Qt.Key.Key_Return)
    assert done == [tmp_path, tmp_path]


def test_what_is_counted_and_what_waits(sheet, page, window):
    assert "2 trained to the end" in sheet.count.text() and "4 stopped early" in sheet.count.text()
    heard = []
    sheet.view.choose([5])
    sheet.changed.connect(lambda: heard.append(sheet.view.numbers()))
    sheet.put(replace(TRIALS[4], value=3.0))
    assert heard == [], "another one"
    sheet.put(replace(TRIALS[5], value=3.0))
    assert heard == [[5]]
    model = TrialModel()
    model.show_trials(searching.plan(), TRIALS, {5: np.zeros((8, 8), np.uint8)})
    index = model.index(model.row_of(5))
    before = index.data(Qt.ItemDataRole.DecorationRole).toImage()
    model.put_picture(5, np.full((8, 8), 200, np.uint8))
    assert index.data(Qt.ItemDataRole.DecorationRole).toImage() != before


def test_a_training_that_begins_ends_the_measuring(page, window, monkeypatch):
    ended = []
    monkeypatch.setattr(window.services.searching, "measure_no_more", lambda: ended.append(True))
    training = window.services.training
    training.state = WorkState.PREPARING
    training.state_changed.emit(training.state)
    assert ended
    measured = []
    monkeypatch.setattr(window.services.searching, "measure", measured.append)
    settle = next(timer for timer in page.findChildren(QTimer) if timer.interval() == 900)
    settle.timeout.emit()
    assert measured == [], "nobody takes the machine from a training"
    training.state = WorkState.IDLE
    settle.timeout.emit()
    assert len(measured) == 1


def test_what_a_trial_reads_is_not_told_as_the_preparing_of_the_search(page, window):
    service = window.services.searching
    for state, is_told in ((WorkState.PREPARING, True), (WorkState.WORKING, False)):
        service.state = state
        page.form.show_progress("", 0.0)
        service.preparing.emit(Progress(1, 2, "Reading images"))
        assert ("Reading images" in page.form.status.text()) is is_told
    service.state = WorkState.IDLE


def test_a_right_click_keeps_what_is_chosen_and_chooses_another_tile(sheet):
    def click(number):
        place = sheet.view.visualRect(sheet.model.index(sheet.model.row_of(number))).center()
        viewport = sheet.view.viewport()
        event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, place, viewport.mapToGlobal(place))
        QApplication.sendEvent(viewport, event)
        return sorted(sheet.view.numbers())

    sheet.view.choose([0, 5])
    assert click(5) == [0, 5] and click(4) == [4]


def test_what_is_told_after_stop_changes_nothing_and_no_other_place_is_looked_at(page, window):
    service = window.services.searching
    service.state = WorkState.STOPPING
    service.hear(SearchStarted(60.0, 10.0, 6.0, 0))
    service.hear(SearchBlocked("The disk is full.", "Make room."))
    assert service.state is WorkState.STOPPING
    service.look_elsewhere("/somewhere/else.journal")
    assert service.where == ""
    service.hear_end()


def test_an_empty_sheet_says_what_there_is_to_do(sheet):
    assert sheet.empty.isHidden() and "7 trials" in sheet.count.text()
    sheet.show_search(None)
    assert sheet.empty.isVisible() and sheet.view.isHidden() and not sheet.count.text()


# --- in the window


def test_a_search_begins_rests_ends_and_is_gone_on_with_after_a_restart(page, window, make_window, qtbot):
    service, form = window.services.searching, page.form
    for name in ("g_lr",):
        form.knobs[name].tick.setChecked(False)
    form.length.setCurrentIndex(1)
    form.images.setValue(80)
    qtbot.waitUntil(lambda: "buy" in form.offer.text())
    window.commands.do("start_search")
    assert service.is_busy and not window.commands.is_possible("start_search") and not form.minutes.isEnabled()
    assert "search is under way" in window.commands["train"].why_not()
    qtbot.waitUntil(lambda: any(it.state == "finished" for it in service.trials.values()))
    window.commands.do("pause_search")
    qtbot.waitUntil(lambda: service.state is WorkState.PAUSED)
    assert window.commands.action("pause_search").text() == "Resume the search"
    window.commands.do("pause_search")
    qtbot.waitUntil(lambda: service.state is WorkState.WORKING)
    window.commands.do("stop_search")
    qtbot.waitUntil(lambda: service.state is WorkState.IDLE)
    name, count = service.name, len(service.trials)
    assert window.commands.is_possible("train") and page.sheet.model.rowCount() == count
    window.close()
    again = make_window()
    again.wake()
    again.commands.do("go_to_compare")
    again.workspace.pages.setCurrentWidget(again.searching.page)
    other = again.searching
    qtbot.waitUntil(lambda: other.form.chooser.search.count() == 2)
    other.form.chooser.search.setCurrentIndex(1)
    qtbot.waitUntil(lambda: other.sheet.model.rowCount() >= count)
    assert again.services.searching.name == name and not other.form.knobs["d_lr"].tick.isVisible()
    assert other.sheet.model.pictures, "what the trials drew is there again"
    finished = sum(it.state == "finished" for it in again.services.searching.trials.values())
    again.commands.do("start_search")
    qtbot.waitUntil(lambda: sum(it.state == "finished" for it in again.services.searching.trials.values()) > finished)
    again.commands.do("stop_search")
    qtbot.waitUntil(lambda: not again.services.searching.is_busy)


def test_a_pause_uses_up_none_of_the_minutes(page, window, qtbot, monkeypatch):
    clock = searching.Clock()
    searching.use_known_judge(monkeypatch, clock)
    monkeypatch.setitem(Search.__init__.__kwdefaults__, "clock", clock)
    service, form = window.services.searching, page.form
    form.length.setCurrentIndex(1)
    form.images.setValue(80)
    form.minutes.setValue(0.5)
    window.commands.do("start_search")
    qtbot.waitUntil(lambda: any(it.state == "finished" for it in service.trials.values()))
    window.commands.do("pause_search")
    qtbot.waitUntil(lambda: service.state is WorkState.PAUSED)
    assert "The search rests." in form.status.text()
    ended = sum(it.is_over for it in service.trials.values())
    clock.now += 1e6
    window.commands.do("pause_search")

    def is_going_on():
        """Beside the trial that was under way, another one is begun and ends."""
        return sum(it.state == "finished" for it in service.trials.values()) > ended + 1

    qtbot.waitUntil(lambda: is_going_on() or not service.is_busy)
    assert clock.now > 1e6 and is_going_on()
    window.commands.do("stop_search")
    qtbot.waitUntil(lambda: not service.is_busy)


def test_a_search_and_a_training_do_not_go_together(page, window):
    training = window.services.training
    begin_training(training)
    assert "do not go together" in window.commands["start_search"].why_not()
    training.hear_end()
    window.services.searching.hear(SearchStarted(60.0, 10.0, 6.0, 0))
    training.start(tiny.config())
    assert not training.is_busy and "Stop the search first" in window.message_bar.text
    assert "search is under way" in window.commands["pause"].why_not()
    window.services.searching.hear_end()


def test_what_the_job_tells_is_seen(page, window):
    service = window.services.searching
    service.hear(opened(trials=()))
    service.hear(SearchStarted(60.0, 10.0, 6.0, 0))
    service.hear(TrialStarted(0, {"d_lr": 0.001}))
    grid = np.zeros((18, 98), np.uint8)
    service.hear(TrialProgress(0, 40, 0.5, 10.0, 30.0, measure(12.0), grid))
    assert page.form.bar.value() == 500 and "Trial 0: 50 %" in page.form.status.text()
    assert page.sheet.model.rows[0].measures and page.sheet.model.pictures[0] is grid
    found = Findings({"d_lr": 1.0}, "D's learning rate matters most.", "It is better.")
    service.hear(SearchNews("one", (), {}, found))
    assert page.sheet.sentence.text() == "D's learning rate matters most. It is better."
    service.hear(SearchBlocked("The disk is full.", "Make room."))
    assert service.state is WorkState.HALTED and "The disk is full." in window.message_bar.text
    service.hear_end()
    assert service.state is WorkState.IDLE and page.sheet.model.rows[0].state == "stopped"


def test_the_chosen_trial_is_looked_at_kept_and_trained_on(page, window, qtbot, tmp_path):
    done = []
    service = window.services.searching
    service.hear(opened(trials=(*TRIALS[:6], replace(TRIALS[5], number=7, run=tmp_path, value=1.0))))
    window.doing.open, window.doing.branch_off = done.append, lambda *how: done.extend(how)
    assert "single trial" in window.commands["look_at_trial"].why_not()
    page.sheet.view.choose([4])
    assert "No run is kept" in window.commands["look_at_trial"].why_not()
    page.sheet.view.choose([7])
    window.commands.do("look_at_trial")
    window.commands.do("branch_trial")
    assert done[:2] == [tmp_path, tmp_path]
    assert (done[2]["total_images"], done[2]["sample_every"]) == (0, tiny.config().sample_every), (
        "as long as it was wished"
    )
    window.commands.do("keep_trial")
    dialog = window.findChild(QDialog, "recipe_dialog")
    dialog.title.setText("Found")
    with qtbot.waitSignal(window.services.own_recipes.kept) as kept:
        dialog.confirm()
    assert kept.args[0].title == "Found" and kept.args[0].options["d_lr"] == TRIALS[5].values["d_lr"]
    window.commands.do("take_trial_options")
    assert window.context.plan.config.d_lr == TRIALS[5].values["d_lr"]


def test_who_has_looked_at_a_trial_trains_as_long_as_ever(page, window, qtbot):
    config = searching.plan().training_of({"d_lr": 0.004})
    for _event in Trainer(config, RunFolder(runs_root() / "trial")).run():
        pass
    found = replace(TRIALS[5], run=runs_root() / "trial", values={"d_lr": 0.004})
    window.services.searching.hear(opened(trials=(found,)))
    page.sheet.view.choose([5])
    with announced(qtbot, window.services.shown.run_changed):
        window.commands.do("look_at_trial")
    assert window.services.shown.run.path == found.run and window.context.plan.config.d_lr == 0.004
    assert window.context.plan.config.total_images == 0 and config.total_images == 80


def test_a_search_that_is_refused_says_why_and_leaves_the_form(page, window, qtbot):
    page.form.minutes.setValue(0.1)
    page.form.length.setCurrentIndex(2)
    page.form.seconds.setValue(3600.0)
    window.commands.do("start_search")
    qtbot.waitUntil(lambda: not window.services.searching.is_busy)
    assert "buys no trial" in window.message_bar.text and page.form.chooser.search.isEnabled()


def test_the_page_speaks_both_languages_and_has_both_themes(page, window, qtbot):
    window.services.searching.hear(opened())
    page.form.chooser.search.setCurrentIndex(0)
    qtbot.waitUntil(lambda: "trial" in page.form.offer.text())
    language.switch("es")
    theme.set_scheme("dark")
    assert "prueba" in page.form.offer.text()
    assert "7" in page.sheet.count.text() and "trials" not in page.sheet.count.text()
    assert "búsqueda" in page.form.chooser.search.toolTip()


# --- why


@pytest.fixture
def panel(qtbot):
    made = shown(qtbot, WhyPanel(), 800, 300)
    plan = searching.plan("d_lr=1e-4..1e-1:log", "d_steps=1..4")
    trials = [replace(it, values=it.values | {"d_steps": 1 + it.number % 4}) for it in TRIALS]
    made.show_search(plan, trials, {"d_lr": 0.8, "d_steps": 0.2})
    return made


@pytest.mark.parametrize("drawing", [PARALLEL, SLICE, CONTOUR])
def test_a_click_chooses_the_trial_that_is_drawn_there(panel, drawing):
    panel.drawing.setCurrentIndex(drawing)
    QApplication.processEvents()
    assert sorted(panel.plot.numbers) == [0, 1, 2, 3, 4, 5], "those that were judged and are over"
    box = panel.plot.getPlotItem().getViewBox()
    for place, number in enumerate(panel.plot.numbers):
        point = box.mapViewToScene(pg.Point(*panel.plot.lines[place][0]))
        found = panel.plot.nearest(point.x(), point.y())
        assert found is not None and panel.plot.numbers[found] == number
    assert panel.plot.nearest(-500.0, -500.0) is None


def test_many_lines_are_drawn_as_few_curves_the_chosen_one_on_top(panel):
    many = [replace(TRIALS[5], number=number, value=float(number + 1)) for number in range(200)]
    panel.show_search(searching.plan("d_lr=1e-4..1e-1:log"), many, {})
    panel.select([7])
    curves = [item for item in panel.plot.getPlotItem().items if isinstance(item, pg.PlotCurveItem)]
    assert len(curves) <= 9
    lines = [np.isnan(curve.getData()[0]).sum() for curve in curves]
    assert sum(lines) == len(many) and lines[-1] == 1, "no line is led into the next one"
    assert [curve.opts["pen"].widthF() > 2 for curve in curves].index(True) == len(curves) - 1


def test_all_texts_of_the_lines_have_room_however_large_the_text(panel):
    text_size.show(150)
    panel.resize(420, 180)
    QApplication.processEvents()
    plot, axes = panel.plot, 3
    texts = [item for item in plot.getPlotItem().items if isinstance(item, pg.TextItem)]
    assert len(texts) == 2 * axes
    for item in texts:
        place = item.mapRectToScene(item.boundingRect())
        assert plot.sceneRect().contains(place), item.toPlainText()
    text_size.show(text_size.USUAL)


def test_arrows_go_from_trial_to_trial(panel, qtbot):
    chosen = []
    panel.chosen.connect(chosen.append)
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Left):
        qtbot.keyClick(panel.plot, key)
        panel.select(chosen[-1])
    assert chosen == [[0], [1], [0]]


def test_the_axes_that_were_chosen_stay_and_another_search_brings_its_own(panel):
    panel.drawing.setCurrentIndex(SLICE)
    assert panel.x_box.isVisible() and panel.y_box.isHidden()
    panel.x_box.setCurrentIndex(1)
    panel.retranslate()
    assert panel.x_box.currentData() == "d_steps"
    panel.show_search(searching.plan("g_lr", "batch_size"), TRIALS, {})
    assert [panel.x_box.itemData(at) for at in range(panel.x_box.count())] == ["g_lr", "batch_size"]


def test_importance_is_drawn_as_soon_as_it_is_known(panel):
    panel.drawing.setCurrentIndex(IMPORTANCE)
    texts = [item.toPlainText() for item in panel.plot.getPlotItem().items if isinstance(item, pg.TextItem)]
    assert texts == ["80%", "20%"] and panel.x_box.isHidden()
    panel.show_search(searching.plan(), TRIALS, {})
    assert panel.empty.isVisible() and panel.plot.isHidden()
    panel.show_search(None, (), {})
    assert panel.empty.isVisible() and not panel.drawing.isEnabled()


def test_the_drawing_follows_the_theme(panel):
    assert panel.plot.backgroundBrush().color().lightness() > 128
    theme.set_scheme("dark")
    QApplication.processEvents()
    assert panel.plot.backgroundBrush().color().lightness() < 128


def test_what_is_chosen_in_a_drawing_is_chosen_among_the_tiles_and_the_other_way_round(page, window):
    window.services.searching.hear(opened())
    page.why.plot.chosen.emit([0, 5])
    assert sorted(page.sheet.view.numbers()) == [0, 5] and page.why.plot.selected == {0, 5}
    page.sheet.view.choose([2])
    assert page.why.plot.selected == {2}


def test_many_trials_that_change_at_once_are_drawn_once(page, window, monkeypatch):
    service, drawn = window.services.searching, []
    service.plan = searching.plan()
    monkeypatch.setattr(page.why, "show_search", lambda *shown: drawn.append(shown))
    for each in (replace(it, value=1.0) for it in TRIALS):
        service.trials[each.number] = each
        service.trial_changed.emit(each)
    QApplication.processEvents()
    assert len(drawn) == 1 and [it.value for it in drawn[0][1]] == [1.0] * 7


def test_what_is_lined_up_waits_for_the_end_of_a_search(window, monkeypatch):
    asked = []
    queue, searching_ = window.services.queue, window.services.searching
    monkeypatch.setattr(queue, "_jobs", SimpleNamespace(do=lambda name, *_: asked.append(name)))
    searching_.hear(SearchStarted(60.0, 10.0, 6.0, 0))
    queue.turn_on()
    assert asked == []
    searching_.hear_end()
    assert asked == ["the queue"]
    queue.turn_off()


# --- while Optuna is imported, which takes seconds on a busy machine


def test_the_page_says_that_it_looks_for_searches_until_it_knows_them(page, qtbot, monkeypatch):
    may_answer = threading.Event()
    monkeypatch.setattr("studio.services.search_jobs.listed", lambda _where: [] if may_answer.wait(60) else None)
    page.come()
    assert "Looking which searches there are" in page.form.offer.text() and not page.form.offer.isHidden()
    may_answer.set()
    qtbot.waitUntil(lambda: "Looking" not in page.form.offer.text())


def test_a_search_says_that_it_is_prepared_before_it_imports_anything(monkeypatch):
    loaded = []
    monkeypatch.setattr(search_jobs, "load", lambda: loaded.append("Optuna"))
    for job in (search_jobs.begun("", None, 1.0, SPEED), search_jobs.gone_on_with("", "one", 1.0, tiny.config())):
        assert next(job).what == "Preparing the search" and not loaded
        job.close()


def test_nobody_looks_through_what_a_search_imports_for_garbage():
    try:
        gc.unfreeze()
        search_jobs.load.__wrapped__()
        assert gc.get_freeze_count() > 100_000
    finally:
        gc.unfreeze()
