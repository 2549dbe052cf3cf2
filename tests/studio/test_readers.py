"""What is read in the background: real images of any shape, none at hand, speeds, and a recipe's story."""

import numpy as np
import pytest

from engine.amounts import duration
from engine.config import Config
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.recipes import RECIPES, recipe
from engine.runs import RunInfo
from studio import language
from studio.model.measurements import Estimate
from studio.services.readers import (
    ImagesAbsent,
    data_of,
    look_at_images,
    same_images,
)
from studio.text.recipe import recipe_story

SIDE = 8


def show(monkeypatch, labels, names, channels=1):
    labels = np.array(labels, np.int64)
    images = np.full((len(labels), channels, SIDE, SIDE), 200, np.uint8)
    monkeypatch.setattr(catalog, "is_at_hand", lambda _: True)
    monkeypatch.setattr(catalog, "load", lambda _: ImageData(images, labels, names))
    return look_at_images(Config())


def test_real_digits_have_a_class_to_a_column():
    found = look_at_images(Config())
    assert found.grid.shape == (6 * 30 - 2, 10 * 30 - 2)
    assert found.class_names == tuple("0123456789") and found.size == 28 and found.image_count == 5000


def test_a_class_with_fewer_images_ends_in_black(monkeypatch):
    found = show(monkeypatch, [0, 0, 0, 1], ("a", "b"))
    assert found.grid.shape == (3 * (SIDE + 2) - 2, 2 * (SIDE + 2) - 2)
    assert (found.grid[-SIDE:, :SIDE] == 200).all() and (found.grid[-SIDE:, -SIDE:] == 0).all()


def test_an_empty_class_is_a_black_column(monkeypatch):
    found = show(monkeypatch, [1, 1], ("a", "b"))
    assert (found.grid[:, :SIDE][:SIDE] == 0).all() and (found.grid[:SIDE, -SIDE:] == 200).all()


@pytest.mark.parametrize("count", [1, 59, 500])
def test_images_without_classes_fill_a_grid(monkeypatch, count):
    found = show(monkeypatch, [-1] * count, (), channels=3)
    rows = min(-(-count // 10), 6)
    assert found.grid.shape == (rows * (SIDE + 2) - 2, 10 * (SIDE + 2) - 2, 3)
    assert found.class_names == () and found.image_count == count


def test_what_would_have_to_be_fetched_is_left_alone(monkeypatch, tmp_path):
    def fetch(_config):
        raise AssertionError("a choice must not download")

    monkeypatch.setattr(catalog, "load", fetch)
    config = Config(dataset="mnist", data_root=str(tmp_path))
    assert look_at_images(config) == ImagesAbsent(config)
    assert look_at_images(Config(dataset="pictures")) == ImagesAbsent(Config(dataset="pictures"))


def test_which_options_make_other_images():
    assert same_images(Config(), Config(epochs=3, data_range="0..1", output="sigmoid"))
    assert not same_images(Config(), Config(classes=(3, 8)))
    assert not same_images(Config(), Config(image_size=32))


@pytest.mark.parametrize(("architecture", "names"), [("mlp", ()), ("pixelshuffle", ("a", "b"))])
def test_a_history_knows_the_classes_that_can_be_asked_for(architecture, names):
    history = data_of(RunInfo(Config(architecture=architecture, batch_size=32), DatasetInfo(100, ("a", "b"), 1, 28)))
    assert (history.class_names, history.batch_size, history.image_count) == (names, 32, 100)


@pytest.mark.parametrize("name", RECIPES)
def test_a_story_says_what_the_recipe_shows_and_what_to_expect(name):
    story = recipe_story(recipe(name).config(), None)
    assert RECIPES[name].summary in story and RECIPES[name].expect in story
    assert "takes about" not in story


def test_a_story_says_what_it_takes_and_how_one_knows():
    config = recipe("studio").config()
    here = recipe_story(config, Estimate(config, 10.0, 623e6, True))
    assert "about 10 seconds and 620 MB, as trainings on this machine" in here
    table = recipe_story(config, Estimate(config, 100.0, 2.34e9, False))
    assert "about 2 minutes on two cores" in table and "2.3 GB" in table
    assert "takes about" not in recipe_story(config, Estimate(config, None, 1e8, True))


def test_an_unknown_recipe_has_no_story():
    assert recipe_story(Config(recipe="gone"), None) == ""


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "1 second"),
        (40.4, "40 seconds"),
        (100, "2 minutes"),
        (5000, "83 minutes"),
        (7200, "2 hours"),
        (4e5, "5 days"),
    ],
)
def test_durations_are_estimates(seconds, said):
    assert duration(seconds) == said


def test_a_story_follows_the_language(qapp):
    before = recipe_story(recipe("studio").config(), None)
    language.switch("es")
    assert recipe_story(recipe("studio").config(), None) != before


def test_the_real_images_are_counted_class_by_class():
    seen = look_at_images(recipe("studio").config(classes=(3, 8), max_images=7))
    assert seen.class_names == ("3", "8")
    assert sorted(seen.class_counts) == [3, 4] and seen.image_count == 7
