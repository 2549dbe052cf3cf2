"""The step that is written out for dense players, beside the one that autograd makes of the same networks."""

import math

import pytest
import torch
from torch import nn

from engine.datasets.batches import Batches
from engine.errors import UserError
from engine.training.dense import DensePlay, is_dense
from engine.training.duel import Duel
from engine.training.play import Moment
from tests import tiny

CPU = torch.device("cpu")
PLAIN = {"family": "mlp", "output": "none", "data_range": "0..1", "g_noise": "new", "r1_gamma": 0}


def plain(**values):
    return tiny.config(**(PLAIN | values))


def duel_of(config, *, written_out=True):
    duel = Duel(config, tiny.data().facts, CPU)
    if not written_out:
        duel._dense = None
    return duel


def train(duel, config, steps, first=0):
    batches = Batches(tiny.data(), config.seed, CPU, config.data_range)
    size = config.batch_size
    return torch.stack(
        [
            duel.step(config, Moment(n, (n + 1) * size, 0.0, 0.5), [batches.at(n * size, size)])
            for n in range(first, first + steps)
        ]
    )


def weights(duel):
    return torch.cat(
        [p.detach().flatten() for player in (duel.generator, duel.discriminator) for p in player.parameters()]
    )


def assert_alike(one, other):
    """As one vector: Adam makes a whole step of the smallest difference, in a weight whose gradient is next to none."""
    ours, theirs = weights(one), weights(other)
    assert (ours - theirs).norm() < 1e-3 * theirs.norm()


@pytest.fixture
def taken(monkeypatch):
    """Count the steps that were written out."""
    count = []
    step = DensePlay.step
    monkeypatch.setattr(DensePlay, "step", lambda *arguments: (count.append(1), step(*arguments))[1])
    return count


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"d_loss_over": "sum", "joined_batch": False},
        {"d_loss_over": "mean", "eval_opponent": True, "g_beta1": 0.9, "d_beta2": 0.999, "batch_size": 7},
        {"training_mode": False, "shuffle": False, "adam_epsilon": 1e-3},
    ],
)
def test_both_ways_are_the_same(values, taken):
    config = plain(**values)
    by_hand, by_autograd = duel_of(config), duel_of(config, written_out=False)
    reports, wanted = train(by_hand, config, 10), train(by_autograd, config, 10)
    assert len(taken) == 10
    torch.testing.assert_close(reports, wanted, rtol=1e-3, atol=1e-4)
    assert_alike(by_hand, by_autograd)
    assert torch.equal(by_hand.random.get_state(), by_autograd.random.get_state())


@pytest.mark.parametrize(
    "values",
    [
        {"loss": "hinge"},
        {"order": "simultaneous", "g_noise": "same"},
        {"g_noise": "double"},
        {"d_steps": 2},
        {"g_steps": 2},
        {"d_skip_below": 0.1},
        {"label_smoothing": 0.1},
        {"instance_noise": 0.1},
        {"r1_gamma": 1},
        {"augment": "move"},
    ],
    ids=lambda values: next(iter(values)),
)
def test_an_option_that_is_not_written_out_goes_through_autograd(values, taken):
    config = plain(**values)
    size, batches = config.batch_size, Batches(tiny.data(), 0, CPU, "0..1")
    lessons = [batches.at(n * size, size) for n in range(config.d_steps)]
    duel_of(config).step(config, Moment(0, size, 0.0, 1.0), lessons)
    assert not taken


@pytest.mark.parametrize(
    "values", [{"output": "tanh"}, {"d_dropout": 0.3}, {"spectral_norm": True}, {"family": "shuffle"}]
)
def test_other_networks_are_not_dense(values):
    duel = duel_of(plain(**values))
    assert not (is_dense(duel.generator) and is_dense(duel.discriminator))
    assert duel._dense is None


def test_a_lever_may_move_between_both_ways_and_back(taken):
    config = plain()
    noisy = config.changed(instance_noise=0.1)
    by_hand, by_autograd = duel_of(config), duel_of(config, written_out=False)
    for duel in (by_hand, by_autograd):
        train(duel, config, 5)
        train(duel, noisy, 5, first=5)
        train(duel, config, 5, first=10)
    assert len(taken) == 10
    assert_alike(by_hand, by_autograd)


def test_its_state_is_an_ordinary_one_and_goes_on_exactly():
    config = plain()
    whole, ordinary = duel_of(config), duel_of(plain(spectral_norm=False, output="tanh"))
    train(whole, config, 6)
    train(ordinary, config, 6)
    kept = whole.arrays()
    assert {name: array.shape for name, array in kept.items()} == {
        name: array.shape for name, array in ordinary.arrays().items()
    }
    again = duel_of(config.changed(seed=5))
    again.restore(kept)
    assert torch.equal(train(whole, config, 6, first=6), train(again, config, 6, first=6))
    assert torch.equal(weights(whole), weights(again))


def test_a_state_whose_weights_have_different_ages_is_refused():
    config = plain()
    duel = duel_of(config)
    train(duel, config, 2)
    arrays = duel.arrays()
    with pytest.raises(UserError, match="does not fit"):
        duel_of(config).restore(arrays | {"g_optimiser.0.step": arrays["g_optimiser.0.step"] + 1})
    with pytest.raises(UserError, match="does not fit"):
        duel_of(config).restore({name: array for name, array in arrays.items() if name != "d_optimiser.2.exp_avg"})


def test_what_is_not_finite_stays_out_of_the_weights():
    config = plain()
    duel = duel_of(config)
    train(duel, config, 2)
    before = weights(duel)
    images, labels = Batches(tiny.data(), 0, CPU, "0..1").at(0, config.batch_size)
    images[0] = math.inf
    report = duel.step(config, Moment(2, 24, 0.0, 1.0), [(images, labels)])
    d_unfit, g_unfit = report[5:].tolist()
    assert (d_unfit, g_unfit) == (1, 0)
    dense = [m for m in duel.discriminator.modules() if isinstance(m, nn.Linear)]
    assert all(m.weight.isfinite().all() for m in dense)
    after = weights(duel)
    count = sum(p.numel() for p in duel.generator.parameters())
    assert torch.equal(before[count:], after[count:])
    assert not torch.equal(before[:count], after[:count])
