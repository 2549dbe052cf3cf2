import os
import subprocess
import sys
from pathlib import Path

import pytest

from engine.errors import UserError
from studio import system_check

ROOT = Path(__file__).resolve().parents[2]


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
    monkeypatch.setattr(system_check, "_ON_X", {"libnone-of-this.so.0": "libnone0"})
    with pytest.raises(UserError, match="apt-get install libnone0"):
        system_check.check({"DISPLAY": ":0"}, "linux")


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have a screen")
def test_the_command_without_a_screen_says_so_and_ends_with_1():
    environment = {
        name: value
        for name, value in os.environ.items()
        if name not in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM")
    }
    done = subprocess.run([sys.executable, ROOT / "main.py"], env=environment, capture_output=True, text=True)
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1 and "main.py train" in done.stderr
