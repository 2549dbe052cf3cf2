"""What is said where a picture will be is whole, or ends with "…": no line of it is cut in two."""

from __future__ import annotations

import pytest

from studio.widgets.pictures.image_view import ImageView, image_to_picture
from studio.widgets.pictures.picture_strip import PictureStrip
from studio.widgets.plots.map_view import MapView
from studio.widgets.plots.scatter_plot import ScatterPlot
from tests.studio.hands import shown

WORDS = "A picture of each epoch will appear here as soon as there is one"


def say(view, words):
    if isinstance(view, ScatterPlot):
        view.show_scatter(None, words)
    else:
        view.placeholder = words
    return view


@pytest.mark.parametrize("make", [PictureStrip, ImageView, MapView, ScatterPlot])
@pytest.mark.parametrize("lines", [1.2, 2.3, 3.4])
def test_no_line_is_cut_in_two(make, lines, qtbot):
    view = say(make(), WORDS)
    font = view.font()
    font.setPixelSize(24)
    view.setFont(font)
    view.setMinimumHeight(0)
    height = round(lines * view.fontMetrics().height())
    view.setFixedHeight(height)
    shown(qtbot, view, 260, height)
    inked = (picture_of(view) != picture_of(say(view, ""))).any(axis=-1)
    assert inked.any(), "something is said"
    assert not inked[0].any() and not inked[-1].any()


def picture_of(view):
    return image_to_picture(view.grab().toImage())
