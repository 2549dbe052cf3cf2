"""Lines in one handwriting: what is drawn, what the judge reads of it, and where it stands."""

from __future__ import annotations

import numpy as np
import pytest

from engine.config import Config
from engine.errors import UserError
from engine.evaluation.reader import Reader
from engine.latent import handwriting
from engine.latent.typicality import lengths

NAMES = tuple("0123456789")
SIDE = 28


class Pen:
    """A generator that draws class k as a bar of k + 4 rows; z[0] > 0 makes it unreadable for who looks for that."""

    z_dim, class_count = 8, 10

    def render(self, z, labels):
        images = np.zeros((len(z), SIDE, SIDE), np.uint8)
        for image, label, each in zip(images, labels, z, strict=True):
            image[4 : 8 + label, 12:16] = 255
            image[0, 0] = each[0] > 0
        return images


class Strict(Reader):
    """Reads the length of the bar, but 7 where a pixel of the corner says that it is unreadable."""

    def __init__(self):
        self._config = Config()

    def read(self, images):
        bars = (images[:, :, 13] > 0).sum(1) - 4
        bad = images[:, 0, 0] > 0
        return np.where(bad, 7, bars), np.where(bad, 0.9, 0.8).astype(np.float32)


def write(text, **how):
    return handwriting.write(Pen(), Strict(), text, NAMES, **how)


def test_each_digit_is_drawn_with_nearly_the_same_hand():
    line = write("2202", seed=3)
    z = np.stack([each.z for each in line])
    alike = (z / np.linalg.norm(z, axis=1, keepdims=True)) @ (z / np.linalg.norm(z, axis=1, keepdims=True)).T
    other = write("2202", seed=4)[0].z
    assert alike.min() > 0.7 and len(np.unique(z, axis=0)) == 4
    assert abs(z[0] @ other) < 0.7 * np.linalg.norm(z[0]) * np.linalg.norm(other)
    assert [each.label for each in line] == [2, 2, 0, 2]
    assert lengths(z) == pytest.approx(1, abs=0.6)


def test_the_same_seed_is_the_same_line():
    one, other = (handwriting.line(write("31", seed=1), 40, seed=1).picture for _ in range(2))
    assert np.array_equal(one, other)


def test_under_each_digit_stands_whether_it_is_read():
    line = write("12345678", seed=0)
    for each in line:
        bad = each.z[0] > 0
        assert each.reading == (7, pytest.approx(0.9)) if bad else (each.label, pytest.approx(0.8))
        assert each.is_readable is (not bad or each.label == 7)
    assert {each.is_readable for each in line} == {True, False}


def test_what_cannot_be_read_is_drawn_again_on_wish_and_the_rest_stays():
    before, after = write("12345678", seed=0), write("12345678", seed=0, redraw=True)
    assert all(each.is_readable for each in after)
    kept = [np.array_equal(one.z, other.z) for one, other in zip(before, after, strict=True)]
    assert kept == [each.is_readable for each in before]


def test_without_a_judge_nobody_says_anything():
    class Blind(Strict):
        def read(self, images):
            return None

    line = handwriting.write(Pen(), Blind(), "1-2", NAMES)
    assert [each.is_readable for each in line] == [None] * 3
    assert (
        handwriting.describe(line, NAMES)
        == "No judge has learned these images on this computer yet: one does while they are trained on."
    )


def test_what_the_judge_reads_is_told():
    good, bad = (handwriting.Character("4", 4, reading=reading) for reading in ((4, 0.8), (9, 0.625)))
    assert handwriting.describe([good], NAMES) == "The judge reads every character."
    assert handwriting.describe([good, bad], NAMES) == "The judge reads 4 as 9 (62%)."


def test_signs_are_drawn_with_a_pen_as_wide_as_the_hands():
    line = write("98-9", seed=0)
    sign = line[2]
    assert (sign.text, sign.label, sign.z, sign.picture, sign.is_readable) == ("-", -1, None, None, None)
    picture = handwriting.line([line[0], sign, line[1]], 112).picture
    inked = picture[..., 3] > 128
    columns = np.flatnonzero(inked.any(0))
    starts = columns[np.flatnonzero(np.diff(columns, prepend=-9) > 1)]
    assert len(starts) == 3
    bar = inked[:, starts[0] : starts[1]].any(0).sum()
    dash = inked[:, starts[1] : starts[2]]
    assert dash.any(1).sum() == pytest.approx(bar, abs=bar * 0.3)


@pytest.mark.parametrize("height", [16, 64, 200])
def test_the_line_is_as_high_as_asked_for_black_and_transparent(height):
    picture = handwriting.line(write("+34 (600) 1/2.3,4:5–6"), height).picture
    assert picture.shape[0] == height and picture.shape[2] == 4 and picture.dtype == np.uint8
    assert not picture[..., :3].any()
    assert picture[..., 3].max() == 255 and not picture[0, :, 3].any() and not picture[:, 0, 3].any()


def test_a_space_leaves_room_and_narrow_digits_take_little():
    def width(text):
        return handwriting.line(write(text), 56).picture.shape[1]

    assert width("1 1") > width("11") + 10
    assert width("1111") < 56 * 2


def test_places_say_where_each_character_stands():
    text = "3 1-2"
    made = handwriting.line(write(text), 56)
    inked = made.picture[..., 3].any(0)
    assert len(made.places) == len(text)
    for character, (left, right) in zip(text, made.places, strict=True):
        assert inked[left : right - 1].any() == (character != " ")
        assert character == " " or not (inked[left - 1] or inked[right])
    assert [left for left, _ in made.places] == sorted(left for left, _ in made.places)


def test_pictures_in_color_keep_their_colors():
    picture = np.zeros((SIDE, SIDE, 3), np.uint8)
    picture[8:20, 8:20] = (200, 30, 0)
    line = handwriting.line([handwriting.Character("1", 1, np.zeros(8, np.float32), picture)], SIDE).picture
    assert line[14, line.shape[1] // 2].tolist() == [200, 30, 0, 255]


@pytest.mark.parametrize("text", ["", "2a5", "x" * 101, "1" * 101, "\n"])
def test_what_cannot_be_written_is_refused(text):
    with pytest.raises(UserError):
        write(text)


def test_runs_without_labels_or_with_long_names_are_refused():
    class NoLabels(Pen):
        class_count = 0

    with pytest.raises(UserError, match="takes no labels"):
        handwriting.write(NoLabels(), Strict(), "1", ())
    with pytest.raises(UserError, match="cannot write"):
        handwriting.write(Pen(), Strict(), "1", tuple(f"class {n}" for n in range(10)))


@pytest.mark.parametrize("height", [15, 1025])
def test_a_height_out_of_range_is_refused(height):
    with pytest.raises(UserError, match="16 to 1024"):
        handwriting.line(write("1"), height)
