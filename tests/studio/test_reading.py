"""What reads pictures of a run is made once, and a judge that learned on this machine is found by the run's images."""

from __future__ import annotations

import numpy as np
import pytest

from engine.config import Config
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.evaluation import judge_store
from engine.evaluation.judge import Judge
from engine.evaluation.reader import open_reader
from engine.job import Progress, result_of
from studio.services.reading import Readers

CONFIG = Config.parse({"dataset": "pictures"})


@pytest.fixture
def data(monkeypatch, tmp_path):
    """Own pictures of two classes that are at hand, and a judge that learned on them."""
    images = np.random.default_rng(0).integers(0, 255, (40, 1, 16, 16)).astype(np.uint8)
    data = ImageData(images, np.arange(40) % 2, ("cat", "dog"))

    def read(config):
        yield Progress(0, 1)
        return data

    monkeypatch.setattr(catalog, "is_at_hand", lambda config: True)
    monkeypatch.setattr(catalog, "read", read)
    monkeypatch.setattr(judge_store.places, "judges_root", lambda: tmp_path / "judges")
    return data


def kept(data):
    judge_store.keep(Judge(2, 1).eval(), data)


def test_a_judge_of_own_pictures_is_found_by_them(data):
    assert result_of(open_reader(CONFIG, data.facts)).judge is None
    kept(data)
    reading = open_reader(CONFIG, data.facts)
    assert isinstance(next(reading), Progress), "which takes time, and is told"
    reader = result_of(open_reader(CONFIG, data.facts))
    assert reader.judge is not None and reader.probabilities(data.images[:3, 0]).shape == (3, 2)


def test_other_images_and_none_leave_nobody_to_read(data, monkeypatch):
    kept(data)
    other = data.subset(20)
    assert result_of(open_reader(CONFIG, other.facts)).judge is None
    monkeypatch.setattr(catalog, "is_at_hand", lambda config: False)
    assert result_of(open_reader(CONFIG, data.facts)).judge is None


def test_the_images_are_read_once_and_again_where_no_judge_had_learned(data):
    now = [0.0]
    readers = Readers(clock=lambda: now[0])
    first = result_of(readers.of(CONFIG, data.facts))
    kept(data)
    assert result_of(readers.of(CONFIG, data.facts)) is first
    now[0] += 100
    learned = result_of(readers.of(CONFIG, data.facts))
    assert learned.judge is not None
    now[0] += 100
    assert result_of(readers.of(CONFIG, data.facts)) is learned
