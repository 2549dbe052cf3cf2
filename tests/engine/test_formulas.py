"""Formulas of training and measuring, written down a second time as plain arithmetic on a few numbers."""

import math
from statistics import fmean, stdev
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from engine.datasets.images import ImageData
from engine.evaluation.distances import frechet_distance, frechet_interval, moments
from engine.evaluation.evaluator import floor_of_few
from engine.evaluation.nearest_real import NearestReal
from engine.events import Tick
from engine.losses import LOSSES, penalties
from engine.losses.augment import augment
from engine.trainer import Trainer
from engine.training import loop
from engine.training.ema import EMA
from engine.training.schedule import (
    SPEED_SECONDS,
    STEADY_SECONDS,
    EpochSchedule,
    Throughput,
    TrainState,
    budget_from_minutes,
    lr_scale_at,
)
from tests import tiny

REAL = [-2.5, -0.4, 0.3, 1.7, 3.0]
FAKE = [1.4, -3.0, 0.2, -0.7, 2.2]


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def cross_entropy(logits, target):
    return fmean(-target * math.log(sigmoid(x)) - (1 - target) * math.log(1 - sigmoid(x)) for x in logits)


def pairs(score):
    return fmean(score(r, f) for r, f in zip(REAL, FAKE, strict=True))


def classic(smoothing):
    return cross_entropy(REAL, 1 - smoothing) + cross_entropy(FAKE, 0)


# D's loss with label smoothing, G's loss, and D's mean verdicts on real and on generated images
PLAIN = {
    "nonsaturating": (classic, cross_entropy(FAKE, 1), fmean(map(sigmoid, REAL)), fmean(map(sigmoid, FAKE))),
    "minimax": (classic, -cross_entropy(FAKE, 0), fmean(map(sigmoid, REAL)), fmean(map(sigmoid, FAKE))),
    "lsgan": (
        lambda smoothing: (fmean((r - 1 + smoothing) ** 2 for r in REAL) + fmean(f * f for f in FAKE)) / 2,
        fmean((f - 1) ** 2 for f in FAKE) / 2,
        fmean([0, 0, 0.3, 1, 1]),
        fmean([1, 0, 0.2, 0, 1]),
    ),
    "hinge": (
        lambda _: fmean(max(0, 1 - r) for r in REAL) + fmean(max(0, 1 + f) for f in FAKE),
        -fmean(FAKE),
        fmean(map(sigmoid, REAL)),
        fmean(map(sigmoid, FAKE)),
    ),
    "wgan_gp": (
        lambda _: fmean(FAKE) - fmean(REAL),
        -fmean(FAKE),
        pairs(lambda r, f: sigmoid(r - f)),
        pairs(lambda r, f: sigmoid(f - r)),
    ),
    "rpgan": (
        lambda _: pairs(lambda r, f: -math.log(sigmoid(r - f))),
        pairs(lambda r, f: -math.log(sigmoid(f - r))),
        pairs(lambda r, f: sigmoid(r - f)),
        pairs(lambda r, f: sigmoid(f - r)),
    ),
}


@pytest.mark.parametrize("smoothing", [0.0, 0.2])
@pytest.mark.parametrize("name", LOSSES)
def test_each_loss_is_its_formula(name, smoothing):
    loss, (d_loss, g_loss, d_real, d_fake) = LOSSES[name].formulas, PLAIN[name]
    real, fake = torch.tensor(REAL), torch.tensor(FAKE)
    assert loss.discriminator(real, fake, smoothing).item() == pytest.approx(d_loss(smoothing), rel=1e-5)
    assert loss.generator(real, fake).item() == pytest.approx(g_loss, rel=1e-5)
    verdicts = [verdict.mean().item() for verdict in loss.verdicts(real, fake)]
    assert verdicts == pytest.approx([d_real, d_fake], rel=1e-5)


# A critic of x has the slope 3x² where it says x³, so that it matters where the slope is taken.
TWO_REAL, TWO_FAKE, SHARES = [[0.5, -1.0], [2.0, 0.1]], [[-0.5, 0.4], [1.0, 0.9]], [0.25, 0.5]


def cubes(images):
    return (images**3).flatten(1).sum(1)


def as_images(rows):
    return torch.tensor(rows).view(2, 1, 1, 2)


def test_r1_is_the_mean_squared_slope_at_real_images():
    images = as_images(TWO_REAL).requires_grad_()
    wanted = fmean(sum((3 * x * x) ** 2 for x in row) for row in TWO_REAL)
    assert penalties.r1_penalty(cubes(images), images).item() == pytest.approx(wanted, rel=1e-5)


def test_the_critics_slope_is_taken_between_real_and_generated_images():
    between = [
        [r + share * (f - r) for r, f in zip(real, fake, strict=True)]
        for real, fake, share in zip(TWO_REAL, TWO_FAKE, SHARES, strict=True)
    ]
    wanted = fmean((math.hypot(*(3 * x * x for x in row)) - 1) ** 2 for row in between)
    share = torch.tensor(SHARES).view(2, 1, 1, 1)
    found = penalties.critic_penalty(cubes, as_images(TWO_REAL), as_images(TWO_FAKE), share)
    assert found.item() == pytest.approx(wanted, rel=1e-5)


@pytest.mark.parametrize("limit", [0.0, 50.0, 1e9])
def test_the_half_life_of_the_average_grows_with_the_images_seen(limit):
    source = nn.Linear(1, 1, bias=False).requires_grad_(False)
    source.weight.fill_(2.0)
    average, wanted = EMA(source), 2.0
    for seen, value in ((64, 5.0), (128, -1.0), (1_000, 3.0), (1_064, 8.0)):
        source.weight.fill_(value)
        average.update(seen, 64, limit)
        halflife = min(limit, 0.07 * seen)
        stays = 0.5 ** (64 / halflife) if halflife else 0.0
        wanted = stays * wanted + (1 - stays) * value
        assert average.network.weight.item() == pytest.approx(wanted, rel=1e-5)


def test_an_average_that_followed_begins_at_what_it_followed():
    source = nn.Linear(1, 1, bias=False).requires_grad_(False)
    average = EMA(source)
    average.update(64, 64, 0.0)
    source.weight.fill_(4.0)
    average.update(10**9, 64, 64.0)
    assert average.network.weight.item() == 4.0, "the first step of the average starts where the source stands"
    source.weight.fill_(6.0)
    average.update(10**9, 64, 64.0)
    assert average.network.weight.item() == pytest.approx(5.0)


@pytest.mark.parametrize("share", [0.0, 0.2, 0.25, 0.3, 0.5, 0.7, 1.0])
@pytest.mark.parametrize("start", [0.0, 0.25])
def test_learning_rates_follow_the_schedule(start, share):
    left = 1.0 if share <= start else (1 - share) / (1 - start)
    for shape, wanted in (("line", left), ("cosine", (1 - math.cos(math.pi * left)) / 2)):
        config = tiny.config(lr_decay_start=start, lr_decay_shape=shape)
        assert lr_scale_at(config, share) == pytest.approx(wanted)
    assert lr_scale_at(tiny.config(lr_decay_start=1.0), share) == 1.0


def test_speed_is_that_of_the_last_five_seconds_without_the_first_steps_which_are_slow():
    speed = Throughput()
    assert speed.measure(TrainState(images_seen=0, seconds=0.0)) == 0.0
    assert speed.measure(TrainState(images_seen=10, seconds=1.0)) == 0.0
    assert speed.measure(TrainState(images_seen=210, seconds=2.0)) == 200.0
    assert speed.measure(TrainState(images_seen=1_600, seconds=6.0)) == (1_600 - 10) / 5.0
    assert speed.measure(TrainState(images_seen=2_000, seconds=20.0)) == (2_000 - 1_600) / 14.0
    assert speed.measure(TrainState(images_seen=2_300, seconds=21.0)) == 300.0
    assert speed.measure(TrainState(images_seen=2_400, seconds=22.0)) == (2_400 - 2_000) / 2.0


def speed_after_waiting(window, waited):
    """Return what is told after 90 steps of 100 images in 0.2 s each, and one that took ``waited`` seconds."""
    speed = Throughput(window)
    for step in range(90):
        speed.measure(TrainState(images_seen=100 * step, seconds=0.2 * step))
    return speed.measure(TrainState(images_seen=9_000, seconds=0.2 * 89 + waited))


def test_a_step_that_waits_is_not_how_long_the_training_will_take(tiny_data, monkeypatch):
    """A window that got another text size held a step up for seconds, and two hours were told for five minutes."""
    assert speed_after_waiting(SPEED_SECONDS, 0.2) == pytest.approx(500)
    assert speed_after_waiting(SPEED_SECONDS, 6.0) == pytest.approx(100 / 6)
    assert speed_after_waiting(STEADY_SECONDS, 6.0) == pytest.approx(8_900 / (0.2 * 88 + 6))
    monkeypatch.setattr(loop, "Throughput", lambda seconds=0: SimpleNamespace(measure=lambda _at: seconds + 1.0))
    first = next(event for event in Trainer(tiny.config()).run() if isinstance(event, Tick))
    assert first.images_per_second == 1.0
    assert first.seconds_left == pytest.approx((first.total_images - first.images_seen) / (STEADY_SECONDS + 1))


@pytest.mark.parametrize(
    ("values", "begins_again"),
    [({}, False), ({"lr_decay_start": 0.0}, True), ({"lr_decay_start": 0.999}, False), ({"instance_noise": 0.1}, True)],
)
def test_a_training_by_the_clock_begins_again_where_a_schedule_has_begun(values, begins_again):
    at = TrainState(images_seen=1_000, seconds=2.0)
    config = tiny.config(**values | {"eval_time_percent": 20})
    assert budget_from_minutes(2.003, tiny.config(lr_decay_start=0.0, eval_time_percent=0), at, 2.0) == (8, True), (
        "one image to come"
    )
    total, again = budget_from_minutes(12.0, config, at, 2.0)  # 500 images a second for 80 % of ten seconds
    assert (total, again) == (4_000 if begins_again else 5_000, begins_again)


def test_a_last_epoch_that_is_cut_short_is_told_once():
    calendar = EpochSchedule(100, 250)
    assert not calendar.sample_is_due(TrainState(images_seen=250, ended_epochs=3), 1)
    assert calendar.sample_is_due(TrainState(images_seen=250, ended_epochs=2), 1)
    assert calendar.shown_epochs(TrainState(images_seen=250)) == 3
    assert calendar.shown_epochs(TrainState(images_seen=249)) == 2
    assert calendar.epoch(TrainState(ended_epochs=3)) == 3 and EpochSchedule(100, 0).epoch(TrainState()) == 1


def test_the_covariance_is_unbiased():
    rows = [[1.0, 2.0], [4.0, -1.0], [0.0, 5.0]]
    means = [fmean(column) for column in zip(*rows, strict=True)]
    wanted = [[sum((r[i] - means[i]) * (r[j] - means[j]) for r in rows) / 2 for j in (0, 1)] for i in (0, 1)]
    found = moments(np.array(rows, np.float32))
    assert found.mean == pytest.approx(np.array(means))
    assert found.covariance == pytest.approx(np.array(wanted))
    assert moments(np.array([[1.0], [3.0]])).covariance.tolist() == [[2.0]]


@pytest.mark.parametrize("count", [3, 41])
def test_the_interval_is_that_of_eight_random_halves(count):
    features, reference = np.random.default_rng(1).normal(size=(count, 2)), moments(np.eye(2) * 3)
    random = np.random.Generator(np.random.PCG64(0))
    picks = [random.permutation(count)[: max(count // 2, 2)] for _ in range(8)]
    halves = [frechet_distance(moments(features[pick]), reference) for pick in picks]
    moved = frechet_distance(moments(features), reference) - fmean(halves)
    wanted = max(min(halves) + moved, 0.0), max(halves) + moved
    assert frechet_interval(features, reference) == pytest.approx(wanted)


def test_the_floor_of_few_grows_with_the_size_of_both_samples():
    """Of one feature, halves have a mean each and a deviation each; they are 2 + 2 for 1/10 + 1/4."""
    features = np.array([[0.0], [2.0], [5.0], [9.0]], np.float32)
    random, between = np.random.Generator(np.random.PCG64(0)), []
    for _ in range(16):
        a, b, c, d = (float(value) for value in random.permutation(features)[:, 0])
        between.append((a + b - c - d) ** 2 / 4 + (abs(a - b) - abs(c - d)) ** 2 / 2)
    assert floor_of_few(features, 10) == pytest.approx(fmean(between) * (1 / 10 + 1 / 4) / (1 / 2 + 1 / 2))
    assert floor_of_few(features[:3], 10) == 0.0, "nothing can be told of halves of one"


def test_the_floor_of_few_is_what_other_samples_have_and_hardly_depends_on_the_split():
    random = np.random.default_rng(3)
    few = [random.normal(size=(300, 2)).astype(np.float32) for _ in range(40)]
    others = [frechet_distance(moments(random.normal(size=(500, 2))), moments(each)) for each in few]
    floors = [floor_of_few(each, 500) for each in few]
    assert fmean(floors) == pytest.approx(fmean(others), rel=0.3) and stdev(floors) < stdev(others) / 2


def test_the_nearest_image_and_the_usual_distance_are_root_mean_squares():
    images = np.zeros((4, 1, 8, 8), np.uint8)
    for index, value in enumerate((0, 51, 153, 204)):
        images[index] = value
    search = NearestReal(ImageData(images, np.array([7, 1, 2, 3]), ()))
    found = search.find(np.full((8, 8), 71, np.uint8))
    assert (found.index, found.label, found.image[0, 0]) == (1, 1, 51)
    assert found.distance == pytest.approx(20 / 255)
    assert search.usual_distance == pytest.approx(51 / 255), "0.2 from each to the nearest other one"
    two = NearestReal(ImageData(images[:2], np.array([7, 1]), ()))
    assert two.usual_distance == pytest.approx(51 / 255), "also where there is one other only"


# --- augmentation


def changed(images, policy, seed=0, **how):
    return augment(images, policy, torch.Generator().manual_seed(seed), **how)


@pytest.mark.parametrize(("side", "sizes"), [(8, {2, 3, 4}), (6, {2, 3})])
def test_a_hole_is_half_as_wide_as_the_image_and_anywhere_in_it(side, sizes):
    seen = changed(torch.ones(400, 3, side, side), "cutout")
    assert set(seen.unique().tolist()) == {0.0, 1.0} and (seen == seen[:, :1]).all(), "all colors have the same hole"
    holes = seen[:, 0] == 0
    rows, columns = holes.any(2).sum(1), holes.any(1).sum(1)
    assert (holes.sum((1, 2)) == rows * columns).all(), "it is a rectangle"
    assert set(rows.tolist()) == set(columns.tolist()) == sizes
    assert holes.any(0).all() and (rows != columns).any()


def test_colors_change_by_half_of_their_range():
    flat = changed(torch.zeros(2_000, 1, 4, 4), "color")
    shift = flat.mean((1, 2, 3))
    assert torch.allclose(flat, shift[:, None, None, None].expand_as(flat), atol=1e-6), "brightness alone"
    assert -0.5 <= shift.min() < -0.49 and 0.49 < shift.max() <= 0.5
    pattern = torch.ones(2_000, 1, 4, 4)
    pattern[:, :, :2] = -1
    contrast = changed(pattern, "color").std((1, 2, 3)) / pattern[0].std()
    assert 0.49 < contrast.min() < 0.51 and 1.49 < contrast.max() < 1.51
    red = torch.zeros(2_000, 3, 4, 4)
    red[:, 0] = 1.0
    seen = changed(red, "color")
    saturation = (seen[:, 0] - seen[:, 1]).mean((1, 2))
    assert (seen[:, 1] - seen[:, 2]).abs().max() < 1e-5
    assert 0 <= saturation.min() < 0.02 and 2.7 < saturation.max() <= 3.0, "twice by saturation, 1.5 times by contrast"


def test_images_move_by_whole_pixels_in_both_directions():
    ramp = torch.arange(64.0).view(1, 1, 8, 8).repeat(300, 1, 1, 1) + 1
    padded, found = torch.full((10, 10), -1.0), set()
    padded[1:9, 1:9] = ramp[0, 0]
    for image in changed(ramp, "translation")[:, 0]:
        (place,) = [(y, x) for y in range(3) for x in range(3) if torch.equal(image, padded[y : y + 8, x : x + 8])]
        found.add(place)
    assert len(found) == 9, "an eighth of the side each way"
