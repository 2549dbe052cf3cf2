import math
from dataclasses import asdict
from types import SimpleNamespace

import numpy as np
import pytest
import torch
from torch import nn

from engine.architectures import ARCHITECTURES
from engine.config import OPTIONS
from engine.datasets.info import DatasetInfo
from engine.distributed import DistInfo
from engine.errors import UserError
from engine.evaluation.running_means import running_means
from engine.events import MetricsRow
from engine.losses import LOSSES
from engine.losses.augment import augment
from engine.runs import RunInfo
from engine.training import checkpoint
from engine.training.adam import Adam, AdamOptions
from engine.training.budget import Budget
from engine.training.ema import EMA
from engine.training.gan import GAN
from engine.training.live_changes import LiveOptions
from engine.training.metrics_accumulator import MetricsAccumulator
from engine.training.sample_grid import SampleGrid
from engine.training.schedule import EpochSchedule, TrainState, budget_from_minutes, lr_scale_at, train_state_from
from engine.training.session import Session
from tests import tiny


def test_every_loss_can_be_chosen_and_the_other_way_round():
    assert set(OPTIONS["loss"].choices) == set(LOSSES)


LN2 = math.log(2)
UNDECIDED = {
    "nonsaturating": (2 * LN2, LN2, 0.5),
    "minimax": (2 * LN2, -LN2, 0.5),
    "lsgan": (0.5, 0.5, 0.0),
    "hinge": (2.0, 0.0, 0.5),
    "wgan_gp": (0.0, 0.0, 0.5),
    "rpgan": (LN2, LN2, 0.5),
}


@pytest.mark.parametrize("name", LOSSES)
def test_logits_of_zero_have_the_textbook_losses(name):
    zeros, loss = torch.zeros(5), LOSSES[name].formulas
    d_loss, g_loss, verdict = UNDECIDED[name]
    assert loss.discriminator(zeros, zeros, 0.0).item() == pytest.approx(d_loss)
    assert loss.generator(zeros, zeros).item() == pytest.approx(g_loss)
    assert [v.mean().item() for v in loss.verdicts(zeros, zeros)] == [verdict, verdict]


@pytest.mark.parametrize("name", LOSSES)
def test_each_player_is_paid_for_its_own_aim(name):
    loss, low, high = LOSSES[name].formulas, torch.full((5,), -0.9), torch.full((5,), 0.9)
    assert loss.discriminator(high, low, 0.0) < loss.discriminator(low, high, 0.0)
    assert loss.generator(low, high) < loss.generator(high, low)
    real, fake = loss.verdicts(high, low)
    assert (real > 0.5).all() and (fake < 0.5).all()


@pytest.mark.parametrize("smoothing", [0.0, 0.1])
def test_the_classic_losses_equal_binary_cross_entropy(smoothing):
    real, fake = torch.linspace(-3, 3, 9), torch.linspace(2, -4, 9)
    bce, loss = nn.BCEWithLogitsLoss(), LOSSES["nonsaturating"].formulas
    expected = bce(real, torch.full((9,), 1 - smoothing)) + bce(fake, torch.zeros(9))
    assert loss.discriminator(real, fake, smoothing).item() == pytest.approx(expected.item(), rel=1e-5)
    assert loss.generator(real, fake).item() == pytest.approx(bce(fake, torch.ones(9)).item(), rel=1e-5)
    assert LOSSES["minimax"].formulas.generator(real, fake).item() == pytest.approx(
        torch.log(1 - fake.sigmoid()).mean().item(), rel=1e-5
    )


@pytest.mark.parametrize("policy", OPTIONS["augment"].choices)
def test_augmentation_changes_what_it_promises_and_lets_the_gradient_through(policy):
    images = torch.rand(6, 3, 8, 8).mul(2).sub(1).requires_grad_()
    seen = augment(images, policy, torch.Generator().manual_seed(1))
    assert seen.shape == images.shape
    assert torch.equal(seen, images) == (policy == "none")
    seen.sum().backward()
    assert images.grad.abs().sum() > 0
    again = augment(images, policy, torch.Generator().manual_seed(1))
    assert torch.equal(seen, again)


def test_moving_only_moves_and_fills_with_black():
    images = torch.zeros(50, 1, 16, 16)
    images[:, :, 8, 8] = 1.0
    seen = augment(images, "translation", torch.Generator().manual_seed(0), empty=-1.0)
    places = [tuple((image[0] == 1).nonzero()[0].tolist()) for image in seen]
    assert len(set(places)) > 5
    assert max(max(abs(row - 8), abs(column - 8)) for row, column in places) == 2
    assert set(seen.unique().tolist()) == {-1.0, 0.0, 1.0}


def test_a_gradient_that_is_not_finite_never_reaches_the_weights():
    layer = nn.Linear(2, 1)
    before = layer.weight.detach().clone()
    optimizer = Adam(layer, AdamOptions((0.0, 0.9), 1e-8), DistInfo())
    optimizer.set_lr(0.1)
    optimizer.backward(layer(torch.tensor([[math.inf, 1.0]])).sum())
    assert optimizer.step().item() == 1
    assert torch.equal(layer.weight, before)
    optimizer.backward(layer(torch.ones(1, 2)).sum())
    assert optimizer.step().item() == 0
    assert not torch.equal(layer.weight, before)


def test_the_average_halves_the_distance_in_one_half_life():
    source = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    average = EMA(source)
    with torch.no_grad():
        for tensor in source.state_dict().values():
            tensor.zero_()
        for tensor in average.network.state_dict().values():
            tensor.fill_(1)
    for _ in range(10):
        average.update(images_seen=10**9, batch=100, halflife_images=1000)
    for name, tensor in average.network.state_dict().items():
        if tensor.is_floating_point():
            assert torch.allclose(tensor, torch.full_like(tensor, 0.5)), name


def test_half_life_zero_copies_and_the_source_stays_in_training():
    source = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    average = EMA(source)
    with torch.no_grad():
        source[0].weight.fill_(7)
    average.update(images_seen=64, batch=64, halflife_images=0)
    assert (average.network[0].weight == 7).all()
    assert source.training and not average.network.training


def test_rows_are_means_between_closings_and_skips_are_counted():
    statistics = MetricsAccumulator(torch.device("cpu"))
    for value in (1.0, 3.0, 8.0):
        statistics.add(torch.tensor([value, value, 0.5, 0.5, 1, 0, 0]))
        if value == 3.0:
            statistics.flush(2, 1, 16, 0.1)
            statistics.flush(2, 1, 16, 0.1)
    rows, nonfinite = statistics.compute()
    assert [(row.step, row.d_loss, row.d_skipped) for row in rows] == [(2, 2.0, 2)]
    assert nonfinite is None
    assert statistics.compute() == ((), None)
    for _ in range(2):  # telling of the row under way leaves it open
        (unfinished,) = statistics.unfinished(3, 1, 24, 0.2)
        assert (unfinished.step, unfinished.images_seen, unfinished.d_loss, unfinished.d_skipped) == (3, 24, 8.0, 1)
    resumed = MetricsAccumulator(torch.device("cpu"))
    resumed.load_state(*statistics.state())
    resumed.flush(3, 1, 24, 0.2)
    assert resumed.compute().rows[0].g_loss == 8.0 and resumed.unfinished(3, 1, 24, 0.2) == ()


@pytest.mark.parametrize(
    ("values", "player"),
    [
        ([1.0, math.inf, 0.5, 0.5, 0, 0, 1], "g"),  # G's own loss
        ([math.nan, 1.0, math.nan, 0.5, 0, 1, 0], "d"),  # D cannot read real images any more
        ([math.nan, math.nan, 0.5, math.nan, 0, 1, 1], "g"),  # D reads real images well: the pictures are broken
        ([1.0, 1.0, 0.5, 0.5, 0, 1, 0], "d"),  # a finite loss whose gradient was not
    ],
)
def test_the_player_whose_numbers_broke_is_named(values, player):
    statistics = MetricsAccumulator(torch.device("cpu"))
    statistics.add(torch.tensor(values))
    assert statistics.compute() == ((), player)


def test_running_means_count_every_step_once():
    rows = [MetricsRow(2, 1, 16, 0.1, 1.0, 4.0, 0.5, 0.5), MetricsRow(5, 1, 40, 0.2, 2.0, 1.0, 0.5, 0.5)]
    assert running_means(rows) == pytest.approx(((2 * 1 + 3 * 2) / 5, (2 * 4 + 3 * 1) / 5))
    assert all(math.isnan(mean) for mean in running_means([]))


def test_minutes_become_images_by_the_speed_of_the_steps_and_the_time_left_follows():
    facts = tiny.data().facts
    info = RunInfo(tiny.config(lr_decay_start=1.0), facts, minutes=2.0)
    budget, at = Budget(info), TrainState(images_seen=1_000, seconds=10.0)
    assert not budget.is_known and budget.seconds_left(at, 100.0) == 110 and budget.is_measured(at)
    budget.stepped(10.0)
    assert not budget.resolve(info.config, at, 0.0)
    assert info.minutes is None and info.total_images == budget.total_images == 12_000
    assert budget.seconds_left(at, 50.0) == 220 and budget.seconds_left(at, 0.0) is None


def test_what_is_kept_of_a_tensor_is_a_copy_and_chance_that_is_missing_does_not_fit():
    tensor = torch.ones(3)
    array = checkpoint.to_numpy(tensor)
    tensor.zero_()
    assert array.tolist() == [1, 1, 1]
    with pytest.raises(UserError, match="does not fit"):
        checkpoint.load_rng_state(torch.Generator(), torch.device("cpu"), {})


def test_the_grid_has_a_class_to_a_column_and_a_style_to_a_row():
    grid = SampleGrid(tiny.config(sample_rows=3), tiny.data().facts)
    assert grid.labels.reshape(3, 10).tolist() == [list(range(10))] * 3
    z = grid.z.reshape(3, 10, -1)
    assert (z == z[:, :1]).all() and not (z[0] == z[1]).any()
    again = SampleGrid(tiny.config(sample_rows=3), tiny.data().facts)
    assert np.array_equal(grid.z, again.z)


@pytest.mark.parametrize("value", [-1, True, "3", 1.5, None, [1]])
def test_a_checkpoint_with_impossible_facts_is_refused(value):
    facts = asdict(TrainState(step=3, images_seen=24))
    assert train_state_from(facts).step == 3
    with pytest.raises(ValueError):
        train_state_from(facts | {"step": value})
    with pytest.raises(ValueError):
        train_state_from(facts | {"more": 1})


def test_rates_fall_from_the_decay_start_to_zero_at_the_end():
    line, cosine = (tiny.config(lr_decay_start=0.5, lr_decay_shape=shape) for shape in ("line", "cosine"))
    assert [lr_scale_at(line, share) for share in (0, 0.5, 0.75, 1)] == [1, 1, 0.5, 0]
    assert [lr_scale_at(cosine, share) for share in (0, 0.75, 1)] == pytest.approx([1, 0.5, 0])
    assert lr_scale_at(tiny.config(lr_decay_start=1), 1.0) == 1


@pytest.mark.parametrize(
    ("seen", "ended", "every", "epoch", "sampled"),
    [
        (0, 0, 1, 1, None),
        (99, 0, 1, 1, None),
        (100, 0, 5, 1, 1),  # the first epoch, however rare samples are
        (250, 2, 1, 3, None),
        (300, 2, 1, 3, 3),
        (300, 2, 2, 3, None),
        (400, 3, 2, 4, 4),
        (430, 3, 2, 4, 4),  # a batch ran on across the end
        (450, 4, 9, 5, 5),  # what the budget leaves of the last epoch
    ],
)
def test_the_calendar_knows_when_samples_are_due(seen, ended, every, epoch, sampled):
    calendar, at = EpochSchedule(100, 450), TrainState(images_seen=seen, ended_epochs=ended)
    assert calendar.epoch(at) == epoch
    assert (calendar.sampled_epoch(at) if calendar.sample_is_due(at, every) else None) == sampled


def test_the_calendar_knows_when_a_checkpoint_is_due():
    calendar = EpochSchedule(100, 450)
    assert not calendar.checkpoint_is_due(TrainState(images_seen=199, saved_epoch=0), 2)
    assert calendar.checkpoint_is_due(TrainState(images_seen=200, saved_epoch=0), 2)
    assert calendar.checkpoint_is_due(TrainState(images_seen=450, saved_epoch=4), 2)


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ({}, (2_000 + 1_000 * 55, False)),  # 2 of 5 seconds stepping: 1,000 images a second for what is left
        ({"eval_time_percent": 10}, (2_000 + 49_500, False)),
        ({"lr_decay_start": 0.0}, (55_000, True)),
        ({"architecture": "progressive"}, (55_000, True)),
    ],
)
def test_seconds_become_images_by_the_speed_of_the_steps(values, expected):
    at = TrainState(images_seen=2_000, seconds=5.0)
    assert budget_from_minutes(60.0, tiny.config(**values), at, 2.0) == expected


@pytest.mark.parametrize(("lessons", "left"), [(0.0, 55), (25.0, 30), (500.0, 27.5)])
def test_a_judge_that_must_learn_has_its_time_out_of_the_minutes_but_no_more_than_half(lessons, left):
    at = TrainState(images_seen=2_000, seconds=5.0)
    assert budget_from_minutes(60.0, tiny.config(), at, 2.0, lessons) == (2_000 + 1_000 * left, False)


def test_seconds_that_are_over_become_what_was_seen():
    at = TrainState(images_seen=2_000, seconds=5.0)
    assert budget_from_minutes(3.0, tiny.config(lr_decay_start=0.0), at, 2.0) == (2_000, False)
    assert budget_from_minutes(3.0, tiny.config(), TrainState(), 0.0) == (8, False)


@pytest.mark.parametrize("player", ["d", "g"])
def test_one_step_that_was_unfit_is_told_whichever_row_it_is_in(player):
    nonfinite = [0, 1, 0] if player == "d" else [0, 0, 1]
    for first in (True, False):
        statistics = MetricsAccumulator(torch.device("cpu"))
        for is_unfit in (first, not first):
            statistics.add(torch.tensor([1.0, 1.0, 0.5, 0.5, *(nonfinite if is_unfit else [0, 0, 0])]))
            statistics.flush(1, 1, 8, 0.1)
        assert statistics.compute().nonfinite == player


NAN = math.nan


@pytest.mark.parametrize(
    ("step", "player"),
    [
        ((1.0, 1.0, NAN, 0.5, 0, 1, 1), "d"),
        ((NAN, 1.0, NAN, 0.5, 0, 0, 1), "d"),
        ((1.0, 1.0, 0.9, 0.5, 0, 1, 1), "g"),
        ((1.0, 1.0, 0.9, 0.5, 0, 1, 0), "d"),
        ((NAN, 1.0, 0.9, 0.5, 0, 0, 0), "d"),
        ((1.0, NAN, 0.9, 0.5, 0, 0, 0), "g"),
        ((1.0, NAN, NAN, NAN, 0, 0, 0), "g"),
        ((1.0, 1.0, 0.9, 0.5, 0, 0, 0), None),
    ],
)
def test_whose_learning_went_wrong(step, player):
    """Where D still reads real images, a trouble of both comes from G's pictures."""
    statistics = MetricsAccumulator(torch.device("cpu"))
    for values in ((1.0, 1.0, 0.9, 0.5, 0, 0, 0), step):
        statistics.add(torch.tensor(values))
        statistics.flush(1, 1, 8, 0.1)
    assert statistics.compute().nonfinite == player


def test_networks_fit_what_they_were_kept_of_and_nothing_else():
    config, facts = tiny.config(), tiny.data().facts
    arrays, wider = GAN(config, facts, torch.device("cpu")).state_dict(), config.changed(d_channels=8)
    assert checkpoint.fits(config, facts, arrays, "generator", "discriminator")
    assert checkpoint.fits(wider, facts, arrays, "generator")
    assert not checkpoint.fits(wider, facts, arrays, "generator", "discriminator")
    checkpoint.validate_shapes(config, facts, arrays)
    checkpoint.check_adoptable(wider, facts, arrays, "generator")
    with pytest.raises(UserError, match="does not fit the networks"):
        checkpoint.validate_shapes(wider, facts, arrays)
    with pytest.raises(UserError, match="do not fit these options"):
        checkpoint.check_adoptable(wider, facts, arrays, "discriminator")


def test_a_wish_outlives_what_was_recorded_of_that_option_for_later_and_of_no_other():
    live = LiveOptions(tiny.config())
    live.begin(tiny.config(), [(50, "g_lr", 0.1), (100, "g_lr", 0.2), (100, "d_lr", 0.3), (200, "g_lr", 0.4)], 50)
    assert live.config.g_lr == 0.1
    live.wish("g_lr", 0.001)
    assert list(live.taken(60)) == [(60, "g_lr", 0.001)] and live.config.g_lr == 0.001
    live.replay(99)
    assert live.config.d_lr == tiny.config().d_lr
    live.replay(300)
    assert (live.config.g_lr, live.config.d_lr) == (0.001, 0.3) and list(live.taken(300)) == []


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_kernels_lie_in_memory_as_the_architecture_says(architecture):
    gan = GAN(
        tiny.config(architecture=architecture, r1_gamma=0),
        DatasetInfo(80, tuple("0123456789"), 1, 28),
        torch.device("cpu"),
    )
    weights = [*gan.generator.parameters(), *gan.discriminator.parameters()]
    kernels = [w for w in weights if w.dim() == 4 and min(w.shape) > 1]
    lie_so = [kernel.is_contiguous(memory_format=torch.channels_last) for kernel in kernels]
    assert lie_so == [ARCHITECTURES[architecture].channels_last] * len(kernels)


def test_the_step_written_for_dense_networks_is_that_of_one_process():
    config = tiny.config(architecture="mlp", r1_gamma=0)
    gans = [GAN(config, tiny.data().facts, torch.device("cpu"), DistInfo(0, size)) for size in (1, 2)]
    assert [gan.manual is None for gan in gans] == [False, True]


@pytest.mark.parametrize("player", ["d", "g"])
def test_the_last_row_says_whose_numbers_were_no_numbers(player):
    session = SimpleNamespace(
        state=TrainState(), schedule=EpochSchedule(80, 80), metrics=MetricsAccumulator(torch.device("cpu"))
    )
    rows = (MetricsRow(1, 1, 8, 0.1, 1.0, 2.0, 0.5, 0.5, 0), MetricsRow(2, 1, 16, 0.2, 1.0, 2.0, 0.5, 0.5, 0))
    first, last = Session.nonfinite_rows(session, rows, player)
    assert first is rows[0] and [math.isnan(last.d_loss), math.isnan(last.g_loss)] == [player == "d", player == "g"]
