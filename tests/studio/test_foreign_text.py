"""A stranger's run in the window: nothing that it calls itself is obeyed, and a bad one is listed as such."""

from __future__ import annotations

import json

import pytest
from PySide6.QtGui import Qt
from PySide6.QtWidgets import QAbstractItemView, QLabel, QWidget

from engine.runs import RunFolder, runs_root
from studio import language
from studio.text.run_columns import TROUBLE, place
from tests.engine import hostile
from tests.studio.hands import announced

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
    with qtbot.waitSignal(window.services.known_images.changed):
        window.services.runs.list_runs(runs_root())
    with announced(qtbot, window.services.shown.run_changed):
        window.services.open(stranger.path)
    for code in ("en", "es"):
        language.switch(code)
        window.sample_view.grid.select(0)
        window.sample_view.grid.tile_chosen.emit(0)
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
    runs = window.workspaces["compare"].run_table
    model = runs.model
    qtbot.waitUntil(lambda: model.rowCount() == 2)
    (row,) = [row for row in range(2) if "damaged" in model.index(row, place(TROUBLE)).data()]
    with qtbot.waitSignal(window.services.runs.failed):
        runs.table.activated.emit(model.index(row, 0))
    assert "damaged" in window.message_bar.text
    with announced(qtbot, window.services.shown.run_changed):
        runs.table.activated.emit(model.index(1 - row, 0))


def test_a_run_opens_though_its_folder_is_named_in_half_characters(services, qtbot, tmp_path):
    run = hostile.make_run(tmp_path / "a\udcffb")
    with announced(qtbot, services.shown.run_changed):
        services.open(run.path)
    assert RunFolder(services.shown.run.path).exists()
