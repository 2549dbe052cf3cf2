"""What a person's hands do with a control or a window; and eyes that wait until a model tells something."""

from __future__ import annotations

from contextlib import contextmanager
from pathlib import Path

import numpy as np
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QComboBox

from engine.events import Started
from tests import tiny


def shown(qtbot, view, *size):
    """Show ``view``, ``size`` pixels large, until the test ends."""
    qtbot.addWidget(view)
    if size:
        view.resize(*size)
    with qtbot.waitExposed(view):
        view.show()
    return view


class Wishes:
    """What ``view`` asked the generator for: the newest z and labels of each channel, and how often."""

    def __init__(self, view):
        self.newest, self.channels = {}, []
        view.pictures_requested.connect(self._on_wanted)

    def _on_wanted(self, channel, z, labels):
        assert z.dtype == np.float32 and labels.dtype == np.int64 and len(z) == len(labels)
        self.newest[channel] = (z, labels)
        self.channels.append(channel)

    def z(self, channel):
        return self.newest[channel][0][0]


def set_by_hand(editor, value):
    """Give ``editor`` a value as by hand."""
    if isinstance(editor, QCheckBox):
        editor.setChecked(value)
    elif isinstance(editor, QComboBox):
        editor.setCurrentIndex(editor.findData(value))
        editor.activated.emit(editor.currentIndex())
    else:
        editor.setValue(value)


def train_to_the_end(qtbot, window):
    """Press Train and wait for the end: for its signal, as a state may be over before anybody looks."""
    with qtbot.waitSignal(window.services.training.stopped):
        qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)


@contextmanager
def announced(qtbot, announcement):
    """Wait, in the end, until ``announcement`` was made; yields what it carried each time."""
    heard = []

    def listen(*arguments):
        heard.append(arguments)

    announcement.connect(listen)
    yield heard
    qtbot.waitUntil(lambda: bool(heard))
    announcement.disconnect(listen)


def begin_training(training, path=Path("run")):
    """Let ``training`` tell that it began, without a thread; ``_on_ended`` ends it."""
    training._on_event(Started(path, "CPU", tiny.config(), tiny.data().facts, 0, 10 * tiny.COUNT, 1, 1))


def images_seen(window):
    """How many images the run shown has seen, 0 where none is shown."""
    run = window.services.shown.run
    return run.images_seen if run else 0
