"""The map of samples: what lies where, and what is told of each point."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from engine.architectures import networks
from engine.evaluation.discriminator_session import DiscriminatorSession
from engine.evaluation.reader import Reader
from engine.job import result_of
from engine.latent import plane_layout, sample_map
from engine.latent.generator_session import GeneratorSession
from engine.pictures import as_pictures
from tests import tiny


def clouds(count=20, spread=0.05):
    """Three clouds in ten dimensions: ``[3 · count, 10]`` and whose each point is."""
    random = np.random.default_rng(0)
    centers = np.eye(3, 10)
    points = centers.repeat(count, 0) + spread * random.standard_normal((3 * count, 10))
    return points.astype(np.float32), np.arange(3).repeat(count)


class TestLayout:
    def test_neighbors_stay_neighbors_in_each_part(self):
        points, cloud = clouds()
        *_, places = plane_layout.layouts(points, perplexity=8)
        distances = ((places[:, None] - places[None]) ** 2).sum(-1)
        np.fill_diagonal(distances, np.inf)
        assert (cloud[distances.argmin(1)] == cloud).all()
        assert np.isfinite(places).all()

    def test_the_second_part_goes_on_from_the_first_and_the_same_points_give_the_same_map(self):
        points = clouds(8)[0]
        one, other = (list(plane_layout.layouts(points, 5)) for _ in range(2))
        assert len(one) == plane_layout.PARTS
        assert all(np.array_equal(*pair) for pair in zip(one, other, strict=True))
        assert np.corrcoef(one[0][:, 0], one[1][:, 0])[0, 1] > 0.9

    @pytest.mark.parametrize("points", [np.zeros((5, 4)), np.ones((3, 1)), np.eye(3), np.zeros((1, 4))])
    def test_points_that_are_all_the_same_or_few_do_no_harm(self, points):
        for places in plane_layout.layouts(points.astype(np.float32)):
            assert places.shape == (len(points), 2) and np.isfinite(places).all()

    def test_the_first_principal_component_is_where_points_spread_most(self):
        random = np.random.default_rng(0)
        points = (random.standard_normal((50, 3)) * [0.1, 5, 1]).astype(np.float32)
        found = plane_layout.principal_components(points)
        assert abs(np.corrcoef(found[:, 0], points[:, 1])[0, 1]) > 0.99
        assert abs(np.corrcoef(found[:, 1], points[:, 2])[0, 1]) > 0.95


CONFIG = tiny.config()


@pytest.fixture(scope="module")
def players():
    torch.manual_seed(0)
    facts = tiny.data().facts
    generator, opponent = GeneratorSession(CONFIG, facts), DiscriminatorSession(CONFIG, facts)
    for session, network in (
        (generator, networks.build_generator(CONFIG, facts)),
        (opponent, networks.build_discriminator(CONFIG, facts)),
    ):
        session.load({name: tensor.numpy() for name, tensor in network.state_dict().items()})
    return generator, opponent


def spiral(count):
    turn = np.linspace(0, 9, count, dtype=np.float32)
    return np.stack([turn * np.cos(turn), turn * np.sin(turn)], 1)


def told(players, monkeypatch, **how):
    monkeypatch.setattr(plane_layout, "layouts", lambda features: (spiral(len(features)) * part for part in (1, 2)))
    return list(sample_map.lay_out(players[0], Reader(CONFIG, tiny.data().facts), count=30, **how))


def test_every_point_is_told_of_and_progress_goes_to_the_end(players, monkeypatch):
    found = told(players, monkeypatch, opponent=players[1], real=tiny.data())
    last = found[-1]
    assert [each.done for each in found] == sorted(each.done for each in found)
    assert found[2].done / found[2].total == pytest.approx(0.2), "most of the time goes into the layout"
    assert len(found[0].places) == 0 and len(found[3].places) == 110
    assert (last.sample_count, last.z.shape, last.pictures.shape) == (30, (30, 4), (110, 8, 8))
    assert np.array_equal(last.pictures[:30], players[0].render(last.z, last.labels[:30]))
    assert np.array_equal(last.pictures[30:], as_pictures(tiny.data().images))
    assert np.array_equal(last.labels[30:], tiny.data().labels)
    for values in (last.readings, last.certainty, last.verdicts, last.thickness):
        assert values.shape == (110,)
    assert np.array_equal(last.verdicts, players[1].ask(last.pictures, last.labels))
    assert np.abs(last.places).max() == pytest.approx(1)


def test_without_judge_and_opponent_nothing_is_read(players, monkeypatch):
    monkeypatch.setattr(Reader, "both", lambda self, images: (None, images.reshape(len(images), -1) / np.float32(255)))
    last = told(players, monkeypatch)[-1]
    assert last.readings is last.certainty is last.verdicts is None
    assert len(last.places) == 30


def test_a_real_layout_ends_where_its_last_step_does(players):
    found = result_of(sample_map.lay_out(players[0], Reader(CONFIG, tiny.data().facts), count=30))
    assert found.done == found.total
    assert np.isfinite(found.places).all()


def test_a_click_finds_the_nearest_point_and_a_lasso_those_inside():
    places = np.float32([[0, 0], [1, 0], [0.5, 0.5], [-1, -1]])
    nothing = np.zeros(0)
    found = sample_map.SampleMap(1, 1, places, nothing, nothing, nothing)
    assert found.nearest(0.9, 0.2) == 1
    assert found.inside(np.array([[-0.5, -0.5], [2, -0.5], [2, 0.2], [-0.5, 0.2]])).tolist() == [0, 1]
    assert found.inside(np.array([[0, 0.4], [1, 0.4], [0.5, 0.6]])).tolist() == [2]
    assert found.inside(np.zeros((0, 2))).tolist() == []


def test_reading_both_at_once_says_what_each_says():
    reader, pictures = Reader(CONFIG, tiny.data().facts), as_pictures(tiny.data().images)
    probabilities, features = reader.both(pictures)
    assert np.array_equal(probabilities, reader.probabilities(pictures))
    assert np.array_equal(features, reader.features(pictures))
    read, certainty = reader.read(pictures)
    assert np.array_equal(read, probabilities.argmax(1)) and np.array_equal(certainty, probabilities.max(1))
