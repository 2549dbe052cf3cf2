"""Directions in latent space, in generators whose answer is known beforehand, and in those of every architecture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn

from engine.architectures import ARCHITECTURES, networks
from engine.architectures.generator import LabeledGenerator, LabelEmbedding
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.job import result_of
from engine.latent import directions
from engine.latent.generator_session import GeneratorSession
from engine.latent.sampling import random_z
from engine.runs import Direction, RunFolder

CONFIG = Config.parse({"z_dim": 4})
SIDE = 12
DIGITS = DatasetInfo(100, tuple("01"), 1, SIDE)


class Bars(LabeledGenerator):
    """Draws a bar: z[0] · 0.5 leans it, z[1] · 0.3 makes it thick, z[2] · 0.1 makes it bright, z[3] does nothing.

    ``turn`` mixes them first, so that a direction is no single number of z.
    """

    def __init__(self, turn, sign=1.0):
        super().__init__()
        self.label = LabelEmbedding(2, 2)
        self.dense = nn.Linear(4 + 2, 4)
        scales = torch.tensor([0.5 * sign, 0.3, 0.1, 0.0])
        with torch.no_grad():
            self.dense.weight[:, :4] = scales[:, None] * turn
            self.dense.weight[:, 4:] = 0
            self.dense.bias.zero_()
            self.label.weight.zero_()

    @property
    def entrance(self):
        return self.dense

    def features(self, z, labels):
        found = self.dense(self.enter(z, labels))
        return [found, found + 0.05 * found**3]

    def forward(self, z, labels):
        bent = self.dense(self.enter(z, labels))
        lean, thick, bright, _ = (bent + 0.05 * bent**3).T[..., None, None]
        y, x = torch.meshgrid(*[torch.arange(SIDE) - (SIDE - 1) / 2] * 2, indexing="ij")
        away = (x + lean * y).abs() - torch.exp(0.5 + thick)
        inside = torch.sigmoid(-4 * away) * (y.abs() < 5)
        return (inside * torch.sigmoid(2 + 4 * bright) * 2 - 1)[:, None]


TURN = torch.linalg.qr(torch.tensor(random_z(4, 4, seed=0)))[0].T


def session_of(network, monkeypatch, config=CONFIG, facts=DIGITS):
    monkeypatch.setattr(networks, "build_generator", lambda config, facts: network)
    return GeneratorSession(config, facts)


def found_in(session, method, epoch=5):
    return result_of(directions.find(session, epoch, method))


@pytest.mark.parametrize("method", directions.METHODS)
class TestFound:
    def test_each_is_found_named_and_ranked_by_what_it_changes(self, method, monkeypatch):
        lean, thick, bright, *nothing = found = found_in(session_of(Bars(TURN), monkeypatch), method)
        assert [each.measure for each in (lean, thick)] == ["slant", "thickness"]
        assert bright.measure == "brightness"
        strengths = [each.strength for each in found]
        assert strengths == sorted(strengths, reverse=True)
        assert all(each.strength < 1e-3 for each in nothing) and bright.strength > 1e-2
        assert len(nothing) == (method == "sefa")  # principal components are of what there is
        for index, each in enumerate((lean, thick, bright)):
            assert abs(each.unit @ TURN[index].numpy()) > 0.97
            assert np.linalg.norm(each.unit) == pytest.approx(1, abs=1e-5)
            assert each.effect > 0 and each.correlation > 0.5
            assert (each.method, each.epoch) == (method, 5)

    def test_it_points_to_where_its_measure_grows(self, method, monkeypatch):
        """In a generator that leans the other way the direction is the opposite one."""
        one = found_in(session_of(Bars(TURN), monkeypatch), method)[0]
        other = found_in(session_of(Bars(TURN, sign=-1.0), monkeypatch), method)[0]
        assert one.measure == other.measure == "slant"
        assert one.unit @ other.unit == pytest.approx(-1, abs=0.02)

    def test_the_same_generator_gives_the_same(self, method, monkeypatch):
        session = session_of(Bars(TURN), monkeypatch)
        assert found_in(session, method) == found_in(session, method)


def test_principal_components_of_the_affine_layer_itself_are_those_of_the_weights(monkeypatch):
    """Why a later layer is taken: with standard normal z the two methods would say the same."""
    network = Bars(TURN)
    network.features = lambda z, labels: [network.dense(network.enter(z, labels))]
    session = session_of(network, monkeypatch)
    pca, sefa = (found_in(session, method) for method in ("pca", "sefa"))
    for one, other in zip(pca[:3], sefa[:3], strict=True):
        assert abs(one.unit @ other.unit) > 0.99


class TestAgain:
    def test_slant_still_holds_where_the_same_numbers_lean_the_bar(self, monkeypatch):
        kept = [replace(found_in(session_of(Bars(TURN), monkeypatch), "sefa")[0], name="My slant")]
        (held,) = result_of(directions.measure_again(session_of(Bars(TURN), monkeypatch), 40, kept))
        assert held.holds and held.before == kept[0]
        assert (held.now.name, held.now.epoch, held.now.vector) == ("My slant", 40, kept[0].vector)
        assert held.now.effect == pytest.approx(kept[0].effect, rel=1e-3)

    def test_one_that_its_measure_follows_weakly_holds_where_it_was_found(self, monkeypatch):
        session = session_of(Bars(TURN), monkeypatch)
        thick = replace(found_in(session, "sefa")[1], measure="height")
        weak = result_of(directions.measure_again(session, 1, [thick]))[0].now
        assert 0.2 < abs(weak.correlation) < 0.5
        assert result_of(directions.measure_again(session, 1, [weak]))[0].holds

    def test_it_does_not_where_they_lean_it_the_other_way_or_do_something_else(self, monkeypatch):
        kept = found_in(session_of(Bars(TURN), monkeypatch), "sefa")[:1]
        (opposite,) = result_of(directions.measure_again(session_of(Bars(TURN, -1.0), monkeypatch), 40, kept))
        (other,) = result_of(directions.measure_again(session_of(Bars(TURN.roll(1, 0)), monkeypatch), 40, kept))
        assert opposite.now.measure == other.now.measure == "slant"
        assert opposite.now.effect < 0 and not opposite.holds
        assert not other.holds

    def test_another_number_of_dimensions_is_told(self, monkeypatch):
        kept = [Direction("", "sefa", 1, (1.0,) * 5, 0.1, "slant", 1.0, 1.0)]
        with pytest.raises(UserError, match="another number of latent dimensions"):
            result_of(directions.measure_again(session_of(Bars(TURN), monkeypatch), 40, kept))


@pytest.mark.parametrize("architecture", ARCHITECTURES)
@pytest.mark.parametrize("method", directions.METHODS)
def test_every_architecture_has_directions(architecture, method):
    torch.manual_seed(0)
    facts = DatasetInfo(100, tuple("0123456789"), 3, 8)
    config = Config.parse({"architecture": architecture, "z_dim": 6, "g_channels": 8})
    session = GeneratorSession(config, facts)
    weights = networks.build_generator(config, facts).state_dict()
    session.load({name: tensor.numpy() for name, tensor in weights.items()})
    found = found_in(session, method)
    assert len(found) == 6 if method == "sefa" else 3 <= len(found) <= 6  # no more than there are activations
    assert all(np.isfinite([*each.vector, each.strength, each.effect, each.correlation]).all() for each in found)
    assert all(each.strength > 0 for each in found)


def test_networks_that_tell_nothing_of_themselves_are_refused(monkeypatch):
    session = session_of(nn.Linear(4, 4), monkeypatch)
    with pytest.raises(UserError, match="do not tell"):
        found_in(session, "sefa")


def test_a_generator_that_always_draws_the_same_has_directions_without_a_name(monkeypatch):
    network = Bars(TURN * 0)
    found = found_in(session_of(network, monkeypatch), "sefa")
    assert [each.measure for each in found] == [""] * 4
    assert directions.titles(found[:1]) == ["something else"] and directions.ends(found[0]) == ("", "")


def test_words_say_what_grows_and_no_two_directions_are_called_the_same():
    direction = Direction("", "sefa", 1, (1.0,), 0.1, "slant", 1.0, 1.0)
    other = replace(direction, measure="width")
    named = replace(direction, name="Italic")
    assert directions.titles([direction, other, named, direction]) == ["slant", "width", "slant 2", "slant 3"]
    assert directions.ends(direction) == ("leaning to the left", "leaning to the right")
    assert directions.ends(replace(direction, effect=-1.0)) == ("leaning to the right", "leaning to the left")


def test_along_goes_to_both_sides_and_through_the_middle():
    direction = Direction("", "sefa", 1, (0.0, 1.0), 0.1, "slant", 1.0, 1.0)
    points = directions.along(np.float32([5, 7]), direction, 3, reach=2)
    assert points.tolist() == [[5, 5], [5, 7], [5, 9]]


def test_they_are_kept_with_the_run(tmp_path):
    run = RunFolder(tmp_path)
    assert run.directions() == []
    kept = [Direction("Slant\x1b", "pca", 3, (float(np.float32(0.1)), -2.5), 0.1, "slant", 1.5, 0.5)]
    run.save_directions(kept)
    assert run.directions() == [replace(kept[0], name="Slant�")]
