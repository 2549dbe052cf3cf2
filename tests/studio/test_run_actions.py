"""What is done to runs in the window: named, starred, planned again, deleted and brought back, packed into one file."""

from __future__ import annotations

import threading
from contextlib import closing

from PySide6.QtCore import Qt
from PySide6.QtWidgets import (
    QApplication,
    QDialogButtonBox,
    QLineEdit,
    QPlainTextEdit,
    QPushButton,
    QToolButton,
)

from engine.job import Progress, result_of
from engine.runs import About, RunFolder, RunStore, runs_root
from engine.runs.archive import export_run, import_run
from studio.model.messages import Subject
from studio.model.transfer import Transfer
from studio.services import run_files
from studio.text.run_columns import place as at
from studio.text.transfer import transfer_told
from studio.widgets.dialogs.dialogs import FileDialog
from studio.workers.failure import Failure
from tests.engine import hostile
from tests.studio.hands import announced, drop, dropped, train_to_the_end, until_listed
from tests.studio.run_rows import listed, names

# --- in the window


def say(window, qtbot, run):
    """Wait until the table says of ``run`` what its folder does."""
    about = RunFolder(run).about()
    qtbot.waitUntil(lambda: window.run_table.model.row_in(run).run.about == about)
    return about


def test_the_run_under_way_is_listed_from_the_start_and_its_row_goes_on(window, qtbot):
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    window.commands.do("go_to_compare")
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 1)
    (row,) = window.run_table.model.rows
    assert row.is_training and "training now" in row.texts[at("epochs")]
    assert window.run_table.empty.isHidden()
    window.services.training.stop()
    until_listed(qtbot, window)


def test_name_star_and_note_are_kept_in_the_folder_of_the_run(window, qtbot):
    train_to_the_end(qtbot, window)
    until_listed(qtbot, window)
    window.commands.do("go_to_compare")
    (path,) = (row.run.path for row in window.run_table.model.rows)
    window.commands.do("rename_run")
    editor = next(it for it in window.run_table.table.viewport().findChildren(QLineEdit))
    editor.setText("The first")
    qtbot.keyClick(editor, Qt.Key.Key_Return)
    qtbot.waitUntil(lambda: RunFolder(path).about().name == "The first")
    assert say(window, qtbot, path).name == "The first"
    window.commands.do("star_runs")
    qtbot.waitUntil(lambda: RunFolder(path).about().star)
    say(window, qtbot, path)
    window.commands.do("note_run")
    dialog = window.findChild(QPlainTextEdit, "note_text").window()
    dialog.findChild(QPlainTextEdit).setPlainText("two\nlines")
    dialog.findChild(QDialogButtonBox).button(QDialogButtonBox.StandardButton.Save).click()
    qtbot.waitUntil(lambda: RunFolder(path).about() == About("The first", True, "two\nlines"))
    say(window, qtbot, path)
    assert window.run_table.model.index(0, at("note")).data() == "two · lines"


def test_the_same_options_are_planned_again(window, qtbot):
    hostile.make_run(runs_root() / "old")
    config = RunFolder(runs_root() / "old").info().config
    window.services.runs.list_again()
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 1)
    window.commands.do("go_to_compare")
    window.commands.do("same_options")
    qtbot.waitUntil(lambda: window.workspace.name == "train")
    assert window.context.plan.config.g_lr == config.g_lr
    assert window.services.shown.run.path == runs_root() / "old", "what is shown is of one run"
    assert "Train begins a new run" in window.message_bar.text


def test_what_makes_no_sense_says_why_not(window, qtbot):
    commands = window.commands
    assert "Compare" in commands["rename_run"].why_not(), "in another workspace"
    commands.do("go_to_compare")
    assert commands["rename_run"].why_not() == "Choose a run first."
    bad = runs_root() / "bad"
    bad.mkdir(parents=True)
    (bad / "config.json").write_text("{")
    window.services.runs.list_again()
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 1)
    QApplication.processEvents()
    assert "cannot be read" in commands["rename_run"].why_not() and not commands["show_chosen_folder"].why_not()


def test_a_name_that_is_given_while_runs_are_listed_stays(window, qtbot, monkeypatch):
    listed(window, qtbot, "a", "b")
    service, real = window.services.runs, RunStore.scan
    has_read, may_tell, begun = threading.Event(), threading.Event(), []

    def late(self):
        begun.append(self)
        if len(begun) > 1:
            return (yield from real(self))
        told, parts = real(self), []
        while True:
            try:
                parts.append(next(told))
            except StopIteration as end:
                has_read.set()
                may_tell.wait(60)
                yield from parts
                return end.value

    monkeypatch.setattr(RunStore, "scan", late)

    def name():
        (row,) = (row for row in window.run_table.model.rows if row.run.path.name == "a")
        return row.run.name

    service.list_again()
    qtbot.waitUntil(has_read.is_set)
    service.describe(runs_root() / "a", name="Ours")
    qtbot.waitUntil(lambda: name() == "Ours")
    with announced(qtbot, service.listed):
        may_tell.set()
    assert name() == "Ours"


def test_deleted_runs_come_back_with_ctrl_z_and_with_the_message(window, qtbot):
    listed(window, qtbot, "a", "b")
    table = window.run_table
    for undo in ("key", "message", "menu"):
        table.choose([runs_root() / "a"])
        window.commands.do("delete_runs")
        qtbot.waitUntil(lambda: names(table.model.rows) == ["b"])
        assert not (runs_root() / "a").exists() and "trash" in window.message_bar.text
        if undo == "key":
            qtbot.keyClick(table.table, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
        elif undo == "menu":  # and Ctrl+Z elsewhere in the workspace: no option changes out of sight
            assert "1 run deleted" in window.commands.action("undo").text()
            window.commands.do("undo")
        else:
            window.findChild(QPushButton, "message_action").click()
        qtbot.waitUntil(lambda: sorted(names(table.model.rows)) == ["a", "b"])
        assert RunFolder(runs_root() / "a").exists()
    assert not window.workspace.doing.can_undo


def told(window, qtbot, text):
    qtbot.waitUntil(lambda: text in window.message_bar.text)
    return window.message_bar.text


def test_a_run_goes_into_one_file_and_comes_back_as_another(window, qtbot, tmp_path):
    listed(window, qtbot, "a")
    window.commands.do("export_run")
    qtbot.waitUntil(lambda: window.findChild(FileDialog) is not None)
    dialog = window.findChild(FileDialog)
    assert "kB" in dialog.windowTitle() and dialog.selectedFiles()[0].endswith("a.duelo")
    dialog.fileSelected.emit(str(tmp_path / "a.duelo"))
    dialog.close()
    told(window, qtbot, "“a.duelo” holds the whole run")
    window.commands.do("import_run")
    (dialog,) = [each for each in window.findChildren(FileDialog) if each.isVisible()]
    dialog.filesSelected.emit([str(tmp_path / "a.duelo")])
    dialog.close()
    told(window, qtbot, "“a.duelo” holds the run “A run”: ")
    window.message_bar.dismiss()
    assert drop(window, dropped(tmp_path / "a.duelo"))
    text = told(window, qtbot, "“a.duelo” holds the run “A run”: ")
    assert "kB" in text and "beside it, in “a_2”" in text and not (runs_root() / "a_2").exists()
    window.findChild(QPushButton, "message_action").click()
    qtbot.waitUntil(lambda: len(window.run_table.model.rows) == 2)
    assert (runs_root() / "a_2").exists()
    told(window, qtbot, "“A run” is among your runs now, in the folder “a_2”.")
    assert drop(window, dropped(runs_root() / "a"))
    qtbot.waitUntil(lambda: window.services.shown.run is not None and window.services.shown.run.path.name == "a")
    (tmp_path / "bad.duelo").write_bytes(b"no zip")
    files = window.services.run_files
    for ask in (files.import_file, files.look_into):
        with qtbot.waitSignal(files.failed):
            ask(tmp_path / "bad.duelo")
        assert "bad.duelo" in window.message_bar.text and not files.is_busy
        assert window.message_bar.is_about(Subject.ASKED)


def test_several_files_are_imported_one_after_the_other_and_a_bad_one_keeps_no_other(window, qtbot, tmp_path):
    listed(window, qtbot, "a")
    packed = result_of(export_run(RunFolder(runs_root() / "a"), tmp_path / "a.duelo")).path
    (tmp_path / "bad.duelo").write_bytes(b"no zip")
    told_of: list[Failure | None] = []
    window.services.run_files.failed.connect(told_of.append)
    window.services.run_files.canceled.connect(lambda: told_of.append(None))
    assert drop(window, dropped(packed, tmp_path / "bad.duelo", packed))
    qtbot.waitUntil(lambda: (runs_root() / "a_3" / "config.json").exists() and not window.services.run_files.is_busy)
    qtbot.waitUntil(lambda: "bad.duelo" in window.message_bar.text)
    assert len(told_of) == 1 and told_of[0] is not None, "told in the end, and no later import takes its place"
    (tmp_path / "notes.txt").write_text("no run")
    assert drop(window, dropped(tmp_path / "notes.txt"))
    told(window, qtbot, "What was dropped is no folder")
    assert drop(window, dropped(packed))
    assert "What was dropped" not in told(window, qtbot, "“a.duelo” holds the run")


def test_both_ways_are_told_while_they_last_one_at_a_time_and_can_be_canceled(window, qtbot, tmp_path, monkeypatch):
    listed(window, qtbot, "a")
    monkeypatch.setattr(run_files, "_TOLD_EVERY_SECONDS", 0.0)
    packed = result_of(export_run(RunFolder(runs_root() / "a"), tmp_path / "a.duelo")).path
    files, may_go = window.services.run_files, threading.Event()
    monkeypatch.setattr(run_files, "export_run", lambda *how: slowly(export_run(*how), may_go))
    monkeypatch.setattr(run_files, "import_run", lambda *how: slowly(import_run(*how), may_go))
    for begin, word in (
        (lambda: files.export(runs_root() / "a", tmp_path / "b.duelo", "Thin"), "exported"),
        (lambda: files.import_file(packed, "Thin"), "imported"),
    ):
        may_go.clear()
        begin()
        text = told(window, qtbot, f"“Thin” is {word}: ")
        assert " MB" in text
        assert "being exported or imported" in window.commands["export_run"].why_not()
        assert "being exported or imported" in window.commands["import_run"].why_not()
        begin()  # which is not begun beside it
        window.findChild(QPushButton, "message_action").click()
        with qtbot.waitSignal(files.canceled):
            may_go.set()
        assert "nothing is left of it" in window.message_bar.text and not files.is_busy
    assert [path.name for path in tmp_path.glob("*duelo*")] == ["a.duelo"]
    assert [path.name for path in runs_root().glob("a*")] == ["a"]


def slowly(job, may_go):
    with closing(job):
        yield next(job)
        may_go.wait()
        yield next(job)
        yield from job


def test_the_time_left_is_told_once_it_is_known():
    told_of = lambda done: transfer_told(Transfer("a", Progress(done, 120, unit="MB"), 4.0, True))  # noqa: E731
    assert told_of(0) == "“a” is exported: 0 of 120 MB"
    assert told_of(40) == "“a” is exported: 40 of 120 MB, about 8 seconds left"


def test_how_far_an_export_is_stands_in_its_message_and_steals_no_place(window, qtbot):
    listed(window, qtbot, "a")
    files, bar = window.services.run_files, window.message_bar
    progress = lambda done: files.progressed.emit(Transfer("a", Progress(done, 9), 0.0, True))  # noqa: E731
    progress(0)
    assert "0 of 9 MB" in bar.text
    progress(1)
    assert "1 of 9 MB" in bar.text
    bar.tell("Something else.")
    progress(2)
    assert bar.text == "Something else."
    bar.findChild(QToolButton, "next_message_button").click()
    assert "2 of 9 MB" in bar.text
    bar.findChild(QToolButton, "close_message_button").click()
    progress(3)
    assert bar.text == "Something else.", "it was closed"
    files.failed.emit(Failure("It is broken.", ""))
    bar.findChild(QToolButton, "close_message_button").click()
    progress(0)
    assert "0 of 9 MB" in bar.text, "another one"
    files.canceled.emit()
    assert "MB" not in bar.text
