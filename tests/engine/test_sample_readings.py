"""What the judge reads in a sample, and the training image that is nearest to it."""

import numpy as np
import pytest
import torch

from engine.datasets import digits
from engine.datasets.images import ImageData
from engine.evaluation import classifier_trainer
from engine.evaluation.judge import Judge
from engine.evaluation.nearest_real import NearestReal
from engine.evaluation.sample_inspector import SampleInspector
from tests import tiny
from tests.engine.inspected import Z, color, config, examiner, players


class TestReading:
    def test_the_shipped_judge_reads_a_digit_in_the_runs_own_order(self):
        images, labels = digits.load()
        data = ImageData(images[:, None], labels, tuple("0123456789")).select_classes((3, 8))
        made = SampleInspector(config(classes=(3, 8)), data.facts, data)
        made.load(*players(config(classes=(3, 8)), data.facts))
        read = [made.read(image) for image in data.images[::50, 0]]
        assert np.mean([a[0] == label for a, label in zip(read, data.labels[::50], strict=True)]) > 0.95
        assert np.median([probability for _, probability in read]) > 0.9

    @pytest.mark.parametrize("values", [{"classes": (3, 12)}, {"classes": (3, 8)}])
    def test_classes_that_the_judge_does_not_know_are_not_read(self, values):
        assert examiner(config(**values)).inspect(Z[0], 3).reading is None

    def test_a_judge_that_learns_beside_the_training_is_found_when_it_is_ready(self):
        data, options = tiny.data(), config(dataset="kmnist")
        made = examiner(options, data)
        assert made.inspect(Z[0], 3).reading is None
        judge = Judge(10, 1)
        with torch.no_grad():
            judge.head.weight.zero_()
            judge.head.bias.copy_(torch.arange(10) == 6)
        school = classifier_trainer.ClassifierTrainer(data)
        school.judge = judge
        school.finish()
        made.load(*players(options, data.facts))
        assert made.inspect(Z[0], 3).reading == (6, pytest.approx(np.e / (np.e + 9), abs=1e-5))


class TestNearest:
    def test_a_planted_copy_is_found(self):
        data = tiny.data()
        picture = examiner().inspect(Z[0], 3).image
        images = data.images.copy()
        images[37, 0] = picture
        found = examiner(data=ImageData(images, data.labels, data.class_names)).inspect(Z[0], 3)
        assert (found.neighbor_index, found.neighbor_distance) == (37, 0.0)
        assert found.neighbor_label == data.labels[37] and np.array_equal(found.neighbor, picture)

    @pytest.mark.parametrize("change", [lambda data: data, color])
    @pytest.mark.parametrize("chunk", [1, 3 * 64, 2**19])
    def test_it_is_the_nearest_in_whatever_chunks(self, monkeypatch, change, chunk):
        monkeypatch.setattr("engine.evaluation.nearest_real._CHUNK_PIXELS", chunk)
        data = change(tiny.data())
        nearest = NearestReal(data)
        flat = data.images.reshape(80, -1).astype(float)
        between = np.sqrt(((flat[:, None] - flat) ** 2).mean(2)) / 255
        between[np.diag_indices(80)] = np.inf
        assert nearest.usual_distance == pytest.approx(np.median(between.min(1)), abs=1e-4)
        picture = np.moveaxis(data.images[5], 0, -1).squeeze().copy()
        picture[0, 0] += 3
        found = nearest.find(picture)
        assert found.index == 5 and found.distance == pytest.approx(3 / 255 / 8, rel=1e-4)

    def test_images_on_a_disk_are_searched_without_being_taken_into_memory(self, tmp_path, monkeypatch):
        monkeypatch.setattr("engine.evaluation.nearest_real._CHUNK_PIXELS", 2**12)
        images = np.random.default_rng(0).integers(0, 255, (60, 1, 32, 32), np.uint8)
        np.save(tmp_path / "images.npy", images)
        mapped = np.load(tmp_path / "images.npy", mmap_mode="r")
        taken = []

        class Watched(np.memmap):
            def __getitem__(self, key):
                part = super().__getitem__(key)
                taken.append(len(part))
                return part

        nearest = NearestReal(ImageData(mapped.view(Watched), np.full(60, -1), ()))
        assert nearest.find(images[44, 0]).index == 44
        assert max(taken) <= 4

    @pytest.mark.parametrize("value", [0, 255])
    def test_equal_images_are_no_distance_apart_and_the_first_is_named(self, value):
        data = ImageData(np.full((4, 1, 8, 8), value, np.uint8), np.zeros(4, np.int64), ("a",))
        nearest = NearestReal(data)
        assert nearest.usual_distance == 0 and nearest.find(data.images[0, 0]).index == 0
        assert nearest.find(np.full((8, 8), 255 - value, np.uint8)).distance == pytest.approx(1)

    def test_a_single_image_has_no_usual_distance(self):
        data = ImageData(np.zeros((1, 1, 8, 8), np.uint8), np.zeros(1, np.int64), ("a",))
        assert NearestReal(data).usual_distance is None
