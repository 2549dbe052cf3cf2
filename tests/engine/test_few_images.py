"""Any number of real images from 1 on trains, is judged where there are enough to compare with, and resumes."""

import numpy as np
import pytest
from PIL import Image

from engine.datasets.info import FEWEST_JUDGED
from engine.evaluation.evaluate import evaluate
from engine.events import Finished
from engine.trainer import Trainer
from tests import tiny

COUNTS = [1, 2, 3, 4, 11]
VALUES = {"eval_time_percent": 50.0, "total_images": 16, "sample_rows": 1}


def train(folder, **values):
    events = list(Trainer(tiny.config(**VALUES | values), folder).run())
    assert isinstance(events[-1], Finished)
    assert bool(folder.qualities()) == (folder.info().facts.image_count >= FEWEST_JUDGED)
    for quality in folder.qualities():
        measures = (quality.frechet, quality.frechet_real, quality.precision, quality.recall, quality.memorization)
        assert np.isfinite(measures).all()


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize(
    "values", [{}, {"architecture": "mlp"}, {"classes": (3,)}], ids=["ten", "unconditional", "one"]
)
def test_few_digits(folder, count, values):
    train(folder, max_images=count, **values)
    assert folder.info().facts.image_count == count


def test_a_run_of_one_image_can_be_evaluated(folder, fewer_digits):
    train(folder, max_images=1)
    assert evaluate(folder, 200).last_look is None


@pytest.mark.parametrize("count", COUNTS)
@pytest.mark.parametrize("classes", [0, 1, 2], ids=["no classes", "one class", "two classes"])
def test_few_own_pictures(folder, tmp_path, count, classes):
    random = np.random.default_rng(0)
    for index in range(count):
        place = tmp_path / "pictures" / (f"class {index % classes}" if classes else "")
        place.mkdir(parents=True, exist_ok=True)
        Image.fromarray(random.integers(0, 256, (28, 28), np.uint8)).save(place / f"{index}.png")
    train(folder, dataset="pictures", data_root=str(tmp_path / "pictures"))
    assert folder.info().facts.image_count == count
