"""What every test has: a home of its own, English, and no thread left behind; and who shares the work of them all."""

from __future__ import annotations

import contextlib
import gc
import importlib
import itertools
import os
import sys
import threading
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# One thread each, in what tests start, too: several workers that take every core would wait for each other.
os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.pop("COLUMNS", None)  # which a shell, or the readline of pytest, may have told to its children
# What one process has compiled, the others read: each worker, and each command that a test starts, would do it anew.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)

import pytest

from engine import i18n
from engine.training.threads import usable_cores
from studio import garbage
from tests import sources

sys.dont_write_bytecode = False  # for the same reason
_PATIENCE_SECONDS = 240
_SLOW_SECONDS = 4 * 3600
_places = itertools.count()
_MOST_WORKERS = 8  # each has a torch and a Qt in memory, and collects every test


def pytest_xdist_auto_num_workers(config):
    """Let every core work where whole folders are tested; chosen tests are done before workers have started.

    What is asked for with another ``-m`` (slow trainings, a GPU) has the machine for itself, and ``-s`` shows what
    tests print, which workers cannot. ``-n`` says otherwise.
    """
    chosen = config.option.keyword or config.option.markexpr != "not slow"
    alone = config.option.capture == "no" or config.option.collectonly
    folders = all(Path(argument).is_dir() for argument in config.args)
    workers = min(len(usable_cores()), _MOST_WORKERS)
    return workers if folders and not chosen and not alone and workers > 1 else 0


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session):
    """Let each worker begin with other modules than its neighbors, so that they do not all compile the same ones."""
    about = getattr(session.config, "workerinput", None)
    if about is None:
        return
    number, count = int(about["workerid"].removeprefix("gw")), about["workercount"]
    files = sorted(file for argument in session.config.args for file in Path(argument).rglob("test_*.py"))
    for file in files[number::count]:
        with contextlib.suppress(Exception, pytest.skip.Exception):  # what fails here is told where it is collected
            importlib.import_module(".".join(file.resolve().relative_to(session.config.rootpath).with_suffix("").parts))


def pytest_collection_modifyitems(items):
    """Let what is slow take hours before it counts as hanging; and begin with what alone takes longest of all."""
    items.sort(key=lambda item: item.path.name != "test_real_window.py")  # the last worker would be waited for
    for item in items:
        if item.get_closest_marker("slow") and not item.get_closest_marker("timeout"):
            item.add_marker(pytest.mark.timeout(_SLOW_SECONDS))


def pytest_collection_finish():
    """Never look through what is loaded, nor through the thousands of tests, for garbage: that took a tenth of all."""
    garbage.only_when_asked()
    gc.freeze()


def pytest_sessionfinish():
    """Let go of what was parsed, which pytest would look through for garbage several times."""
    sources.tree.cache_clear()
    sources.nodes.cache_clear()


@pytest.fixture(autouse=True)
def garbage_goes_between_tests():
    """Collect here alone: threads of the window that a test had must not."""
    yield
    garbage.collect()


@pytest.fixture(autouse=True)
def own_home(request, tmp_path_factory, monkeypatch):
    """Keep runs and settings of a test inside its own folder, which is made only where somebody writes into it.

    For a ``tmp_path`` pytest looks through those of all tests before: 6 ms after three thousand.
    """
    asks = "tmp_path" in request.fixturenames
    place = request.getfixturevalue("tmp_path") if asks else tmp_path_factory.getbasetemp() / f"test_{next(_places)}"
    monkeypatch.setenv("DUELO_HOME", str(place / "home"))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(place / "config"))
    yield
    own = sys.modules.get("engine.recipes.own")
    if own and (own.own() or own.RECIPES.faults):  # what was read from there is listed no longer
        monkeypatch.setenv("DUELO_HOME", str(place / "nowhere"))
        own.load()


@pytest.fixture(autouse=True)
def no_waiting_for_the_disk(monkeypatch):
    """Nobody pulls the plug on a test."""
    monkeypatch.setattr(os, "fsync", lambda _descriptor: None)


@pytest.fixture(autouse=True)
def one_core(monkeypatch):
    """Let what takes every core take one: other workers compute on the others."""
    monkeypatch.setattr("engine.device.cores", lambda: 1)


@pytest.fixture(autouse=True)
def english():
    """Begin and end every test in English, and speaking of pictures."""
    i18n.set_language("en")
    yield
    i18n.set_language("en")
    i18n.speak_of(i18n.PICTURES)


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


@pytest.fixture
def plain_kernels(monkeypatch):
    """Compute without oneDNN, which takes longer to begin than so few pixels to compute."""
    import torch

    monkeypatch.setattr(torch.backends.mkldnn, "enabled", False)


@pytest.fixture(scope="session")
def trained(tmp_path_factory):
    """A run of two epochs of TinyGAN, which nobody changes."""
    from engine.runs import RunFolder
    from tests.engine.conftest import be_tiny
    from tests.engine.trained import train

    run = RunFolder(tmp_path_factory.mktemp("home") / "2026-11-26_10-00-00_studio")
    with pytest.MonkeyPatch.context() as monkeypatch:
        be_tiny(monkeypatch)
        train(run, epochs=2)
    return run


@pytest.fixture
def share(tmp_path):
    """A folder that a class can reach."""
    folder = tmp_path / "share"
    folder.mkdir()
    return folder


@pytest.fixture
def wall(share):
    """A folder in which a class wall has begun."""
    from engine.wall.places import begin_wall

    begin_wall(share)
    return share
