"""Which runs are chosen in their table, by a person or by the table itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from engine.runs import UnreadableRun, runs_root
from studio.text.run_columns import place as at
from studio.text.run_columns import row_of
from studio.workspaces.compare.run_table import RunTable
from tests.engine import hostile
from tests.studio.hands import shown
from tests.studio.run_rows import listed, names, summary


def rows_of(*runs):
    return [row_of(run) for run in runs]


@pytest.fixture
def table(qtbot):
    view = shown(qtbot, RunTable(), 1300, 500)
    view.put(rows_of(summary("a", modified=3e8), summary("b", modified=1e8), UnreadableRun(Path("/runs/d"), "", 4e8)))
    return view


def test_a_training_that_begins_is_chosen_where_nobody_chose_others(table, qtbot):
    assert names(table.chosen()) == ["d"], "the newest, by the table itself"
    table.choice.offer(Path("/runs/live"))
    table.put(rows_of(summary("e"), summary("live", is_training=True)))
    assert names(table.chosen()) == ["live"]
    table.put(rows_of(summary("next", is_training=True)))
    table.choice.offer(Path("/runs/next"))
    assert names(table.chosen()) == ["next"]
    place = table.table.visualRect(table.model.index(table.model.row_of(Path("/runs/b")), at("name"))).center()
    qtbot.mouseClick(table.table.viewport(), Qt.MouseButton.LeftButton, pos=place)
    table.choice.offer(Path("/runs/live"))
    assert names(table.chosen()) == ["b"]
    qtbot.keyClick(table.table, Qt.Key.Key_Up)
    chosen = names(table.chosen())
    table.choice.offer(Path("/runs/live"))
    assert names(table.chosen()) == chosen != ["b"]


def test_runs_that_are_awaited_are_chosen_once_all_of_them_are_listed(table):
    table.choice.wait_for([Path("/runs/x"), Path("/runs/y")])
    table.put(rows_of(summary("x")))
    assert names(table.chosen()) == ["d"]
    table.put(rows_of(summary("y")))
    assert sorted(names(table.chosen())) == ["x", "y"]
    table.put(rows_of(summary("z")))
    table.choice.offer(Path("/runs/z"))
    assert sorted(names(table.chosen())) == ["x", "y"]


def test_the_run_that_trains_is_chosen_when_compare_is_opened_the_first_time(window, qtbot):
    hostile.make_run(runs_root() / "old")
    window.services.runs.list_again()
    qtbot.waitUntil(lambda: names(window.run_table.chosen()) == ["old"])
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 2)
    window.commands.do("go_to_compare")
    assert [row.is_training for row in window.run_table.chosen()] == [True]
    with qtbot.waitSignal(window.services.training.stopped):
        window.services.training.stop()


def test_what_comes_back_from_the_trash_is_chosen(window, qtbot):
    listed(window, qtbot, "a", "b", "c")
    table = window.run_table
    table.choose([runs_root() / "b"])
    window.commands.do("delete_runs")
    qtbot.waitUntil(lambda: len(table.model.rows) == 2)
    assert names(table.chosen()) != ["b"]
    window.commands.do("undo")
    qtbot.waitUntil(lambda: len(table.model.rows) == 3)
    assert names(table.chosen()) == ["b"]
