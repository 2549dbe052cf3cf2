"""The start: what comes up with the window and what after it; what is loaded for good is not searched for garbage."""

import gc
import json
import os
import subprocess
import sys

from PySide6.QtCore import QEvent, QObject, QTimer
from PySide6.QtWidgets import QApplication, QWidget

from studio.window import MainWindow
from studio.workers.torch_thread import import_torch
from tests.sources import ROOT


def test_what_is_loaded_by_then_is_not_searched_for_garbage():
    gc.unfreeze()
    import_torch()
    kept = gc.get_freeze_count()
    assert kept > 100_000, "torch alone brings more"
    assert sum(len(gc.get_objects(generation)) for generation in range(3)) < kept / 10


_NOT_BEFORE_THE_WINDOW = {
    *("torch", "torchvision", "optuna", "sklearn", "pyqtgraph", "scipy", "rich", "typer", "psutil", "av"),
    *("PIL.Image", "numpy.ma"),
    *("engine.search.records", "engine.search.why", "engine.search.plan", "engine.search.knobs"),
    *("engine.latent.generator_session", "engine.export", "engine.cli", "engine.trainer"),
    "engine.datasets.image_folder",
    *("engine.preference.players", "studio.services.duels", "studio.model.duel"),
    *("studio.services.searching", "studio.services.search_jobs", "studio.model.search", "studio.text.trials"),
    *("studio.learn.learn_column", "engine.lessons"),
    *("studio.help.help_window", "studio.help.shortcuts", "studio.panels.film_dialog", "studio.panels.own_pictures"),
    *("studio.workspaces.explore.latent_explorer", "studio.workspaces.explore.presenter"),
    *("studio.workspaces.compare.run_table", "studio.workspaces.compare.actions_presenter"),
    *("studio.workspaces.compare.mirror_panel", "studio.workspaces.compare.search.presenter"),
    *("studio.workspaces.train.loss_plot", "studio.bench"),
}
_COMES_UP = """
import json, sys
from studio import app
application, window = app.build(["duelo"])
window.show()
application.processEvents()
before = sorted(sys.modules)
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from shibokensupport.feature import pyside_feature_dict as read_by_qt
window.wake()
while not window.building.is_over:
    QTest.keyClick(window.run_bar.train_button, Qt.Key.Key_Space)
    QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
    application.processEvents()
early = [window.workspace.name, window.services.training.is_busy]
for _ in range(5):
    application.processEvents()
QTest.keyClick(window, Qt.Key.Key_2, Qt.KeyboardModifier.ControlModifier)
early.append(window.workspace.name)
window.close()
window.services.wait(60.0)
print(json.dumps([before, sorted(sys.modules), early, sorted(read_by_qt)]))
"""


def test_what_nobody_needs_until_the_window_is_on_screen_comes_after_it(tmp_path):
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen", "DUELO_HOME": str(tmp_path)}
    environment["XDG_CONFIG_HOME"] = str(tmp_path)
    ran = subprocess.run(
        [sys.executable, "-c", _COMES_UP], cwd=ROOT, env=environment, check=True, capture_output=True, text=True
    )
    before, after, (*early, late), read_by_qt = json.loads(ran.stdout)
    assert early == ["train", False], "keys that were pressed before the window was whole do nothing"
    assert late == "explore"
    assert not {"studio.window", "numpy", "pyqtgraph"} & set(read_by_qt), "Qt read the source of what was imported"
    before, after = set(before), set(after)
    assert sorted(_NOT_BEFORE_THE_WINDOW & before) == []
    woken = {name for name in _NOT_BEFORE_THE_WINDOW if name.startswith("studio.workspaces")}
    assert woken | {"studio.services.searching", "engine.search.records", "pyqtgraph"} <= after


class SeenOutside(QObject):
    """Notes every widget that is shown as a window of its own."""

    def __init__(self, application):
        super().__init__(application)
        self.widgets = []
        application.installEventFilter(self)

    def eventFilter(self, receiver, event):
        if event.type() == QEvent.Type.Show and isinstance(receiver, QWidget) and receiver.isWindow():
            self.widgets.append(repr(receiver))
        return False


def test_a_person_is_heard_between_the_parts_that_come_after_the_window(tiny_gan, qtbot, settings, qapp):
    """Nor does a part flash up beside the window on its way into it, and take the keyboard away from it."""
    window = MainWindow(settings, later=True)
    window.show()
    outside, turns = SeenOutside(qapp), []
    window.wake()
    while not window.building.is_over:
        QTimer.singleShot(0, lambda: turns.append(window.building.is_over))
        QApplication.processEvents()
    assert len(turns) >= 6 and not turns[0], "one turn of the event loop for each part"
    qapp.removeEventFilter(outside)
    assert window.workspaces["compare"].pages.count() >= 5
    assert outside.widgets == []
    window.close()
    window.services.wait(60.0)
    window.deleteLater()
