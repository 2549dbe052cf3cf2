"""Measures of pictures, each asked of drawn shapes whose answer is known beforehand."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.evaluation.moments import BY_NAME, MEASURES, euler_number, measure


def drawn(draw, size=28, scale=8):
    """Return what ``draw`` draws on a large canvas, made small as handwriting is: uint8 ``[1, size, size]``."""
    large = Image.new("L", (size * scale, size * scale))
    draw(ImageDraw.Draw(large), scale)
    return np.asarray(large.resize((size, size), Image.Resampling.BOX))[None]


def bar(width, lean=0.0):
    """A bar 20 pixels high and ``width`` wide, whose top is moved by ``lean`` pixels to the right."""

    def draw(on, scale):
        corners = [
            (14 + side * width / 2 + sign * lean / 2, 14 - sign * 10)
            for side, sign in ((-1, 1), (1, 1), (1, -1), (-1, -1))
        ]
        on.polygon([(x * scale, y * scale) for x, y in corners], fill=255)

    return drawn(draw)


def only(images, name):
    return measure(images)[name][0]


@pytest.mark.parametrize("width", [2, 3, 5])
def test_thickness_is_that_of_the_stroke(width):
    """Of a bar w wide and h high, twice the area by the outline is w h / (w + h)."""
    assert only(bar(width), "thickness") == pytest.approx(width * 20 / (width + 20), rel=0.1)


def test_a_ring_is_as_thick_as_its_line_and_a_faint_one_no_thinner():
    ring = drawn(lambda on, s: on.ellipse((6 * s, 6 * s, 22 * s, 22 * s), outline=255, width=3 * s))
    assert only(ring, "thickness") == pytest.approx(3, rel=0.1)
    assert only(ring // 2, "thickness") == pytest.approx(only(ring, "thickness"), rel=0.01)


@pytest.mark.parametrize("lean", [-8, -3, 0, 5])
def test_slant_is_the_angle_of_a_leaning_bar(lean):
    assert only(bar(3, lean), "slant") == pytest.approx(np.degrees(np.arctan(lean / 20)), abs=0.7)


def test_size_and_place_are_those_of_a_rectangle():
    image = np.zeros((1, 28, 28), np.uint8)
    image[0, 4:10, 8:20] = 200
    found = measure(image)
    assert (found["width"][0], found["height"][0]) == pytest.approx((12, 6))
    assert (found["x"][0], found["y"][0]) == pytest.approx((0.0, -7.0))


def test_loops_are_counted():
    one = drawn(lambda on, s: on.line((14 * s, 4 * s, 14 * s, 24 * s), fill=255, width=3 * s))
    zero = drawn(lambda on, s: on.ellipse((6 * s, 4 * s, 22 * s, 24 * s), outline=255, width=3 * s))

    def double_ring(on, s):
        on.ellipse((8 * s, 2 * s, 20 * s, 14 * s), outline=255, width=2 * s)
        on.ellipse((7 * s, 12 * s, 21 * s, 26 * s), outline=255, width=2 * s)

    assert [only(image, "loops") for image in (one, zero, drawn(double_ring))] == [0, 1, 2]


def test_pixels_that_touch_at_a_corner_are_one_piece():
    cross = np.zeros((1, 5, 5), bool)
    cross[0, 1, 1] = cross[0, 2, 2] = True
    apart = np.zeros((1, 5, 5), bool)
    apart[0, 0, 0] = apart[0, 4, 4] = True
    assert (euler_number(cross)[0], euler_number(apart)[0]) == (1, 2)


def test_ink_is_what_differs_from_the_ground_in_either_direction():
    white_on_black = bar(4, 6)
    there, back = measure(white_on_black), measure(255 - white_on_black)
    for name in ("thickness", "slant", "width", "height", "loops", "x", "y"):
        assert there[name] == pytest.approx(back[name], abs=1e-4), name
    assert (there["ground"][0], back["ground"][0]) == (0, 1)
    assert there["brightness"][0] + back["brightness"][0] == pytest.approx(1)


def test_colors_are_told_apart():
    images = np.zeros((4, 8, 8, 3), np.uint8)
    images[0, ..., 0], images[1, ..., 1], images[2, ..., 2] = 255, 255, 255
    images[3] = 128
    found = measure(images)
    assert found["warmth"].tolist() == [1, 0, -1, 0]
    assert found["green"].tolist() == [-0.5, 1, -0.5, 0]
    assert found["saturation"].tolist() == [1, 1, 1, 0]


@pytest.mark.parametrize("shape", [(8, 8), (8, 8, 3)])
@pytest.mark.parametrize("value", [0, 7, 255])
def test_one_color_alone_measures_nothing_and_everything_is_finite(shape, value):
    found = measure(np.full((2, *shape), value, np.uint8))
    assert set(found) == {each.name for each in MEASURES} == set(BY_NAME)
    assert all(np.isfinite(values).all() and values.shape == (2,) for values in found.values())
    assert not any(found[name].any() for name in found if name not in ("brightness", "ground"))
    assert found["brightness"] == pytest.approx(value / 255) and found["ground"] == pytest.approx(value / 255)
