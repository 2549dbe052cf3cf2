"""The strips of pictures that show what one option does: those that are shipped, and how they are made."""

from __future__ import annotations

import importlib.util
import json

import numpy as np
import pytest
from PIL import Image

from engine.config import OPTIONS
from engine.diagnosis.own import DETECTORS
from engine.knob_strips import FOLDER, MANIFEST, KnobPicture, KnobStrip, read_strips
from engine.recipes import RECIPES
from tests import tiny

STRIPS = read_strips()
MOST_BYTES = 1_500_000


def strip(*values):
    pictures = tuple(KnobPicture(value, np.zeros((4, 4), np.uint8), 1.0, {}) for value in values)
    return KnobStrip(("d_lr",), pictures, "studio", 100, 50, 0)


@pytest.mark.parametrize(("value", "place"), [(1.0, 0), (4.0, 2), (1.5, 0.5), (3.0, 1.5), (0.5, -0.5), (9.0, 2.5)])
def test_a_value_stands_at_its_picture_or_between_two(value, place):
    assert strip(1.0, 2.0, 4.0).place(value) == place


def test_every_option_with_a_safe_range_has_a_strip():
    assert set(STRIPS) == {name for name, spec in OPTIONS.items() if spec.safe is not None}
    assert len(STRIPS) == 11, "of ten sweeps: both players have their β1"


def test_all_strips_together_are_small():
    assert sum(path.stat().st_size for path in FOLDER.iterdir() if path.is_file()) <= MOST_BYTES


@pytest.mark.parametrize("name", STRIPS)
def test_a_shipped_strip_tells_good_from_bad_and_holds_what_the_option_declares(name):
    found, spec = STRIPS[name], OPTIONS[name]
    values = [picture.value for picture in found.pictures]
    assert values == sorted(set(values)) and 5 <= len(values) <= 7
    assert spec.minimum <= values[0] and values[-1] <= spec.maximum
    assert len({picture.picture.shape for picture in found.pictures}) == 1 and found.pictures[0].picture.ndim == 2
    assert all(picture.picture.std() > 10 for picture in found.pictures), "none is blank"
    best = min((picture for picture in found.pictures if picture.frechet), key=lambda picture: picture.frechet)
    worst = max(picture.frechet or 1e9 for picture in found.pictures)
    assert worst > 1.3 * best.frechet, "the option makes a difference"
    low, high = spec.safe
    assert low <= getattr(RECIPES[found.recipe].config(), name) <= high
    assert all(set(picture.troubles) <= set(DETECTORS) for picture in found.pictures)
    inside = [picture for picture in found.pictures if low <= picture.value <= high]
    assert not any({"d-wins", "g-wins", "rate-too-high"} & set(picture.troubles) for picture in inside)


@pytest.mark.parametrize("name", [name for name, spec in OPTIONS.items() if spec.safe is not None])
def test_a_safe_range_lies_within_what_is_allowed(name):
    spec = OPTIONS[name]
    assert spec.minimum <= spec.safe[0] < spec.safe[1] <= spec.maximum
    assert spec.tune is None or (spec.tune.low <= spec.safe[1] and spec.safe[0] <= spec.tune.high)


# --- how they are made


@pytest.fixture
def maker(tmp_path, monkeypatch):
    spec = importlib.util.spec_from_file_location("make_knobs", FOLDER / "make_knobs.py")
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    monkeypatch.setattr(made, "PLACE", tmp_path / "place")
    monkeypatch.setattr(made, "SWEEPS", {"d_lr": made.Sweep(("d_lr",), (0.001, 0.01)),
                                         "beta1": made.Sweep(("g_beta1", "d_beta1"), (0.0, 0.5))})  # fmt: skip
    (tmp_path / "place").mkdir()
    (tmp_path / "work").mkdir()
    return made


def told(frechet, *troubles):
    evidence = [["twins", 10, 20, [0.5]]]
    found = [{"failure_mode": name, "evidence": evidence} for name in troubles]
    return {"frechet": frechet, "epoch_images": 50, "troubles": found}


def test_what_was_trained_becomes_strips_and_those_that_are_not_complete_wait(maker, tmp_path):
    for value, (frechet, *troubles) in {0.001: (3.0,), 0.01: (None, "not-finite")}.items():
        picture, record = maker.places(maker.config_of("d_lr", value), tmp_path / "work")
        shade = np.full((4 * 9 - 1, 5 * 9 - 1), 255 if value == 0.01 else 17, np.uint8)
        Image.fromarray(shade).save(picture)
        record.write_text(json.dumps(told(frechet, *troubles)))
    maker.write_strips(tmp_path / "work")
    found = read_strips(tmp_path / "place")
    assert list(found) == ["d_lr"] and found["d_lr"].images == maker.IMAGES
    good, bad = found["d_lr"].pictures
    assert good.picture.shape == (5 * 9 - 1, 4 * 9 - 1) and (good.picture[0, 0], bad.picture[0, 0]) == (17, 255)
    assert (good.value, good.frechet, bad.frechet) == (0.001, 3.0, None)
    assert bad.troubles["not-finite"][0].numbers == (0.5,) and not good.troubles
    before = (tmp_path / "place" / MANIFEST).read_text()
    maker.write_strips(tmp_path / "nothing")
    assert (tmp_path / "place" / MANIFEST).read_text() == before, "what was made stays"


def test_a_training_is_made_once_and_its_picture_is_what_g_draws(maker, tmp_path, monkeypatch):
    monkeypatch.setattr("engine.datasets.catalog.read", tiny.read)
    config = tiny.config(total_images=80, eval_time_percent=25.0)
    found = maker.trained(config, tmp_path / "work")
    assert found["images_seen"] == 80 and found["frechet"] > 0 and found["epoch_images"] == tiny.COUNT
    with Image.open(maker.places(config, tmp_path / "work")[0]) as picture:
        assert picture.size == (5 * 9 - 1, 4 * 9 - 1)
    monkeypatch.setattr(maker, "train", None)
    assert maker.trained(config, tmp_path / "work") == found
