"""Studio tests run offscreen; every window is closed in order, and a Qt warning fails the test."""

from __future__ import annotations

import time
from functools import cached_property

import pytest
import shiboken6
from PySide6.QtCore import QEvent, QtMsgType, qInstallMessageHandler
from PySide6.QtWidgets import QApplication, QDialog, QToolBar, QWidget
from pytestqt.qtbot import QtBot

from engine import i18n, recipes
from engine.datasets import catalog
from engine.job import Progress
from studio import language, theme
from studio.model.work_state import WorkState
from studio.services import Services
from studio.settings import Settings
from studio.widgets.base.manners import Manners, teach_manners
from studio.widgets.dialogs.dialogs import FileDialog
from studio.window import MainWindow
from studio.workers.job_runner import JobRunner
from tests import tiny

_NOT_IN_WORKSPACES = (QDialog, QToolBar)
_CLOSED_BEFORE: list[bytes] = []
"""The settings that a first start left, once there was one."""
_RESTS = (
    "panels.magnifier_dialog._FRAME_MS",
    "widgets.exploring.find_panel._SETTLE_MS",
    "workspaces.explore.map_page._FOLLOW_MS",
)
PATIENCE_MS = 240_000  # beside other work things take long; what never comes is ended here, or by pytest's time limit


class PatientBot(QtBot):
    """pytest-qt's own, without its five seconds: no test depends on a machine that has nothing else to do.

    It looks again soon: most of what is waited for comes in less than the ten milliseconds that pytest-qt rests.
    """

    _rests = iter(())

    def waitUntil(self, callback, *, timeout=PATIENCE_MS):
        self._rests = iter(range(1, 10))
        try:
            super().waitUntil(callback, timeout=timeout)
        finally:
            self._rests = iter(())

    def wait(self, ms):
        super().wait(next(self._rests, ms))

    def waitSignal(self, signal, *, timeout=PATIENCE_MS, **how):
        return super().waitSignal(signal, timeout=timeout, **how)

    def waitSignals(self, signals, *, timeout=PATIENCE_MS, **how):
        return super().waitSignals(signals, timeout=timeout, **how)

    def waitExposed(self, widget, *, timeout=PATIENCE_MS):
        return super().waitExposed(widget, timeout=timeout)


@pytest.fixture
def qtbot(qapp, request):
    """The patient one, in place of pytest-qt's."""
    return PatientBot(request)


@pytest.fixture(autouse=True)
def no_qt_warnings():
    """Fail a test during which Qt warned."""
    said: list[str] = []

    def listen(kind, _context, text):
        if kind != QtMsgType.QtDebugMsg and "This plugin does not support" not in text:
            said.append(text)

    before = qInstallMessageHandler(listen)
    yield
    qInstallMessageHandler(before)
    assert not said


@pytest.fixture(autouse=True)
def light_and_english(qapp):
    """Begin in the same theme, language and folder, and without the windows of the test before.

    Qt deletes later only where an event loop runs; in none, they would pile up and slow every later test down.
    """
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    FileDialog.last_folder = ""
    yield
    if theme.is_dark():  # every window still alive would hear of a change that is none
        theme.set_scheme("light")
    if i18n.language() != "en":
        language.switch("en")


@pytest.fixture
def tiny_gan(monkeypatch, plain_kernels):
    """Let the recipe `studio` be TinyGAN on tiny digits, so that real trainings take a moment."""

    def read(_config):
        yield Progress(0, 0, "Reading tiny digits")
        return tiny.data()

    monkeypatch.setattr(catalog, "read", read)
    monkeypatch.setattr("engine.pace.WARM_SECONDS", 0.0)  # how fast this machine is, no window tells
    monkeypatch.setattr("engine.search.calibration._MEASURED_SECONDS", 0.1)
    for name in {recipes.DEFAULT_RECIPE, recipes.FIRST_RECIPE}:
        small = recipes.Recipe(name, "Studio", "Tiny.", "Fast.", 100.0, tiny.OPTIONS)
        monkeypatch.setitem(recipes.RECIPES, name, small)


@pytest.fixture
def restless(monkeypatch):
    """Let what rests for a person's eyes, or for a training that has its speed to keep, rest for a moment."""
    for place in _RESTS:
        monkeypatch.setattr(f"studio.{place}", 20)


@pytest.fixture
def jobs(qtbot):
    """A runner whose jobs are ended in the end."""
    made = JobRunner()
    yield made
    made.stop()
    made.wait(time.monotonic() + PATIENCE_MS / 1000)


@pytest.fixture
def services(tiny_gan, qtbot):
    """All services without a window; their threads are ended in the end."""
    made = Services()
    yield made
    made.stop()
    made.wait(PATIENCE_MS / 1000)


@pytest.fixture
def settings(tmp_path):
    """Settings in a file of the test's own."""
    return Settings(tmp_path / "studio.ini")


class BuiltWhenAsked(dict):
    """Workspaces by name; all of one is there as soon as a test asks for it, as for a person some turns later."""

    def __init__(self, workspaces, building):
        super().__init__(workspaces)
        self._building, self._whole = building, set()

    def __getitem__(self, name):
        workspace = super().__getitem__(name)
        if name not in self._whole:
            self._whole.add(name)
            for _part in self._building.parts_of(workspace):
                if name == "train" and workspace.loss_plot is not None:
                    break  # curves of quality, half of its time, are built by their panel as soon as that needs them
            self._finish(workspace)
        return workspace

    def part(self, name, attribute):
        """Return what the workspace ``name`` calls ``attribute``, and build no more of it than comes before that."""
        workspace = super().__getitem__(name)
        for _part in self._building.parts_of(workspace):
            if vars(workspace).get(attribute) is not None:
                break
        self._finish(workspace)
        return getattr(workspace, attribute)

    def whole(self):
        """Build all of all."""
        for name in self:
            self[name]
        self._building.finish()
        self._finish(self["train"])

    @staticmethod
    def _finish(workspace):
        """Let parts have their manners, and show themselves, at once."""
        for part in workspace.findChildren(QWidget):
            part.ensurePolished()
            QApplication.sendPostedEvents(part, QEvent.Type.MetaCall)


class OpenWindow(MainWindow):
    """The window with every panel, and what is done for a person, within reach by its name, wherever it stands.

    Most of the time that a whole one takes goes into what few tests look at: that is built when they do.
    """

    def __init__(self, settings):
        super().__init__(settings, later=True)
        self.workspaces = BuiltWhenAsked(self.workspaces, self.building)

    def __getattr__(self, name):
        for workspace in self.__dict__.get("workspaces", {}).values():
            if vars(workspace).get(name) is not None:
                return vars(workspace)[name]
            if name in vars(workspace) or isinstance(vars(type(workspace)).get(name), cached_property):
                return self.workspaces.part(workspace.name, name)
        raise AttributeError(name)

    def wake(self):
        """Do what comes after the last part has been built."""
        self._begin()

    def findChild(self, *what, **how):
        found = super().findChild(*what, **how)
        if issubclass(what[0], _NOT_IN_WORKSPACES):
            return found
        for name in sorted(self.workspaces, key=lambda name: self.workspaces.get(name) is not self.workspace):
            if found is None and isinstance(self.workspaces, BuiltWhenAsked):
                self.workspaces[name]
                found = super().findChild(*what, **how)
        return found

    def findChildren(self, *what, **how):
        is_shell = issubclass(what[0], _NOT_IN_WORKSPACES)
        return (super() if is_shell else self.whole()).findChildren(*what, **how)

    def whole(self):  # in its constructor, the window seeks among what is there
        if isinstance(self.workspaces, BuiltWhenAsked) and not self.building.is_over:
            self.workspaces.whole()
            list(self.options_form.rows.values())  # each is built when it is asked for
        return super()

    def show_health(self):
        self.commands.do("show_health")


def forget_manners():
    """Forget what the mouse and the keyboard did in the windows before, and watch no control until it is asked for."""
    manners = QApplication.instance().findChild(Manners)
    if manners is not None:
        shiboken6.delete(manners)


@pytest.fixture
def make_window(tiny_gan, qtbot, settings):
    """Make main windows that are closed in the end, their training stopped."""
    made: list[OpenWindow] = []

    def make(remembered=settings):
        window = OpenWindow(remembered)
        window.resize(1366, 768)  # the offscreen screen is smaller, and panels would lie upon the samples
        window.show()
        teach_manners()
        made.append(window)
        return window

    forget_manners()
    yield make
    forget_manners()
    for window in made:
        if window.isVisible() and window.services.training.is_busy:  # a closed one hears no more
            window.services.training.stop()
            qtbot.waitUntil(lambda window=window: window.services.training.state is WorkState.IDLE)
        window.close()
        window.services.wait(PATIENCE_MS / 1000)
        window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)


@pytest.fixture
def window(make_window):
    """One main window."""
    return make_window()


@pytest.fixture
def closed_before(make_window, settings):
    """Leave the settings as after a first window, which a person has changed and closed: once for all tests."""
    path = settings.path
    if _CLOSED_BEFORE:
        path.write_bytes(_CLOSED_BEFORE[0])
    else:
        window = make_window()
        window.show_health()
        for section in window.options_form.sections.values():
            section.header.click()
        window.close()
    settings.save()
    _CLOSED_BEFORE[:] = [path.read_bytes()]


@pytest.fixture
def second_start(closed_before, make_window):
    """A window with all of Train, after a person changed and closed a first one."""
    return _with_all_of_train(make_window())


@pytest.fixture(params=["first", "second"])
def any_start(request, make_window):
    """The same at the second start, and one at the first."""
    if request.param == "second":
        request.getfixturevalue("closed_before")
    return _with_all_of_train(make_window())


def _with_all_of_train(window):
    assert window.workspaces["train"].isVisible()
    window.resize(1366, 768)
    QApplication.processEvents()
    return window
