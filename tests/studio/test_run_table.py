"""The table of all runs: what it says of them, how they are found, sorted, named and kept, without a thousand waits."""

from __future__ import annotations

import shutil
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QRect, Qt, QTimer
from PySide6.QtGui import QAction, QFont, QFontMetrics, QFontMetricsF
from PySide6.QtWidgets import (
    QApplication,
    QLineEdit,
    QMenu,
    QWidget,
)

from engine.pictures import tile
from engine.runs import About, RunFolder, UnreadableRun, runs_root
from studio import language
from studio.help.help_button import HelpButton
from studio.model.run_rows import Arrangement
from studio.text.run_columns import COLUMNS, NAME, PICTURE, row_of
from studio.text.run_columns import place as at
from studio.theme import SPACING
from studio.widgets.tables.run_table_model import RunTableModel
from studio.workspaces.compare.run_table import RunTable
from tests.engine import hostile
from tests.studio.hands import shown
from tests.studio.run_rows import listed, names, summary


def rows_of(*runs):
    return [row_of(run) for run in runs]


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


@pytest.mark.parametrize("language_of", ["en", "es"])
@pytest.mark.parametrize("percent", [100, 175])
def test_what_a_run_that_is_trained_is_at_is_read_whole_with_larger_text(table, language_of, percent):
    language.switch(language_of)
    larger = table.font()
    larger.setPointSizeF(larger.pointSizeF() * percent / 100)
    table.setFont(larger)
    table.put(rows_of(summary("e", images_seen=0, is_training=True)))
    cell, view = table.model.index(0, at("epochs")), table.table
    written, font = cell.data(), cell.data(Qt.ItemDataRole.FontRole)
    room = view.visualRect(cell).adjusted(SPACING // 2, 0, -SPACING // 2, 0)
    bold = QFont(view.font())
    bold.setBold(font.bold())
    needed = QFontMetrics(bold).boundingRect(QRect(0, 0, room.width(), 9999), Qt.TextFlag.TextWordWrap, written)
    assert ("now" if language_of == "en" else "ahora") in written and font.bold()
    assert needed.width() <= room.width() and needed.height() <= room.height()


def test_a_long_name_breaks_where_it_is_shown_and_is_whole_where_it_is_written(table):
    name = "2026-11-27_10-21-58_studio-fine"
    table.put(rows_of(summary("e", about=About(name))))
    cell = table.model.index(0, at(NAME))
    assert cell.data().split("\u200b")[:2] == ["2026-11-27_", "10-21-58_"]
    assert cell.data(Qt.ItemDataRole.EditRole) == name


@pytest.mark.parametrize("larger", [1, 2])
def test_digits_are_shown_whole_and_no_more_of_them_in_a_higher_line(table, larger):
    digits = np.full((12, 28, 28), 128, np.uint8)
    table.put(rows_of(summary("one", preview=tile(digits, 3)[:80])))
    font = table.font()
    font.setPointSizeF(larger * font.pointSizeF())
    table.setFont(font)
    cell = table.table.visualRect(table.model.index(0, at(PICTURE)))
    shot = table.table.viewport().grab(cell).toImage()
    rgb = np.array([[shot.pixelColor(x, y).getRgb()[:3] for x in range(cell.width())] for y in range(cell.height())])
    is_digit = (rgb == 128).all(axis=2)
    assert is_digit.sum() == 6 * 28 * 28, "three by two digits of 28 pixels, and none in part"
    assert is_digit.any(axis=0).sum() == 3 * 28 and is_digit.any(axis=1).sum() == 2 * 28 < cell.height() - SPACING // 2


def test_the_sign_in_the_place_of_a_picture_says_what_it_means(table):
    model = table.model
    picture = np.zeros((2, 2), np.uint8)
    table.put(rows_of(summary("none"), summary("one", preview=picture), RUNS[-1]))
    told = {name: model.index(row, at(PICTURE)) for row, name in enumerate(names(model.rows))}
    for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.AccessibleTextRole):
        assert "There is no picture" in told["none"].data(role)
        assert "no picture" not in told["one"].data(role) + told["d"].data(role), "a faulty run says it in its name"
    assert not told["none"].data(Qt.ItemDataRole.DisplayRole)
    begun = replace(model.rows[told["none"].row()], is_training=True)
    model.rows[told["none"].row()] = begun
    assert "comes in a moment" in told["none"].data(Qt.ItemDataRole.ToolTipRole)
    assert told["none"].data(Qt.ItemDataRole.DecorationRole).isNull(), "no warning sign: nothing is wrong"


# --- which rows, in which order


@pytest.mark.parametrize(
    ("column", "descending", "order"),
    [
        ("date", False, "bcad"),
        ("date", True, "dacb"),
        ("size", False, "acbd"),  # what has no size comes last, either way
        ("size", True, "cabd"),
        ("epochs", False, "cabd"),
        ("star", True, "bacd"),
    ],
)
def test_any_column_sorts_by_what_it_means(column, descending, order):
    assert "".join(names(Arrangement(at(column), descending).shown(rows_of(*RUNS)))) == order


def test_runs_of_the_same_minute_are_sorted_by_when_they_ended():
    minute = 1.7e9 - 1.7e9 % 60
    unreadable = UnreadableRun(Path("/runs/y"), "It is damaged.", minute + 30)
    runs = rows_of(summary("x", modified=minute + 12), summary("z", modified=minute + 57.5), unreadable)
    assert len({row.texts[at("date")] for row in runs}) == 1
    assert "".join(names(Arrangement(at("date"), descending=True).shown(runs))) == "zyx"
    assert "".join(names(Arrangement(at("date")).shown(runs))) == "xyz"


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


@pytest.mark.parametrize("points", [8, 9, 10, 11, 12, 13])
def test_no_word_of_a_run_under_way_is_cut(table, points):
    language.switch("es")
    font = table.font()
    font.setPointSize(points)
    table.setFont(font)
    (row,) = rows_of(summary("e", images_seen=160, is_training=True))
    font.setBold(True)
    widest = max(map(QFontMetricsF(font).horizontalAdvance, row.texts[at("epochs")].split()))
    assert "entrenando" in row.texts[at("epochs")]
    assert widest + SPACING <= table.header.sectionSize(at("epochs"))


def test_a_name_that_was_hidden_by_an_older_duelo_is_shown(table):
    table.restore({"name_hidden": 1, "data_hidden": 1})
    assert not table.header.isSectionHidden(at(NAME)) and table.header.isSectionHidden(at("data"))


def test_titles_follow_the_language(table):
    titles = [table.model.headerData(number, Qt.Orientation.Horizontal) for number in range(len(COLUMNS))]
    language.switch("es")
    spanish = [table.model.headerData(number, Qt.Orientation.Horizontal) for number in range(len(COLUMNS))]
    tip, font = (
        table.model.headerData(at("name"), Qt.Orientation.Horizontal, role)
        for role in (Qt.ItemDataRole.ToolTipRole, Qt.ItemDataRole.FontRole)
    )
    assert tip.startswith("Nombre\n") and font is None
    assert titles[at("name")] == "Name" and spanish[at("name")] == "Nombre" and len(spanish) == len(titles)


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


def test_where_there_is_nothing_to_search_the_rest_stays_at_the_right(qtbot):
    table = shown(qtbot, RunTable(), 900, 600)
    assert table.search.isHidden()
    assert table.width() - table.findChild(HelpButton).geometry().right() <= 3 * SPACING
