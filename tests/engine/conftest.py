"""Engine tests train TinyGAN; they pass where Qt is absent."""

from __future__ import annotations

import pytest
import torch

from engine.config import MINUTES
from engine.datasets import catalog, digits
from engine.runs import RunFolder
from engine.trainer import Trainer
from engine.training import budget
from tests import tiny


def be_tiny(monkeypatch):
    """Let every data set be the 80 tiny digits, for whose few pixels oneDNN takes longer to begin than to compute."""
    monkeypatch.setattr(catalog, "load", tiny.data)
    monkeypatch.setattr(catalog, "read", tiny.read)
    monkeypatch.setattr(torch.backends.mkldnn, "enabled", False)


@pytest.fixture
def tiny_data(monkeypatch):
    """Let every data set be the 80 tiny digits."""
    be_tiny(monkeypatch)


@pytest.fixture
def brief(monkeypatch):
    """The fewest minutes there are, of which a fifth is trained: the first hundredths tell how fast that is."""
    monkeypatch.setattr("engine.training.budget.MEASURE_SECONDS", 0.02)
    images_of = budget.budget_from_minutes
    monkeypatch.setattr(budget, "budget_from_minutes", lambda seconds, *rest: images_of(seconds / 5, *rest))
    return MINUTES[0]


@pytest.fixture
def dense(monkeypatch):
    """Let TinyGAN be an MLP; ``test_trainer`` and ``test_processes`` go on with all architectures."""
    for name, value in tiny.DENSE.items():
        monkeypatch.setitem(tiny.OPTIONS, name, value)


@pytest.fixture(scope="session")
def wholes():
    """The runs that ``whole`` has made, by their architecture."""
    return {}


@pytest.fixture
def whole(tmp_path_factory, wholes):
    """The run of a TinyGAN that was left alone, to compare with; nobody changes it."""
    config = tiny.config()
    if config.architecture not in wholes:
        run = RunFolder(tmp_path_factory.mktemp("whole") / "run")
        with pytest.MonkeyPatch.context() as monkeypatch:
            be_tiny(monkeypatch)
            list(Trainer(config, run).run())
        wholes[config.architecture] = run
    return wholes[config.architecture]


@pytest.fixture
def folder(tmp_path):
    """A run folder that does not exist yet."""
    return RunFolder(tmp_path / "run")


@pytest.fixture
def fewer_digits(monkeypatch):
    """Let the real digits be a fifth of them: a judge takes seconds to read them all."""
    images, labels = digits.load()
    monkeypatch.setattr(digits, "load", lambda: (images[::5].copy(), labels[::5].copy()))
