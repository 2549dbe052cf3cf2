"""A stranger's run in the window: nothing that it calls itself is obeyed, and a bad one is listed as such."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from engine.runs import RunFolder, UnreadableRun, list_runs, runs_root
from studio import language
from studio.widgets import run_model
from studio.workspaces.compare.run_list import RunList
from tests.engine import hostile
from tests.studio.hands import announced, shown

IMAGE = "<img src=file:///etc/passwd>"
NAMES = [IMAGE, "<b>bold</b>", "a & b", "&lt;i&gt;", "\x1b[2Jx", "\u202eturned", "x" * 255, *"789"]


@pytest.fixture
def stranger(tmp_path):
    """A run whose folder, recipe and classes have hostile names."""
    run = hostile.make_run(runs_root() / IMAGE.replace("/", "|"))
    content = json.loads((run.path / "config.json").read_text())
    content["facts"]["class_names"] = NAMES
    content["config"] |= {"recipe": IMAGE, "dataset": IMAGE}
    (run.path / "config.json").write_text(json.dumps(content))
    return run


def foreign_markup(text: str) -> bool:
    """Whether Qt would take ``text`` for rich, and something in it is a stranger's."""
    return Qt.mightBeRichText(text) and ("<img" in text or "<b>bold" in text)


def everything_said(window):
    for widget in window.findChildren(QWidget):
        yield widget, widget.toolTip()
        yield widget, widget.whatsThis()
        if isinstance(widget, QLabel) and widget.textFormat() != Qt.TextFormat.PlainText:
            yield widget, widget.text()
        if isinstance(widget, QAbstractItemView) and widget.model():
            model = widget.model()
            for row in range(model.rowCount()):
                yield widget, str(model.index(row, 0).data(Qt.ItemDataRole.ToolTipRole) or "")


def test_no_widget_obeys_what_a_stranger_calls_a_class_a_run_or_a_recipe(window, qtbot, stranger):
    window.services.runs.list_runs(runs_root())
    qtbot.waitUntil(lambda: len(window.services.known_images._runs) == 1)
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(stranger.path)
    for code in ("en", "es"):
        language.switch(code)
        window.sample_view.grid.select(0)
        window.sample_view._on_tile_chosen(0)
        window.digit_picker.ask_for(0)
        found = list(everything_said(window))
        assert not [(widget.objectName(), text) for widget, text in found if foreign_markup(text)]
        assert max(len(text) for _, text in found) < 3000
    shown = window.services.shown.data.data_classes
    assert len(shown) == 10 and not any("\x1b" in name or "\u202e" in name or len(name) > 100 for name in shown)


def test_a_message_is_bounded(window):
    window.message_bar.warn("y" * 914_081, "z" * 914_081)
    assert len(window.message_bar.text) < 3000


def test_a_bad_run_says_in_the_list_and_when_opened_what_is_wrong(window, qtbot):
    hostile.make_run(runs_root() / "good")
    bad = hostile.make_run(runs_root() / "bad")
    content = json.loads((bad.path / "config.json").read_text())
    content["config"]["\udc80"] = 1
    (bad.path / "config.json").write_text(json.dumps(content))
    window.services.runs.list_runs(runs_root())
    model = window.run_list._list.model()
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    (row,) = [row for row in range(2) if "damaged" in model.index(row).data()]
    with qtbot.waitSignal(window.services.runs.failed):
        window.run_list._list.activated.emit(model.index(row))
    assert "damaged" in window.message_bar.text
    with announced(qtbot, window.services.shown.run_changed):
        window.run_list._list.activated.emit(model.index(1 - row))


# --- many runs


def test_of_a_thousand_runs_only_those_in_sight_are_described(qtbot, tmp_path, monkeypatch):
    (one,) = list_runs(hostile.make_run(tmp_path / "run").path.parent)
    runs = [UnreadableRun(tmp_path / str(number), "no", 0.0) for number in range(999)] + [one]
    described = []
    honest = run_model._said
    monkeypatch.setattr(run_model, "_said", lambda run, locale: described.append(run) or honest(run, locale))
    view = shown(qtbot, RunList(), 368, 600)
    for act in (lambda: view.show_runs(runs), lambda: language.switch("es"), lambda: view.show_runs(runs)):
        described.clear()
        act()
        view.grab()
        assert 0 < len(described) < 100


def test_the_chosen_run_stays_chosen_when_the_list_is_read_again(qtbot, tmp_path):
    view = RunList()
    qtbot.addWidget(view)
    runs = [UnreadableRun(tmp_path / str(number), "no", 0.0) for number in range(5)]
    view.show_runs(runs)
    view._list.setCurrentIndex(view._model.index(3))
    view.show_runs([UnreadableRun(tmp_path / "new", "no", 9.0), *runs])
    assert view._model.runs[view._list.currentIndex().row()].path == tmp_path / "3"
    with qtbot.waitSignal(view.run_chosen) as chosen:
        view._open.click()
    assert chosen.args[0] == tmp_path / "3"


def test_a_run_opens_though_its_folder_is_named_in_half_characters(services, qtbot, tmp_path):
    run = hostile.make_run(tmp_path / "a\udcffb")
    with announced(qtbot, services.shown.run_changed):
        services.open(run.path)
    assert RunFolder(services.shown.run.path).exists()
