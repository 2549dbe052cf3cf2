"""Nothing in the UI thread touches a file: a slow disk must not be felt in the window.

Settings, which Qt reads at the start and writes at the end, are the exception.
"""

import builtins
import io
import os
import sys
import threading

import pytest
from PySide6.QtCore import Qt

from engine.runs import RunFolder, runs_root
from engine.trainer import Trainer
from studio.services.readers import read_grid
from tests import tiny
from tests.studio.hands import announced

_CALLS = ("open", "stat", "lstat", "scandir", "listdir", "mkdir", "replace", "rename", "unlink", "rmdir", "access")


def _is_ours(file):
    return f"{os.sep}studio{os.sep}" in file and f"{os.sep}tests{os.sep}" not in file


@pytest.fixture
def touched(monkeypatch):
    """Where the UI thread touched a file, from now on."""
    found = []

    def watch(module, name):
        plain = getattr(module, name)

        def call(*arguments, **named):
            if threading.current_thread() is threading.main_thread():
                frame = sys._getframe(1)  # traceback would touch files itself
                while frame and not _is_ours(frame.f_code.co_filename):
                    frame = frame.f_back
                if frame:
                    found.append(f"{name}{arguments[:1]} in {frame.f_code.co_filename}:{frame.f_lineno}")
            return plain(*arguments, **named)

        monkeypatch.setattr(module, name, call)

    for module, name in ((builtins, "open"), (io, "open"), *((os, name) for name in _CALLS)):
        watch(module, name)
    yield found
    monkeypatch.undo()


def test_what_is_watched_for_is_noticed(touched, tmp_path):
    reader = threading.Thread(target=read_grid, args=(tmp_path / "none.png",))
    reader.start()
    reader.join()
    assert not touched
    read_grid(tmp_path / "none.png")
    assert touched and "readers.py" in touched[0]


def test_training_looking_back_opening_exploring_and_closing_touch_no_file(window, qtbot, tmp_path, touched):
    for _event in Trainer(tiny.config(epochs=2), RunFolder(runs_root() / "old")).run():
        pass
    services = window.services
    window.wake()
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(services.shown.data.grid_files) > 3)
    window.epoch_strip.choose(1)
    qtbot.waitUntil(lambda: window.latent_explorer.origin_line.text() == "Generator of epoch 1")
    window.commands.do("show_health")
    with announced(qtbot, services.shown.run_changed):
        services.open(runs_root() / "old")
    qtbot.waitUntil(lambda: services.shown.data.grid(2) is not None and services.shown.data.grid(0) is not None)
    window.epoch_strip.choose(1)
    window.sample_view.grid.tile_chosen.emit(0)
    services.show_live()
    with qtbot.waitSignal(services.runs.listed):
        services.training.stop()
    window.close()
    assert not touched
