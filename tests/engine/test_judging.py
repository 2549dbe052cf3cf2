"""What the judge tells, when it looks and when it learns, beside plain arithmetic; no judge is trained here."""

from dataclasses import replace
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from scipy import linalg

from engine.datasets.images import ImageData
from engine.evaluation import evaluator, nearest_real, scheduler
from engine.evaluation import judge as judges
from engine.evaluation.distances import Moments
from engine.evaluation.evaluator import COUNT, Evaluator
from engine.evaluation.nearest_real import NearestReal
from engine.evaluation.scheduler import EvaluationScheduler
from engine.search import evaluators
from tests import tiny
from tests.engine.courses import GOOD
from tests.engine.test_quality import Replay

CPU = torch.device("cpu")


def gray(random, count):
    """Pictures of many contrasts, so that some are near to each other and others are not."""
    contrasts = random.uniform(10, 60, (count, 1, 1, 1))
    return np.clip(128 + contrasts * random.normal(size=(count, 1, 7, 7)), 0, 255).astype(np.uint8)


def in_order(numbers, _labels):
    return numbers


def test_large_pictures_are_read_few_at_a_time_with_the_same_result():
    judge, pictures = judges.load(), np.random.default_rng(0).integers(0, 256, (250, 64, 64), np.uint8)
    at_once = []
    judge.register_forward_hook(lambda _judge, given, _told: at_once.append(given[0].numel()))
    whole = judge(judges.to_tensor(pictures))[1].numpy()
    parts = judge.predict_proba(pictures)[1]
    assert max(at_once[1:]) <= 100 * 28 * 28 < at_once[0]
    np.testing.assert_allclose(parts, whole, rtol=1e-3, atol=1e-3)


@pytest.mark.parametrize("size", [28, 15, 9])
def test_what_is_read_is_what_was_learned(size):
    """Whether or not gradients are wanted, for which the largest of four are found in another way."""
    judge = judges.load()
    pictures = torch.rand(6, 1, size, size) * 2 - 1
    with torch.inference_mode():
        read = judge(pictures)[1]
    learned = judge(pictures.requires_grad_())[1]
    torch.testing.assert_close(read, learned.detach(), rtol=0, atol=0)


# --- what is measured, of pictures of 7×7 pixels, whose features are their pixels


def frechet(a, b):
    mean = a.mean(0) - b.mean(0)
    one, two = (((x - x.mean(0)).T @ (x - x.mean(0))) / (len(x) - 1) for x in (a, b))
    return mean @ mean + np.trace(one + two - 2 * linalg.sqrtm(one @ two).real)


def share_among(points, others, k=3):
    """The share of ``points`` that lie in the ball of one of ``others``, which reaches to its k-th neighbor."""
    reach = [sorted(np.linalg.norm(others - other, axis=1))[k] for other in others]
    return np.mean([(np.linalg.norm(others - point, axis=1) <= reach).any() for point in points])


def nearest_other(points):
    return np.array([np.partition(np.linalg.norm(points - point, axis=1), 1)[1] for point in points])


def percentile(values, percent):
    ordered, place = sorted(values), (len(values) - 1) * percent / 100
    low = int(place)
    return ordered[low] + (ordered[low + 1] - ordered[low]) * (place - low)


def test_every_measure_is_that_of_plain_loops():
    random = np.random.default_rng(3)
    real = gray(random, 120)
    fake = np.clip(real[np.arange(COUNT) % 60] + random.integers(-30, 30, (COUNT, 1, 1, 1)), 0, 255).astype(np.uint8)
    data, drawn = ImageData(real, np.full(120, -1), ()), ImageData(fake, np.full(COUNT, -1), ())
    meter = Evaluator(tiny.config(dataset="pictures"), data)
    quality = meter.measure(Replay(drawn, in_order), CPU, 7, 1234)
    ours, theirs = fake.reshape(COUNT, 49) / 255, real.reshape(120, 49) / 255
    assert (quality.epoch, quality.images_seen, quality.count) == (7, 1234, COUNT)
    assert quality.frechet == pytest.approx(frechet(ours, theirs), rel=1e-3)
    assert quality.precision == pytest.approx(share_among(ours, theirs), abs=0.01)
    assert quality.recall == pytest.approx(share_among(theirs, ours), abs=0.01)
    close = percentile(nearest_other(theirs), 1)
    to_real = np.array([np.linalg.norm(theirs - one, axis=1).min() for one in ours])
    assert quality.memorization == pytest.approx(np.mean(to_real < close), abs=0.003)
    assert quality.duplicates == pytest.approx(np.mean(nearest_other(ours) < close), abs=0.003)
    assert 0.1 < quality.memorization < 0.9 and 0.1 < quality.recall < 0.9, "these pictures tell something"


class Reader:
    """A judge that reads the class from the first pixel, and is as sure of it as the second says."""

    reference = Moments(np.zeros(2), np.eye(2))

    def predict_proba(self, images):
        flat = images.reshape(len(images), -1)
        sure = flat[:, 1] / 100
        probabilities = np.full((len(images), 10), 0.0, np.float32)
        probabilities[np.arange(len(images)), flat[:, 0]] = sure
        probabilities[np.arange(len(images)), (flat[:, 0] + 5) % 10] = 1 - sure
        return probabilities, flat[:, 2:4].astype(np.float32)


@pytest.mark.parametrize("classes", [(), (2, 3, 7)])
def test_readings_are_counted_class_by_class(monkeypatch, classes):
    monkeypatch.setattr(judges, "shipped", lambda _dataset: Reader())
    random, known = np.random.default_rng(0), classes or tuple(range(10))
    names = tuple(map(str, known))
    data = ImageData(random.integers(0, 10, (40, 1, 8, 8)).astype(np.uint8), np.arange(40) % len(known), names)
    fake = random.integers(0, 10, (COUNT, 1, 8, 8)).astype(np.uint8)
    fake[:, 0, 0, 0] = random.choice(known, COUNT)
    fake[:, 0, 0, 1] = random.choice((49, 51, 90), COUNT)
    quality = Evaluator(tiny.config(classes=classes), data).measure(
        Replay(ImageData(fake, np.zeros(COUNT, int), names), in_order), CPU, 1, 1
    )
    asked = [number % len(known) for number in range(COUNT)]
    read, unreadable = [], 0
    for first, sure in zip(fake[:, 0, 0, 0], fake[:, 0, 0, 1] / 100, strict=True):
        likely = {int(first): sure}
        if (first + 5) % 10 in known:
            likely[int(first + 5) % 10] = 1 - sure
        best = max(likely, key=likely.get)
        unreadable += likely[best] < 0.5
        read.append(known.index(best))
    assert quality.low_confidence == pytest.approx(unreadable / COUNT)
    assert quality.histogram == pytest.approx([read.count(k) / COUNT for k in range(len(known))])
    assert quality.accuracy == pytest.approx(np.mean(np.array(read) == asked))
    for k, row in enumerate(quality.confusion_matrix):
        of_class = [r for r, a in zip(read, asked, strict=True) if a == k]
        assert row == pytest.approx([of_class.count(j) / len(of_class) for j in range(len(known))])


def test_the_shipped_reference_serves_unless_classes_are_chosen(monkeypatch):
    monkeypatch.setattr(judges, "shipped", lambda _dataset: Reader())
    random = np.random.default_rng(0)
    data = ImageData(random.integers(0, 10, (40, 1, 8, 8)).astype(np.uint8), np.arange(40) % 10, tuple("0123456789"))
    features = data.images.reshape(40, -1)[:, 2:4].astype(float)
    fake = Replay(ImageData(np.repeat(data.images, 13, 0)[:COUNT], np.zeros(COUNT, int), ()), in_order)
    of_all = Evaluator(tiny.config(), data).measure(fake, CPU, 1, 1)
    mean, covariance = features.mean(0), np.cov(features.T)
    root = np.trace(linalg.sqrtm(covariance).real)
    assert of_all.frechet_real == pytest.approx(mean @ mean + np.trace(covariance) + 2 - 2 * root, rel=1e-4)
    own = Evaluator(tiny.config(classes=tuple(range(10))), data).measure(fake, CPU, 1, 1)
    assert own.frechet < 0.1 < of_all.frechet


def test_fewer_than_two_samples_of_real_images_tell_their_own_distance_by_halves(monkeypatch):
    monkeypatch.setattr(evaluator, "COUNT", 20)
    monkeypatch.setattr(evaluator, "floor_of_few", lambda *_: -1.0)
    for count, told_by_halves in ((39, True), (40, False)):
        data = ImageData(gray(np.random.default_rng(0), count), np.full(count, -1), ())
        quality = Evaluator(tiny.config(dataset="pictures"), data).measure(Replay(data, in_order), CPU, 1, 1)
        assert (quality.frechet_real == -1) == told_by_halves


@pytest.mark.parametrize("pixels", [64, 200, 2**19])
def test_the_nearest_image_is_found_however_many_are_read_at_once(monkeypatch, pixels):
    monkeypatch.setattr(nearest_real, "_CHUNK_PIXELS", pixels)
    images = np.random.default_rng(0).integers(0, 256, (30, 1, 8, 8)).astype(np.uint8)
    images[29] = images[11]
    search = NearestReal(ImageData(images, np.arange(30), ()))
    for index in (0, 11, 28):
        found = search.find(np.clip(images[index, 0].astype(int) + 1, 0, 255).astype(np.uint8))
        assert found.index == found.label == index and np.array_equal(found.image, images[index, 0])
    flat = images.reshape(30, 64) / 255
    wanted = np.median([np.sort(np.linalg.norm(flat - one, axis=1))[1] / 8 for one in flat])
    assert search.usual_distance == pytest.approx(wanted, rel=1e-4)
    assert NearestReal(ImageData(images[:1], np.arange(1), ())).usual_distance is None
    flat = np.repeat([0, 8, 10, 60], 64).reshape(4, 1, 8, 8).astype(np.uint8)  # to the nearest it is 8, 2, 2 and 50
    assert NearestReal(ImageData(flat, np.arange(4), ())).usual_distance == pytest.approx(5 / 255)


# --- when the judge looks


class Clock:
    now = 0.0

    def perf_counter(self):
        return self.now


class Meter:
    """Takes two seconds for a look and 0.1 for each of twenty lessons."""

    def __init__(self, clock, must_learn=False):
        self.clock, self.must_learn, self.looked = clock, must_learn, []

    def prepare(self):
        """Looks at no real images."""

    def measure(self, _generator, _device, epoch, images_seen):
        self.clock.now += 2.0
        self.looked.append(epoch)
        return replace(GOOD, epoch=epoch, images_seen=images_seen, frechet=abs(epoch - 2.2))

    def training_steps(self):
        for number in range(20):
            self.clock.now += 0.1
            yield (number + 1) / 20
        self.must_learn = False


@pytest.fixture
def clock(monkeypatch):
    made = Clock()
    monkeypatch.setattr(scheduler, "time", made)
    return made


def scheduler_of(clock, *, must_learn=False, **values):
    return prepared(tiny.config(**{"eval_time_percent": 10.0} | values), tiny.data(), Meter(clock, must_learn))


def prepared(config, data, meter):
    """Return a scheduler whose judge is ``meter``."""
    made = EvaluationScheduler(config, data)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(scheduler, "Evaluator", lambda *_: meter)
        made.prepare()
    return made


def looks_at(made, epoch, seconds, must=False):
    return made.maybe_evaluate(SimpleNamespace(), CPU, epoch, 80 * epoch, seconds, must) is not None


def test_the_judge_takes_no_more_than_its_share_of_the_time(clock):
    meter = Meter(clock)
    made = prepared(tiny.config(eval_time_percent=10.0), tiny.data(), meter)
    assert made.best_epochs == ()
    assert looks_at(made, 1, 0.5) and not looks_at(made, 2, 19.9) and looks_at(made, 3, 20.0)
    assert not looks_at(made, 4, 39.0) and looks_at(made, 4, 39.0, must=True)
    assert not looks_at(made, 5, 59.0) and looks_at(made, 6, 60.0), "what it must do counts, too"
    assert meter.looked == [1, 3, 4, 6] and made.best_epochs == (3,)
    made.start_again([replace(GOOD, epoch=9)])
    assert made.best_epochs == (9,) and looks_at(made, 7, 0.0)


def test_without_a_share_or_with_too_few_images_nothing_is_judged(clock):
    assert not looks_at(scheduler_of(clock, eval_time_percent=0), 1, 100.0, must=True)
    assert not scheduler_of(clock, eval_time_percent=0, must_learn=True).is_training_judge()
    data = tiny.data()
    for count, judged in ((4, True), (3, False)):
        few = ImageData(data.images[:count], data.labels[:count], data.class_names)
        made = prepared(tiny.config(eval_time_percent=10.0), few, Meter(clock))
        assert looks_at(made, 1, 100.0) == judged


def test_a_judge_learns_for_a_share_of_the_time_and_tells_each_twentieth(clock):
    made = scheduler_of(clock, must_learn=True)
    made.start_again([replace(GOOD, epoch=9)])  # until there is a figure, the share is another one
    assert made.is_training_judge() and not looks_at(made, 1, 100.0, must=True)
    assert made.train_for(0.0) == clock.now == made.seconds_to_learn == 0.0, "no time, no lesson"
    assert made.train(1.0) == 0.1, "0.18 seconds are two lessons"
    assert made.seconds_to_learn == pytest.approx(1.8), "of twenty"
    assert made.train(0.5) == 0.15, "0.02 were borrowed"
    assert made.train(0.09) is None, "0.014 are owed"
    assert made.train_for(1.0) == 0.65
    assert made.train_for(10.0) == 1.0
    assert made.train(1.0) is None and not made.is_training_judge() and looks_at(made, 2, 100.0)
    assert clock.now == pytest.approx(20 * 0.1 + 2.0)


def test_trials_that_draw_other_noise_or_read_other_ranges_have_a_judge_of_their_own(monkeypatch):
    made = []

    class Known:
        def __init__(self, config, _data):
            made.append((config.z_dim, config.data_range))

        def training_steps(self):
            yield from ()

        def prepare(self):
            pass

    monkeypatch.setattr(evaluators, "Evaluator", Known)
    judges_of = evaluators.Evaluators(tiny.data())
    for values in ({}, {"d_lr": 0.1}, {"z_dim": 9}, {"data_range": "0..1"}, {"z_dim": 9}):
        list(judges_of.prepare(tiny.config(**values)))
    usual = tiny.config()
    assert made == [(usual.z_dim, usual.data_range), (9, usual.data_range), (usual.z_dim, "0..1")]
