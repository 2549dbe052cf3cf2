"""The step that is written out for dense players, beside the one that autograd makes of the same networks."""

import math

import pytest
import torch
from torch import nn

from engine.datasets.batches import Batches
from engine.errors import UserError
from engine.training.gan import GAN
from engine.training.manual_mlp import ManualMLPStep, is_dense
from engine.training.train_step import StepInfo
from tests import tiny

CPU = torch.device("cpu")
PLAIN = {"architecture": "mlp", "output": "none", "data_range": "0..1", "g_batch_source": "new", "r1_gamma": 0}


def plain(**values):
    return tiny.config(**(PLAIN | values))


def gan_of(config, *, written_out=True):
    gan = GAN(config, tiny.data().facts, CPU)
    if not written_out:
        gan.manual = None
    return gan


def train(gan, config, steps, first=0):
    batches = Batches(tiny.data(), config.seed, CPU, config.data_range)
    size = config.batch_size
    return torch.stack(
        [
            gan.step(config, StepInfo(n, (n + 1) * size, 0.0, 0.5), [batches.get_batch(n * size, size)])
            for n in range(first, first + steps)
        ]
    )


def weights(gan):
    return torch.cat(
        [p.detach().flatten() for player in (gan.generator, gan.discriminator) for p in player.parameters()]
    )


def assert_alike(one, other):
    """As one vector: Adam makes a whole step of the smallest difference, in a weight whose gradient is next to none."""
    ours, theirs = weights(one), weights(other)
    assert (ours - theirs).norm() < 1e-3 * theirs.norm()


@pytest.fixture
def taken(monkeypatch):
    """Count the steps that were written out."""
    count = []
    step = ManualMLPStep.step
    monkeypatch.setattr(ManualMLPStep, "step", lambda *arguments: (count.append(1), step(*arguments))[1])
    return count


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"d_loss_over": "sum", "concat_real_fake": False},
        {"d_loss_over": "mean", "eval_opponent": True, "g_beta1": 0.9, "d_beta2": 0.999, "batch_size": 7},
        {"training_mode": False, "shuffle": False, "adam_epsilon": 1e-3},
    ],
)
def test_both_ways_are_the_same(values, taken):
    config = plain(**values)
    by_hand, by_autograd = gan_of(config), gan_of(config, written_out=False)
    reports, wanted = train(by_hand, config, 10), train(by_autograd, config, 10)
    assert len(taken) == 10
    torch.testing.assert_close(reports, wanted, rtol=1e-3, atol=1e-4)
    assert_alike(by_hand, by_autograd)
    assert torch.equal(by_hand.random.get_state(), by_autograd.random.get_state())


@pytest.mark.parametrize(
    "values",
    [
        {"loss": "hinge"},
        {"update_order": "simultaneous", "g_batch_source": "same"},
        {"g_batch_source": "double"},
        {"d_steps": 2},
        {"g_steps": 2},
        {"d_skip_loss": 0.1},
        {"label_smoothing": 0.1},
        {"instance_noise": 0.1},
        {"r1_gamma": 1},
        {"augment": "translation"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_option_that_is_not_written_out_goes_through_autograd(values, taken):
    config = plain(**values)
    size, batches = config.batch_size, Batches(tiny.data(), 0, CPU, "0..1")
    lessons = [batches.get_batch(n * size, size) for n in range(config.d_steps)]
    gan_of(config).step(config, StepInfo(0, size, 0.0, 1.0), lessons)
    assert not taken


@pytest.mark.parametrize(
    "values", [{"output": "tanh"}, {"d_dropout": 0.3}, {"spectral_norm": True}, {"architecture": "pixelshuffle"}]
)
def test_other_networks_are_not_dense(values):
    gan = gan_of(plain(**values))
    assert not (is_dense(gan.generator) and is_dense(gan.discriminator))
    assert gan.manual is None


def test_a_lever_may_move_between_both_ways_and_back(taken):
    config = plain()
    noisy = config.changed(instance_noise=0.1)
    by_hand, by_autograd = gan_of(config), gan_of(config, written_out=False)
    for gan in (by_hand, by_autograd):
        train(gan, config, 5)
        train(gan, noisy, 5, first=5)
        train(gan, config, 5, first=10)
    assert len(taken) == 10
    assert_alike(by_hand, by_autograd)


def test_its_state_is_an_ordinary_one_and_goes_on_exactly():
    config = plain()
    whole, ordinary = gan_of(config), gan_of(plain(spectral_norm=False, output="tanh"))
    train(whole, config, 6)
    train(ordinary, config, 6)
    kept = whole.state_dict()
    assert {name: array.shape for name, array in kept.items()} == {
        name: array.shape for name, array in ordinary.state_dict().items()
    }
    again = gan_of(config.changed(seed=5))
    again.load_state_dict(kept)
    assert torch.equal(train(whole, config, 6, first=6), train(again, config, 6, first=6))
    assert torch.equal(weights(whole), weights(again))


def test_a_state_whose_weights_have_different_ages_is_refused():
    config = plain()
    gan = gan_of(config)
    train(gan, config, 2)
    arrays = gan.state_dict()
    with pytest.raises(UserError, match="does not fit"):
        gan_of(config).load_state_dict(arrays | {"g_optimiser.0.step": arrays["g_optimiser.0.step"] + 1})
    with pytest.raises(UserError, match="does not fit"):
        missing = {name: array for name, array in arrays.items() if name != "d_optimiser.2.exp_avg"}
        gan_of(config).load_state_dict(missing)


def test_what_is_not_finite_stays_out_of_the_weights():
    config = plain()
    gan = gan_of(config)
    train(gan, config, 2)
    before = weights(gan)
    images, labels = Batches(tiny.data(), 0, CPU, "0..1").get_batch(0, config.batch_size)
    images[0] = math.inf
    report = gan.step(config, StepInfo(2, 24, 0.0, 1.0), [(images, labels)])
    d_found_inf, g_found_inf = report[5:].tolist()
    assert (d_found_inf, g_found_inf) == (1, 0)
    dense = [m for m in gan.discriminator.modules() if isinstance(m, nn.Linear)]
    assert all(m.weight.isfinite().all() for m in dense)
    after = weights(gan)
    count = sum(p.numel() for p in gan.generator.parameters())
    assert torch.equal(before[count:], after[count:])
    assert not torch.equal(before[:count], after[:count])
