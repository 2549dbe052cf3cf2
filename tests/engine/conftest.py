"""Engine tests train TinyGAN; they pass where Qt is absent."""

from __future__ import annotations

import pytest

from engine.data import catalogue
from engine.run_folder import RunFolder
from tests import tiny


@pytest.fixture
def tiny_data(monkeypatch):
    """Let every data set be the 80 tiny digits."""
    monkeypatch.setattr(catalogue, "load", tiny.data)
    monkeypatch.setattr(catalogue, "read", tiny.read)


@pytest.fixture
def folder(tmp_path):
    """A run folder that does not exist yet."""
    return RunFolder(tmp_path / "run")
