import math

import numpy as np
import pytest
import torch
from torch import nn

from engine.config import OPTIONS
from engine.errors import UserError
from engine.training import checkpoint, losses
from engine.training.average import Average
from engine.training.sample_grid import SampleGrid
from engine.training.statistics import Statistics
from tests import tiny


def test_every_loss_can_be_chosen_and_the_other_way_round():
    assert set(OPTIONS["loss"].choices) == set(losses.LOSSES)


@pytest.mark.parametrize(("name", "d_loss"), [("nonsaturating", 2 * math.log(2)), ("relativistic", math.log(2))])
def test_an_undecided_discriminator_has_the_textbook_losses(name, d_loss):
    zeros, loss = torch.zeros(5), losses.LOSSES[name]
    assert loss.discriminator(zeros, zeros).item() == pytest.approx(d_loss)
    assert loss.generator(zeros, zeros).item() == pytest.approx(math.log(2))
    assert [verdict.mean().item() for verdict in loss.verdicts(zeros, zeros)] == [0.5, 0.5]


@pytest.mark.parametrize("name", losses.LOSSES)
def test_each_player_is_paid_for_its_own_aim(name):
    loss, low, high = losses.LOSSES[name], torch.full((5,), -2.0), torch.full((5,), 2.0)
    assert loss.discriminator(high, low) < loss.discriminator(low, high)
    assert loss.generator(low, high) < loss.generator(high, low)
    real, fake = loss.verdicts(high, low)
    assert (real > 0.5).all() and (fake < 0.5).all()


def test_the_classic_losses_equal_binary_cross_entropy():
    real, fake = torch.randn(9), torch.randn(9)
    bce, loss = nn.BCEWithLogitsLoss(), losses.LOSSES["nonsaturating"]
    expected = bce(real, torch.ones(9)) + bce(fake, torch.zeros(9))
    assert loss.discriminator(real, fake).item() == pytest.approx(expected.item(), rel=1e-6)
    assert loss.generator(real, fake).item() == pytest.approx(bce(fake, torch.ones(9)).item(), rel=1e-6)


def test_r1_of_a_linear_discriminator_is_its_squared_weight():
    weight = torch.randn(12)
    images = torch.randn(4, 1, 3, 4, requires_grad=True)
    penalty = losses.r1_penalty(images.flatten(1) @ weight, images)
    assert penalty.item() == pytest.approx(weight.square().sum().item(), rel=1e-6)


def test_the_average_halves_the_distance_in_one_half_life():
    source = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    average = Average(source)
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
    average = Average(source)
    with torch.no_grad():
        source[0].weight.fill_(7)
    average.update(images_seen=64, batch=64, halflife_images=0)
    assert (average.network[0].weight == 7).all()
    assert source.training and not average.network.training


def test_rows_are_means_between_closings():
    statistics = Statistics(torch.device("cpu"))
    for value in (1.0, 3.0, 8.0):
        statistics.add(torch.full((4,), value))
        if value == 3.0:
            statistics.close_row(2, 1, 16, 0.1)
            statistics.close_row(2, 1, 16, 0.1)
    rows, finite = statistics.fetch()
    assert [(row.step, row.d_loss) for row in rows] == [(2, 2.0)]
    assert finite
    assert statistics.fetch() == ((), True)
    resumed = Statistics(torch.device("cpu"))
    resumed.restore(*statistics.state())
    resumed.close_row(3, 1, 24, 0.2)
    assert resumed.fetch()[0][0].g_loss == 8.0


def test_a_number_that_is_not_finite_is_seen_before_its_row_is_closed():
    statistics = Statistics(torch.device("cpu"))
    statistics.add(torch.tensor([1.0, math.inf, 0, 0]))
    assert statistics.fetch() == ((), False)


def test_an_optimiser_survives_as_arrays():
    def make():
        torch.manual_seed(0)
        network = nn.Linear(3, 2)
        return network, torch.optim.Adam(network.parameters(), fused=True)

    def step(network, optimiser):
        optimiser.zero_grad()
        network(torch.ones(1, 3)).sum().backward()
        optimiser.step()

    one, first = make()
    step(one, first)
    two, second = make()
    checkpoint.load_network(two, checkpoint.network_arrays(one))
    checkpoint.load_optimiser(second, checkpoint.optimiser_arrays(first))
    step(one, first)
    step(two, second)
    assert torch.equal(one.weight, two.weight)


def test_arrays_that_do_not_fit_are_refused():
    network = nn.Linear(3, 2)
    optimiser = torch.optim.Adam(network.parameters())
    with pytest.raises(UserError):
        checkpoint.load_network(network, {"weight": np.zeros((3, 2), np.float32)})
    for name, array in (("5.exp_avg", np.zeros((2, 3))), ("0.exp_avg", np.zeros(1)), ("x", np.zeros(1))):
        with pytest.raises(UserError):
            checkpoint.load_optimiser(optimiser, {name: array})
    with pytest.raises(UserError):
        checkpoint.load_random(torch.Generator(), torch.device("cpu"), {})


def test_the_grid_has_a_class_to_a_column_and_a_style_to_a_row():
    grid = SampleGrid(tiny.config(sample_rows=3), tiny.data().facts)
    assert grid.labels.reshape(3, 10).tolist() == [list(range(10))] * 3
    z = grid.z.reshape(3, 10, -1)
    assert (z == z[:, :1]).all() and not (z[0] == z[1]).any()
    again = SampleGrid(tiny.config(sample_rows=3), tiny.data().facts)
    assert np.array_equal(grid.z, again.z)
