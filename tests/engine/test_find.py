"""Finding the z of a picture: in a generator whose answer is known, and told on the way."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from torch import nn

from engine.architectures import networks
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.evaluation.reader import Reader
from engine.job import result_of
from engine.latent import find
from engine.latent.generator_session import GeneratorSession

FACTS = DatasetInfo(100, ("low", "high"), 1, 12)


class Spot(nn.Module):
    """Draws a soft spot at (z[0], z[1]), of class 0 in the upper half, of class 1 in the lower half."""

    def forward(self, z, labels):
        y, x = torch.meshgrid(*[torch.linspace(-1, 1, 12)] * 2, indexing="ij")
        middle = torch.tanh(z[..., None, None] / 2)
        place = middle[:, 1] / 2 + (labels[:, None, None] - 0.5)
        return (torch.exp(-((x - middle[:, 0]) ** 2 + (y - place) ** 2) / 0.2) * 2 - 1)[:, None]


@pytest.fixture
def session(monkeypatch):
    monkeypatch.setattr(networks, "build_generator", lambda config, facts: Spot())
    monkeypatch.setattr(GeneratorSession, "load", lambda self, state: None)
    return GeneratorSession(Config.parse({"z_dim": 2}), FACTS)


class Blind(Reader):
    """Reads nothing, and compares small pictures."""

    def __init__(self):
        self._config, self.judge = Config(), None


def picture_of(session, z, label):
    return session.render(np.float32([z]), np.array([label]))[0]


@pytest.mark.parametrize(("z", "label"), [((0.8, -0.4), 0), ((-1.2, 0.9), 1)])
def test_the_very_z_and_label_are_found(session, z, label):
    last = result_of(find.find(session, Blind(), picture_of(session, z, label)))
    assert last.label == label
    assert last.z == pytest.approx(z, abs=0.1)
    assert last.difference < 0.02
    assert np.array_equal(last.picture, picture_of(session, last.z, label))
    assert last.reading is last.wanted is last.reads_alike is None


def test_it_is_told_on_the_way_and_gets_better(session):
    told = list(find.find(session, Blind(), picture_of(session, (1.5, 1.5), 0)))
    assert told[0].step == 0 and [each.step for each in told] == sorted({each.step for each in told})
    assert told[-1].difference < told[0].difference
    assert told[-1].step < told[-1].steps  # nobody sees a difference any more


def test_a_label_that_is_given_stays(session):
    last = result_of(find.find(session, Blind(), picture_of(session, (0.8, -0.4), 0), label=1))
    assert last.label == 1 and last.difference > 0.05


def test_an_unreachable_picture_ends_after_its_steps(session):
    last = result_of(find.find(session, Blind(), np.full((12, 12), 255, np.uint8), steps=12))
    assert (last.step, last.steps) == (12, 12)
    assert np.isfinite(last.difference)


@pytest.mark.parametrize("picture", [np.zeros((11, 12), np.uint8), np.zeros((12, 12, 3), np.uint8), np.zeros((12, 12))])
def test_a_picture_of_another_shape_is_refused(session, picture):
    with pytest.raises(UserError, match="12×12"):
        next(find.find(session, Blind(), picture))


def test_a_class_that_the_run_has_not_is_refused(session):
    with pytest.raises(UserError, match="another generator"):
        next(find.find(session, Blind(), picture_of(session, (0, 0), 0), label=2))


def test_what_the_judge_reads_is_told_of_both(session):
    class Sure(Blind):
        def read(self, images):
            lower = images[:, 6:].sum((1, 2)) > images[:, :6].sum((1, 2), dtype=np.int64)
            return lower.astype(np.int64), np.full(len(images), 0.75, np.float32)

    last = result_of(find.find(session, Sure(), picture_of(session, (0.8, -0.4), 1)))
    assert last.wanted == last.reading == (1, 0.75)
    assert last.reads_alike
