"""Blind duels in the window: two grids without names, answers that are kept, and what they say of runs and trials."""

from __future__ import annotations

import errno
import os
import shutil
import threading
from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pyqtgraph as pg
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QLabel, QPushButton

from engine.datasets.info import POINTS, DatasetInfo
from engine.pictures import tile
from engine.preference.answers import Answer, Answers
from engine.preference.duel import Duel
from engine.preference.of_runs import scores
from engine.preference.players import Player
from engine.runs import RunFolder, RunInfo, runs_root
from engine.runs.about import About
from engine.search.search import Search
from studio import language, theme
from studio.panels.epoch_strip import EpochStrip
from studio.text.duel import question_told
from studio.widgets.plots.eye_plot import EyePlot, EyePoint
from studio.workspaces.compare.run_table import COLUMNS
from tests import tiny
from tests.engine import hostile, searching
from tests.studio.hands import announced, shown

NAMES = ("first", "second", "third")


def make_run(name, shade, frechet, digits="0123456789", **options):
    """Write a run whose pictures all have one gray level: a column for each digit, two rows."""
    run = RunFolder(runs_root() / name)
    run.create()
    run.save_info(RunInfo(tiny.config(**options), DatasetInfo(80, tuple(digits), 1, 8)))
    columns = len(digits) or 5
    run.save_samples(3, tile(np.full((2 * columns, 8, 8), shade, np.uint8), columns))
    if frechet is not None:
        run.append_quality(replace(hostile.quality(2), frechet=frechet))
    run.save_about(About(name.title()))
    return run


@pytest.fixture
def page(window, qtbot):
    """The page of a duel between three runs that was begun from the table; the first has the worst number."""
    for place, name in enumerate(NAMES):
        make_run(name, 50 + 50 * place, 90.0 - 30 * place)
    return begin(window, qtbot)


def begin(window, qtbot, count=3):
    window.wake()
    window.commands.do("go_to_compare")
    with qtbot.waitSignal(window.services.runs.listed):
        window.services.runs.list_runs(runs_root())
    window.run_table.choose([row.run.path for row in window.run_table.model.rows])
    assert len(window.run_table.chosen()) == count
    with announced(qtbot, window.services.duels.opened):
        window.commands.do("duel_runs")
    return window.dueling


def shades(page):
    """Return whose pictures are seen left and right: by their gray level."""
    return [int(picture.picture[0, 0]) for picture in (page.page.arena.left, page.page.arena.right)]


def kept():
    return Answers(runs_root() / "duels.jsonl").read()


def until_kept(qtbot, count):
    qtbot.waitUntil(lambda: len(kept()) == count)


def answer_for_the_darkest(page, qtbot, count):
    """Answer with the keys as somebody who likes dark pictures."""
    for _ in range(count):
        left, right = shades(page)
        qtbot.keyClick(page.page.arena, Qt.Key.Key_Left if left < right else Qt.Key.Key_Right)


def test_keys_answer_and_what_they_say_is_kept(page, window, qtbot, monkeypatch):
    assert page.is_asking and page.page.arena.hasFocus() and len(set(shades(page))) == 2
    pair = page.opened.duel.pair
    qtbot.keyClick(page.page.arena, Qt.Key.Key_Right)
    until_kept(qtbot, 1)
    assert (kept()[0].left, kept()[0].right, kept()[0].said) == (*pair, "right")
    for key, said in ((Qt.Key.Key_Down, "equal"), (Qt.Key.Key_Up, "skip")):
        qtbot.keyClick(page.page.arena, key)
        assert page.opened.duel.ranking.answers[-1].said == said
    monkeypatch.setattr(EpochStrip, "current_epoch", 1)  # which the same keys would go on from
    window.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_Left)
    assert page.opened.duel.ranking.answers[-1].said == "left", "wherever the focus is"
    qtbot.keyClick(window, Qt.Key.Key_Backspace)
    until_kept(qtbot, 3)
    assert "2 of 6 answers" in page.page.progress.text() and page.page.bar.share == pytest.approx(2 / 6)


def test_a_click_on_a_grid_or_a_button_answers_and_leaves_the_keys_to_the_grids(page, window, qtbot):
    qtbot.mouseClick(page.page.arena.right, Qt.MouseButton.LeftButton)
    button = page.page.findChild(QPushButton, "duel_left_button")
    button.setFocus()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
    assert [each.said for each in page.opened.duel.ranking.answers] == ["right", "left"]
    assert page.page.arena.hasFocus()


def test_the_last_answer_can_be_taken_back(page, window, qtbot):
    assert "no answer yet" in window.commands["duel_undo"].why_not()
    before = shades(page), page.opened.duel.pair
    qtbot.keyClick(page.page.arena, Qt.Key.Key_Left)
    until_kept(qtbot, 1)
    qtbot.keyClick(page.page.arena, Qt.Key.Key_Backspace)
    until_kept(qtbot, 0)
    assert (shades(page), page.opened.duel.pair) == before


def test_nothing_tells_who_stands_where_until_the_result_is_shown(page, window, qtbot):
    answer_for_the_darkest(page, qtbot, 2)
    texts = [text for part in page.page.findChildren(QLabel) + page.page.findChildren(QAbstractButton)
             for text in (part.text(), part.toolTip(), part.accessibleName())]  # fmt: skip
    texts += [picture.accessibleName() + picture.toolTip() for picture in (page.page.arena.left, page.page.arena.right)]
    assert not [text for text in texts if any(name.title() in text for name in NAMES)]
    assert page.page.result.list.topLevelItemCount() == 0
    window.commands.do("duel_end")
    assert {page.page.result.list.topLevelItem(row).text(0) for row in range(3)} == {"First", "Second", "Third"}
    window.commands.do("duel_end")
    assert page.is_asking and page.page.result.list.topLevelItemCount() == 0


def test_the_result_ranks_and_says_where_eye_and_number_disagree(page, window, qtbot):
    assert not window.commands.is_possible("duel_end")
    answer_for_the_darkest(page, qtbot, 8)
    assert "enough for a preference" in page.page.progress.text()
    window.commands.do("duel_end")
    result = page.page.result
    assert [result.list.topLevelItem(row).text(0) for row in range(3)] == ["First", "Second", "Third"]
    assert "You prefer “First”, whose Fréchet distance of 90.00 is worse than the 30.00 of “Third”" in (
        result.sentence.text()
    )
    assert ("first", "third") in result.plot.lines and len(result.plot.points) == 3
    result.plot.chosen.emit("second")
    assert result.list.currentItem().text(0) == "Second" and result.plot.current == "second"
    assert not window.commands.is_possible("duel_left")
    window.commands.do("duel_end")
    assert page.is_asking and page.page.arena.hasFocus()


def test_the_table_of_runs_tells_the_preference_and_sorts_by_it(page, window, qtbot):
    answer_for_the_darkest(page, qtbot, 8)
    until_kept(qtbot, 8)
    with qtbot.waitSignal(window.services.runs.listed):
        window.workspace.pages.setCurrentWidget(window.run_table)
    column = next(place for place, each in enumerate(COLUMNS) if each.name == "preference")
    table = window.run_table
    table.table.sortByColumn(column, Qt.SortOrder.DescendingOrder)
    assert [row.run.path.name for row in table.model.rows] == list(NAMES)
    assert [row.texts[column] for row in table.model.rows] == [
        f"{100 * score:.0f}%" for score in scores(runs_root()).values()
    ]


def test_a_restart_goes_on_where_it_was_left(page, window, make_window, qtbot):
    answer_for_the_darkest(page, qtbot, 4)
    until_kept(qtbot, 4)
    window.close()
    again = make_window()
    other = begin(again, qtbot)
    assert len(other.opened.duel.ranking.answers) == 4 and "4 of 6 answers" in other.page.progress.text()


def test_each_question_has_a_ranking_of_its_own(page, window, qtbot):
    assert page.page.question.itemText(1) == "Which shows more different digits?"
    answer_for_the_darkest(page, qtbot, 3)
    page.page.question.setCurrentIndex(1)
    assert page.opened.duel.question == "varied" and "0 of 6" in page.page.progress.text()
    qtbot.keyClick(page.page.arena, Qt.Key.Key_Left)
    page.page.question.setCurrentIndex(0)
    assert "3 of 6" in page.page.progress.text()
    until_kept(qtbot, 4)
    assert [each.question for each in kept()].count("varied") == 1


def test_three_classes_meet_all_ten_in_those_three_and_generators_without_classes_in_as_many(window, qtbot):
    make_run("ten", 50, 1.0)
    make_run("three", 100, 1.0, "012")
    make_run("none", 150, None, "", architecture="mlp", sample_columns=5)
    page = begin(window, qtbot)
    seen = set()
    for _ in range(9):
        grids = [picture.picture for picture in (page.page.arena.left, page.page.arena.right)]
        assert grids[0].shape == grids[1].shape
        pair = frozenset(page.opened.duel.pair)
        if pair == {"ten", "three"}:
            assert grids[0].shape == (18, 28), "three columns, two rows"
        seen.add(pair)
        qtbot.keyClick(page.page.arena, Qt.Key.Key_Down)
    assert len(seen) == 3


def test_runs_of_points_are_asked_about_as_points_whatever_the_window_shows():
    players = [Player(key, key, np.zeros((1, 8, 8), np.uint8), noun=POINTS) for key in "ab"]
    assert question_told("varied", Duel(players, "varied")) == "Which shows more different points?"
    assert question_told("varied", None) == "Which shows more different pictures?"


def test_who_has_no_samples_is_left_out_and_two_are_needed(window, qtbot):
    make_run("one", 50, 1.0)
    make_run("other", 100, 1.0)
    bare = RunFolder(runs_root() / "bare")
    bare.create()
    bare.save_info(RunInfo(tiny.config(), hostile.FACTS))
    begin(window, qtbot)
    assert "left out" in window.message_bar.text
    window.workspace.pages.setCurrentWidget(window.run_table)
    window.run_table.choose([runs_root() / "one"])
    assert "Choose 2" in window.commands["duel_runs"].why_not()
    window.run_table.choose([runs_root() / "one", bare.path])
    with announced(qtbot, window.services.duels.failed):
        window.commands.do("duel_runs")
    assert "No two of these can be compared" in window.message_bar.text


def test_an_answer_that_cannot_be_kept_is_told_and_counts_nevertheless(page, window, qtbot, monkeypatch):
    def full(_path, _text):
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr("engine.files.append_whole", full)
    with announced(qtbot, window.services.duels.failed):
        qtbot.keyClick(page.page.arena, Qt.Key.Key_Left)
    assert "disk is full" in window.message_bar.text and len(page.opened.duel.ranking.answers) == 1


def test_the_duel_speaks_both_languages_and_has_both_themes(page, window, qtbot):
    answer_for_the_darkest(page, qtbot, 8)
    window.commands.do("duel_end")
    language.switch("es")
    theme.set_scheme("dark")
    result = page.page.result
    assert result.sentence.text().startswith("Prefieres «First», cuya distancia de Fréchet, 90,00,")
    assert page.page.question.itemText(1) == "¿Cuál muestra más dígitos distintos?"
    assert "bastan para ver una preferencia" in page.page.progress.text()
    QApplication.processEvents()
    assert result.plot.backgroundBrush().color().lightness() < 128


def test_the_drawing_finds_the_picture_that_is_clicked(qtbot):
    plot = shown(qtbot, EyePlot(), 600, 400)
    picture = np.zeros((18, 18), np.uint8)
    plot.show_points([EyePoint("a", 10.0, 0.2, picture), EyePoint("b", 100.0, 0.9, picture)], [("a", "b")])
    chosen = []
    plot.chosen.connect(chosen.append)
    box = plot.getPlotItem().vb
    for x, y in ((1.0, 0.2), (2.0, 0.9), (1.5, 0.5)):
        scene = box.mapViewToScene(pg.Point(x, y))
        plot.scene().sigMouseClicked.emit(SimpleNamespace(scenePos=lambda scene=scene: scene))
    assert chosen == ["a", "b"]


# --- the trials of a search


@pytest.fixture(scope="module")
def searched(tmp_path_factory):
    """A home with a search of five trials, and its name; D's learning rate makes them good. Nobody changes it."""
    home = tmp_path_factory.mktemp("searched")
    with pytest.MonkeyPatch.context() as monkeypatch:
        monkeypatch.setenv("DUELO_HOME", str(home))
        be_known(monkeypatch)
        return home, searched_until(5).name


def be_known(monkeypatch):
    searching.use_known_judge(monkeypatch)
    monkeypatch.setattr("engine.datasets.catalog.read", tiny.read)


def searched_until(count, where="", name=""):
    """Search until ``count`` trials have finished; return the study, closed."""
    from engine.search.opening import join

    study = join(searching.plan(), where, name)
    for _event in Search(study, 0.15, speed=searching.SPEED, clock=searching.Clock()).run():
        if sum(trial.state == "finished" for trial in study.trials()) == count:
            break
    study.close()
    return study


@pytest.fixture
def search(window, qtbot, monkeypatch, searched, own_home):
    """A copy of that search, which is shown."""
    home, name = searched
    be_known(monkeypatch)
    shutil.copytree(home, os.environ["DUELO_HOME"], dirs_exist_ok=True)
    window.wake()
    window.commands.do("go_to_compare")
    window.workspace.pages.setCurrentWidget(window.searching.page)
    with announced(qtbot, window.services.searching.opened):
        window.services.searching.open(name, tiny.config())
    return window.searching


def test_trials_meet_and_their_preference_takes_the_place_of_the_number(search, window, qtbot):
    service = window.services.searching
    assert search.sheet.judge.isHidden()
    with announced(qtbot, window.services.duels.opened):
        window.commands.do("duel_trials")
    page = window.dueling
    keys = sorted(page.opened.duel.players, key=int)
    assert keys == [str(number) for number, trial in service.trials.items() if trial.state == "finished"]
    assert page.opened.kept.path.name == "duels.jsonl" and service.name in page.opened.kept.path.parent.name
    for _ in range(3 * len(keys)):  # the person likes late trials
        left, right = map(int, page.opened.duel.pair)
        qtbot.keyClick(page.page.arena, Qt.Key.Key_Left if left > right else Qt.Key.Key_Right)
    count = len(page.opened.duel.ranking.answers)
    qtbot.waitUntil(lambda: len(page.opened.kept.read()) == count)
    with announced(qtbot, window.services.duels.liked):
        window.workspace.pages.setCurrentWidget(search.page)
    assert search.sheet.judge.isVisible()
    search.sheet.judge.setCurrentIndex(1)
    first = search.sheet.model.rows[0]
    assert first.number == int(keys[-1]) and 0.5 < first.value < 1
    assert search.sheet.model.plan.goal.title == "Preference" and search.sheet.model.pictures
    assert "matters most" in search.sheet.sentence.text()
    assert sorted(search.why.plot.numbers) == sorted(map(int, keys))
    search.sheet.judge.setCurrentIndex(0)
    assert search.sheet.model.plan is service.plan and search.sheet.model.rows[0].value > 1
    search.form.chooser.search_chosen.emit("")
    assert search.sheet.judge.isHidden(), "there is nothing to be judged any more"


def test_what_was_answered_last_is_known_to_whoever_looks(page, window, qtbot, monkeypatch):
    add, read, overtaken = Answers.add, Answers.read, threading.Event()

    def slowly(self, answer):
        overtaken.wait(0.3)  # long enough for whoever looks to be the first, if they could
        add(self, answer)

    monkeypatch.setattr(Answers, "add", slowly)
    monkeypatch.setattr(Answers, "read", lambda self: overtaken.set() or read(self))
    qtbot.keyClick(page.page.arena, Qt.Key.Key_Right)
    with announced(qtbot, window.services.runs.listed), announced(qtbot, window.services.duels.opened) as opened:
        page.between_runs()
        window.workspace.pages.setCurrentWidget(window.run_table)
    assert len(opened[-1][0].duel.ranking.answers) == len(kept()) == 1


def test_trials_of_a_search_that_is_kept_elsewhere_meet(search, window, qtbot, tmp_path):
    where = str(tmp_path / "shared.journal")
    study = searched_until(2, where, "shared")
    service, duels = window.services.searching, window.services.duels
    service.look_elsewhere(where)
    liked = []
    duels.liked.connect(lambda told: liked.append(told.search))
    service.open("shared", tiny.config())
    qtbot.waitUntil(lambda: ("shared", where) in liked)
    assert window.message_bar.text == ""
    with announced(qtbot, duels.opened):
        window.commands.do("duel_trials")
    page = window.dueling
    assert page.opened.kept.path.parent == study.folder
    qtbot.keyClick(page.page.arena, Qt.Key.Key_Left)
    qtbot.waitUntil(lambda: len(page.opened.kept.read()) == 1)
    liked.clear()
    window.workspace.pages.setCurrentWidget(search.page)
    qtbot.waitUntil(lambda: liked == [("shared", where)])


def test_chosen_trials_alone_meet(search, window, qtbot):
    search.sheet.view.choose([0, 1, 2])
    with announced(qtbot, window.services.duels.opened):
        window.commands.do("duel_trials")
    assert set(window.dueling.opened.duel.players) <= {"0", "1", "2"}


def test_a_preference_that_too_few_answers_make_is_not_offered(search, window, qtbot):
    with announced(qtbot, window.services.duels.opened):
        window.commands.do("duel_trials")
    duel = window.dueling.opened
    duel.kept.add(Answer("better", *list(duel.duel.players)[:2], "left"))
    with announced(qtbot, window.services.duels.liked) as heard:
        window.services.duels.look_what_is_liked(window.services.searching.placed, tiny.config())
    assert heard[0][0].scores == {} and search.sheet.judge.isHidden()
