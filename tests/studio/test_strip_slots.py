"""Where the pictures of the time line stand: at their time once a run is whole, else beside each other."""

from pathlib import Path

import numpy as np
import pytest
from PySide6.QtWidgets import QSlider

from studio.model.run_data import RunData
from studio.panels.epoch_strip import EpochStrip
from studio.widgets.pictures.picture_strip import PictureStrip, StripAxis, divide
from studio.workspaces.train.loss_plot import LossPlot
from tests.studio.hands import shown


@pytest.mark.parametrize("beyond", [0.0, 0.0064, 0.4])  # of an epoch, by which the last step went beyond its end
@pytest.mark.parametrize("total", [12, 13, 24, 200])
def test_pictures_of_a_whole_run_lie_at_their_time(total, beyond):
    axis = StripAxis(0, total + beyond, 50, 470)
    slots = divide(axis, list(range(total + 1)))
    assert slots[0].epoch == 0 and slots[-1].epoch == total
    assert abs(slots[-1].rect.right() + 1 - 470) <= 1
    assert all(slot.epoch is not None for slot in slots)
    for slot in slots[1:]:
        assert slot.rect.left() - slot.rect.width() <= axis.x(slot.epoch) <= slot.rect.right() + 1


def test_pictures_that_are_seldom_made_stand_beside_each_other_too():
    slots = divide(StripAxis(0, 2000, 74, 600), [0, 1, 83, 166])
    shown = [(slot.epoch, slot.rect.left()) for slot in slots if slot.epoch is not None]
    assert shown == [(0, 8), (1, 74), (83, 149), (166, 224)]


@pytest.mark.parametrize("count", [8, 9, 14, 15, 24])
def test_of_more_than_fit_every_second_or_third_is_shown_and_the_newest(count):
    made = [83 * number for number in range(1, count + 1)]
    slots = divide(StripAxis(0, 20_000, 74, 600), made)  # which has room for seven
    shown = [slot.epoch for slot in slots]
    stride = -(-count // 7)
    assert shown == sorted({*made[stride - 1 :: stride], made[-1]}) and 4 <= len(shown) <= 7
    assert all(slot.holds(slot.epoch) for slot in slots)
    assert all(sum(slot.holds(epoch) for slot in slots) == 1 for epoch in made)


@pytest.mark.parametrize(("total_images", "epochs"), [(2400, 3), (256, 1), (5000, 7)])
def test_an_epoch_that_was_cut_short_has_picture_and_handle_in_sight(qtbot, total_images, epochs):
    history = RunData(image_count=1000, total_images=total_images)
    for epoch in range(epochs + 1):
        history.add_grid(epoch, Path("nowhere.png"), np.zeros((56, 56), np.uint8))
    strip, plot = shown(qtbot, EpochStrip(), 750, 100), shown(qtbot, LossPlot(), 600, 200)
    strip.set_run_data(history, 28)
    pictures, slider = strip.findChild(PictureStrip), strip.findChild(QSlider)
    assert slider.value() == slider.maximum() == epochs
    assert slider.geometry().right() <= slider.parentWidget().width()
    assert pictures.pictures()[epochs].right() <= pictures.width()
    plot.set_run_data(history)
    assert plot.x_range()[1] >= epochs, "and so under a plot"
