"""Searching in the window: what is wished, what it buys, tiles that tell how each trial is, pausing, going on again."""

from __future__ import annotations

import gc
import threading
from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QApplication, QDialog, QLabel, QPushButton

from engine.job import Progress
from engine.runs import RunFolder, runs_root
from engine.search.records import (
    SearchBlocked,
    SearchStarted,
    TrialEnded,
    TrialProgress,
    TrialStarted,
)
from engine.search.search import Search
from engine.search.why import Findings
from engine.trainer import Trainer
from studio import language, text_size, theme
from studio.model.search import SearchNews
from studio.model.work_state import WorkState
from studio.services import search_jobs
from studio.widgets.tables.trial_model import TrialModel
from studio.workspaces.compare.search.contact_sheet import ContactSheet
from tests import tiny
from tests.engine import searching
from tests.studio.hands import announced, begin_training, shown
from tests.studio.trials import SPEED, TRIALS, measure, opened, search_page


@pytest.fixture
def sheet(qtbot):
    made = shown(qtbot, ContactSheet(), 900, 600)
    made.show_search(searching.plan(), TRIALS)
    return made


@pytest.fixture
def page(window, qtbot, monkeypatch):
    """The page in front of a window, whose machine was measured before."""
    return search_page(window, monkeypatch)


def test_a_trial_that_is_chosen_makes_no_window_taller(page, window):
    window.services.searching.hear(opened(pictures={5: np.zeros((40, 60), np.uint8)}))
    panel = page.page.trial
    before = panel.minimumSizeHint().height()
    page.sheet.view.choose([5])
    assert panel.words.isVisible() and panel.minimumSizeHint().height() < before + panel.curve.height()


def test_what_was_dragged_is_kept_and_reset(page, window):
    compare, sides = window.workspaces["compare"], page.page.sides
    usual = sides.sizes()
    sides.moveSplitter(usual[0] - 60, 1)
    dragged, state = sides.sizes(), compare.layout_state()
    assert dragged != usual and state["trial_panel"] == dragged[1]
    window.reset_layout()
    assert sides.sizes() == usual and "trial_panel" not in compare.layout_state()
    compare.restore_layout(state)
    assert sides.sizes() == dragged


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


def test_what_is_told_after_stop_changes_nothing_and_no_other_place_is_looked_at(page, window):
    service = window.services.searching
    service.state = WorkState.STOPPING
    service.hear(SearchStarted(60.0, 10.0, 6.0, 0))
    service.hear(SearchBlocked("The disk is full.", "Make room."))
    assert service.state is WorkState.STOPPING
    service.look_elsewhere("/somewhere/else.journal")
    assert service.where == ""
    service.hear_end()


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
    assert window.commands["go_to_compare"].label == "Compare ▶"
    qtbot.waitUntil(lambda: any(it.state == "finished" for it in service.trials.values()))
    window.commands.do("pause_search")
    qtbot.waitUntil(lambda: service.state is WorkState.PAUSED)
    assert window.commands.action("pause_search").text() == "Resume the search"
    assert window.run_bar.status.label.text() == "Search paused"
    window.commands.do("pause_search")
    qtbot.waitUntil(lambda: service.state is WorkState.WORKING)
    assert window.run_bar.status.label.text() == "Search under way"
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
    window.show_workspace("train")
    window.workspaces["train"].say_hint("Press Train.")
    hint = window.findChild(QLabel, "hint")
    assert "search is under way" in hint.text(), "nobody is told to do what cannot be done"
    status = window.run_bar.status
    status.show_position(76, 100, 10)
    assert status.label.text() == "Search under way" and status.bar.share == 0, "what rests is no search"
    window.services.searching.hear_end()
    assert hint.text() == "Press Train." and "Search" not in status.label.text() and status.bar.share == 0.76


def test_what_the_job_tells_is_seen(page, window):
    service = window.services.searching
    service.hear(opened(trials=()))
    service.hear(SearchStarted(60.0, 10.0, 6.0, 0))
    service.hear(TrialStarted(0, {"d_lr": 0.001}))
    grid = np.zeros((18, 98), np.uint8)
    service.hear(TrialProgress(0, 40, 0.5, 10.0, 30.0, measure(12.0), grid))
    assert page.form.bar.value() == 500 and "Trial 0: 50%" in page.form.status.text()
    assert page.sheet.model.rows[0].measures and page.sheet.model.pictures[0] is grid
    found = Findings({"d_lr": 1.0}, "D's learning rate matters most.", "It is better.")
    service.hear(SearchNews("one", (), {}, found))
    assert page.sheet.sentence.text() == "D's learning rate matters most. It is better."
    service.hear(SearchBlocked("The disk is full.", "Make room."))
    assert service.state is WorkState.HALTED and "The disk is full." in window.message_bar.text
    service.hear_end()
    assert service.state is WorkState.IDLE and page.sheet.model.rows[0].state == "stopped"
    assert "The disk is full." not in window.message_bar.text, "nothing waits that could try again"


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


def test_what_is_lined_up_waits_for_the_end_of_a_search(window, monkeypatch):
    asked = []
    queue, searching_ = window.services.queue, window.services.searching
    monkeypatch.setattr(window.services.jobs, "in_turn", lambda name, *_: asked.append(name))
    searching_.hear(SearchStarted(60.0, 10.0, 6.0, 0))
    queue.turn_on()
    assert asked == []
    searching_.hear_end()
    assert asked == ["the queue"]
    queue.turn_off()


# --- while Optuna is imported, which takes seconds on a busy machine


def test_the_page_says_that_it_looks_for_searches_until_it_knows_them(window, qtbot, monkeypatch):
    may_answer = threading.Event()
    monkeypatch.setattr("studio.services.search_jobs.listed", lambda _where: [] if may_answer.wait(60) else None)
    page = search_page(window, monkeypatch)  # which looks as soon as it is in front
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
