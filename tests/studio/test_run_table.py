"""The table of all runs: what it says of them, how they are found, sorted, named and kept, without a thousand waits."""

from __future__ import annotations

import shutil
import threading
from contextlib import closing
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLineEdit,
    QMenu,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
    QWidget,
)

from engine.job import Progress, result_of
from engine.runs import About, RunFolder, UnreadableRun, runs_root
from engine.runs.archive import export_run, import_run
from engine.runs.summary import RunSummary
from studio import language
from studio.model.run_rows import Arrangement
from studio.model.transfer import Transfer
from studio.services import run_files
from studio.text.run_columns import COLUMNS, NAME, row_of
from studio.text.run_columns import place as at
from studio.text.transfer import transfer_told
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.tables.run_table_model import RunTableModel
from studio.workers.failure import Failure
from studio.workspaces.compare.run_table import RunTable
from tests import tiny
from tests.engine import hostile
from tests.studio.hands import shown, train_to_the_end, until_listed


def summary(name, **values):
    config = tiny.config()
    return replace(RunSummary(Path("/runs") / name, config, config, 320, 320, 80, 1e9), **values)


def rows_of(*runs):
    return [row_of(run) for run in runs]


def names(rows):
    return [row.run.path.name for row in rows]


RUNS = (
    summary("a", about=About("Época fina"), size_bytes=3_000_000, modified=3e8),
    summary("b", about=About(star=True), seconds=90.0, modified=1e8),
    summary("c", images_seen=80, size_bytes=20_000_000, modified=2e8),
    UnreadableRun(Path("/runs/d"), "It is damaged.", 4e8),
)


@pytest.fixture
def table(qtbot):
    view = shown(qtbot, RunTable(), 1300, 500)
    view.put(rows_of(*RUNS))
    return view


# --- which rows, in which order


@pytest.mark.parametrize(
    ("column", "descending", "order"),
    [
        ("date", False, "bcad"),  # by what is said, to the minute
        ("date", True, "dacb"),
        ("size", False, "acbd"),  # what has no size comes last, either way
        ("size", True, "cabd"),
        ("epochs", False, "cabd"),
        ("star", True, "bacd"),
    ],
)
def test_any_column_sorts_by_what_it_means(column, descending, order):
    assert "".join(names(Arrangement(at(column), descending).shown(rows_of(*RUNS)))) == order


@pytest.mark.parametrize(
    ("search", "found"),
    [("epoca", "a"), ("EPOCA FINA", "a"), ("damaged", "d"), ("nothing", ""), ("", "abcd"), ("★", "b")],
)
def test_a_search_finds_words_wherever_they_stand_without_case_and_accents(search, found):
    assert "".join(sorted(names(Arrangement(search=search).shown(rows_of(*RUNS))))) == found


@pytest.mark.parametrize(
    ("column", "pattern", "found"),
    [
        ("size", "> 3.5", "c"),
        ("size", "<=3", "a"),
        ("size", "1..50", "ac"),
        ("epochs", "= 4", "ab"),
        ("seconds", ">60", "b"),
        ("name", "FINA epo", "a"),
        ("trouble", "damaged", "d"),
        ("size", "MB", "ac"),
    ],
)
def test_a_column_is_filtered_by_its_words_or_its_numbers(column, pattern, found):
    arrangement = Arrangement(filters={at(column): pattern})
    assert "".join(sorted(names(arrangement.shown(rows_of(*RUNS))))) == found


def test_what_cannot_be_read_says_why_and_a_run_under_way_that_it_trains():
    bad, live = rows_of(RUNS[3], summary("e", images_seen=160, is_training=True))
    assert bad.texts[at("trouble")] == "It is damaged." and bad.texts[at("name")] == "d"
    assert live.texts[at("epochs")] == "2 of 4: training now" and live.is_training
    assert [row.texts[at("epochs")] for row in rows_of(*RUNS[:3])] == ["4", "4", "1 of 4"]


# --- the table


def test_the_chosen_run_stays_chosen_while_rows_come_are_sorted_sought_and_go(table):
    model = table.model
    table.choose([Path("/runs/c")])
    chosen = lambda: names(table.chosen())  # noqa: E731
    table.put(rows_of(summary("f", modified=9e8), summary("g", modified=1e6)))
    assert chosen() == ["c"] and names(model.rows)[0] == "f", "newest first"
    table.table.sortByColumn(at("name"), Qt.SortOrder.AscendingOrder)
    assert chosen() == ["c"]
    table.search.setText("c")
    table.search.setText("")
    assert chosen() == ["c"]
    table.keep_only([Path("/runs/b"), Path("/runs/c")])
    assert chosen() == ["c"] and sorted(names(model.rows)) == ["b", "c"]


def test_what_is_new_about_a_run_does_not_move_it(table):
    before = names(table.model.rows)
    table.put(rows_of(summary("b", modified=9e9, about=About(note="seen"))))
    assert names(table.model.rows) == before
    assert table.model.index(before.index("b"), at("note")).data() == "seen"


def test_filters_below_the_titles_sift_and_go_with_their_line(table, qtbot):
    table.filters.click()
    line = table.findChild(QLineEdit, "filter_size")
    assert line.isVisible() and "Size" in line.accessibleName()
    with qtbot.waitSignal(table.header.filtered):
        line.setText("> 5")
    assert names(table.model.rows) == ["c"] and table.count.text() == "1 of 4 runs"
    table.filters.click()
    assert not line.isVisible() and len(table.model.rows) == 4


def test_columns_that_were_moved_hidden_and_widened_are_remembered(table, qtbot):
    table.header.moveSection(table.header.visualIndex(at("note")), 0)
    table.header.setSectionHidden(at("data"), True)
    table.header.resizeSection(at("recipe"), 333)
    table.table.sortByColumn(at("size"), Qt.SortOrder.AscendingOrder)
    state = table.layout_state()
    assert all(0 <= value < 10_000 for value in state.values())
    other = RunTable()
    qtbot.addWidget(other)
    other.restore(state)
    assert other.layout_state() == state
    assert other.header.visualIndex(at("note")) == 0 and other.header.isSectionHidden(at("data"))
    assert other.header.sectionSize(at("recipe")) == 333
    other.restore({})
    fresh = RunTable()
    qtbot.addWidget(fresh)
    assert other.layout_state() == fresh.layout_state()


def test_columns_share_the_room_there_is_also_before_rows_have_come(qtbot):
    view = shown(qtbot, RunTable(), 1900, 500)
    view.put(rows_of(*RUNS))
    bar = view.table.verticalScrollBar().sizeHint().width()
    assert view.header.length() <= view.table.viewport().width() < view.header.length() + bar + 3 * len(COLUMNS)
    view.resize(900, 500)
    assert view.header.length() > view.table.viewport().width(), "what is said stays legible"


def test_a_name_that_was_hidden_by_an_older_duelo_is_shown(table):
    table.restore({"name_hidden": 1, "data_hidden": 1})
    assert not table.header.isSectionHidden(at(NAME)) and table.header.isSectionHidden(at("data"))


def test_titles_follow_the_language(table):
    titles = [table.model.headerData(number, Qt.Orientation.Horizontal) for number in range(len(COLUMNS))]
    language.switch("es")
    spanish = [table.model.headerData(number, Qt.Orientation.Horizontal) for number in range(len(COLUMNS))]
    assert titles[at("name")] == "Name" and spanish[at("name")] == "Nombre" and len(spanish) == len(titles)


# --- in the window


def say(window, qtbot, run):
    """Wait until the table says of ``run`` what its folder does."""
    about = RunFolder(run).about()
    qtbot.waitUntil(lambda: window.run_table.model.row_in(run).run.about == about)
    return about


def test_the_run_under_way_is_listed_from_the_start_and_its_row_goes_on(window, qtbot):
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    window.commands.do("go_to_compare")
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 1)
    (row,) = window.run_table.model.rows
    assert row.is_training and "training now" in row.texts[at("epochs")]
    assert window.run_table.empty.isHidden()
    window.services.training.stop()
    until_listed(qtbot, window)


def test_name_star_and_note_are_kept_in_the_folder_of_the_run(window, qtbot):
    train_to_the_end(qtbot, window)
    until_listed(qtbot, window)
    window.commands.do("go_to_compare")
    (path,) = (row.run.path for row in window.run_table.model.rows)
    window.commands.do("rename_run")
    editor = next(it for it in window.run_table.table.viewport().findChildren(QLineEdit))
    editor.setText("The first")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: RunFolder(path).about().name == "The first")
    assert say(window, qtbot, path).name == "The first"
    window.commands.do("star_runs")
    qtbot.waitUntil(lambda: RunFolder(path).about().star)
    say(window, qtbot, path)
    window.commands.do("note_run")
    dialog = window.findChild(QPlainTextEdit, "note_text").window()
    dialog.findChild(QPlainTextEdit).setPlainText("two\nlines")
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save).click()
    qtbot.waitUntil(lambda: RunFolder(path).about() == About("The first", True, "two\nlines"))
    say(window, qtbot, path)
    assert window.run_table.model.index(0, at("note")).data() == "two · lines"


def test_the_same_options_are_planned_again(window, qtbot):
    hostile.make_run(runs_root() / "old")
    config = RunFolder(runs_root() / "old").info().config
    window.services.runs.list_again()
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 1)
    window.commands.do("go_to_compare")
    window.commands.do("same_options")
    assert window.workspace.name == "train" and window.context.plan.config.g_lr == config.g_lr
    assert "Train begins a new run" in window.message_bar.text


def test_what_makes_no_sense_says_why_not(window, qtbot):
    commands = window.commands
    assert "Compare" in commands["rename_run"].why_not(), "in another workspace"
    commands.do("go_to_compare")
    assert commands["rename_run"].why_not() == "Choose a run first."
    bad = runs_root() / "bad"
    bad.mkdir(parents=True)
    (bad / "config.json").write_text("{")
    window.services.runs.list_again()
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 1)
    QApplication.processEvents()
    assert "cannot be read" in commands["rename_run"].why_not() and not commands["show_chosen_folder"].why_not()


def listed(window, qtbot, *names):
    """Make runs, and wait until the table has them; the first is chosen."""
    for name in names:
        hostile.make_run(runs_root() / name)
    window.services.runs.list_again()
    window.commands.do("go_to_compare")
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == len(names))
    window.run_table.choose([runs_root() / names[0]])
    window.commands.refresh()


def test_deleted_runs_come_back_with_ctrl_z_and_with_the_message(window, qtbot):
    listed(window, qtbot, "a", "b")
    table = window.run_table
    for undo in ("key", "message"):
        table.choose([runs_root() / "a"])
        window.commands.do("delete_runs")
        qtbot.waitUntil(lambda: names(table.model.rows) == ["b"])
        assert not (runs_root() / "a").exists() and "trash" in window.message_bar.text
        if undo == "key":
            qtbot.keyClick(table.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        else:
            window.findChild(QPushButton, "message_action").click()
        qtbot.waitUntil(lambda: sorted(names(table.model.rows)) == ["a", "b"])
        assert RunFolder(runs_root() / "a").exists()
    assert not window.workspace.doing.can_undo


def told(window, qtbot, text):
    qtbot.waitUntil(lambda: text in window.message_bar.text)
    return window.message_bar.text


def test_a_run_goes_into_one_file_and_comes_back_as_another(window, qtbot, tmp_path):
    listed(window, qtbot, "a")
    window.commands.do("export_run")
    qtbot.waitUntil(lambda: window.findChild(FileDialog) is not None)
    dialog = window.findChild(FileDialog)
    assert "kB" in dialog.windowTitle() and dialog.selectedFiles()[0].endswith("a.duelo")
    dialog.fileSelected.emit(str(tmp_path / "a.duelo"))
    dialog.close()
    told(window, qtbot, "“a.duelo” holds the whole run")
    window.commands.do("import_run")
    (dialog,) = [each for each in window.findChildren(FileDialog) if each.isVisible()]
    dialog.fileSelected.emit(str(tmp_path / "a.duelo"))
    dialog.close()
    text = told(window, qtbot, "“a.duelo” holds the run “A run”: ")
    assert "kB" in text and "beside it, in “a_2”" in text and not (runs_root() / "a_2").exists()
    window.findChild(QPushButton, "message_action").click()
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 2)
    assert (runs_root() / "a_2").exists()
    told(window, qtbot, "“A run” is among your runs now, in the folder “a_2”.")
    (tmp_path / "bad.duelo").write_bytes(b"no zip")
    files = window.services.run_files
    for ask in (files.import_file, lambda file: files.look_into(file, print)):
        with qtbot.waitSignal(files.failed):
            ask(tmp_path / "bad.duelo")
        assert "bad.duelo" in window.message_bar.text and not files.is_busy


def test_both_ways_are_told_while_they_last_one_at_a_time_and_can_be_canceled(window, qtbot, tmp_path, monkeypatch):
    listed(window, qtbot, "a")
    monkeypatch.setattr(run_files, "_TOLD_EVERY_SECONDS", 0.0)
    packed = result_of(export_run(RunFolder(runs_root() / "a"), tmp_path / "a.duelo")).path
    files, may_go = window.services.run_files, threading.Event()
    monkeypatch.setattr(run_files, "export_run", lambda *how: slowly(export_run(*how), may_go))
    monkeypatch.setattr(run_files, "import_run", lambda *how: slowly(import_run(*how), may_go))
    for begin, word in (
        (lambda: files.export(runs_root() / "a", tmp_path / "b.duelo", "Thin"), "exported"),
        (lambda: files.import_file(packed, "Thin"), "imported"),
    ):
        may_go.clear()
        begin()
        text = told(window, qtbot, f"“Thin” is {word}: ")
        assert " MB" in text
        assert "being exported or imported" in window.commands["export_run"].why_not()
        assert "being exported or imported" in window.commands["import_run"].why_not()
        begin()  # which is not begun beside it
        window.findChild(QPushButton, "message_action").click()
        with qtbot.waitSignal(files.canceled):
            may_go.set()
        assert "nothing is left of it" in window.message_bar.text and not files.is_busy
    assert [path.name for path in tmp_path.glob("*duelo*")] == ["a.duelo"]
    assert [path.name for path in runs_root().glob("a*")] == ["a"]


def slowly(job, may_go):
    with closing(job):
        yield next(job)
        may_go.wait()
        yield next(job)
        yield from job


def test_the_time_left_is_told_once_it_is_known():
    told_of = lambda done: transfer_told(Transfer("a", True, Progress(done, 120, unit="MB"), 4.0))  # noqa: E731
    assert told_of(0) == "“a” is exported: 0 of 120 MB"
    assert told_of(40) == "“a” is exported: 40 of 120 MB, about 8 seconds left"


def test_how_far_an_export_is_stands_in_its_message_and_steals_no_place(window, qtbot):
    listed(window, qtbot, "a")
    files, bar = window.services.run_files, window.message_bar
    progress = lambda done: files.progressed.emit(Transfer("a", True, Progress(done, 9), 0.0))  # noqa: E731
    progress(0)
    assert "0 of 9 MB" in bar.text
    progress(1)
    assert "1 of 9 MB" in bar.text
    bar.tell("Something else.")
    progress(2)
    assert bar.text == "Something else."
    bar.findChild(QToolButton, "next_message_button").click()
    assert "2 of 9 MB" in bar.text
    bar.findChild(QToolButton, "close_message_button").click()
    progress(3)
    assert bar.text == "Something else.", "it was closed"
    files.failed.emit(Failure("It is broken.", ""))
    bar.findChild(QToolButton, "close_message_button").click()
    progress(0)
    assert "0 of 9 MB" in bar.text, "another one"
    files.canceled.emit()
    assert "MB" not in bar.text


def test_the_titles_choose_columns_and_the_name_always_stays(window, qtbot):
    listed(window, qtbot, "a")
    table = window.run_table
    for number, column in enumerate(COLUMNS):
        table.columns.click()
        (menu,) = [menu for menu in table.findChildren(QMenu) if menu.isVisible()]
        action = menu.findChild(QAction, f"column_{column.name}")
        assert action.isChecked() and action.isEnabled() == (column.name != NAME)
        action.trigger()
        menu.close()
        assert table.header.isSectionHidden(number) == (column.name != NAME)


def test_what_is_said_anew_of_many_runs_is_one_message_to_the_view(qtbot):
    parent = QWidget()
    qtbot.addWidget(parent)
    model, changed = RunTableModel(parent), []
    model.put(rows_of(*RUNS))
    model.dataChanged.connect(lambda first, last: changed.append((first.row(), last.row())))
    before, anew = list(model.rows), rows_of(*RUNS)
    model.put(anew)
    assert changed == [(0, len(RUNS) - 1)]
    assert [row.run.path for row in model.rows] == [row.run.path for row in before]
    assert {id(row) for row in model.rows} == {id(row) for row in anew}


def test_runs_that_are_listed_again_as_they_were_change_nothing(qtbot, services):
    for name in ("a", "b"):
        hostile.make_run(runs_root() / name)
    found = []
    services.runs.found.connect(found.extend)

    def listed_again():
        found.clear()
        with qtbot.waitSignal(services.runs.listed):
            services.runs.list_again()
        return sorted(found, key=lambda row: row.run.path)

    first = listed_again()
    parent = QWidget()
    qtbot.addWidget(parent)
    model, changed = RunTableModel(parent), []
    model.put(first)
    model.dataChanged.connect(lambda *_: changed.append("rows"))
    model.put(listed_again())
    assert len(first) == 2 and not changed
    RunFolder(first[0].run.path).save_about(About("Another"))
    model.put(again := listed_again())
    assert changed == ["rows"] and again[0] is not first[0] and again[1] is first[1]
    language.switch("es")
    assert not {*map(id, listed_again())} & {*map(id, again)}, "all is said in Spanish"


def test_what_a_table_says_of_runs_follows_once_the_window_speaks_the_other_language(window, qtbot):
    """A thread that reads beside a switch would make it take three times as long."""
    assert window.run_table.model.rows == []
    asked = []
    window.services.jobs.start = lambda name, *_, **__: asked.append(name)
    language.switch("es")
    assert not asked
    qtbot.waitUntil(lambda: asked == ["listing runs"])


def test_what_another_process_trains_makes_and_removes_is_seen_while_the_table_is(window, qtbot):
    listed(window, qtbot, "a", "b")
    compare, table = window.workspaces["compare"], window.run_table
    news, looks = partial(compare.looked_at.emit, True), compare.findChild(QTimer, "news")
    other = RunFolder(runs_root() / "b")
    with other.lock():
        news()
        qtbot.waitUntil(lambda: table.model.row_in(other.path).is_training)
        assert "training now" in table.model.row_in(other.path).texts[at("epochs")]
        other.append_quality(replace(other.qualities()[-1], epoch=3, images_seen=240, frechet=7.25))
        qtbot.waitUntil(lambda: news() or table.model.row_in(other.path).texts[at("frechet")] == "7.25")
    qtbot.waitUntil(lambda: news() or not table.model.row_in(other.path).is_training)
    hostile.make_run(runs_root() / "c")
    shutil.rmtree(runs_root() / "a")
    qtbot.waitUntil(lambda: news() or sorted(names(table.model.rows)) == ["b", "c"])
    assert looks.isActive()
    window.commands.do("go_to_train")
    assert not looks.isActive()
    window.commands.do("go_to_compare")
    assert looks.isActive()


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_column_has_room_on_a_small_screen_and_a_note_can_be_read(table, code):
    language.switch(code)
    table.resize(1366, 600)
    QApplication.processEvents()
    letters = table.fontMetrics().horizontalAdvance(12 * "n")
    assert table.table.horizontalScrollBar().maximum() == 0 and table.header.sectionSize(at("note")) >= letters
