"""The shipped bands of healthy runs: whole, of recipes that exist, and shown only to runs that should lie in them."""

import numpy as np

from engine.ghosts import SERIES, read_ghosts
from engine.recipes import DEFAULT_RECIPE, RECIPES


def test_the_default_recipe_has_a_band_of_several_runs():
    ghosts = read_ghosts()
    assert DEFAULT_RECIPE in ghosts and ghosts.keys() <= RECIPES.keys()
    for ghost in ghosts.values():
        assert ghost.runs >= 3 and ghost.low.shape == ghost.high.shape == (len(SERIES), len(ghost.x))
        assert np.isfinite(ghost.low).all() and (ghost.low <= ghost.high).all() and (np.diff(ghost.x) > 0).all()
        assert ghost.low[2:].min() >= 0 and ghost.high[2:].max() <= 1


def test_a_band_is_for_runs_of_its_recipe_and_length_alone():
    ghost, recipe = read_ghosts()[DEFAULT_RECIPE], RECIPES[DEFAULT_RECIPE]
    total = ghost.total_images
    assert ghost.fits(recipe.config(seed=7, threads=2, log_every=5), total)
    assert not ghost.fits(recipe.config(d_lr=0.01), total)
    assert not ghost.fits(recipe.config(classes=(3, 8)), total)
    assert not ghost.fits(recipe.config(), 2 * total)
    other = next(name for name in RECIPES if name != DEFAULT_RECIPE)
    assert not ghost.fits(RECIPES[other].config(), total)
