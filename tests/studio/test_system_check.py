import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import UserError
from studio import system_check

ROOT = Path(__file__).resolve().parents[2]
needs_xcb = pytest.mark.skipif(
    sys.platform != "linux" or bool(system_check.missing_packages(system_check.NEEDED_ON_X)),
    reason="needs Qt's libraries",
)


def test_without_a_screen_one_sentence_names_the_headless_command():
    with pytest.raises(UserError, match=r"main\.py train"):
        system_check.check({}, "linux")


def test_other_systems_and_offscreen_need_no_screen():
    system_check.check({}, "darwin")
    system_check.check({"QT_QPA_PLATFORM": "offscreen"}, "linux")


def test_missing_libraries_are_named_with_their_packages():
    def load(library):
        if "cursor" in library:
            raise OSError

    assert system_check.missing_packages({"libxcb-cursor.so.0": "libxcb-cursor0", "a": "b"}, load) == ["libxcb-cursor0"]


def test_missing_libraries_are_one_sentence_with_the_install_line(monkeypatch):
    monkeypatch.setattr(system_check, "NEEDED_ON_X", {"libnone-of-this.so.0": "libnone0"})
    with pytest.raises(UserError, match="apt-get install libnone0"):
        system_check.check({"DISPLAY": ":0"}, "linux")


@needs_xcb
def test_a_screen_that_nobody_serves_is_named():
    for environment in (
        {"DISPLAY": ":59999"},
        {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": "/nowhere"},
        {"QT_QPA_PLATFORM": "xcb", "DISPLAY": ":59999"},
    ):
        with pytest.raises(UserError, match=r"does not answer: .*(:59999|wayland-7)\.\s.*main\.py train"):
            system_check.check(environment, "linux")


@needs_xcb
def test_a_screen_that_answers_is_enough(tmp_path):
    environment = {"WAYLAND_DISPLAY": "wayland-7", "XDG_RUNTIME_DIR": str(tmp_path), "DISPLAY": ":59999"}
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "wayland-7"))
        server.listen()
        system_check.check(environment, "linux")
        with pytest.raises(UserError, match="59999"):  # Qt was told not to try it
            system_check.check(environment | {"QT_QPA_PLATFORM": "xcb"}, "linux")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a screen")
@pytest.mark.parametrize("screen", [{}, pytest.param({"DISPLAY": ":59999"}, marks=needs_xcb)])
def test_the_command_without_a_screen_says_so_and_ends_with_1(screen):
    environment = screen | {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run([sys.executable, ROOT / "main.py"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "main.py train" in done.stderr
