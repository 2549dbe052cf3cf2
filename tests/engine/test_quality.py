import json

import numpy as np
import pytest
import torch
from scipy import linalg
from torch import nn

from engine.datasets import digits
from engine.datasets.images import ImageData
from engine.evaluation import classifier_trainer, neighbors
from engine.evaluation import evaluator as evaluators
from engine.evaluation.distances import Moments, frechet_distance, frechet_interval, moments
from engine.evaluation.evaluator import COUNT, Evaluator
from engine.events import EvaluatorTraining, QualityReady
from engine.pictures import as_pictures
from engine.recipes import recipe
from engine.runs import RunFolder
from engine.runs.quality import format_line, parse
from engine.trainer import Trainer
from tests import tiny

CPU = torch.device("cpu")


class Replay(nn.Module):
    """A generator that gives back real images: those of the label asked for, or whatever ``choose`` says."""

    def __init__(self, data, choose):
        super().__init__()
        self._images = torch.from_numpy(data.images).float() / 127.5 - 1
        self._choose = choose
        self._begin = 0

    def forward(self, z, labels):
        numbers = np.arange(self._begin, self._begin + len(z))
        self._begin = (self._begin + len(z)) % COUNT
        return self._images[self._choose(numbers, labels.numpy())]


@pytest.fixture(scope="module")
def data():
    images, labels = digits.load()
    return ImageData(images[:, None], labels, tuple("0123456789"))


@pytest.fixture(scope="module")
def meter(data):
    return Evaluator(recipe("studio").config(), data)


def by_label(data):
    members = [np.flatnonzero(data.labels == label) for label in range(10)]
    return lambda numbers, labels: np.array([members[b][a // 10] for a, b in zip(numbers, labels, strict=True)])


def test_the_frechet_distance_is_the_published_one():
    random = np.random.default_rng(0)
    a, b = random.normal(size=(300, 6)), random.normal(1, 2, size=(400, 6))
    one, two = moments(a), moments(b)
    root = linalg.sqrtm(one.covariance @ two.covariance).real
    gap = one.mean - two.mean
    expected = gap @ gap + np.trace(one.covariance + two.covariance - 2 * root)
    assert frechet_distance(one, two) == pytest.approx(expected)
    shifted = Moments(one.mean + 3, one.covariance)
    assert frechet_distance(one, shifted) == pytest.approx(6 * 9)


def test_the_interval_holds_the_distance_and_narrows_with_more_samples():
    random = np.random.default_rng(0)
    reference = moments(random.normal(size=(4000, 5)))
    widths = []
    for count in (100, 2000):
        features = random.normal(0.5, 1, size=(count, 5))
        low, high = frechet_interval(features, reference)
        assert low < frechet_distance(moments(features), reference) < high
        widths.append(high - low)
    assert widths[1] < widths[0] / 2


def test_neighbors_agree_with_a_plain_search():
    random = np.random.default_rng(1)
    a, b = random.normal(size=(700, 4)).astype(np.float32), random.normal(size=(30, 4)).astype(np.float32)
    table = np.linalg.norm(a[:, None] - b[None], axis=2)
    indices, distances = neighbors.nearest(a, b)
    assert np.array_equal(indices, table.argmin(1))
    assert np.allclose(distances, table.min(1), atol=1e-4)
    own = np.sort(np.linalg.norm(b[:, None] - b[None], axis=2), axis=1)
    assert np.allclose(neighbors.radii(b, 3), own[:, 3], atol=1e-4)


def test_precision_is_fidelity_and_recall_is_variety():
    random = np.random.default_rng(2)
    two_modes = np.concatenate([random.normal(0, 1, (200, 3)), random.normal(50, 1, (200, 3))]).astype(np.float32)
    one_mode = random.normal(0, 1, (400, 3)).astype(np.float32)
    precision, recall = neighbors.precision_and_recall(two_modes, one_mode)
    assert precision > 0.8 and 0.4 < recall < 0.55
    precision, recall = neighbors.precision_and_recall(one_mode, two_modes)
    assert 0.4 < precision < 0.55 and recall > 0.8
    far = one_mode + 1000
    assert neighbors.precision_and_recall(two_modes, far) == (0.0, 0.0)


def test_real_digits_are_judged_real_varied_and_readable(data, meter):
    quality = meter.measure(Replay(data, by_label(data)), CPU, 3, 15_000)
    assert (quality.epoch, quality.images_seen, quality.count) == (3, 15_000, COUNT)
    assert quality.accuracy > 0.98 and quality.low_confidence < 0.02
    assert quality.frechet < 2 * quality.frechet_real
    assert quality.precision > 0.7 and quality.recall > 0.7
    assert quality.memorization == 1.0  # they are training images
    assert np.allclose(quality.histogram, 0.1, atol=0.02)
    assert np.allclose(np.sum(quality.confusion_matrix, axis=1), 1) and np.trace(quality.confusion_matrix) > 9.8


def test_a_collapsed_generator_is_seen_through(data, meter):
    ones = np.flatnonzero(data.labels == 1)[:3]
    quality = meter.measure(Replay(data, lambda numbers, labels: ones[numbers % 3]), CPU, 1, 1)
    assert quality.duplicates == 1.0 and quality.recall < 0.2
    assert quality.accuracy == pytest.approx(0.1, abs=0.02)
    assert quality.histogram[1] > 0.95
    assert quality.frechet > 10 * quality.frechet_real


def test_noise_is_unreadable_and_far_from_every_digit(data, meter):
    class Noise(nn.Module):
        def forward(self, z, labels):
            return torch.rand(len(z), 1, 28, 28, generator=torch.Generator().manual_seed(int(labels.sum()))) * 2 - 1

    quality = meter.measure(Noise(), CPU, 1, 1)
    assert quality.precision == 0.0 and quality.memorization == 0.0
    assert quality.frechet > 10 * quality.frechet_real


def test_only_the_chosen_classes_count(data):
    config = recipe("studio").config(classes=(3, 8))
    quality = Evaluator(config, data.select_classes((3, 8))).measure(
        Replay(data.select_classes((3, 8)), lambda numbers, labels: numbers), CPU, 1, 1
    )
    assert len(quality.histogram) == 2 and sum(quality.histogram) == pytest.approx(1)
    assert np.shape(quality.confusion_matrix) == (2, 2)


def test_where_no_class_is_asked_for_it_is_told_how_many_real_images_each_has(data, meter):
    chosen = np.concatenate([np.flatnonzero(data.labels == label)[:count] for label, count in ((3, 300), (8, 100))])
    uneven = ImageData(data.images[chosen], np.repeat([0, 1], [300, 100]), ("3", "8"))
    config = recipe("mlp-fashion").config(dataset="digits", classes=(3, 8))
    quality = Evaluator(config, uneven).measure(Replay(uneven, lambda numbers, labels: numbers % 400), CPU, 1, 1)
    assert quality.real_histogram == (0.75, 0.25) and quality.confusion_matrix is None
    assert meter.measure(Replay(data, by_label(data)), CPU, 1, 1).real_histogram is None


def test_images_without_labels_have_measures_without_classes(data):
    plain = ImageData(data.images[::8], np.full(625, -1), ())
    meter = Evaluator(recipe("studio").config(dataset="pictures"), plain)
    quality = meter.measure(Replay(plain, lambda numbers, labels: numbers), CPU, 1, 1)
    assert quality.confusion_matrix is quality.histogram is quality.accuracy is quality.low_confidence is None
    assert quality.precision > 0.9 and quality.recall > 0.9
    blank = meter.measure(Replay(plain, lambda numbers, labels: numbers * 0), CPU, 1, 1)
    assert blank.frechet > 10 * quality.frechet and blank.duplicates == 1.0


@pytest.mark.parametrize("count", [100, 200, 400])
def test_few_real_images_have_the_floor_that_others_of_their_kind_would_have(data, count):
    order = np.random.default_rng(0).permutation(5000)
    few = ImageData(data.images[order[:count]], data.labels[order[:count]], data.class_names)
    others = ImageData(data.images[order[count : count + COUNT]], data.labels[order[count : count + COUNT]], ())
    config = recipe("studio").config(classes=tuple(range(10)))  # the judge's eyes, but these images as reference
    quality = Evaluator(config, few).measure(Replay(others, lambda numbers, labels: numbers), CPU, 1, 1)
    assert quality.frechet_real == pytest.approx(quality.frechet, rel=0.35)


def test_the_measures_of_few_images_can_be_read_again(data):
    few = ImageData(data.images[::1000], np.full(5, -1), ())
    meter = Evaluator(recipe("studio").config(dataset="pictures"), few)
    quality = meter.measure(Replay(few, lambda numbers, labels: numbers % 5), CPU, 1, 1)
    assert parse(json.loads(format_line(quality))) == quality


def test_real_images_are_looked_at_once(data, monkeypatch):
    looked = []
    monkeypatch.setattr(evaluators, "as_pictures", lambda images: looked.append(len(images)) or as_pictures(images))
    meter = Evaluator(recipe("studio").config(), ImageData(data.images[::50], data.labels[::50], data.class_names))
    for _ in range(2):
        meter.prepare()
    assert looked == [100]


def test_a_distance_is_never_below_zero():
    features = np.random.default_rng(0).normal(size=(40, 64))
    assert frechet_distance(moments(features), moments(features[::-1].copy())) >= 0.0


@pytest.fixture
def small_data(monkeypatch, data):
    few = ImageData(data.images[::10], data.labels[::10], data.class_names)

    def read(_config):
        yield from ()
        return few

    monkeypatch.setattr("engine.datasets.catalog.read", read)


def test_a_training_is_judged_and_resuming_cuts_what_came_after(small_data, folder):
    config = tiny.config(eval_time_percent=50, epochs=2, batch_size=50)
    events = list(Trainer(config, folder).run())
    ready = [event.quality for event in events if isinstance(event, QualityReady)]
    assert ready[-1].epoch == 2  # the end is always judged
    assert folder.qualities() == ready
    folder.append_quality(ready[-1])
    more = list(Trainer(config.changed(epochs=3), folder, resume=True).run())
    assert [q.epoch for q in folder.qualities()][-1] == 3
    assert any(isinstance(event, QualityReady) for event in more)


@pytest.mark.parametrize("dataset", ["digits", "kmnist"])
def test_the_judge_leaves_the_training_alone(small_data, tmp_path, monkeypatch, dataset):
    monkeypatch.setattr(classifier_trainer, "_IMAGES_TO_LEARN", 640)
    folders = [RunFolder(tmp_path / name) for name in "ab"]
    for run, percent in zip(folders, (0, 50), strict=True):
        list(Trainer(tiny.config(eval_time_percent=percent, batch_size=50, dataset=dataset, epochs=2), run).run())
    one, two = (run.state()[0] for run in folders)
    assert all(np.array_equal(one[name], two[name]) for name in one)
    assert folders[0].qualities() == []


@pytest.mark.parametrize("epochs", [1, 6])
def test_a_judge_learns_beside_the_training_and_ends_with_it(small_data, folder, monkeypatch, epochs):
    monkeypatch.setattr(classifier_trainer, "_IMAGES_TO_LEARN", 640)
    monkeypatch.setattr("engine.training.session.TICK_SECONDS", 0.02)
    config = tiny.config(**tiny.DENSE, eval_time_percent=1, dataset="kmnist", epochs=epochs, batch_size=50)
    events = list(Trainer(config, folder).run())
    shares = [event.share for event in events if isinstance(event, EvaluatorTraining)]
    assert shares == sorted(shares) and shares[-1] == 1.0
    assert any(isinstance(event, QualityReady) for event in events)
