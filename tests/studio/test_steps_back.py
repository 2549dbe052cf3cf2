"""What tools and pages tell of the point after a step in latent space was taken back."""

from __future__ import annotations

from functools import partial
from itertools import count

import numpy as np
import pytest

from engine.latent.sampling import random_z
from studio.model.explored import Explored, LatentPoint
from studio.model.way import LINEAR, SPHERICAL
from studio.widgets.exploring.path_panel import PathPanel
from studio.widgets.exploring.sorted_samples import SortedPictures, SortedSamples
from studio.widgets.pictures.made_up_digits import pictures
from studio.workspaces.explore.digit_picker import DigitPicker
from studio.workspaces.explore.points_page import PointsPage
from tests.studio.hands import shown

DIGITS = tuple("0123456789")


@pytest.fixture
def slow():
    """No two moves of it follow so quickly that they are one step."""
    explored = Explored(clock=partial(next, count(step=5)))
    explored.begin(16, DIGITS)
    return explored


def test_a_step_back_from_the_path_leaves_its_slider_and_its_pictures_as_they_were(qtbot, slow):
    tool = PathPanel(slow)
    tool.begin()
    shown(qtbot, tool, 600, 560)

    def seen():
        return tool.slider.value(), tool.strips[LINEAR].current, tool.strips[SPHERICAL].current

    tool.strips[LINEAR].chosen.emit(3)
    tool.strips[SPHERICAL].chosen.emit(9)
    slow.set_number(0, 1.25)
    assert seen() == (100, None, None), "who stands elsewhere stands at no picture of it, and goes on from there"
    slow.undo()
    assert seen() == (100, None, 9)
    told = []
    while not slow.why_not(back=True):
        slow.undo()
        told.append(seen())
    assert (33, 3, None) in told and told[-1] == (0, None, None)


def test_of_the_digits_that_of_the_point_is_framed_wherever_one_goes(qtbot, slow):
    page = DigitPicker(explored=slow)
    page.pictures_requested.connect(lambda channel, z, labels: page.show_pictures(channel, pictures(z, labels)))
    page.point_chosen.connect(lambda z, label: slow.go(z, label))
    shown(qtbot, page, 700, 560)
    page.set_model(16, DIGITS)
    page.render_again()
    qtbot.waitUntil(lambda: page.matrix.picture is not None and page.styles_table.picture is not None)
    columns = page.matrix.columns

    def seen():
        return page.matrix.current, page.styles_table.current

    page.matrix.chosen.emit(3 * columns + 2)
    assert seen() == (3 * columns + 2, 2), "its class is shown in all styles"
    page.styles_table.chosen.emit(columns + 1)
    assert seen() == (None, columns + 1), "one of more styles than all classes have room for"
    slow.undo()
    assert seen() == (3 * columns + 2, 2)
    page.styles_button.click()
    assert seen() == (None, None), "of other styles"


def test_of_sorted_samples_that_of_the_point_is_framed(qtbot, slow):
    slow.begin(16, ())
    page = SortedSamples()
    page.set_names(DIGITS)
    shown(qtbot, page, 500, 500)
    z = random_z(6, 16, 1)
    page.show_samples(SortedPictures(z, pictures(z, np.zeros(6, np.int64)), np.eye(10, dtype=np.float32)[[0] * 6]))
    page.frame(LatentPoint(z[4], -1))
    assert page.matrix.current == 4
    page.frame(LatentPoint(z[4] + 1, -1))
    assert page.matrix.current is None


def test_the_seed_of_points_is_that_of_the_point_after_a_step_back(qtbot, slow):
    page = PointsPage(slow)
    shown(qtbot, page, 600, 500)
    page.set_model(16, DIGITS)
    page.seed_box.setValue(5)
    page.seed_box.setValue(6)
    slow.undo()
    assert page.seed_box.value() == 5 and np.array_equal(slow.point.z, random_z(1, 16, 5)[0])
    slow.undo()
    assert page.seed_box.value() == 0
