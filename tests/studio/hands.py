"""What a person's hands do with a control or a window; and eyes that wait until a model tells something."""

from __future__ import annotations

import shutil
import tempfile
from contextlib import contextmanager
from functools import cache
from pathlib import Path

import numpy as np
from PySide6.QtCore import QEvent, QMimeData, QObject, QPoint, QPointF, QSettings, Qt, QUrl
from PySide6.QtGui import QContextMenuEvent, QDragEnterEvent, QDropEvent, QRegion, QWheelEvent
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QLabel,
    QPushButton,
    QTabBar,
    QWidget,
)

from engine.events import Started
from engine.runs import RunFolder
from engine.trainer import Trainer
from studio.commands import Commands
from studio.model.work_state import WorkState
from tests import tiny


class Watch(QObject):
    """Counts what reaches widgets: how often each kind of event came, and the last region that was painted."""

    def __init__(self, *watched):
        super().__init__()
        self.kinds, self.painted = [], QRegion()
        for each in watched:
            each.installEventFilter(self)

    def eventFilter(self, _watched, event):
        self.kinds.append(event.type())
        if event.type() == QEvent.Type.Paint:
            self.painted += event.region()
        return False

    def forget(self):
        QApplication.processEvents()
        self.kinds, self.painted = [], QRegion()


def shown(qtbot, view, *size):
    """Show ``view``, ``size`` pixels large, until the test ends."""
    qtbot.addWidget(view)
    if size:
        view.resize(*size)
    with qtbot.waitExposed(view):
        view.show()
    return view


def click(qtbot, widget):
    """Click upon the middle of ``widget``."""
    qtbot.mouseClick(widget, Qt.MouseButton.LeftButton)


def wait_for(qtbot, window, state):
    """Wait until the training of ``window`` is in this state."""
    qtbot.waitUntil(lambda: window.services.training.state is state)


def action(window):
    """Return the button of the message that ``window`` shows."""
    return window.message_bar.findChild(QPushButton, "message_action")


def card_of(window):
    """Return the card of the first start, None where there is none; nothing is built to be looked through."""
    return next((part for part in window.children() if part.objectName() == "first_card"), None)


def settle():
    """Let everything find its place."""
    for _ in range(5):
        QApplication.processEvents()


def written(settings):
    """Return what stands in the file of ``settings``, to be read and changed as with an editor."""
    return QSettings(str(settings.path), QSettings.Format.IniFormat)


class Wishes:
    """What ``view`` asked the generator for: the newest z and labels of each channel, and how often."""

    def __init__(self, view):
        self.newest, self.channels = {}, []
        view.pictures_requested.connect(self._on_wanted)

    def _on_wanted(self, channel, z, labels):
        assert z.dtype == np.float32 and len(z) == len(labels)
        assert labels.dtype == (np.int64 if labels.ndim == 1 else np.float32)
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


def with_commands(view):
    """Give a view that has buttons for its commands a table of their own; return the view."""
    commands = Commands(view)
    commands.add(*view.commands())
    view.bind(commands)
    view.commands_changed.connect(commands.refresh)
    return view


def choice(view, name):
    """Return the action called ``name`` in the context menu of ``view``, as a right click opens it."""
    middle = view.rect().center()
    event = QContextMenuEvent(QContextMenuEvent.Reason.Mouse, middle, view.mapToGlobal(middle))
    QApplication.sendEvent(view, event)
    menu = QApplication.activePopupWidget()
    action = next(action for action in menu.actions() if action.objectName() == name)
    menu.close()
    return action


def dropped(*paths):
    """Return what a file manager lets one drag: ``paths``."""
    mime = QMimeData()
    mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
    return mime


def drop(widget, mime):
    """Drag ``mime`` over ``widget`` and let go; return whether it was welcome."""
    buttons, keys = Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier
    enter = QDragEnterEvent(QPoint(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys)
    enter.ignore()
    QApplication.sendEvent(widget, enter)
    QApplication.sendEvent(widget, QDropEvent(QPointF(5, 5), Qt.DropAction.CopyAction, mime, buttons, keys))
    return enter.isAccepted()


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
    """Let ``training`` tell that it began, without a thread; ``hear_end`` ends it."""
    training.hear(Started(path, "CPU", tiny.config(), tiny.data().facts, 0, 10 * tiny.COUNT, 1, 1))


def images_seen(window):
    """How many images the run shown has seen, 0 where none is shown."""
    run = window.services.shown.run
    return run.images_seen if run else 0


def until_listed(qtbot, window):
    """Wait until nothing is trained any more, and the run that was stands in the table as one that rests."""
    qtbot.waitUntil(lambda: not window.services.training.is_busy)
    qtbot.waitUntil(lambda: [row.is_training for row in window.run_table.model.rows] == [False])


def turn(widget, notches=-1, at=0):
    """Turn the wheel over ``widget``, ``at`` milliseconds; what does not take it leaves it to its parent, as in Qt."""
    middle = QPointF(widget.rect().center())
    place = QPointF(widget.mapToGlobal(middle))
    no_buttons, no_keys, phase = Qt.MouseButton.NoButton, Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase
    event = QWheelEvent(middle, place, QPoint(), QPoint(0, 120 * notches), no_buttons, no_keys, phase, False)
    event.setTimestamp(at)
    event.ignore()
    while not (QApplication.sendEvent(widget, event) and event.isAccepted()) and not widget.isWindow():
        widget = widget.parentWidget()


def value_of(widget):
    """Return what a box, a list, a slider or a row of tabs shows."""
    if isinstance(widget, QComboBox | QTabBar):
        return widget.currentIndex()
    return widget.text() if isinstance(widget, QAbstractSpinBox) else widget.value()


def trained_run(path, epochs):
    """Put a run of ``epochs`` of TinyGAN, trained to their end, in the folder ``path``, and return it."""
    shutil.copytree(Path(_trained(epochs).name), path, ignore=shutil.ignore_patterns(".lock"))
    return path


@cache
def _trained(epochs):
    """Train once for all who want such a run; the folder goes when the process does."""
    place = tempfile.TemporaryDirectory()
    for _event in Trainer(tiny.config(epochs=epochs), RunFolder(Path(place.name)), data=tiny.data()).run():
        pass
    return place


def explore(qtbot, window, path, kind):
    """Let ``window`` explore the run in ``path``, and return its page or tool of the class ``kind``, in front."""
    window.services.open(path)
    window.show_workspace("explore")
    found = window.workspaces["explore"].findChild(kind)
    for pages in (window.workspace.pages, window.workspace.latent_explorer.pages):
        if pages.indexOf(found) >= 0:
            pages.setCurrentWidget(found)
    qtbot.waitUntil(lambda: window.services.generator.loaded is not None)
    return found


def train_a_little(qtbot, window):
    """Begin a training without end and stop it: a run rests, unfinished. Returns the window."""
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(window) > 0)
    window.services.training.stop()
    wait_for(qtbot, window, WorkState.IDLE)
    return window


def spoken(part):
    """Return every text that ``part`` of a window shows, tells when pointed at, or gives to a screen reader."""
    texts = set()
    for each in (part, *part.findChildren(QWidget)):
        texts |= {each.toolTip(), each.accessibleName(), each.accessibleDescription(), each.whatsThis()}
        texts |= {each.text()} if isinstance(each, QLabel | QAbstractButton) else set()
        texts |= {each.tabText(index) for index in range(each.count())} if isinstance(each, QTabBar) else set()
        texts |= {each.itemText(index) for index in range(each.count())} if isinstance(each, QComboBox) else set()
    return texts - {""}
