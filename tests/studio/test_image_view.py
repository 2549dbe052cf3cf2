"""A picture to look at closely: every pixel a square, zoom, dragging, keys."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from studio.widgets.pictures.image_view import ImageView
from tests.studio.hands import shown
from tests.studio.sample_grids import screenshot

# ---------------------------------------------------------------- pixels


@pytest.fixture
def pixels(qtbot: QtBot) -> ImageView:
    return shown(qtbot, ImageView(), 100, 80)


@pytest.mark.parametrize("shape", [(20, 30), (20, 30, 3)])
def test_every_pixel_becomes_a_square(pixels: ImageView, shape: tuple[int, ...]) -> None:
    picture = np.random.default_rng(0).integers(0, 256, shape, dtype=np.uint8)
    pixels.set_picture(picture)
    assert pixels.scale == 3
    rect = pixels.picture_rect().toRect()
    shown = screenshot(pixels)[rect.top() : rect.top() + 60, rect.left() : rect.left() + 90]
    colors = picture if picture.ndim == 3 else np.repeat(picture[:, :, None], 3, axis=2)
    assert np.array_equal(shown, colors.repeat(3, axis=0).repeat(3, axis=1))


@pytest.mark.parametrize("ratio", ["1.25", "1.5", "2"])
def test_every_pixel_becomes_a_square_on_dense_screens_too(ratio: str) -> None:
    environment = os.environ | {"QT_SCALE_FACTOR": ratio, "QT_QPA_PLATFORM": "offscreen"}
    done = subprocess.run([sys.executable, "-c", _DENSE_SCREEN], env=environment, capture_output=True, text=True)
    assert done.stdout.split() == [ratio, "exact"], done.stderr


_DENSE_SCREEN = """
import numpy as np
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget
from studio.widgets.pictures.image_view import ImageView

app = QApplication([])
window, view = QWidget(), ImageView()
layout = QVBoxLayout(window)
layout.setContentsMargins(5, 7, 3, 3)  # the view's corner lies inside a device pixel
layout.addWidget(view)
picture = np.random.default_rng(0).integers(0, 256, (20, 30), dtype=np.uint8)
view.set_picture(picture)
window.resize(111, 97)
window.show()
app.processEvents()
image = window.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:, :, 1]
wanted = picture.repeat(int(view.scale), axis=0).repeat(int(view.scale), axis=1)
windows = np.lib.stride_tricks.sliding_window_view(pixels, wanted.shape)
found = (windows[:, :, ::7, ::7] == wanted[::7, ::7]).all(axis=(2, 3))
places = [place for place in np.argwhere(found) if np.array_equal(windows[tuple(place)], wanted)]
print(f"{view.devicePixelRatioF():g}", "exact" if len(places) == 1 and view.scale > 2 else "blurred")
"""


def test_a_picture_larger_than_the_view_is_shown_whole(pixels: ImageView) -> None:
    pixels.set_picture(np.zeros((200, 200), np.uint8))
    assert pixels.scale == pytest.approx(0.4)
    assert pixels.rect().contains(pixels.picture_rect().toRect())


def test_zoom_stays_when_the_next_epoch_comes_and_ends_with_another_size(pixels: ImageView) -> None:
    pixels.set_picture(np.zeros((20, 30), np.uint8))
    pixels.zoom_in()
    assert pixels.scale == 4
    pixels.set_picture(np.ones((20, 30), np.uint8))
    assert pixels.scale == 4
    pixels.set_picture(np.ones((10, 10), np.uint8))
    assert pixels.scale == 8


def test_keys_zoom_and_fit(pixels: ImageView, qtbot: QtBot) -> None:
    pixels.set_picture(np.zeros((20, 30), np.uint8))
    scales = []
    for key in (Qt.Key.Key_Plus, Qt.Key.Key_Minus, Qt.Key.Key_Minus, Qt.Key.Key_0):
        qtbot.keyClick(pixels, key)
        scales.append(pixels.scale)
    assert scales == [4, 3, 2, 3]


def test_zooming_never_ends_in_nothing(pixels: ImageView) -> None:
    for shape in ((20, 30), (500, 500), (1, 1)):
        pixels.set_picture(np.zeros(shape, np.uint8))
        for _ in range(100):
            pixels.zoom_in()
        assert pixels.scale == 64
        for _ in range(100):
            pixels.zoom_out()
        assert 0 < pixels.scale <= 1
        assert pixels.grab().width() == 100


def test_the_wheel_zooms_around_the_pointer_only_with_ctrl(pixels: ImageView) -> None:
    pixels.set_picture(np.zeros((20, 30), np.uint8))
    pointer = QPointF(60, 50)

    def turn(modifier: Qt.KeyboardModifier) -> QPointF:
        event = QWheelEvent(
            pointer,
            pixels.mapToGlobal(pointer),
            QPoint(),
            QPoint(0, 120),
            Qt.MouseButton.NoButton,
            modifier,
            Qt.ScrollPhase.NoScrollPhase,
            False,
        )
        QApplication.sendEvent(pixels, event)
        return (pointer - pixels.picture_rect().topLeft()) / pixels.scale

    turn(Qt.KeyboardModifier.NoModifier)
    assert pixels.scale == 3
    for _ in range(4):
        before = turn(Qt.KeyboardModifier.ControlModifier)
    assert pixels.scale == 8
    for _ in range(4):
        after = turn(Qt.KeyboardModifier.ControlModifier)
    assert pixels.scale == 19
    assert (after - before).manhattanLength() < 1


def test_dragging_moves_the_picture_with_the_pointer_as_far_as_its_edge(pixels: ImageView, qtbot: QtBot) -> None:
    pixels.set_picture(np.zeros((20, 30), np.uint8))
    for _ in range(6):
        pixels.zoom_in()
    left = pixels.picture_rect().left()
    qtbot.mousePress(pixels, Qt.MouseButton.LeftButton, pos=QPoint(50, 40))
    qtbot.mouseMove(pixels, QPoint(60, 40))
    assert pixels.picture_rect().left() == left + 10
    qtbot.mouseMove(pixels, QPoint(5000, 40))
    assert pixels.picture_rect().left() == 0
    qtbot.mouseRelease(pixels, Qt.MouseButton.LeftButton, pos=QPoint(50, 40))
    qtbot.mouseMove(pixels, QPoint(0, 40))
    assert pixels.picture_rect().left() == 0


def test_without_a_picture_the_placeholder_is_painted(pixels: ImageView) -> None:
    empty = screenshot(pixels)
    pixels.placeholder = "nothing"
    assert not np.array_equal(screenshot(pixels), empty)
    pixels.set_picture(np.zeros((2, 2), np.uint8))
    pixels.set_picture(None)
    assert pixels.picture is None and not np.array_equal(screenshot(pixels), empty)
    pixels.zoom_in()
    pixels.copy()


def test_what_is_no_picture_is_refused_by_name(pixels: ImageView) -> None:
    with pytest.raises(ValueError, match=r"float64 \[2, 2\]"):
        pixels.set_picture(np.full((2, 2), np.nan))  # type: ignore[arg-type]
    with pytest.raises(ValueError, match=r"\[2, 2, 4\]"):
        pixels.set_picture(np.zeros((2, 2, 4), np.uint8))
    pixels.set_picture(np.zeros((40, 40), np.uint8)[::2, ::-1])
    assert pixels.picture is not None
