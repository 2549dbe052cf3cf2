"""The epoch strip: which epoch is shown, following, playback, keys, and pictures along the axis."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QSize, Qt, QTimer
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QApplication, QComboBox, QLabel, QSlider, QToolButton, QWidget
from pytestqt.qtbot import QtBot

from engine.pictures import tile
from studio import theme
from studio.model.run_data import RunData
from studio.panels.epoch_strip import EpochStrip
from studio.widgets.layouts.fitting_label import FittingLabel
from studio.widgets.pictures.picture_strip import PictureStrip, StripAxis, divide
from tests.studio.hands import shown
from tests.studio.shouting import shout


class CountingHistory(RunData):
    """Remembers which grids were asked for."""

    def grid(self, epoch: int) -> np.ndarray:
        self.asked = [*getattr(self, "asked", []), epoch]
        return super().grid(epoch)


@pytest.fixture
def strip(qtbot: QtBot) -> EpochStrip:
    strip = shown(qtbot, EpochStrip(), 750, 100)
    strip.chosen = []
    strip.epoch_chosen.connect(strip.chosen.append)
    return strip


def add(history: RunData, epochs: Iterable[int]) -> RunData:
    """Add grids whose gray level is twice the epoch."""
    for epoch in epochs:
        images = np.full((80, 28, 28), epoch * 2 % 256, np.uint8)
        history.add_grid(epoch, Path("nowhere.png"), tile(images, 10))
    return history


def run(epochs: Iterable[int], total: int = 36) -> CountingHistory:
    history = CountingHistory(image_count=5000, total_images=5000 * total, class_names=tuple("0123456789"))
    add(history, epochs)
    return history


def slider(strip: EpochStrip) -> QSlider:
    found = strip.findChild(QSlider, "epoch_slider")
    assert found is not None
    return found


def button(strip: EpochStrip, text: str) -> QToolButton:
    return next(button for button in strip.findChildren(QToolButton) if button.text() == text)


def label(strip: EpochStrip) -> str:
    return strip.findChildren(QLabel)[0].text()


# ---------------------------------------------------------------- which epoch


def test_without_a_run_nothing_can_be_done(strip: EpochStrip) -> None:
    assert strip.current_epoch is None and label(strip) == ""
    assert not slider(strip).isEnabled() and not button(strip, "Play").isEnabled()
    strip.refresh()
    strip.choose(5)
    strip.set_run_data(run([]))
    assert strip.chosen == [] and strip.grab().width() == 750


def test_a_run_opens_at_its_newest_epoch(strip: EpochStrip) -> None:
    strip.set_run_data(run(range(1, 13)))
    assert strip.current_epoch == 12 and strip.chosen == [12]
    assert label(strip) == "Epoch 12 / 36"
    assert slider(strip).value() == 12 and slider(strip).maximum() == 36


def test_the_next_run_is_announced_even_at_the_same_epoch(strip: EpochStrip) -> None:
    strip.set_run_data(run([1, 2]))
    strip.choose(1)
    strip.set_run_data(run([1, 2], total=7))
    assert strip.chosen == [2, 1, 2] and label(strip) == "Epoch 2 / 7" and strip.is_following
    strip.set_run_data(run([]))
    assert strip.current_epoch is None and label(strip) == "" and not slider(strip).isEnabled()


@pytest.mark.parametrize(
    ("wanted", "got"), [(4.4, 5), (-3, 5), (7.4, 5), (7.6, 10), (1e9, 20), (float("nan"), 20), (float("inf"), 20)]
)
def test_choose_takes_the_nearest_epoch_with_a_grid(strip: EpochStrip, wanted: float, got: int) -> None:
    strip.set_run_data(run([5, 10, 20]))
    strip.choose(wanted)
    assert strip.current_epoch == got == slider(strip).value()
    assert strip.chosen == [20] + [got] * (got != 20)


def test_an_epoch_beyond_the_plan_is_reachable(strip: EpochStrip) -> None:
    strip.set_run_data(run([1, 40], total=36))
    assert slider(strip).value() == 40 and label(strip) == "Epoch 40 / 40"


# ---------------------------------------------------------------- following


def test_it_follows_until_the_person_goes_back_and_again_from_the_end(strip: EpochStrip) -> None:
    history = run([1, 2, 3])
    strip.set_run_data(history)
    add(history, [4])
    strip.refresh()
    assert strip.current_epoch == 4
    strip.choose(2)
    add(history, [5])
    strip.refresh()
    assert strip.current_epoch == 2 and not strip.is_following
    button(strip, "Newest").click()
    assert strip.current_epoch == 5
    add(history, [6])
    strip.refresh()
    assert strip.chosen == [3, 4, 2, 5, 6] and not button(strip, "Newest").isEnabled()


def test_the_first_epoch_of_a_run_is_shown(strip: EpochStrip) -> None:
    history = run([])
    strip.set_run_data(history)
    add(history, [1])
    strip.refresh()
    strip.refresh()
    assert strip.chosen == [1]


def test_what_stands_beside_the_axis_has_all_the_room_that_is_left(strip: EpochStrip) -> None:
    strip.set_run_data(run([1], total=400_000))
    strip.set_axis(0, 36, 30, 560)
    before = strip.findChild(QWidget, "epoch_controls").width()
    strip.resize(850, 100)
    QApplication.processEvents()
    assert strip.findChild(QWidget, "epoch_controls").width() == before + 100, (
        "also where only the strip, and not the axis, became wider"
    )
    label = strip.findChild(FittingLabel)
    assert label.text() == label.toolTip() == "Epoch 1 / 400,000"
    assert label.fontMetrics().horizontalAdvance(label.shown) <= label.width()


# ---------------------------------------------------------------- keys and mouse


def test_keys_move_through_the_epochs_that_have_a_grid(strip: EpochStrip, qtbot: QtBot) -> None:
    strip.set_run_data(run([5, 10, 20, 21]))
    keys = (Qt.Key.Key_Home, Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right)
    seen = []
    for key in keys:
        qtbot.keyClick(slider(strip), key)
        seen.append(slider(strip).value())
    assert seen == [5, 5, 10, 20, 21, 21]
    qtbot.keyClick(slider(strip), Qt.Key.Key_Left)
    qtbot.keyClick(slider(strip), Qt.Key.Key_End)
    assert strip.chosen == [21, 5, 10, 20, 21, 20, 21] and strip.is_following


def test_the_handle_jumps_to_the_pointer_and_rests_at_epochs_that_have_a_grid(strip: EpochStrip, qtbot: QtBot) -> None:
    strip.set_run_data(run([10, 20]))
    strip.set_axis(0, 36, 30, 750)
    track = slider(strip)

    def at(epoch: float) -> QPoint:
        return QPoint(round(30 + epoch * 20) - track.x(), track.height() // 2)

    qtbot.mousePress(track, Qt.MouseButton.LeftButton, pos=at(8))
    assert strip.current_epoch == 10 == track.value()
    qtbot.mouseMove(track, at(17))
    assert strip.current_epoch == 20
    qtbot.mouseMove(track, at(36))
    qtbot.mouseRelease(track, Qt.MouseButton.LeftButton, pos=at(36))
    assert strip.current_epoch == 20 == track.value() == track.sliderPosition()


def test_a_click_on_a_picture_chooses_its_epoch(strip: EpochStrip, qtbot: QtBot) -> None:
    strip.set_run_data(run(range(1, 19)))
    strip.set_axis(0, 36, 30, 750)
    pictures = strip.findChild(PictureStrip)
    qtbot.mouseClick(pictures, Qt.MouseButton.LeftButton, pos=QPoint(140, 30))
    qtbot.mouseClick(pictures, Qt.MouseButton.LeftButton, pos=QPoint(700, 30))  # none lies there
    assert strip.current_epoch == 4  # the second picture: half of the run is there, ten pictures show every other epoch
    qtbot.mouseClick(pictures, Qt.MouseButton.LeftButton, pos=QPoint(140, 30))
    assert strip.chosen[-2:] == [4, 4]  # real images of another plan may lie where it is shown


# ---------------------------------------------------------------- playback


def test_play_starts_over_at_the_end_and_stops_there(strip: EpochStrip) -> None:
    strip.set_run_data(run([2, 4, 6]))
    button(strip, "Play").click()
    assert strip.is_playing and button(strip, "Pause").isEnabled()
    strip.play_on()
    strip.play_on()
    assert strip.chosen == [6, 2, 4, 6] and not strip.is_playing and strip.is_following
    assert button(strip, "Play").isEnabled()


def test_play_goes_on_from_where_one_is_and_pauses(strip: EpochStrip) -> None:
    strip.set_run_data(run(range(1, 10)))
    strip.choose(4)
    button(strip, "Play").click()
    strip.play_on()
    button(strip, "Pause").click()
    assert strip.chosen == [9, 4, 5] and not strip.is_playing


def test_play_runs_into_epochs_that_come_meanwhile(strip: EpochStrip) -> None:
    history = run([1, 2, 3])
    strip.set_run_data(history)
    button(strip, "Play").click()
    strip.play_on()
    add(history, [4])
    strip.refresh()
    strip.play_on()
    assert strip.is_playing and strip.current_epoch == 3
    strip.play_on()
    assert not strip.is_playing and strip.current_epoch == 4


def test_newest_and_another_run_end_playback(strip: EpochStrip) -> None:
    strip.set_run_data(run([1, 2, 3]))
    button(strip, "Play").click()
    button(strip, "Newest").click()
    assert not strip.is_playing and strip.current_epoch == 3
    button(strip, "Play").click()
    strip.set_run_data(run([1]))
    assert not strip.is_playing and not button(strip, "Play").isEnabled()
    strip.play_on()
    assert strip.current_epoch == 1


def test_speed_sets_the_pace(strip: EpochStrip) -> None:
    box = strip.findChild(QComboBox)
    paces = []
    for index in range(box.count()):
        box.setCurrentIndex(index)
        paces.append(strip.findChild(QTimer).interval())
    assert paces == [500, 200, 100]


# ---------------------------------------------------------------- pictures along the axis


@pytest.mark.parametrize("total", [1, 2, 5, 36, 1000])
@pytest.mark.parametrize("width", [80, 420, 690, 1800])
def test_pictures_are_evenly_spaced_and_end_with_the_last_epoch(total: int, width: int) -> None:
    slots = divide(StripAxis(0, total, 50, 50 + width), list(range(1, total + 1)))
    assert slots[0].rect.left() == 50 and abs(slots[-1].rect.right() + 1 - 50 - width) <= 1
    assert all(first.rect.right() < second.rect.left() for first, second in itertools.pairwise(slots))
    assert len({round(slot.rect.width() / 4) for slot in slots}) <= 2
    assert slots[-1].epoch == total and all(slot.holds(slot.epoch) for slot in slots)
    assert all(slot.rect.width() >= 66 for slot in slots)


@pytest.mark.parametrize("count", [1, 3, 6, 7, 12, 23])
def test_a_run_that_has_begun_shows_as_many_pictures_as_fit(count: int) -> None:
    slots = divide(StripAxis(0, 24, 50, 470), list(range(1, count + 1)))
    shown = [slot.epoch for slot in slots if slot.epoch]
    assert len(shown) >= min(count, 4) and shown[-1] == count
    assert shown == list(range(1, count + 1)) or count > 6


@pytest.mark.parametrize(("total", "shown"), [(5, 5), (24, 6), (24, 24)])
def test_epoch_0_lies_before_the_axis_and_moves_no_other(total: int, shown: int) -> None:
    axis, epochs = StripAxis(0, total, 50, 470), list(range(1, shown + 1))
    first, *others = divide(axis, [0, *epochs])
    assert (first.rect.left(), first.rect.right() + 1, first.epoch) == (0, 50, 0) and first.holds(0)
    assert others == divide(axis, epochs) and not any(slot.holds(0) for slot in others)
    assert all(slot.epoch != 0 for slot in divide(StripAxis(2.5, total, 50, 470), [0, *epochs]))


@pytest.mark.parametrize("size", [28, 64])
def test_the_picture_of_epoch_0_fits_before_the_axis(strip: EpochStrip, size: int) -> None:
    history = RunData(image_count=5000, total_images=5000 * 36)
    for epoch in range(3):
        history.add_grid(epoch, Path("nowhere.png"), tile(np.full((6, size, size), 99, np.uint8), 6))
    strip.set_run_data(history, size)
    strip.set_axis(0, 36, 47, 740)
    target = strip.findChild(PictureStrip).pictures()[0]
    assert target.left() >= 0 and target.right() < 47 and target.width() >= 28


def test_a_picture_is_a_glimpse_in_any_slot_and_as_large_at_any_scale(strip: EpochStrip, monkeypatch) -> None:
    strip.set_run_data(run(range(1, 3), total=2), 28)
    strip.set_axis(0.0, 2.0, 0.0, 700.0)
    one, two = strip.findChild(PictureStrip).pictures().values()
    assert one.size() == two.size() == QSize(4 * 30 - 2, 58)
    assert two.center().x() - one.center().x() == 350, "each in the middle of its epoch"
    monkeypatch.setattr(PictureStrip, "devicePixelRatioF", lambda _self: 1.5)
    for is_low, height in ((False, 87), (True, 42), (False, 87)):
        strip.be_low(is_low)
        assert {each.height() for each in strip.findChild(PictureStrip).pictures().values()} == {height}


def test_epoch_0_is_shown_clicked_and_played(strip: EpochStrip, qtbot) -> None:
    strip.set_run_data(run(range(3)))
    strip.choose(0)
    assert strip.current_epoch == 0 and slider(strip).value() == 0 and label(strip) == "Epoch 0 / 36"
    strip.choose(2)
    pictures = strip.findChild(PictureStrip)
    picture = pictures.pictures()[0]
    qtbot.mouseClick(pictures, Qt.MouseButton.LeftButton, pos=picture.center())
    assert strip.current_epoch == 0
    strip.play_on()
    assert strip.current_epoch == 1


def test_a_zoomed_plot_shows_each_epoch_in_its_own_stretch() -> None:
    axis = StripAxis(10.3, 14.9, 50, 510)
    slots = divide(axis, list(range(1, 37)))
    assert [slot.epoch for slot in slots] == [11, 12, 13, 14, 15]
    assert (slots[1].rect.left(), slots[1].rect.right() + 1) == (round(axis.x(11)), round(axis.x(12)))


def test_the_handle_stands_under_its_epoch(strip: EpochStrip) -> None:
    strip.set_run_data(run(range(1, 37)))
    track = slider(strip)
    for first, last in ((0, 36), (10.3, 20.9)):
        strip.set_axis(first, last, 56, 740)
        half = track.handle_length() / 2
        for epoch in (0, 12, 36):
            groove = track.x() + half + epoch / 36 * (track.width() - 2 * half)
            assert abs(groove - (56 + (epoch - first) / (last - first) * 684)) < 2


def test_nonsense_axes_are_ignored_and_endless_zoom_is_survived(strip: EpochStrip) -> None:
    strip.set_run_data(run(range(1, 37)))
    before = slider(strip).geometry()
    for axis in ((0, float("nan"), 0, 9), (5, 5, 0, 100), (0, 36, 100, 100), (0, float("inf"), 0, 100)):
        strip.set_axis(*axis)
    assert slider(strip).geometry() == before
    strip.set_axis(11.999, 12.001, 56, 740)
    assert slider(strip).width() < 20_000 and strip.grab().width() == 750


def test_only_the_pictures_shown_are_decoded_and_only_once(strip: EpochStrip) -> None:
    history = run(range(1, 1001), total=1000)
    strip.set_run_data(history)
    strip.set_axis(0, 1000, 56, 740)
    history.asked = []
    strip.choose(3)
    add(history, [1001])
    strip.refresh()
    strip.set_axis(0, 1000, 56, 740)
    assert history.asked == []
    strip.set_axis(100, 200, 56, 740)
    assert 5 <= len(history.asked) <= 12


def test_the_picture_of_the_current_epoch_is_framed_and_sharp(strip: EpochStrip) -> None:
    strip.set_run_data(run(range(1, 37)), 28)
    strip.set_axis(0, 36, 30, 750)
    strip.choose(6)
    image = strip.grab().toImage().convertToFormat(QImage.Format.Format_RGB32)
    pixels = np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4)[:62, :, 2::-1]
    orange = np.argwhere((pixels == theme.color("generator").getRgb()[:3]).all(axis=2))
    (top, left), (bottom, right) = orange.min(axis=0), orange.max(axis=0)
    assert left >= 102 and right < 174  # the second of ten slots: epochs 3.6 to 7.2
    inside = pixels[top + 2 : bottom - 1, left + 2 : right - 1, 0]
    expected = tile(np.full((4, 28, 28), 14, np.uint8), 2)  # the picture of epoch 7
    assert np.array_equal(inside[:40], expected[:40]), "below stands the epoch's number, at the left"
    assert np.array_equal(inside[:, 20:], expected[:, 20:])
    assert inside[40:, :20].max() > 200


@pytest.mark.parametrize("shape", [(1, 1), (58, 58, 3), (700, 900), (3, 500), (500, 3)])
@pytest.mark.parametrize("tile_size", [0, 28, 64])
def test_odd_grids_are_survived(strip: EpochStrip, shape: tuple[int, ...], tile_size: int) -> None:
    history = run([1])
    history.add_grid(2, Path("nowhere.png"), np.full(shape, 128, np.uint8))
    history.add_grid(3, Path("this file is missing.png"))
    strip.set_run_data(history, tile_size)
    strip.resize(300, 100)
    strip.resize(20, 100)
    assert strip.grab().width() == strip.width()


def test_every_text_follows_the_language(strip: EpochStrip, monkeypatch: pytest.MonkeyPatch) -> None:
    strip.set_run_data(run([1, 2]))
    shout(monkeypatch, strip)
    assert label(strip) == "¡Epoch 2 / 36!"
    for control in (slider(strip), strip.findChild(QComboBox), *strip.findChildren(QToolButton)):
        assert control.accessibleName().startswith("¡") and control.toolTip().startswith("¡")
    assert button(strip, "¡Play!") and button(strip, "¡Newest!")
    assert strip.findChild(QComboBox).itemText(0) == "¡2/s!"
