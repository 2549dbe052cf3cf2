"""The canvas: strokes by mouse and keys become pictures of the data's size."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from studio.widgets.pictures.canvas import Canvas
from tests.studio.hands import shown

LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton


@pytest.fixture
def canvas(qtbot):
    return shown(qtbot, Canvas(), 280, 280)


def draw(canvas, points, button=LEFT):
    places = [QPoint(10 * x, 10 * y) for x, y in points]
    QTest.mousePress(canvas, button, pos=places[0])
    for place in places[1:]:
        QTest.mouseMove(canvas, place)
    QTest.mouseRelease(canvas, button, pos=places[-1])


def test_a_stroke_is_ink_where_it_was_drawn_and_as_thick_as_those_of_mnist(canvas):
    assert canvas.is_empty and not canvas.picture().any()
    draw(canvas, [(14, 5), (14, 22)])
    picture = canvas.picture()
    assert picture.shape == (28, 28) and picture.dtype == np.uint8
    rows = picture[6:21].astype(float) / 255
    assert rows.sum(1) == pytest.approx(np.full(15, 0.09 * 28), abs=0.1)
    assert (rows @ np.arange(28) / rows.sum(1)) == pytest.approx(np.full(15, 13.5), abs=0.1)
    assert not picture[:3].any() and not picture[26:].any()


def test_ink_may_be_dark(canvas):
    canvas.set_size(16, dark_ink=True)
    assert canvas.is_empty and (canvas.picture() == 255).all() and canvas.picture().shape == (16, 16)
    draw(canvas, [(5, 14), (23, 14)])
    ink = 1 - canvas.picture()[:, 8] / 255
    assert ink.sum() == pytest.approx(0.09 * 16, abs=0.05) and canvas.picture()[0, 0] == 255


def test_ink_is_that_of_the_data_until_a_person_begins(canvas):
    for ground, is_dark in ((130, False), (240, True), (130, True), (10, False)):
        canvas.suit(np.full((2, 8, 8, 3), ground, np.uint8))
        assert (canvas.picture() == 255).all() == is_dark and canvas.is_empty, ground
    canvas.set_size(16)
    draw(canvas, [(5, 14), (23, 14)])
    canvas.suit(np.full((1, 8, 8), 240, np.uint8))
    assert not canvas.is_empty and canvas.picture()[0, 0] == 0


def test_the_right_button_and_the_eraser_take_ink_away(canvas):
    draw(canvas, [(14, 5), (14, 22)])
    draw(canvas, [(14, 5), (14, 13)], RIGHT)
    assert not canvas.picture()[4:12].any() and canvas.picture()[20, 14] == 255
    canvas.erases = True
    draw(canvas, [(14, 12), (14, 24)])
    assert canvas.is_empty


def test_strokes_are_taken_back_and_drawn_again_also_the_clearing(canvas, qtbot):
    told = []
    canvas.changed.connect(lambda: told.append(canvas.picture().copy()))
    draw(canvas, [(5, 5), (20, 5)])
    draw(canvas, [(5, 20), (20, 20)])
    canvas.clear()
    canvas.clear()
    assert canvas.is_empty and len(told) == 3
    canvas.undo()
    assert np.array_equal(told[3], told[1])
    canvas.undo()
    assert np.array_equal(told[4], told[0])
    canvas.redo()
    assert np.array_equal(told[5], told[1])
    draw(canvas, [(1, 1), (2, 2)])
    assert not canvas.can_redo and canvas.can_undo


def test_one_can_draw_by_keys_alone(canvas):
    canvas.setFocus()
    for key in (Qt.Key.Key_Space, *[Qt.Key.Key_Down] * 16, Qt.Key.Key_Space, *[Qt.Key.Key_Right] * 8):
        QTest.keyClick(canvas, key)
    picture = canvas.picture()
    assert picture[14:22, 13:15].min() == 255 and not picture[:, 17:].any()
    QTest.keyClick(canvas, Qt.Key.Key_Delete)
    assert canvas.is_empty


def test_the_frame_is_the_edge_of_the_drawing_wherever_it_lies(canvas):
    canvas.resize(301, 200)
    image = canvas.grab().toImage()
    row = [image.pixelColor(x, 100) for x in range(45, 256)]
    frame = canvas.palette().color(canvas.palette().ColorRole.Mid).rgb()
    inside = [x for x, color in enumerate(row) if color != row[0]]
    assert row[inside[0]].rgb() == row[inside[-1]].rgb() == frame and inside[-1] - inside[0] == 199
