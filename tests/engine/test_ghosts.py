"""The shipped bands of healthy runs: whole, of recipes that exist, and shown only to runs that should lie in them."""

import numpy as np
import pytest

from engine.ghosts import SERIES, fitting, read_ghosts
from engine.lessons import library
from engine.lessons.lesson import LessonStep
from engine.recipes import DEFAULT_RECIPE, RECIPES

GHOSTS = read_ghosts()


@pytest.mark.parametrize("ghost", GHOSTS, ids=lambda ghost: f"{ghost.recipe}-{ghost.total_images}")
def test_a_band_is_whole_and_of_several_runs(ghost):
    assert ghost.recipe in RECIPES and ghost.runs >= 3
    assert ghost.low.shape == ghost.high.shape == (len(SERIES), len(ghost.x))
    assert np.isfinite(ghost.low).all() and (ghost.low <= ghost.high).all() and (np.diff(ghost.x) > 0).all()
    assert ghost.low[2:].min() >= 0 and ghost.high[2:].max() <= 1


def test_the_default_recipe_has_one_for_about_its_length_which_its_learning_rate_follows():
    recipe = RECIPES[DEFAULT_RECIPE]
    ghost = fitting(GHOSTS, recipe.config(), 120_000)
    assert ghost is not None and ghost.total_images == 120_000
    again = fitting(GHOSTS, recipe.config(seed=7, threads=2, log_every=5), 120_000)
    assert again is not None and (again.x == ghost.x).all()
    shorter = fitting(GHOSTS, recipe.config(epochs=16), 80_000)
    assert shorter is not None and shorter.x[-1] == pytest.approx(16) and (shorter.low == ghost.low).all()
    for other in (recipe.config(d_lr=0.01), recipe.config(classes=(3, 8))):
        assert fitting(GHOSTS, other, 120_000) is None
    for length in (30_000, 240_000):
        assert fitting(GHOSTS, recipe.config(), length) is None


def test_lesson_one_has_one_of_runs_that_were_as_short_as_its_own():
    """The learning rates of its recipe follow the length: a band of longer runs says nothing of it."""
    steps = [
        each for each in library.load().in_language("01-what-is-a-gan", "en").pages if isinstance(each, LessonStep)
    ]
    (setup,) = (each.setup for each in steps if each.setup is not None)
    config = RECIPES[setup.recipe].config(**setup.values)
    images = config.epochs * 5_000
    ghost = fitting(GHOSTS, config, images)
    assert ghost is not None and ghost.total_images == images and ghost.x[-1] == pytest.approx(config.epochs)


@pytest.mark.parametrize(("name", "count"), [("mlp-fashion", 5_000), ("dcgan-3-8", 1_000)])
def test_a_recipe_whose_rates_stay_has_one_for_any_length_of_the_lessons_data(name, count):
    recipe = RECIPES[name]
    for epochs in (5, 60):
        ghost = fitting(GHOSTS, recipe.config(dataset="digits", epochs=epochs), count * epochs)
        assert ghost is not None and ghost.recipe == name
    assert fitting(GHOSTS, recipe.config(dataset="kmnist"), 300_000) is None
