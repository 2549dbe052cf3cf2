"""Faces in the window: the recipe shows them before training, and what nobody fetches is not promised."""

import numpy as np

from engine.datasets import catalog
from engine.datasets.sets import DATASETS
from tests.studio.hands import set_by_hand

REAL_READ = catalog.read  # before `tiny_gan` puts its digits in its place


def test_the_recipe_shows_real_faces_by_color_of_hair(window, qtbot, monkeypatch):
    monkeypatch.setattr(catalog, "read", REAL_READ)
    window.wake()
    set_by_hand(window.run_bar.recipe_box, "faces")
    grid = window.sample_view.grid
    qtbot.waitUntil(lambda: grid.picture is not None and grid.picture.ndim == 3)
    assert window.run_bar.dataset_box.currentData() == "faces"
    assert window.run_bar.dataset_box.toolTip() == DATASETS["faces"].summary
    assert grid.picture.shape[1] > 8 * 64 and np.ptp(grid.picture, axis=2).max() > 100, "eight columns, in color"


def test_photographs_that_nobody_fetches_are_not_promised(window, qtbot, tmp_path):
    window.wake()
    window.plans.show_config(window.options_form.config().changed(dataset="celeba", data_root=str(tmp_path)))
    grid = window.sample_view.grid
    qtbot.waitUntil(lambda: "These images are not in the data folder." in grid.placeholder)
    assert "img_align_celeba" in grid.placeholder and "fetched" not in grid.placeholder
