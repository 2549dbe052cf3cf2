"""Settings that are damaged, foreign or no file at all: the window opens with its defaults and says so."""

from __future__ import annotations

import os
import random
import re
import subprocess
import sys
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QByteArray, QEvent, QSettings
from PySide6.QtWidgets import QApplication, QMessageBox

import studio
from engine.recipes import FIRST_RECIPE
from studio.settings import Settings
from studio.window import MainWindow
from tests.studio.hands import written

DEFAULTS = ("en", "system", FIRST_RECIPE, None)


def remembered(settings):
    return settings.language, settings.scheme, settings.recipe, settings.last_run


def garbage(path):
    path.write_bytes(random.Random(0).randbytes(5000))


def wrong_types(path):
    path.write_text(
        "[General]\nlanguage=a, b\nscheme=@Rect(1 2 3 4)\nrecipe=@ByteArray(x)\ngeometry=12\ndocks=@Invalid()\n"
    )


UNUSABLE = {
    "a pipe": os.mkfifo,
    "a folder": Path.mkdir,
    "a loop": lambda path: path.symlink_to(path),
    "an object": lambda path: path.write_text("[General]\nrecipe=@Variant(\\0\\0\\0\\x7f\\xff\\xff)\n"),
    "huge": lambda path: path.write_bytes(b"[General]\nrecipe=" + b"x" * 2**21),
}


@pytest.mark.parametrize("make", UNUSABLE.values(), ids=UNUSABLE)
def test_a_file_that_cannot_be_used_is_left_alone_and_one_sentence_says_so(tmp_path, make_window, settings, make):
    path = tmp_path / "odd.ini"
    make(path)
    before = os.lstat(path)
    odd = Settings(path)
    assert remembered(odd) == DEFAULTS and "cannot be used" in odd.problem.message
    settings.__dict__.update(odd.__dict__)
    window = make_window()
    window.wake()
    assert str(path) in window.message_bar.text and "Remove it" in window.message_bar.text
    odd.recipe = "dcgan-tutorial"
    assert odd.recipe == "dcgan-tutorial", "until the window closes"
    odd.save()
    assert (os.lstat(path).st_mode, os.lstat(path).st_size) == (before.st_mode, before.st_size)


@pytest.mark.skipif(sys.platform != "linux", reason="needs a place where not even root can write")
def test_a_file_that_cannot_be_written_is_told_of_and_remembers_until_the_window_closes(make_window, settings):
    """Permission bits hold nobody back who tests as root; the kernel's own folder does."""
    fixed = Settings(Path("/proc/duelo/studio.ini"))
    assert "can be read, but not written" in fixed.problem.message and remembered(fixed) == DEFAULTS
    settings.__dict__.update(fixed.__dict__)
    window = make_window()
    window.wake()
    assert "/proc/duelo/studio.ini" in window.message_bar.text and "Allow yourself to write" in window.message_bar.text
    fixed.scheme = "dark"
    fixed.save()
    assert fixed.scheme == "dark" and not fixed.path.exists()


@pytest.mark.parametrize("make", [garbage, wrong_types], ids=["garbage", "wrong types"])
def test_values_that_make_no_sense_count_as_defaults_and_are_written_over(tmp_path, make):
    path = tmp_path / "odd.ini"
    make(path)
    odd = Settings(path)
    assert remembered(odd) == DEFAULTS and odd.problem is None
    assert odd.geometry.isEmpty() and odd.layout_of("train") == {}
    odd.scheme = "dark"
    odd.save()
    assert Settings(path).scheme == "dark"


def test_a_busy_disk_is_waited_for_beside_the_window(qtbot, tmp_path, monkeypatch):
    writing = []
    monkeypatch.setattr("studio.settings._REST_MS", 0)
    monkeypatch.setattr("studio.settings.Thread", lambda target, name: writing.append(target) or Mock())
    settings = Settings(tmp_path / "own.ini")
    for workspace in ("explore", "style"):
        settings.workspace = workspace
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        assert not settings.path.exists() or workspace not in settings.path.read_text()
        qtbot.waitUntil(lambda: bool(writing))
        writing.pop()()
        assert f"workspace={workspace}" in settings.path.read_text()
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        assert not writing


def test_a_layout_of_which_a_bit_is_wrong_is_never_given_to_qt(tmp_path, make_window):
    window: MainWindow = make_window()
    geometry = window.saveGeometry()
    kept = Settings(tmp_path / "kept.ini")
    kept.geometry = geometry
    kept.save()
    assert Settings(tmp_path / "kept.ini").geometry == geometry
    store = QSettings(str(tmp_path / "kept.ini"), QSettings.Format.IniFormat)
    data = bytearray(store.value("geometry").data())
    data[len(data) // 2] ^= 4
    store.setValue("geometry", QByteArray(bytes(data)))
    store.sync()
    assert Settings(tmp_path / "kept.ini").geometry.isEmpty()


def test_a_layout_is_kept_for_each_workspace_and_docks_of_older_versions_are_forgotten(settings, tmp_path):
    written(settings).setValue("docks", "what an older version wrote")
    written(settings).setValue("dock_sizes", "options=300")
    settings.set_layout_of("train", {"left_open": 0, "curves": 210})
    settings.set_layout_of("explore", {"classes": 300})
    settings.save()
    again = Settings(tmp_path / "studio.ini")
    assert again.layout_of("train") == {"left_open": 0, "curves": 210} and again.layout_of("explore") == {
        "classes": 300
    }
    assert not {"docks", "dock_sizes"} & set(written(again).allKeys())
    written(again).setValue("layout/train", "left_open=x;curves=99999;right_open=1;;=")
    assert again.layout_of("train") == {"right_open": 1}


# --- boxes that open


def test_the_about_box_is_gone_once_it_is_closed(window):
    for _ in range(3):
        window.commands.do("about")
        (box,) = window.findChildren(QMessageBox)
        box.close()
        QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    assert not window.findChildren(QMessageBox)


def test_nobody_opens_a_box_of_qt_that_would_not_be_deleted():
    """``studio.widgets.dialogs.dialogs`` holds those that delete themselves."""
    for path in Path(studio.__path__[0]).rglob("*.py"):
        if path.name != "dialogs.py":
            assert not re.findall(r"\bQ(MessageBox|FileDialog|InputDialog)\(", path.read_text(encoding="utf-8")), path


# --- what libraries say


@pytest.mark.parametrize(("flags", "said"), [((), ""), (("-W", "default"), "Warning")])
def test_warnings_of_libraries_reach_only_those_who_ask_for_them(flags, said):
    script = (
        "import main, logging, warnings; main.quiet.silence_libraries();"
        "import numpy; numpy.array([1.0]) / 0; warnings.warn('old', DeprecationWarning);"
        "logging.getLogger('PIL').error('broken') if not __import__('sys').warnoptions else None"
    )
    done = subprocess.run(
        [sys.executable, *flags, "-c", script],
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
        env={name: value for name, value in os.environ.items() if name != "PYTHONWARNINGS"},
    )
    assert said in done.stderr and (said or not done.stderr)
