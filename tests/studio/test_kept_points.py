"""Points that are kept with the run: at the bottom of Explore, on the clipboard, and what they are used as."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QTest

from engine.latent.point_text import to_text
from engine.latent.sampling import random_z
from engine.runs import Favorite, RunFolder
from studio.widgets.exploring.point_list import POINT_KIND
from studio.workspaces.explore.kept_presenter import PICTURES as KEPT
from tests.studio.hands import action, drop, explore, settle, trained_run


@pytest.fixture
def run(tiny_gan, tmp_path):
    return trained_run(tmp_path / "run", 2)


@pytest.fixture
def strip(window, run, qtbot):
    from studio.widgets.exploring.arithmetic_panel import ArithmeticPanel

    explore(qtbot, window, run, ArithmeticPanel)
    qtbot.waitUntil(lambda: window.workspace.explored.z_dim > 0)
    return window.workspace.kept_strip


def kept(run):
    return RunFolder(run).favorites()


def test_a_point_is_kept_with_the_run_shown_renamed_removed_and_brought_back(strip, window, run, qtbot, tmp_path):
    explored = window.workspace.explored
    for seed in (1, 2):
        explored.go(random_z(1, 4, seed)[0])
        qtbot.mouseClick(strip.buttons["keep_point"], Qt.MouseButton.LeftButton)
    window.commands.do("keep_point")  # the same point again
    qtbot.waitUntil(lambda: len(kept(run)) == 2)
    assert np.array_equal(kept(run)[1].z, random_z(1, 4, 2)[0]) and len({it.name for it in kept(run)}) == 2
    assert kept(run)[0].epoch == max(RunFolder(run).sample_files()), "of the newest generator, too, it is known"
    qtbot.waitUntil(lambda: not strip.list.item(1).icon().pixmap(56).toImage().isNull())
    strip.list.item(0).setText("  slanted ")
    qtbot.waitUntil(lambda: kept(run)[0].name == "slanted")
    strip.list.item(0).setText(" ")
    assert strip.list.item(0).text() == "slanted", "without a name it keeps the one it had"
    strip.list.setCurrentRow(0)
    QTest.keyClick(strip.list, Qt.Key.Key_Delete)
    qtbot.waitUntil(lambda: len(kept(run)) == 1)
    assert "kept points" in window.commands.action("undo").text() and action(window).isVisibleTo(window)
    window.commands.do("undo")
    assert "removed" not in window.message_bar.text, "its “Undo” would take back something else"
    qtbot.waitUntil(lambda: kept(run)[0].name == "slanted")
    window.services.open(trained_run(tmp_path / "other", 1))
    qtbot.waitUntil(lambda: strip.list.count() == 0)
    window.commands.do("undo")
    assert strip.list.count() == 0, "what was kept with another run does not come back into this one"
    window.services.open(run)
    qtbot.waitUntil(lambda: strip.list.count() == 2)
    strip.list.chosen.emit(0)
    assert np.array_equal(explored.point.z, random_z(1, 4, 1)[0])
    assert len(kept(run)) == 2


def test_z_is_copied_and_pasted_as_text_and_one_of_another_generator_is_refused(strip, window):
    explored = window.workspace.explored
    explored.go([1, 2, 3, 4], 1)
    window.commands.do("copy_z")
    text = QGuiApplication.clipboard().text()
    explored.go([0, 0, 0, 0], 0)
    window.commands.do("paste_z")
    assert explored.point.z.tolist() == [1, 2, 3, 4] and explored.point.label == 1 and '"label": 1' in text
    QGuiApplication.clipboard().setText("1, 2, 3")
    window.commands.do("paste_z")
    assert "This z has 3 numbers, the generator that is shown takes 4." in window.message_bar.text
    assert explored.point.z.tolist() == [1, 2, 3, 4]
    QGuiApplication.clipboard().setText(text)
    window.commands.do("paste_z")
    assert "3 numbers" not in window.message_bar.text


def test_a_kept_point_is_dragged_into_a_tool_and_used_from_its_menu(strip, window):
    explored, latent = window.workspace.explored, window.workspace.latent_explorer
    for seed in (1, 2, 3):
        explored.go(random_z(1, 4, seed)[0])
        window.commands.do("keep_point")
    uses = {command.id: command.do for command in strip.list.commands_of(1)}
    for name in ("path_add", "sum_first", "plane_0"):
        uses[name]()
    second = random_z(1, 4, 2)[0]
    rows = {tool.title: tool for tool in latent.tools()}
    assert np.array_equal(rows["Path"].row.points[2].z, second)
    assert np.array_equal(rows["Plane"].row.points[0].z, second)
    assert np.array_equal(rows["Arithmetic"].result.z, second) and latent.pages.currentWidget() is rows["Plane"]
    mime = strip.list.mimeData([strip.list.item(2)])
    target = rows["Arithmetic"].rows["plus"].list
    assert target.viewport().acceptDrops() and strip.list.dragEnabled() and mime.hasFormat(POINT_KIND)
    assert drop(target.viewport(), mime)
    assert rows["Arithmetic"].result.z == pytest.approx(second + random_z(1, 4, 3)[0], abs=1e-5)
    target.take_dropped(to_text(np.zeros(7, np.float32)), QPoint(5, 5))
    assert "This z has 7 numbers" in rows["Arithmetic"].words.text()
    strip.list.take_dropped(to_text(np.ones(4, np.float32)), QPoint(5, 5))
    assert len(explored.kept) == 4
    strip.list.setCurrentRow(3)
    strip.list.take_dropped("", strip.list.visualItemRect(strip.list.item(0)).center(), is_own=True)
    assert explored.kept[0].z.tolist() == [1] * 4


def test_points_of_a_strangers_run_that_are_none_of_its_generator_are_left_alone(window, run, qtbot):
    good = Favorite("good", 1, (1.0, 2.0, 3.0, 4.0), 1)
    RunFolder(run).save_favorites([Favorite("short", 1, (1.0,), 1), good, Favorite("class", 1, (0.0,) * 4, 99)])
    from studio.widgets.exploring.arithmetic_panel import ArithmeticPanel

    explore(qtbot, window, run, ArithmeticPanel)
    qtbot.waitUntil(lambda: [it.name for it in window.workspace.explored.kept] == ["good"])


def test_a_damaged_file_is_told_of_and_what_is_kept_from_now_on_is_kept(window, run, qtbot):
    from studio.widgets.exploring.arithmetic_panel import ArithmeticPanel

    (run / "favorites.json").write_text('[{"name": "a hand may mend')
    explore(qtbot, window, run, ArithmeticPanel)
    qtbot.waitUntil(lambda: "favorites.json" in window.message_bar.text)
    window.commands.do("keep_point")
    qtbot.waitUntil(lambda: (run / "damaged-favorites.json").exists() and len(kept(run)) == 1)
    assert "a hand may mend" in (run / "damaged-favorites.json").read_text()


def test_an_empty_strip_is_one_line(strip, window):
    low, keep = strip.sizeHint().height(), strip.buttons["keep_point"]
    under_the_pointer = keep.mapTo(window, keep.rect().center())
    assert len({button.y() for button in strip.buttons.values()}) == 1 and low < 2.5 * strip.fontMetrics().height() + 8
    window.commands.do("keep_point")
    assert strip.sizeHint().height() > 1.5 * low
    settle()
    assert window.childAt(under_the_pointer) is keep, "the next click keeps one more"
    window.commands.do("undo")
    assert strip.sizeHint().height() == low


def test_the_game_needs_no_kept_points(strip, window, qtbot, monkeypatch):
    from studio.workspaces.explore.play_page import PlayPage

    explored, pages, asked = window.workspace.explored, window.workspace.pages, []
    before = pages.currentWidget()
    assert strip.isVisible()
    pages.setCurrentWidget(window.findChild(PlayPage))
    assert not strip.isVisible()
    monkeypatch.setattr(window.services.generator, "request", lambda channel, *_: asked.append(channel))
    explored.keep([Favorite("one", 1, (1.0, 2.0, 3.0, 4.0), 1)])
    assert KEPT not in asked, "nor their pictures, while nobody sees them"
    pages.setCurrentWidget(before)
    qtbot.waitUntil(lambda: KEPT in asked)
