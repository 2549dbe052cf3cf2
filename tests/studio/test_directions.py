"""Directions in the window: found, turned, named, kept with their run, measured again at another epoch."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import Qt

from engine.runs import RunFolder
from studio import language
from studio.widgets.exploring.directions_panel import DirectionRow, DirectionsPanel
from tests.studio.hands import explore, shown, trained_run


@pytest.fixture
def run(tiny_gan, tmp_path):
    """The folder of a finished run of two epochs."""
    return trained_run(tmp_path / "run", 2)


@pytest.fixture
def exploring(window, run, qtbot):
    """A window that explores ``run``, with the tool for directions in front."""
    return window, explore(qtbot, window, run, DirectionsPanel)


def find(qtbot, window, panel):
    qtbot.waitUntil(lambda: panel.find_button.isVisible() and bool(panel.sliders))  # those found by themselves
    with qtbot.waitSignal(window.services.exploring.ended):
        qtbot.mouseClick(panel.find_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: panel.sliders and panel.ends[0][0].picture is not None)


def kept(run):
    return RunFolder(run).directions()


def test_they_are_found_kept_and_move_the_point_along_them(exploring, run, qtbot):
    window, panel = exploring
    explored = window.workspace.explored
    qtbot.waitUntil(lambda: window.services.noted.numbers.get("directions") == 4)
    assert kept(run) == [], "whoever only looks has found them, and leaves nothing in a run"
    find(qtbot, window, panel)
    qtbot.waitUntil(lambda: len(kept(run)) == 4)
    units = np.array([direction.vector for direction in kept(run)])
    before = explored.point.z
    panel.sliders[1].setValue(200)
    assert explored.point.z @ units[1] == pytest.approx(2, abs=0.01)
    aside = explored.point.z - before
    assert aside - (aside @ units[1]) * units[1] == pytest.approx(np.zeros(4), abs=1e-5)
    assert [slider.value() / 100 for slider in panel.sliders] == pytest.approx(units @ explored.point.z, abs=0.011)
    panel.sliders[1].reset_requested.emit()
    assert explored.point.z @ units[1] == pytest.approx(0, abs=1e-5)
    pages = window.workspace.latent_explorer.pages
    pages.setCurrentIndex((pages.indexOf(panel) + 1) % pages.count())
    explored.go(2 * units[2])
    assert panel.sliders[2].value() != 200, "nobody sees it"
    pages.setCurrentWidget(panel)
    assert panel.sliders[2].value() == 200


def test_a_name_is_kept_and_read_again_with_the_run(exploring, run, qtbot, tmp_path):
    window, panel = exploring
    find(qtbot, window, panel)
    panel.names[2].setText("  my own ")
    panel.names[2].editingFinished.emit()
    qtbot.waitUntil(lambda: [it.name for it in kept(run)] == ["", "", "my own", ""])
    other = tmp_path / "other"
    trained_run(other, 1)
    window.services.open(other)
    qtbot.waitUntil(lambda: len(panel.names) == 4 and panel.names[2].text() == "")
    tools = window.workspace.latent_explorer.pages
    tools.setCurrentIndex(0)
    window.services.open(run)
    qtbot.waitUntil(lambda: len(panel.names) == 4 and panel.names[2].text() == "my own")
    assert panel.ends[0][0].picture is None, "nobody looks"
    tools.setCurrentWidget(panel)
    qtbot.waitUntil(lambda: panel.ends[0][0].picture is not None)


def test_damaged_ones_are_told_of_and_set_aside_before_others_are_kept(window, run, qtbot):
    (run / "directions.json").write_text("[{")
    panel = explore(qtbot, window, run, DirectionsPanel)
    qtbot.waitUntil(lambda: "directions.json" in panel.note.text() and panel.find_button.isVisible())
    assert not panel.sliders
    qtbot.mouseClick(panel.find_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: (run / "damaged-directions.json").exists() and len(kept(run)) == 4)
    assert (run / "damaged-directions.json").read_text() == "[{"


def test_at_another_epoch_they_are_measured_again_and_stay_what_they_were_found_as(exploring, run, qtbot):
    window, panel = exploring
    find(qtbot, window, panel)
    qtbot.waitUntil(lambda: len(kept(run)) == 4)
    found = kept(run)
    assert {direction.epoch for direction in found} == {2}, "of the newest generator, too, the epoch is known"
    with qtbot.waitSignal(window.services.generator.generator_changed):
        window.services.shown.look_at(1)
    with qtbot.waitSignal(window.services.exploring.ended):
        qtbot.mouseClick(panel.again_button, Qt.MouseButton.LeftButton)
    notes = [label.text() for label in panel.notes]
    assert all(note[0] in "✓✗" and note.endswith("at epoch 1") for note in notes)
    language.switch("es")
    assert all(label.text().endswith("en la época 1") for label in panel.notes)
    panel.renamed.emit(0, "my own")
    qtbot.waitUntil(lambda: kept(run)[0].name == "my own")
    assert kept(run) == [replace(found[0], name="my own"), *found[1:]]


def test_the_panel_keeps_the_focus_near_and_says_what_went_wrong(qtbot):
    panel = shown(qtbot, DirectionsPanel(), 600, 400)
    panel.set_rows([DirectionRow("slant", "", "left", "right")])
    panel.find_button.setFocus()
    panel.show_progress(0.3)
    assert panel.work.button.hasFocus() and panel.work.bar.text() == "30%" and not panel.find_button.isVisible()
    panel.show_progress(None)
    assert panel.find_button.hasFocus() and not panel.work.isVisible()
    panel.say("The networks of this run do not tell.")
    assert panel.note.isVisible()
    assert panel.sliders[0].accessibleName() == "slant" and "left" in panel.sliders[0].toolTip()


@pytest.mark.parametrize("width", [600, 320])
def test_what_a_direction_changes_is_whole_however_narrow_it_is(qtbot, width):
    panel = DirectionsPanel()
    panel.set_rows([DirectionRow("posición", "", "más a la izquierda", "más a la derecha")] * 2)
    shown(qtbot, panel, width, 400)
    for note in panel.notes:
        words, room = note.text(), note.contentsRect()
        needed = note.fontMetrics().boundingRect(room, Qt.TextFlag.TextWordWrap, words)
        assert words == "más a la izquierda ↔ más a la derecha" and room.contains(needed)
