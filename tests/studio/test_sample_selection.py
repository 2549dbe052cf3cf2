"""Selecting a sample in the grid, by mouse and by keyboard; verdicts below it."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QHelpEvent
from PySide6.QtWidgets import QApplication, QToolButton, QToolTip

from studio import theme
from studio.workspaces.train.sample_view import SampleView
from tests.studio.hands import choice, shown, with_commands
from tests.studio.samples import DIGITS, click

# Selecting a tile


@pytest.fixture
def view(qtbot):
    """A sample view with three rows of ten digits of 28 pixels, two device pixels for each."""
    view = with_commands(shown(qtbot, SampleView(), 700, 300))
    show_epoch(view, 1)
    return view


VERDICTS = tuple(np.linspace(0, 1, 30))


def show_epoch(view, epoch, verdicts=VERDICTS, names=DIGITS):
    grid = np.full((88, 298), 10 * epoch, np.uint8)
    view.show_epoch(epoch, 9, grid, names, 28, verdicts)


def told(view):
    found = []
    view.sample_shown.connect(found.append)
    return found


def pixel(view, x, y):
    return view.grid.grab().toImage().pixelColor(round(x), round(y))


def test_a_click_selects_frames_and_tells_the_sample(view, qtbot):
    found, rect = told(view), view.grid.tile_rect(13)
    with qtbot.waitSignal(view.sample_chosen):
        click(qtbot, view, 13)
    (sample,) = found
    assert (sample.epoch, sample.tile, sample.label) == (1, 13, 3)
    assert sample.verdict == pytest.approx(13 / 29) and sample.picture.shape == (28, 28)
    assert pixel(view, rect.left() - 1, rect.top() + 9) == QColor("white")
    assert "Sample 14" in view.grid.accessibleDescription() and "44.8% real" in view.grid.accessibleDescription()


@pytest.mark.parametrize("tile", [3, 13, 23])  # in the first, the second and the last row
def test_the_frame_is_whole_beside_the_bars(view, qtbot, tile):
    click(qtbot, view, tile)
    rect = view.grid.tile_rect(tile)
    middle = rect.center()
    sides = (rect.left() - 1, middle.y()), (rect.right() + 1, middle.y()), (middle.x(), rect.top() - 1)
    for side in (*sides, (middle.x(), rect.bottom() + 1)):
        assert pixel(view, *side) == QColor("white"), side


def test_gaps_other_buttons_and_real_pictures_select_nothing(view, qtbot):
    found, corner = told(view), view.grid.tile_rect(0).topLeft().toPoint()
    qtbot.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=corner + QPoint(round(28.5 * view.grid.scale), 5))
    qtbot.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=QPoint(1, 1))
    click(qtbot, view, 5, Qt.MouseButton.RightButton)
    view.show_real(np.zeros((88, 298), np.uint8), DIGITS, 28)
    click(qtbot, view, 5)
    qtbot.keyClick(view.grid, Qt.Key.Key_Return)
    assert found == [] and view.grid.selected is None


def test_dragging_a_zoomed_picture_selects_nothing(view, qtbot):
    found = told(view)
    for _ in range(5):
        view.grid.zoom_in()
    middle = view.grid.rect().center()
    qtbot.mousePress(view.grid, Qt.MouseButton.LeftButton, pos=middle)
    qtbot.mouseMove(view.grid, middle + QPoint(60, 0))
    qtbot.mouseRelease(view.grid, Qt.MouseButton.LeftButton, pos=middle + QPoint(60, 0))
    assert found == []
    tile = view.grid.tile_at(QPointF(middle))
    qtbot.mouseClick(view.grid, Qt.MouseButton.LeftButton, pos=middle)
    assert tile is not None and [sample.tile for sample in found] == [tile]


def test_by_keyboard_return_selects_arrows_move_and_escape_ends(view, qtbot):
    found, keys = told(view), Qt.Key
    for key in (keys.Key_Left, keys.Key_Return, keys.Key_Right, keys.Key_Down, keys.Key_Left, keys.Key_Up):
        qtbot.keyClick(view.grid, key)
    assert [sample.tile for sample in found] == [0, 1, 11, 10, 0]
    qtbot.keyClick(view.grid, keys.Key_Up)
    assert view.grid.selected == 0
    qtbot.keyClick(view.grid, keys.Key_Escape)
    assert found[-1] is None and view.grid.selected is None
    qtbot.keyClick(view.grid, keys.Key_Enter)
    assert found[-1].tile == 0


def test_the_keyboard_brings_a_zoomed_tile_into_view(view, qtbot):
    for _ in range(3):
        view.grid.zoom_in()
    qtbot.keyClick(view.grid, Qt.Key.Key_Return)
    assert view.grid.contentsRect().contains(view.grid.tile_rect(0).toRect())
    for _ in range(9):
        qtbot.keyClick(view.grid, Qt.Key.Key_Right)
    assert view.grid.contentsRect().contains(view.grid.tile_rect(9).toRect())


def test_a_selected_tile_stays_in_sight_where_others_are_left_out_to_be_large(view, qtbot):
    def show(epoch):
        view.show_epoch(epoch, 9, np.full((8 * 30 - 2, 298), 10 * epoch, np.uint8), DIGITS, 28)

    view.resize(420, 400)
    show(1)
    click(qtbot, view, 75)
    view.resize(1000, 400)
    show(2)
    assert view.grid.selected == 75 and view.grid.rect().contains(view.grid.tile_rect(75).toRect())
    qtbot.keyClick(view.grid, Qt.Key.Key_Escape)
    view.resize(1000, 401)
    assert view.grid.shows(39) and not view.grid.shows(75), "fewer and larger"
    view.grid.select(75)
    assert view.grid.shows(75)
    view.grid.select(None)
    view.resize(1000, 400)
    view.grid.select(35)
    for _ in range(4):  # arrow by arrow, what was left out comes
        qtbot.keyClick(view.grid, Qt.Key.Key_Down)
        assert view.grid.selected % 10 == 5 and view.grid.shows(view.grid.selected)
    assert all(map(view.grid.shows, range(80)))


def test_the_same_tile_of_the_next_epoch_is_told_and_its_picture_with_it(view, qtbot):
    click(qtbot, view, 4)
    found = told(view)
    show_epoch(view, 2, verdicts=())
    assert (found[0].epoch, found[0].tile, found[0].verdict) == (2, 4, None)
    assert found[0].picture.max() == 20
    view.show_real(np.zeros((88, 298), np.uint8), DIGITS, 28)
    assert found[1:] == [None]
    show_epoch(view, 3)
    assert len(found) == 2


def test_a_grid_that_cannot_be_read_has_no_sample(view, qtbot):
    click(qtbot, view, 4)
    found = told(view)
    view.show_epoch(2, 9, np.full((1, 1), 128, np.uint8), DIGITS, 28, (0.5,) * 30)
    assert found == [None] and view.grid.tile_count == 0
    assert view.grab().height() == 300


def test_without_classes_nothing_was_asked_for(view, qtbot):
    found = told(view)
    show_epoch(view, 2, names=())
    click(qtbot, view, 4)
    assert found[0].label == -1


# Verdicts under the tiles


def test_bars_are_as_long_as_the_verdicts_and_can_be_switched_off(view, qtbot):
    ink, track = theme.ink_on_dark("discriminator"), theme.TRACK_ON_DARK

    def at(tile, share):
        rect = view.grid.tile_rect(tile)
        return pixel(view, rect.left() + share * (rect.width() - 1), rect.bottom() + 1.5)

    assert at(15, 0.4) == ink and at(15, 0.6) == track
    assert at(0, 0) == track and at(19, 0.6) == ink
    last = view.grid.tile_rect(29)  # no gap below: the bar lies on the tile
    assert pixel(view, last.center().x(), last.bottom() - 1.5) == ink
    choice(view, "verdicts").trigger()
    assert at(15, 0.4) not in (ink, track)
    show_epoch(view, 2)
    assert at(15, 0.4) not in (ink, track), "the choice is kept"


def test_runs_without_verdicts_have_neither_bars_nor_their_button(view):
    button = view.findChild(QToolButton, "verdicts_button")
    assert button.isVisible() and button.isChecked()
    show_epoch(view, 2, verdicts=())
    assert not button.isVisible()
    show_epoch(view, 3, verdicts=(0.5,) * 99)
    view.resize(60, 60)
    assert button.isVisibleTo(view) and not view.grab().isNull()


def test_bars_do_not_change_the_picture_that_is_saved(view, tmp_path):
    before = view.grid.picture.copy()
    view.grab()
    assert np.array_equal(view.grid.picture, before)


def test_over_a_tile_a_tip_tells_class_and_verdict(view, monkeypatch):
    said = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, _widget: said.append(text))

    def tip(point):
        QApplication.sendEvent(view.grid, QHelpEvent(QEvent.Type.ToolTip, point, view.grid.mapToGlobal(point)))
        return said[-1]

    middle = view.grid.tile_rect(13).center().toPoint()
    assert tip(middle) == "3\nD: 44.8% real\nClick to look at it closely"
    assert tip(view.grid.headings()[3][1].center()) == "3"
    view.show_real(np.zeros((88, 298), np.uint8), DIGITS, 28)
    assert tip(middle) == "3"
