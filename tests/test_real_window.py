"""The program as a person meets it: a real window on an X display, real keys, a photograph, an orderly end."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy as np
import pytest
from PIL import ImageGrab

from engine.recipes import FIRST_RECIPE, own, recipe
from engine.runs import list_runs
from studio.model.measurements import Measurements

ROOT = Path(__file__).resolve().parents[1]
TOOLS = ("Xvfb", "xdotool")
PATIENCE_SECONDS = 240  # beside other work, and on processors of any age

pytestmark = pytest.mark.skipif(
    not os.environ.get("REQUIRE_WINDOW") and not all(map(shutil.which, TOOLS)), reason="needs Xvfb and xdotool"
)


@pytest.fixture
def display():
    """Start an X server of our own and return its display.

    Without ``-noreset`` it begins anew whenever its last client leaves, and who comes meanwhile is turned away: the
    program, now and then, while xdotool comes and goes to see whether it is there.
    """
    read, write = os.pipe()
    server = subprocess.Popen(
        ["Xvfb", "-noreset", "-displayfd", str(write), "-screen", "0", "1366x768x24"],
        pass_fds=[write],
        stderr=subprocess.DEVNULL,
    )
    os.close(write)
    with os.fdopen(read) as pipe:
        number = pipe.readline().strip()
    yield f":{number}"
    server.terminate()
    server.wait()


def wait_until(condition, process, patience=PATIENCE_SECONDS):
    """Look until ``condition`` gives something true; fail when the program ends or patience does."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        with suppress(subprocess.TimeoutExpired):  # waits without taking the cores that training needs
            raise AssertionError(f"the program ended by itself with {process.wait(0.2)}")
    raise TimeoutError("patience is over")


def color_share(photo, color):
    """Return the share of pixels that have exactly this color."""
    return np.mean((photo == np.array(color)).all(-1))


def test_a_person_trains_looks_and_leaves(display, tmp_path, monkeypatch):
    monkeypatch.setenv("DUELO_HOME", str(tmp_path))
    few = own.save("Few", recipe(FIRST_RECIPE).config(max_images=1000))  # nobody waits for an epoch of 5,000 here
    environment = os.environ | {
        "DISPLAY": display,
        "QT_QPA_PLATFORM": "xcb",
        "LANG": "en_US.UTF-8",
        "DUELO_LANGUAGE": "en",
        "XDG_CONFIG_HOME": str(tmp_path),
    }
    # The card of the very first start would come at a moment of its own, as would how fast this machine is, which is
    # found out where nobody knows; both would look like what a key does.
    settings = tmp_path / "duelo" / "studio.ini"
    settings.parent.mkdir()
    known = Measurements().timed(few.config(), 500.0, 1000.0).text().replace('"', '\\"')
    settings.write_text(f'[General]\nwelcomed=1\nrecipe={few.name}\nmeasurements="{known}"\n')
    with open(tmp_path / "log", "w") as log:
        process = subprocess.Popen([sys.executable, ROOT / "main.py"], env=environment, stdout=log, stderr=log)

    def tell(*arguments):
        done = subprocess.run(["xdotool", *arguments], env=environment, capture_output=True, text=True)
        return done.stdout.split()

    def photograph():
        return np.asarray(ImageGrab.grab(xdisplay=display).convert("RGB"))

    def runs():
        return list_runs(tmp_path / "runs")

    def press(key, condition):
        """Press a key until it has its effect: a window takes keys only some time after it is seen."""
        for _ in range(5):
            tell("windowfocus", "--sync", window)
            tell("key", key)
            try:
                return wait_until(condition, process, patience=10)
            except TimeoutError:
                continue
        raise TimeoutError(f"{key} has no effect")

    def answer(key):
        """Press a key in the question until the program ends, and return how; it, too, takes keys only later."""
        for _ in range(PATIENCE_SECONDS // 10):
            for question in set(tell("search", "--onlyvisible", "--pid", str(process.pid))) - {window}:
                tell("windowfocus", "--sync", question)
                tell("key", key)
            with suppress(subprocess.TimeoutExpired):
                return process.wait(10)
        raise TimeoutError(f"{key} answers nothing")

    def is_whole():
        """Return a photograph with the real digits, that is the same as the one before: keys are heard from then on."""
        first, second = photograph(), photograph()
        has_digits = 0.18 < color_share(second, (0, 0, 0)) < 0.5  # 0.12 is around the window
        return [second] if has_digits and np.array_equal(first, second) else []

    try:
        window = wait_until(lambda: tell("search", "--onlyvisible", "--name", "^Duelo$"), process)[0]
        wait_until(lambda: color_share(photograph(), (0, 0, 0)) < 0.9 and photograph().std() > 20, process)
        tell("windowfocus", "--sync", window)
        (before,) = wait_until(is_whole, process)
        # Told by the first change, not by the run: a key that has its effect late must not be pressed twice: it pauses.
        press("space", lambda: not np.array_equal(photograph(), before))
        wait_until(lambda: list((tmp_path / "runs").glob("*/config.json")), process)
        wait_until(lambda: list((tmp_path / "runs").glob("*/samples/epoch-0001.png")), process)
        orange = (0xE6, 0x9F, 0x00)
        wait_until(lambda: color_share(photograph(), orange) > 2 * color_share(before, orange) + 1e-4, process)
        press("ctrl+q", lambda: set(tell("search", "--onlyvisible", "--pid", str(process.pid))) - {window})
        assert answer("Return") == 0
    finally:
        process.kill()
        process.wait()
        print((tmp_path / "log").read_text())  # its last words, should it have ended by itself
    assert (tmp_path / "log").read_text() == ""
    assert runs()[0].images_seen > 0
