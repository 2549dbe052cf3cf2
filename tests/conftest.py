"""What every test has: a home of its own, English, and no thread left behind."""

from __future__ import annotations

import os
import threading

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

import pytest

from engine import i18n

_PATIENCE_SECONDS = 60


@pytest.fixture(autouse=True)
def own_home(tmp_path, monkeypatch):
    """Keep runs and settings of a test inside its own folder."""
    monkeypatch.setenv("DUELO_HOME", str(tmp_path / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))


@pytest.fixture(autouse=True)
def english():
    """Begin and end every test in English."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")


@pytest.fixture(autouse=True)
def no_thread_left():
    """Fail a test that leaves one of our threads alive."""
    ours = {"training", "explorer", "examiner"}
    yield
    ending = [thread for thread in threading.enumerate() if thread.name in ours]
    for thread in ending:  # on a busy machine the last step under way takes its time
        thread.join(_PATIENCE_SECONDS)
    left = [thread.name for thread in ending if thread.is_alive()]
    assert not left, f"the test left these threads alive: {left}"
