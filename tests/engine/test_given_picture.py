"""Pictures that people bring to be found: files and drawings, of digits and of anything else."""

from __future__ import annotations

import numpy as np
import pytest
from PIL import Image, ImageDraw

from engine.config import Config
from engine.datasets import digits
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.latent import given_picture

DIGITS = DatasetInfo(5000, tuple("0123456789"), 1, 28)
CONFIG = Config.parse({"dataset": "digits"})
FACES = Config.parse({"dataset": "faces"})
COLOR = DatasetInfo(4000, ("a",), 3, 64)


def paper(size=(300, 200), place=(200, 40, 260, 150), ground=235, ink=30):
    """A photo of a one in a corner of a sheet of paper."""
    image = Image.new("L", size, ground)
    ImageDraw.Draw(image).line(place, fill=ink, width=14)
    return image


def test_a_digit_of_mnist_stays_as_it_is(tmp_path):
    digit = digits.load()[0][0]
    digit = digit.reshape(28, 28)
    Image.fromarray(digit).save(tmp_path / "digit.png")
    assert np.array_equal(given_picture.from_file(tmp_path / "digit.png", CONFIG, DIGITS), digit)
    Image.fromarray(255 - digit).save(tmp_path / "black.png")
    assert np.array_equal(given_picture.from_file(tmp_path / "black.png", CONFIG, DIGITS), digit)


def test_a_photo_of_a_digit_becomes_one_as_mnists_are(tmp_path):
    paper().save(tmp_path / "photo.jpg")
    found = given_picture.from_file(tmp_path / "photo.jpg", CONFIG, DIGITS)
    assert found.shape == (28, 28) and found.dtype == np.uint8
    rows = np.flatnonzero((found > 60).any(1))
    assert rows[-1] - rows[0] + 1 == pytest.approx(20, abs=1)
    mass = found / found.sum()
    places = np.arange(28) + 0.5
    assert ((mass.sum(1) * places).sum(), (mass.sum(0) * places).sum()) == pytest.approx((14, 14), abs=0.6)
    assert found.max() > 200 and found[0].max() < 20


def test_drawings_of_any_size_and_ink_are_understood():
    there = given_picture.from_drawing(np.asarray(paper()), CONFIG, DIGITS)
    inverted = given_picture.from_drawing(255 - np.asarray(paper()), CONFIG, DIGITS)
    colored = given_picture.from_drawing(np.asarray(paper().convert("RGB")), CONFIG, DIGITS)
    assert np.abs(there.astype(int) - inverted).max() <= 2
    assert np.abs(there.astype(int) - colored).max() <= 2
    clear = np.zeros((200, 600, 4), np.uint8)
    clear[:, :300, 3] = 255 - np.asarray(paper())
    wide = given_picture.from_drawing(clear, CONFIG, DIGITS) > 60
    assert abs(wide.sum() - (there > 60).sum()) < 0.2 * (there > 60).sum(), "neither squeezed nor black as a whole"


def test_pictures_in_color_are_prepared_and_no_more(tmp_path):
    Image.effect_noise((100, 50), 100).convert("RGB").save(tmp_path / "face.png")
    assert given_picture.from_file(tmp_path / "face.png", FACES, COLOR).shape == (64, 64, 3)
    assert given_picture.from_drawing(np.asarray(paper()), FACES, COLOR).shape == (64, 64, 3)


@pytest.mark.parametrize(("config", "facts"), [(CONFIG, DIGITS), (FACES, COLOR)])
class TestRefused:
    def test_an_empty_canvas(self, config, facts):
        with pytest.raises(UserError, match="nothing on the picture"):
            given_picture.from_drawing(np.full((280, 280), 255, np.uint8), config, facts)

    def test_what_is_no_picture(self, config, facts, tmp_path):
        (tmp_path / "text.png").write_text("no picture")
        with pytest.raises(UserError, match="no picture that can be looked for"):
            given_picture.from_file(tmp_path / "text.png", config, facts)
        for path in (tmp_path / "absent.png", tmp_path):
            with pytest.raises(UserError, match="could not be read"):
                given_picture.from_file(path, config, facts)

    def test_a_sheet_with_nothing_on_it(self, config, facts, tmp_path):
        Image.new("L", (40, 40), 200).save(tmp_path / "sheet.png")
        with pytest.raises(UserError, match="nothing on the picture"):
            given_picture.from_file(tmp_path / "sheet.png", config, facts)
