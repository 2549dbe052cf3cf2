"""A cloud drawn by hand: sprayed, erased, taken back, by mouse and by keys; kept as a table to train on."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from engine import files
from studio.panels.own_points import FEWEST_POINTS, OwnPointsDialog
from studio.services import drawings
from studio.widgets.plots.cloud_canvas import CloudCanvas
from tests.studio.hands import click, shown

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def canvas(qtbot):
    return shown(qtbot, CloudCanvas(), 400, 400)


def spray(canvas, places, button=LEFT):
    """Press at the first of ``places`` (x, y from -1 to 1), move through the others, and release at the last."""
    points = [QPoint(*map(round, at)) for at in canvas.frame().at(np.array(places, float)).tolist()]
    QTest.mousePress(canvas, button, pos=points[0])
    for point in points[1:]:
        QTest.mouseMove(canvas, point)
    QTest.mouseRelease(canvas, button, pos=points[-1])


def test_points_lie_around_where_was_sprayed(canvas):
    spray(canvas, [(-0.5, 0.5)] + [(-0.5 + 0.01 * step, 0.5) for step in range(100)])
    assert len(canvas.points) >= 100 and np.abs(canvas.points).max() <= 1
    assert canvas.points.mean(0) == pytest.approx([0, 0.5], abs=0.15)
    assert canvas.points[:, 1].std() < 0.1


def test_the_right_button_and_the_eraser_take_points_away(canvas):
    spray(canvas, [(-0.5, 0), (-0.5, 0.01)])
    spray(canvas, [(0.5, 0), (0.5, 0.01)])
    spray(canvas, [(-0.5, 0), (-0.52, 0.02), (-0.46, -0.02)], RIGHT)
    assert len(canvas.points) and (canvas.points[:, 0] > -0.45).all()
    canvas.erases = True
    spray(canvas, [(0.4, 0), (0.5, 0.05), (0.5, -0.05), (0.6, 0)])
    assert len(canvas.points) == 0


def test_strokes_are_taken_back_and_done_again_also_the_clearing(canvas):
    spray(canvas, [(0, 0), (0.1, 0)])
    first = canvas.points
    spray(canvas, [(0.5, 0.5), (0.6, 0.5)])
    both = canvas.points
    canvas.clear()
    canvas.clear()
    assert len(canvas.points) == 0 and canvas.can_undo and not canvas.can_redo
    canvas.undo()
    assert np.array_equal(canvas.points, both)
    canvas.undo()
    assert np.array_equal(canvas.points, first)
    canvas.redo()
    assert np.array_equal(canvas.points, both)
    spray(canvas, [(-0.5, -0.5), (-0.6, -0.5)])
    assert not canvas.can_redo


def test_one_can_spray_by_keys_alone(canvas):
    canvas.setFocus()
    for key in [Qt.Key.Key_Right] * 10 + [Qt.Key.Key_Up] * 5:
        QTest.keyClick(canvas, key)
    for _ in range(10):
        QTest.keyClick(canvas, Qt.Key.Key_Space)
    assert len(canvas.points) >= 40 and canvas.points.mean(0) == pytest.approx([0.4, 0.2], abs=0.05)
    assert f"{len(canvas.points)} points" in canvas.accessibleDescription()
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert len(canvas.points) == 0


def test_strokes_are_taken_back_and_points_erased_by_keys_alone(dialog):
    dialog.activateWindow()
    for key in (Qt.Key.Key_Space, Qt.Key.Key_E, Qt.Key.Key_Space):
        QTest.keyClick(dialog.canvas, key)
    assert dialog.eraser.isChecked() and len(dialog.canvas.points) == 0 and dialog.canvas.can_undo
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert len(dialog.canvas.points) > 0
    QTest.keyClick(dialog.canvas, Qt.Key.Key_Y, Qt.KeyboardModifier.ControlModifier)
    assert len(dialog.canvas.points) == 0


@pytest.fixture
def dialog(qtbot, jobs):
    return shown(qtbot, OwnPointsDialog(jobs))


def test_a_drawing_is_kept_as_a_table_and_the_next_one_beside_it(dialog, qtbot):
    assert not dialog.train.isEnabled() and "50 more are needed" in dialog.told.text()
    spray(dialog.canvas, [(-0.5 + 0.02 * step, 0) for step in range(50)])
    assert len(dialog.canvas.points) >= FEWEST_POINTS and dialog.train.isEnabled()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        click(qtbot, dialog.train)
    path = Path(chosen.args[0])
    assert path == files.home() / "drawings" / "drawing-1.csv" and not dialog.isVisible()
    assert path.read_text().splitlines()[0] == "x,y"
    assert np.loadtxt(path, delimiter=",", skiprows=1) == pytest.approx(dialog.canvas.points, abs=1e-4)
    assert drawings.keep_cloud(dialog.canvas.points).name == "drawing-2.csv"


def test_what_cannot_be_kept_is_told_and_the_drawing_stays(dialog, qtbot, monkeypatch):
    files.home().mkdir(parents=True, exist_ok=True)
    (files.home() / "drawings").write_text("a file in its place")
    spray(dialog.canvas, [(-0.5 + 0.02 * step, 0) for step in range(50)])
    click(qtbot, dialog.train)
    qtbot.waitUntil(lambda: bool(dialog.message.text))
    assert dialog.isVisible() and dialog.train.isEnabled() and len(dialog.canvas.points)
