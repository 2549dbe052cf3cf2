"""What all dialogs have in common: one base, the language of the moment, F1, Escape, keys that accept."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QDir, Qt
from PySide6.QtWidgets import QApplication, QDialog, QFileDialog, QMessageBox, QPushButton, QWidget

from studio import language
from studio.help.help_window import HelpWindow
from studio.model.work_state import WorkState
from studio.panels.own_handwriting import OwnHandwritingDialog
from studio.panels.own_pictures import OwnPicturesDialog
from studio.panels.own_points import OwnPointsDialog
from studio.panels.window_boxes import ask_whether_to_close
from studio.services import disk
from studio.widgets.dialogs.branch_dialog import BranchDialog
from studio.widgets.dialogs.class_dialog import ClassDialog
from studio.widgets.dialogs.dialog import Dialog
from studio.widgets.dialogs.dialogs import FileDialog
from studio.widgets.dialogs.longer_dialog import LongerDialog
from studio.widgets.dialogs.note_dialog import NoteDialog
from studio.widgets.dialogs.recipe_dialog import RecipeDialog
from studio.widgets.dialogs.recipes_dialog import RecipesDialog
from studio.widgets.fields.save_place import SavePlace
from studio.widgets.messages.message_bar import MessageBar
from studio.workers.job_runner import JobRunner
from tests import tiny
from tests.studio.hands import shown
from tests.studio.test_branches import origins
from tests.studio.test_guard import classes

MADE = {
    "class": lambda: ClassDialog(tiny.config()),
    "branch": lambda: BranchDialog(origins((1,), (0, 1))),
    "longer": lambda: LongerDialog("a", 4, 8),
    "note": lambda: NoteDialog("a", "text"),
    "recipe": lambda: RecipeDialog("a", "text"),
    "recipes": RecipesDialog,
}


@pytest.fixture(params=MADE)
def dialog(request, qtbot):
    made = shown(qtbot, MADE[request.param]())
    made.activateWindow()
    qtbot.waitUntil(made.isActiveWindow)
    return made


def test_all_dialogs_stand_upon_one_base():
    ours = {it for it in classes() if issubclass(it, QDialog) and not issubclass(it, QFileDialog | QMessageBox)}
    assert {it for it in ours if not issubclass(it, Dialog)} == {HelpWindow}, "which is nothing but a page"
    assert len(ours) >= len(MADE) + 5


def test_a_dialog_speaks_the_language_of_the_moment_also_while_it_is_open(dialog):
    english = dialog.windowTitle()
    language.switch("es")
    assert english and dialog.windowTitle() not in ("", english)


def test_f1_explains_what_has_the_focus_in_a_dialog(dialog, qtbot):
    qtbot.keyClick(dialog.focusWidget() or dialog, Qt.Key.Key_F1)
    assert HelpWindow.of(dialog).isVisible()
    HelpWindow.of(dialog).close()


@pytest.mark.parametrize("kind", [OwnPicturesDialog, OwnPointsDialog, OwnHandwritingDialog])
def test_return_trains_on_own_data_and_cancels_nothing_and_a_message_moves_nothing(kind, qtbot):
    dialog = shown(qtbot, kind(JobRunner()))
    assert [it for it in dialog.findChildren(QPushButton) if it.isDefault()] == [dialog.main_button]
    parts = [it for it in dialog.findChildren(QWidget) if it.isVisible()]

    def rows() -> list[tuple[int, int]]:  # Qt's lists take their width again some 20 ms after each other change
        return [(it.y(), it.height()) for it in parts]

    before: list[tuple[int, int]] = []
    while before != (now := rows()):
        before = now
        QApplication.processEvents()
    dialog.findChild(MessageBar).warn("The folder “a” cannot be read: it is not there.", "Choose another one.")
    QApplication.processEvents()
    assert rows() == before


def test_a_dialog_is_never_larger_than_its_screen(qtbot):
    large = Dialog("large", None)
    large.resize(10_000, 300)
    room = shown(qtbot, large).screen().availableSize()
    assert large.width() <= room.width() and large.height() == 300


def test_escape_closes_a_dialog_and_nothing_is_taken(dialog, qtbot, monkeypatch):
    monkeypatch.setattr(dialog, "take", lambda: pytest.fail("it was taken"))
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible() and dialog.result() == QDialog.DialogCode.Rejected


def test_ctrl_enter_keeps_a_note_on_either_part_of_the_keyboard(qtbot):
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
        dialog = shown(qtbot, NoteDialog("a", "written"))
        with qtbot.waitSignal(dialog.written) as written:
            qtbot.keyClick(dialog, key, Qt.KeyboardModifier.ControlModifier)
        assert written.args == ["written"] and not dialog.isVisible()


def test_a_length_that_makes_no_sense_is_not_taken(qtbot):
    dialog = shown(qtbot, LongerDialog("a", 4, 8))
    dialog.epochs.lineEdit().selectAll()
    qtbot.keyClicks(dialog.epochs, "many")
    dialog.confirm()
    assert dialog.isVisible() and dialog.epochs.problem


def test_a_file_is_sought_where_one_was_chosen_last_and_first_at_home(qtbot, monkeypatch, tmp_path):
    place = QWidget()
    qtbot.addWidget(place)
    own, other = tmp_path / "program", tmp_path / "other"
    for folder in (own, other):
        folder.mkdir()
    monkeypatch.chdir(own)
    FileDialog(place, "Before").setDirectory(str(own))
    first = FileDialog(place, "First")
    assert first.directory() == QDir.home()
    first.fileSelected.emit(str(other / "typed.png"))
    FileDialog(place, "Elsewhere, and canceled", str(own)).reject()
    second = FileDialog(place, "Next")
    assert second.directory() == QDir(str(other))
    second.filesSelected.emit([str(own / "a.png"), str(own / "b.png")])
    assert FileDialog(place, "Several").directory() == QDir(str(own)), "also where the program was started from"


def test_a_folder_that_was_typed_is_where_the_next_file_is_sought_and_saved(qtbot, tmp_path):
    place = SavePlace("film", (".mp4",))
    qtbot.addWidget(place)
    place.edit.setText(str(tmp_path / "film"))
    place.settled()
    assert FileDialog(place, "Next").directory() == QDir(str(tmp_path))
    (tmp_path / "a.mp4").touch()
    assert disk.free_film_path("a.mp4", FileDialog.last_folder) == tmp_path / "a-2.mp4"
    assert disk.free_path("a.onnx", str(tmp_path / "gone")).parent != tmp_path / "gone"


@pytest.mark.parametrize(
    ("state", "says"), [(WorkState.WORKING, "is saved when you close"), (WorkState.HALTED, "is lost")]
)
def test_what_cannot_be_saved_is_not_said_to_be_saved(qtbot, state, says):
    """With a full disk it was said that the run is saved, and what it had learned since was gone."""
    place = QWidget()
    qtbot.addWidget(place)
    ask_whether_to_close(place, lambda: None, state)
    box = place.findChild(QMessageBox, "close_question")
    assert says in box.informativeText()
    if state is WorkState.HALTED:
        assert box.defaultButton().text() == "Wait"
