"""The optimizer moves as torch's Adam does, and survives as arrays."""

import numpy as np
import pytest
import torch
from torch import nn

from engine.distributed import DistInfo
from engine.errors import UserError
from engine.training import checkpoint
from engine.training.adam import Adam, AdamOptions, FlatAdam

ADAM = AdamOptions((0.5, 0.99), epsilon=0.01)  # large enough to be seen


def linear_and(kind):
    torch.manual_seed(0)
    network = nn.Linear(3, 2)
    return network, kind(network, ADAM, DistInfo())


def learn(network, optimizer, rate=0.1):
    optimizer.backward(network(torch.tensor([[1.0, -2.0, 0.5]])).square().sum())
    optimizer.set_lr(rate)
    return optimizer.step()


@pytest.mark.parametrize("kind", [Adam, FlatAdam])
def test_an_optimizer_moves_as_torchs_adam_does(kind):
    network, optimizer = linear_and(kind)
    twin, _ = linear_and(Adam)
    adam = torch.optim.Adam(twin.parameters(), betas=ADAM.betas, eps=ADAM.epsilon)
    for rate in (0.1, 0.05, 0.2):
        learn(network, optimizer, rate)
        adam.param_groups[0]["lr"] = rate
        adam.zero_grad()
        twin(torch.tensor([[1.0, -2.0, 0.5]])).square().sum().backward()
        adam.step()
    torch.testing.assert_close(network.weight, twin.weight)
    torch.testing.assert_close(network.bias, twin.bias)


def test_where_adam_is_not_one_operation_it_moves_alike(monkeypatch):
    fused, plain = linear_and(Adam), linear_and(Adam)
    for _ in range(3):
        learn(*fused)
        with monkeypatch.context() as patch:
            patch.setattr("engine.training.adam.FUSED_ON", ())
            learn(*plain)
    torch.testing.assert_close(fused[0].weight, plain[0].weight)


@pytest.mark.parametrize("kind", [Adam, FlatAdam])
def test_an_optimizer_survives_as_arrays(kind):
    (one, first), (two, second) = linear_and(kind), linear_and(kind)
    assert first.state_dict() == {}
    learn(one, first)
    kept = first.state_dict()
    assert set(kept) == {f"{index}.{name}" for index in "01" for name in ("step", "exp_avg", "exp_avg_sq")}
    checkpoint.load_network(two, checkpoint.network_state(one))
    second.load_state_dict(kept)
    learn(one, first)
    learn(two, second)
    assert torch.equal(one.weight, two.weight)


def test_a_parameter_that_does_not_take_part_does_not_age():
    network, optimizer = linear_and(Adam)
    before = network.bias.clone()
    optimizer.backward((network.weight * 2).sum())
    optimizer.set_lr(0.1)
    optimizer.step()
    assert torch.equal(network.bias, before)
    assert {name.partition(".")[0] for name in optimizer.state_dict()} == {"0"}


def test_arrays_that_do_not_fit_are_refused():
    network, optimizer = linear_and(Adam)
    with pytest.raises(UserError):
        checkpoint.load_network(network, {"weight": np.zeros((3, 2), np.float32)})
    learn(network, optimizer)
    kept = optimizer.state_dict()
    others = {"5.exp_avg": np.zeros((2, 3)), "0.exp_avg": np.zeros(1), "x": np.zeros(1), "0.step": kept["1.exp_avg"]}
    for name, array in others.items():
        with pytest.raises(UserError):
            optimizer.load_state_dict(kept | {name: array})
    with pytest.raises(UserError):
        optimizer.load_state_dict({name: array for name, array in kept.items() if name != "1.step"})
    with pytest.raises(UserError):
        checkpoint.load_rng_state(torch.Generator(), torch.device("cpu"), {})
