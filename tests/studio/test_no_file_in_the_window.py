"""Nothing in the UI thread touches a file: a slow disk must not be felt in the window.

Settings, which Qt reads at the start and writes at the end, are the exception.
"""

import ast
import builtins
import functools
import io
import os
import sys
import threading

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTranslator
from PySide6.QtWidgets import QFileDialog, QLabel, QLineEdit, QPushButton

import studio
from engine import i18n
from engine.runs import runs_root
from studio import language
from studio.panels.film_dialog import FilmDialog
from studio.panels.own_pictures import OwnPicturesDialog
from studio.services.readers import read_grid
from studio.widgets.messages.message_bar import MessageBar
from tests import films, sources
from tests.sources import ROOT
from tests.studio.hands import announced, drop, dropped, trained_run

_CALLS = (
    *("open", "stat", "lstat", "statvfs", "access", "readlink", "scandir", "listdir"),
    *("mkdir", "replace", "rename", "link", "symlink", "unlink", "rmdir", "truncate", "utime", "chmod"),
)
# What asks the disk below Python, where no test sees it, and what makes it easy to ask without noticing.
_ASKS = {
    *("exists", "is_dir", "is_file", "is_symlink", "iterdir", "glob", "rglob", "stat", "lstat", "samefile", "resolve"),
    *("read_text", "read_bytes", "write_text", "write_bytes", "touch", "mkdir", "unlink", "rmdir", "disk_usage"),
    *("write_atomically", "atomic_path", "atomic_file", "append_to", "open_plain", "writableLocation", "statvfs"),
    *("QFile", "QFileInfo", "QDir", "QImageReader", "QImageWriter", "QSaveFile", "QStorageInfo"),
}
# A module's view that is run alone brings its own data.
_SHOWN_ALONE = ("_show", "_show_alone")
# Jobs, the start, and what measures.
_MAY_ASK = ("services", "workers", "bench", "app.py", "settings.py", "system_check.py")


_OURS = os.path.dirname(studio.__file__) + os.sep


@pytest.fixture
def touched(monkeypatch):
    """Where the UI thread touched a file, from now on."""
    found = []

    def watch(module, name):
        plain = getattr(module, name)

        def call(*arguments, **named):
            if threading.current_thread() is threading.main_thread():
                frame = sys._getframe(1)  # traceback would touch files itself
                while frame and not frame.f_code.co_filename.startswith(_OURS):
                    # Where one of our modules imports something for the first time, PySide reads its source.
                    is_of_pyside = frame.f_code.co_filename.startswith("shibokensupport")
                    frame = None if is_of_pyside else frame.f_back
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


def test_only_services_have_words_that_ask_the_disk():
    found = []
    for path in (ROOT / "studio").rglob("*.py"):
        tree = sources.tree(path)
        alone = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in _SHOWN_ALONE]
        skipped = {id(node) for function in alone for node in ast.walk(function)}
        for node in sources.nodes(path):
            called = ast.unparse(node.func) if isinstance(node, ast.Call) and id(node) not in skipped else ""
            if called.rpartition(".")[2] in _ASKS or called in ("open", "Image.open", "Image.fromarray"):
                found.append((path.relative_to(ROOT / "studio").parts, node.lineno))
    assert [place for place in found if place[0][0] not in _MAY_ASK] == []
    assert len(found) > 5, "what services ask is seen"


def test_saving_and_dropping_touch_no_file(window, qtbot, tmp_path, touched):
    run = films.make(tmp_path / "run", size=28)
    window.wake()
    view = window.sample_view
    view.show_real(np.zeros((28, 28), np.uint8), (), 28)
    window.commands.do("save_samples")
    view.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "a.png"))
    qtbot.waitUntil(lambda: "a.png" in window.message_bar.text and (tmp_path / "a.png").is_file())
    drop(window, dropped(tmp_path))
    qtbot.waitUntil(lambda: window.findChild(OwnPicturesDialog) is not None)
    dialog = window.findChild(OwnPicturesDialog)
    drop(dialog, dropped(tmp_path / "nothing.txt"))
    qtbot.waitUntil(lambda: "neither" in dialog.findChild(MessageBar).text)
    dialog.reject()
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(run.path)
    window.commands.do("save_film")
    film = window.findChild(FilmDialog)
    save = film.findChild(QPushButton, "save_film_button")
    qtbot.waitUntil(lambda: save.isEnabled() and bool(film.findChild(QLineEdit, "film_path").text()))
    film.findChild(QLineEdit, "film_path").setText(str(tmp_path / "a.png"))
    film.findChild(QLineEdit, "film_path").editingFinished.emit()
    qtbot.waitUntil(lambda: "will be replaced" in film.findChild(QLabel, "film_summary").text())
    save.click()
    qtbot.waitUntil(lambda: "Saved as" in film.findChild(MessageBar).text)
    film.reject()
    window.show_workspace("compare")
    window.services.runs.list_runs(runs_root())
    window.close()
    assert not touched


def test_a_switch_of_the_language_touches_no_file(window, qtbot, touched, monkeypatch):
    """Qt's own files, which no test here sees touched, are read in the same turn as ours."""
    monkeypatch.setattr(i18n, "_catalogs", {})
    readers, load = [], QTranslator.load

    def note(*arguments):
        readers.append(threading.current_thread())
        return load(*arguments)

    monkeypatch.setattr(language.QtTexts, "load", note)
    monkeypatch.setattr(language, "qt_texts", functools.cache(language.qt_texts.__wrapped__))
    window.wake()
    qtbot.waitUntil(lambda: len(readers) == len(i18n.LANGUAGES))
    qtbot.waitUntil(lambda: not any(thread.is_alive() for thread in readers))
    for code, cancel in (("es", "Cancelar"), ("en", "Cancel"), ("es", "Cancelar")):
        language.switch(code)
        assert window.windowTitle() and QCoreApplication.translate("QPlatformTheme", "Cancel") == cancel
    assert not touched and threading.main_thread() not in readers
    assert len(readers) == len(i18n.LANGUAGES)


def test_training_looking_back_opening_exploring_and_closing_touch_no_file(window, qtbot, tmp_path, touched):
    trained_run(runs_root() / "old", 2)
    services = window.services
    window.wake()
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(services.shown.data.grid_files) > 3)
    window.epoch_strip.choose(1)
    assert window.latent_explorer  # which is built now
    qtbot.waitUntil(lambda: "Generator of epoch 1" in window.origin_line.text())
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
