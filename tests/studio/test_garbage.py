"""Garbage is collected in the UI thread only: an object of Qt that a worker finalizes makes the window stand still."""

import gc
import threading
import weakref
from pathlib import Path

import pytest
from PySide6.QtCore import QObject

from studio import garbage
from studio.services import Services
from studio.workers.job_runner import Listeners
from tests.studio.conftest import PATIENCE_MS

ROOT = Path(__file__).parents[2]


class Circle:
    def __init__(self):
        self.me, self.of_qt = self, QObject()


@pytest.fixture
def where():
    """In which threads garbage was collected, as in a process that nobody told anything."""
    threads = set()

    def listen(_phase, _info):
        threads.add(threading.current_thread())

    gc.callbacks.append(listen)
    gc.enable()
    yield threads
    gc.callbacks.remove(listen)
    garbage.only_when_asked()


def test_no_worker_collects_and_the_window_does(where, tiny_gan, qtbot, monkeypatch):
    monkeypatch.setattr(garbage, "PERIOD_MS", 0)
    services = Services()
    gone, ended = weakref.ref(Circle()), []
    services.jobs.do(
        "litter", lambda: [[].append(Circle()) for _ in range(3000)], Listeners(end=lambda: ended.append(1))
    )
    qtbot.waitUntil(lambda: bool(ended))
    qtbot.waitUntil(lambda: gone() is None)
    services.stop()
    services.wait(PATIENCE_MS / 1000)
    assert where == {threading.main_thread()}


def test_a_little_is_left_for_later_and_old_garbage_goes_too(where):
    garbage.only_when_asked()
    gc.collect()
    where.clear()
    garbage.collect()
    assert not where, "hardly anything has come together"
    old = weakref.ref(circle := Circle())
    gc.collect(), gc.collect()
    del circle
    kept = []
    for _ in range(100):
        kept.append([Circle() for _ in range(400)])
        kept.clear()
        garbage.collect()
    assert old() is None


def test_nobody_else_collects_or_lets_python_collect():
    for path in [*(ROOT / "studio").rglob("*.py"), *(ROOT / "engine").rglob("*.py")]:
        text = path.read_text(encoding="utf-8")
        assert path.name == "garbage.py" or ("gc.enable(" not in text and "gc.collect(" not in text), path
