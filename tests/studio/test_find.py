"""A picture that is drawn or brought is found: told while it is searched, and the point goes there."""

from __future__ import annotations

import time
from threading import Semaphore

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import QMimeData, QPoint, Qt
from PySide6.QtGui import QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from engine.evaluation.evaluate import sample
from engine.latent import find
from engine.runs import RunFolder
from studio.widgets.exploring.find_panel import FindPanel
from tests.studio.hands import drop, dropped, explore, shown, trained_run


@pytest.fixture
def run(tiny_gan, tmp_path):
    """The folder of a finished run of one epoch."""
    return trained_run(tmp_path / "run", 1)


@pytest.fixture
def finding(window, run, qtbot):
    """A window that explores ``run``, with the tool that finds in front."""
    return window, explore(qtbot, window, run, FindPanel)


def scribble(canvas):
    QTest.mousePress(canvas, Qt.MouseButton.LeftButton, pos=QPoint(60, 40))
    QTest.mouseMove(canvas, QPoint(70, 120))
    QTest.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=QPoint(70, 120))


def test_what_is_dropped_is_found_where_it_was_made(finding, run, qtbot, tmp_path, monkeypatch):
    window, panel = finding
    z = np.float32([[0.5, -0.5, 1, 0]])
    made = sample(RunFolder(run), z, np.array([3]))[0]
    path = tmp_path / "made.png"
    Image.fromarray(made.repeat(4, 0).repeat(4, 1)).save(path)
    told, show_found = [], panel.show_found
    monkeypatch.setattr(panel, "show_found", lambda picture: (told.append(picture), show_found(picture)))
    with qtbot.waitSignal(window.services.exploring.ended):
        assert drop(panel.drawing, dropped(path))
    assert panel.found.picture is not None, panel.words.text()
    before, *attempts = told
    assert before is None and len(attempts) > 1
    wanted = panel.wanted.picture.astype(float)
    off = [float(((picture.astype(float) - wanted) ** 2).mean()) for picture in attempts]
    assert off[-1] < off[0], "it comes nearer"
    point = window.workspace.explored.point
    found = sample(RunFolder(run), point.z[None], np.array([point.label]))[0]
    assert np.array_equal(panel.found.picture, found), "the point is where it was found"
    assert "%" in panel.words.text() and not panel.work.isVisible()
    assert not window.workspace.explored.why_not(back=True)


@pytest.mark.usefixtures("restless")
def test_a_moment_after_a_stroke_the_drawing_is_looked_for(finding, qtbot, monkeypatch):
    window, panel = finding
    zeros = np.zeros((8, 8), np.uint8), np.zeros(4, np.float32)
    with monkeypatch.context() as patched, qtbot.waitSignal(window.services.exploring.ended):
        patched.setattr(find, "find", lambda *_: iter([find.Attempt(1, 1, *zeros, 0, 0.5, (2, 0.9), (1, 0.9))]))
        scribble(panel.drawing.canvas)
    assert panel.found.picture is not None
    assert window.services.noted.numbers == {"found_off": 0.5, "found_alike": 0, "found_class": 2}
    panel.drawing.canvas.clear()
    QApplication.processEvents()
    assert panel.found.picture is None and "Draw what" in panel.words.text()


def test_a_picture_dropped_without_a_file_is_looked_for_as_one(finding, qtbot):
    _, panel = finding
    told = []
    panel.pixels_given.connect(told.append)
    mime = QMimeData()
    mime.setImageData(QImage(bytes(4 * 24 * 16), 24, 16, QImage.Format.Format_RGB32).copy())
    assert drop(panel, mime), "anywhere on the tool"
    assert told[0].shape == (16, 24, 3)
    qtbot.waitUntil(lambda: "nothing on the picture" in panel.words.text())


def test_what_is_no_picture_is_told_in_a_sentence(finding, qtbot, tmp_path):
    window, panel = finding
    path = tmp_path / "notes.png"
    path.write_text("no picture")
    panel.show_wanted(np.zeros((28, 28), np.uint8))  # of an earlier search
    with qtbot.waitSignal(window.services.exploring.ended):
        drop(panel.drawing, dropped(path))
    assert "notes.png" in panel.words.text() and panel.found.picture is None and panel.wanted.picture is None
    panel.show_wanted(np.zeros((28, 28), np.uint8))
    with qtbot.waitSignal(window.services.exploring.ended):
        panel.drawing_changed.emit(np.zeros((28, 28), np.uint8))  # all of it was erased
    assert panel.wanted.picture is None


def test_the_buttons_of_the_canvas_are_there_when_they_make_sense(qtbot):
    panel = shown(qtbot, FindPanel(), 700, 500)
    told = []
    panel.drawing_changed.connect(told.append)
    assert not (
        panel.drawing.undo_button.isEnabled()
        or panel.drawing.redo_button.isEnabled()
        or panel.drawing.clear_button.isEnabled()
    )
    scribble(panel.drawing.canvas)
    assert panel.drawing.undo_button.isEnabled() and panel.drawing.clear_button.isEnabled()
    qtbot.mouseClick(panel.drawing.undo_button, Qt.MouseButton.LeftButton)
    assert panel.drawing.canvas.is_empty and panel.drawing.redo_button.isEnabled()
    qtbot.mouseClick(panel.drawing.redo_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(told))
    assert len(told) == 1 and told[0].any()
    panel.drawing.eraser_button.setChecked(True)
    scribble(panel.drawing.canvas)
    assert panel.drawing.canvas.is_empty


@pytest.fixture
def searched(finding, qtbot, monkeypatch):
    """Let it find the z that it is given, one after the other, once a person drew; each once it is let go on."""
    window, panel = finding
    gate = Semaphore(0)

    def search(values):
        def find_them(*_):
            for step, value in enumerate(values):
                yield find.Attempt(
                    step, 9, np.full((8, 8), value, np.uint8), np.full(4, value, np.float32), 2, 0.5, *2 * [None]
                )
                assert gate.acquire(timeout=30)

        monkeypatch.setattr(find, "find", find_them)
        panel.drawing_changed.emit(np.pad(np.full((8, 8), 255, np.uint8), 10))
        qtbot.waitUntil(lambda: window.workspace.explored.point.z[0] == values[0])

    yield window, panel, search, gate
    gate.release(100)


def _undo(window, qtbot):
    qtbot.keyClick(window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)


def test_a_step_back_from_what_was_found_tells_no_more_of_it_until_it_is_done_again(searched, qtbot):
    window, panel, search, gate = searched
    explored, usual = window.workspace.explored, panel.words.text()
    start = explored.point
    gate.release(100)
    search([3])
    qtbot.waitUntil(lambda: not window.services.exploring.is_busy("find"))
    explored.go(label=7)
    assert panel.found.picture is None and panel.words.text() == usual, "another class is another picture"
    explored.undo()
    assert panel.found.picture[0, 0] == 3 and "50%" in panel.words.text()
    _undo(window, qtbot)
    assert explored.point is start and panel.found.picture is None and panel.words.text() == usual
    explored.redo()
    assert panel.found.picture[0, 0] == 3 and panel.wanted.picture is not None and "50%" in panel.words.text()


def test_a_step_back_while_it_is_searched_ends_the_search_where_it_began(searched, qtbot):
    window, panel, search, gate = searched
    start = window.workspace.explored.point
    search([3, 4, 5])
    gate.release()
    qtbot.waitUntil(lambda: window.workspace.explored.point.z[0] == 4)
    _undo(window, qtbot)
    assert window.workspace.explored.point is start and panel.found.picture is None
    assert not window.services.exploring.is_busy("find") and not panel.work.isVisible()
    gate.release(100)
    window.services.jobs.wait(time.monotonic() + 30)
    QApplication.processEvents()
    assert window.workspace.explored.point is start
