"""A real window, in a process of its own, that the system or a terminal asks to end."""

import os
import signal
import subprocess
import sys
from contextlib import suppress
from pathlib import Path

import pytest

from engine.runs import RunFolder

ROOT = Path(__file__).resolve().parents[2]
TRAINING_WINDOW = """
import sys
from studio import app
from studio.window import MainWindow
from tests import tiny

def wake_and_train(window):
    wake(window)
    window.context.plan.replace(tiny.config(epochs=100_000, sample_every=1000))
    window.trainings.train()

wake, MainWindow.wake = MainWindow.wake, wake_and_train
sys.exit(app.run())
"""
pytestmark = pytest.mark.skipif(os.name == "nt", reason="signals of POSIX")


@pytest.fixture
def training(tmp_path):
    """A window that trains, and its run."""
    own = {"QT_QPA_PLATFORM": "offscreen", "DUELO_HOME": str(tmp_path), "XDG_CONFIG_HOME": str(tmp_path)}
    command = [sys.executable, "-c", TRAINING_WINDOW]
    process = subprocess.Popen(command, env=os.environ | own, cwd=ROOT, stderr=subprocess.PIPE, text=True)
    rows = []
    while process.poll() is None and not rows:
        with suppress(subprocess.TimeoutExpired):
            process.wait(0.05)
        rows = [row for path in tmp_path.glob("runs/*") for row in RunFolder(path).metrics()]
    yield process, tmp_path / "runs"
    with process:  # closes its pipe, too
        process.kill()


def test_a_window_that_is_asked_to_end_saves_the_training_and_closes(training):
    """By one signal; that all are heard alike is a test of ``engine.signals``."""
    process, runs = training
    assert process.poll() is None, "it trains"
    process.send_signal(signal.SIGTERM)
    assert "Traceback" not in process.communicate()[1] and process.returncode == 0
    (run,) = map(RunFolder, runs.glob("[!.]*"))
    assert run.state()[1]["images_seen"] == run.metrics()[-1].images_seen > 0
