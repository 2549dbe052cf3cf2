from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel, QPushButton, QWidget

from engine.config import Config
from engine.datasets.catalog import DATASETS
from engine.datasets.info import DatasetInfo
from engine.events import EvaluatorTraining, Started, Tick
from engine.i18n import tr
from engine.job import Progress
from engine.recipes import RECIPES, Recipe
from studio import language
from studio.model.measurements import Estimate
from studio.model.work_state import WorkState
from studio.panels.run_bar import RunBar
from studio.widgets.messages.run_status import loading_text
from tests.studio.hands import settle, shown

FACTS = DatasetInfo(100, (), 1, 28)


@pytest.fixture
def bar(qtbot):
    made = RunBar()
    qtbot.addWidget(made)
    made.show()
    return made


def test_text_of_more_than_twice_the_size_fits_a_small_screen(bar, qtbot):
    language.switch("es")
    place = shown(qtbot, QWidget(), 1600, 60)  # as in a window: alone, its layout would keep it from being narrow
    bar.setParent(place)
    bar.show()
    font = bar.font()
    font.setPixelSize(29)
    for button in bar.findChildren(QPushButton):
        button.setText("Entrenar")
    bar.setFont(font)
    bar.resize(1600, 60)
    settle()
    assert bar.minimumSizeHint().width() <= 1100 and not bar.train_button.is_wordless
    bar.resize(bar.minimumSizeHint())
    settle()
    assert bar.status.width() > 100 and bar.train_button.is_wordless and bar.train_button.text() == "Entrenar"
    bar.resize(1600, 60)
    assert not bar.train_button.is_wordless
    bar.setParent(None)


@pytest.mark.parametrize("code", ["en", "es"])
def test_nothing_moves_where_a_training_rests_or_goes_on(bar, code):
    language.switch(code)
    bar.resize(1600, 60)
    for button, words in ((bar.train_button, "Train"), (bar.step_button, "Step"), (bar.stop_button, "Stop")):
        button.setText(words)
    places = set()
    for words in ("Pause", "Resume", "Judge"):
        bar.pause_button.setText(tr(words))
        settle()
        places.add((bar.pause_button.width(), bar.step_button.x(), bar.stop_button.x(), bar.minimumSizeHint().width()))
    assert len(places) == 1


def test_all_recipes_and_data_sets_are_offered_with_an_explanation(bar):
    for box, table in ((bar.recipe_box, RECIPES), (bar.dataset_box, DATASETS)):
        names = [box.itemData(row) for row in range(box.count())]
        assert [name for name in names if name] == list(table)
    for name in RECIPES:
        bar.choose(name, "mnist")
        assert bar.recipe_box.toolTip().split("\n") == list(RECIPES[name].explanation)
        assert DATASETS["mnist"].summary in bar.dataset_box.toolTip()


def test_what_a_class_keeps_says_so(bar):
    bar.lock(frozenset({"recipe"}))
    told = bar.recipe_box.toolTip(), bar.dataset_box.toolTip()
    assert ["Your class keeps this" in it for it in told] == [True, False]
    bar.lock(frozenset())
    assert "Your class" not in bar.recipe_box.toolTip()


def test_what_is_made_to_fail_stands_below_a_heading_that_nobody_can_choose(bar, qtbot):
    box = bar.recipe_box
    heading = box.findText("Failure laboratory")
    names = [box.itemData(row) for row in range(box.count())]
    assert all(not RECIPES[name].failure_mode for name in names[: heading - 1])
    assert all(RECIPES[name].failure_mode for name in names[heading + 1 :]) and names[heading + 1 :]
    chosen = []
    bar.recipe_chosen.connect(chosen.append)
    bar.choose("faces", "faces")  # the last before the heading that begins with F
    qtbot.keyClick(box, Qt.Key.Key_F)
    assert chosen == [names[heading + 1]], "typing F passes over the heading"
    qtbot.keyClick(box, Qt.Key.Key_Up)
    assert chosen[1:] == [names[heading - 2]], "so does the arrow, and over the line as well"
    box.setCurrentIndex(heading)
    bar.choose(chosen[-1], "digits")
    language.switch("es")
    assert box.currentData() == chosen[-1]


def test_a_long_title_does_not_push_the_buttons_away(bar, monkeypatch):
    monkeypatch.setitem(RECIPES, "long", Recipe("long", "A title " * 20, "Long.", "Longer.", 1.0))
    bar.retranslate()
    bar.choose("long", "digits")
    assert bar.sizeHint().width() < 1366 and bar.recipe_box.width() <= bar.recipe_box.maximumWidth() < 300
    bar.grab()
    title = bar.recipe_box.fontMetrics().horizontalAdvance(bar.recipe_box.currentText())
    assert bar.recipe_box.list_width() > title > bar.recipe_box.width()


def test_a_narrow_bar_tells_what_matters_most(bar):
    status = bar.status
    bar.show_state(WorkState.WORKING)
    status.show_position(0, 1000, 100)
    status.show_started(Started(Path("run"), "CPU", Config(), FACTS, 0, 1000, 1, 1))
    status.show_tick(Tick(10, 3, 250, 1000, 1.0, 1234.0, 61.0))
    label, told = status.label, []
    for width in range(600, 0, -1):
        label.resize(width, 20)
        assert label.fontMetrics().horizontalAdvance(label.shown) <= width
        told += [label.shown] if label.shown not in told else []
    assert told[:4] == [
        "Epoch 3 of 10 · 1,230 images/s · 01:01 left · CPU",
        "Epoch 3 of 10 · 1,230 images/s · 01:01 left",
        "Epoch 3 of 10 · 01:01 left",
        "3/10 · 01:01 left",
    ]
    assert told[4].endswith("…") and label.text() == label.toolTip() == told[0]


def test_a_training_whose_minutes_ended_in_an_epoch_is_in_its_last_one(bar):
    for images_seen, told in ((229, "Epoch 3 of 3"), (210, "Epoch 2 of 3"), (0, "Epoch 0 of 3")):
        bar.status.show_position(images_seen, 229, 100)
        assert bar.status.label.text().startswith(told)


def test_a_narrow_bar_says_whole_what_a_training_will_take(bar):
    status, label, told = bar.status, bar.status.label, []
    status.show_estimate(Estimate(Config(), 41.0, 480_000_000, True))
    for width in range(600, 0, -1):
        label.resize(width, 20)
        told += [label.shown] if label.shown not in told else []
    assert told[0] == "Ready · a new training takes about 41 seconds, 480 MB" == label.toolTip()
    whole = [words for words in told if words and not words.endswith("…")]
    assert whole[-1] == "new: ≈ 41 seconds, 480 MB"
    status.show_position(300, 1000, 100)
    label.resize(label.fontMetrics().horizontalAdvance(whole[-1]), 20)
    assert label.shown == whole[-1]
    label.resize(label.fontMetrics().horizontalAdvance(f"3/10 · {whole[-1]}"), 20)
    assert label.shown == f"3/10 · {whole[-1]}", "a run that is over does not vanish for want of a few letters"


@pytest.mark.parametrize("code", ["en", "es"])
def test_on_a_small_screen_the_bar_has_room_for_what_a_training_will_take(window, code):
    language.switch(code)
    status = window.run_bar.status
    for width, has_names in ((853, False), (1366, True)):
        window.resize(width, 480)
        QApplication.processEvents()
        status.show_estimate(Estimate(Config(), 41.0, 480_000_000, True))
        assert "41" in status.label.shown and not status.label.shown.endswith("…")
        assert [label.isVisible() for label in window.run_bar.findChildren(QLabel) if label.buddy()] == [has_names] * 2
        assert all(box.accessibleName() for box in (window.run_bar.recipe_box, window.run_bar.dataset_box))


def test_beside_other_programs_a_narrow_bar_tells_rather_how_long_it_takes(bar):
    bar.show_state(WorkState.WORKING)
    bar.status.show_position(0, 1000, 100)
    bar.status.show_tick(Tick(10, 3, 250, 1000, 1.0, 1234.0, 61.0, threads=(1, 2)))
    label = bar.status.label
    assert "other programs" in label.text()
    label.resize(label.fontMetrics().horizontalAdvance("Epoch 3 of 10 · 01:01 left"), 20)
    assert label.shown == "Epoch 3 of 10 · 01:01 left"


def test_a_run_of_an_unknown_recipe_is_shown_without_one(bar):
    bar.choose("gone", "gone")
    assert bar.recipe_box.toolTip() == bar.dataset_box.toolTip() == ""


@pytest.mark.parametrize(
    ("loading", "said"),
    [
        (Progress(0, 0, "Fetching MNIST", "B"), "Fetching MNIST…"),
        (Progress(2_500_000, 0, "Fetching MNIST", "B"), "Fetching MNIST: 2.5 MB"),
        (Progress(2_500_000, 11_000_000, "Fetching MNIST", "B"), "Fetching MNIST: 2.5 MB of 11.0 MB"),
        (Progress(1200, 4000, "Preparing pictures", "pictures"), "Preparing pictures: 1,200 of 4,000 pictures"),
        (Progress(12, 0, "Preparing pictures"), "Preparing pictures: 12"),
    ],
)
def test_how_much_is_fetched_is_said_in_a_person_s_units(loading, said):
    assert loading_text(loading) == said


def test_fetching_is_shown_until_training_starts(bar):
    status = bar.status
    status.show_loading(Progress(1, 2, "Fetching", "B"))
    assert status.label.text() == "Ready", "nothing is fetched while idle"
    bar.show_state(WorkState.PREPARING)
    assert status.label.text() == "Preparing…"
    status.show_loading(Progress(1, 0, "Fetching", "B"))
    assert (status.bar.minimum(), status.bar.maximum()) == (0, 0)
    status.show_loading(Progress(1, 4, "Fetching", "B"))
    assert status.bar.value() == status.bar.maximum() / 4 and "Fetching" in status.label.text()
    bar.show_state(WorkState.IDLE)
    assert status.label.text() == "Ready" and status.bar.value() == 0 and status.bar.maximum() > 0


def test_a_canceled_fetching_brings_the_run_shown_back(bar):
    bar.status.show_position(500, 1000, 100)
    bar.show_state(WorkState.PREPARING)
    bar.status.show_loading(Progress(0, 0, "Fetching"))
    bar.show_state(WorkState.IDLE)
    assert bar.status.label.text() == "Epoch 5 of 10" and bar.status.bar.value() == bar.status.bar.maximum() / 2


def test_training_is_told_with_speed_and_time_and_follows_the_language(bar):
    status = bar.status
    bar.show_state(WorkState.WORKING)
    status.show_position(0, 1000, 100)
    status.show_started(Started(Path("run"), "CPU", Config(), FACTS, 0, 1000, 1, 1))
    status.show_tick(Tick(10, 3, 250, 1000, 1.0, 1234.0, 61.0))
    assert status.label.text() == "Epoch 3 of 10 · 1,230 images/s · 01:01 left · CPU"
    language.switch("es")
    assert "Época 3 de 10" in status.label.text()
    bar.show_state(WorkState.HALTED)
    assert "images/s" not in status.label.text()


def test_ticks_in_quick_succession_are_shown_together(bar, qtbot, monkeypatch):
    status, shown = bar.status, []
    bar.show_state(WorkState.WORKING)
    status.show_position(0, 1000, 100)
    monkeypatch.setattr(status.label, "show_parts", lambda parts, **_: shown.append(parts[0]))
    for epoch in range(1, 8):
        status.show_tick(Tick(10, epoch, 100 * epoch - 50, 1000, 1.0, 1234.0, 61.0))
    assert shown == ["Epoch 1 of 10"]
    qtbot.waitUntil(lambda: len(shown) == 2)
    assert shown == ["Epoch 1 of 10", "Epoch 7 of 10"]


@pytest.mark.parametrize(
    ("seconds", "english", "spanish"),
    [
        (59, "00:59 left", "quedan 00:59"),
        (86399, "23:59:59", "23:59:59"),
        (9e6, "104 days left", "quedan 104 días"),
    ],
)
def test_time_left_is_a_clock_or_days_in_the_person_s_language(bar, seconds, english, spanish):
    bar.show_state(WorkState.WORKING)
    bar.status.show_position(0, 1000, 100)
    bar.status.show_tick(Tick(10, 3, 250, 1000, 1.0, 1234.0, seconds))
    assert english in bar.status.label.text()
    language.switch("es")
    assert spanish in bar.status.label.text()


def test_a_step_of_more_than_an_epoch_ends_at_the_last_one(bar):
    bar.status.show_position(0, 72, 3)
    bar.status.show_tick(Tick(1, 1, 128, 72, 1.0, 1234.0, None))
    assert "Epoch 24 of 24" in bar.status.label.text()


@pytest.mark.parametrize("total", [0, 1])
def test_an_unknown_or_tiny_budget_divides_by_nothing(bar, total):
    bar.show_state(WorkState.WORKING)
    bar.status.show_position(0, total, 100)
    bar.status.show_tick(Tick(0, 1, 0, total, 0.0, 0.0, None))
    assert bar.status.bar.value() == 0


def test_a_judge_that_learns_is_told_and_so_is_what_is_left_when_all_is_saved(bar):
    status = bar.status
    bar.show_state(WorkState.WORKING)
    status.show_position(0, 1000, 100)
    status.show_tick(Tick(10, 3, 250, 1000, 1.0, 1234.0, 61.0))
    status.show_lessons(EvaluatorTraining(0.25))
    assert status.label.text().endswith("1:01 left · the judge learns: 25%")
    assert status.bar.value() == 250
    status.show_lessons(EvaluatorTraining(1.0))
    assert "judge" not in status.label.text()
    status.show_tick(Tick(40, 10, 1000, 1000, 4.0, 1234.0, 0.0))
    status.show_lessons(EvaluatorTraining(0.5, is_last=True))
    assert status.label.text() == "Epoch 10 of 10 · Trained and saved; the judge still learns: 50%"
    assert status.bar.value() == 500
    bar.show_state(WorkState.STOPPING)
    bar.show_state(WorkState.IDLE)
    assert "judge" not in status.label.text() and status.bar.value() == 1000


def test_with_large_text_the_names_of_the_lists_wait_until_the_buttons_have_their_words(qtbot):
    """Started with it, the window counted what wordless buttons took: its status went beyond the edge."""
    place = shown(qtbot, QWidget(), 1284, 60)
    bar = RunBar(place)
    font = bar.font()
    font.setPixelSize(21)
    bar.setFont(font)
    for button in bar.findChildren(QPushButton):
        button.setText("Entrenar")
        button.be_wordless(True)
    bar.resize(1284, 60)
    bar.show()
    settle()
    assert not bar.train_button.is_wordless
    assert not any(label.isVisible() for label in bar.findChildren(QLabel) if label.buddy())
    assert bar.status.geometry().right() < bar.width()


def test_the_bar_asks_for_no_room_that_its_labels_would_give_back(qtbot):
    """On a screen of 1280×720 with everything half as large again the window would have been wider than the screen."""
    bar = shown(qtbot, RunBar(), 1366, 40)
    labels = [label for label in bar.findChildren(QLabel) if label.buddy()]
    assert all(label.isVisible() for label in labels)
    least = bar.minimumSizeHint().width()
    bar.resize(least, 40)
    settle()
    assert not any(label.isVisible() for label in labels) and bar.minimumSizeHint().width() == least
