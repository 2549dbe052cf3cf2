"""A line in one handwriting: what may be written, how it is shown, copied and saved, and what the judge reads."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QFileDialog

from studio.services import disk
from studio.widgets.exploring.handwriting_panel import HandwritingPanel, LineWish, Written
from studio.widgets.exploring.written_line import Mark
from tests.studio.hands import shown

DIGITS = tuple("0123456789")


@pytest.fixture
def panel(qtbot):
    panel = shown(qtbot, HandwritingPanel(), 500, 400)
    panel.set_names(DIGITS)
    return panel


def line(width=120, height=40):
    picture = np.zeros((height, width, 4), np.uint8)
    picture[10:30, 10:20, 3] = 255
    return picture


def test_numbers_dates_and_telephone_numbers_may_be_typed_and_nothing_else(panel, qtbot):
    for text, typed in (("+34 (600) 12-3", "+34 (600) 12-3"), ("26/11/2025", "26/11/2025"), ("2a5\\b7", "257")):
        panel.edit.clear()
        qtbot.keyClicks(panel.edit, text)
        assert panel.edit.text() == typed
    assert panel.note.problem.startswith("Left out: a \\ b"), "also when what was typed last is taken"
    qtbot.keyClick(panel.edit, Qt.Key.Key_Return)
    qtbot.keyClicks(panel.edit, "8")
    assert not panel.note.isVisible()
    qtbot.keyClick(panel.edit, Qt.Key.Key_Backspace)
    panel.edit.setCursorPosition(1)
    panel.edit.insert("xx3y")
    assert (panel.edit.text(), panel.edit.cursorPosition()) == ("2357", 2)
    assert panel.note.problem.startswith("Left out: x y. The classes of this run are 0 1 2 3")
    panel.set_names(("3", "8"))
    assert not panel.note.problem
    assert panel.edit.text() == "38", "an example that this run can write"
    panel.edit.clear()
    qtbot.keyClicks(panel.edit, "3128")
    assert panel.edit.text() == "38" and panel.note.problem.startswith(
        "Left out: 1 2. The classes of this run are 3 8;"
    )


def test_a_wish_says_what_to_write_in_which_hand_how_high(panel, qtbot):
    panel.edit.setText("42")
    with qtbot.waitSignal(panel.wish_changed):
        panel.redraw_box.setChecked(True)
    panel.height_box.setValue(128)
    wish = panel.wish()
    assert wish == LineWish("42", wish.seed, 128, True)
    with qtbot.waitSignal(panel.wish_changed):
        qtbot.mouseClick(panel.another_button, Qt.MouseButton.LeftButton)
    assert panel.wish().seed != wish.seed
    panel.edit.setText("   ")
    assert panel.wish() is None


def test_under_each_digit_stands_whether_it_can_be_read(panel):
    panel.show_written(Written(line(), (Mark(10, 20, True), Mark(60, 70, None)), "The judge reads every character."))
    calm = panel.line.grab().toImage()
    panel.show_written(Written(line(), (Mark(10, 20, False, "7"), Mark(60, 70, None)), "The judge reads 1 as 7 (60%)."))
    assert panel.line.grab().toImage() != calm
    assert panel.words.text() == panel.line.accessibleDescription() == "The judge reads 1 as 7 (60%)."
    panel.edit.clear()
    assert not panel.words.text() and not panel.line.marks and not panel.copy_button.isEnabled()


def test_what_is_copied_is_transparent(panel):
    panel.copy()
    panel.show_written(Written(line(), (), ""))
    panel.copy()
    image = QApplication.clipboard().image()
    assert (image.width(), image.height()) == (120, 40) and image.hasAlphaChannel()
    assert image.pixelColor(15, 15).alpha() == 255 and image.pixelColor(0, 0).alpha() == 0


def test_what_is_saved_is_transparent_and_called_after_its_text(panel, qtbot, tmp_path):
    panel.edit.setText("26/11/2025")
    panel.show_written(Written(line(), (), ""))
    qtbot.mouseClick(panel.save_button, Qt.MouseButton.LeftButton)
    dialog = panel.findChild(QFileDialog)
    assert Path(dialog.selectedFiles()[0]).name == "26-11-2025.png"
    with qtbot.waitSignal(panel.save_requested) as wanted:
        dialog.fileSelected.emit(str(tmp_path / "line.png"))
    dialog.close()
    disk.write_picture(wanted.args[0].path, wanted.args[0].picture)
    with Image.open(tmp_path / "line.png") as saved:
        assert saved.mode == "RGBA" and np.array_equal(np.asarray(saved), line())


def test_classes_with_long_names_cannot_write(panel):
    panel.set_names(("cat", "dog"))
    assert panel.wish() is None and not panel.edit.isVisible() and panel.why_not.isVisible()
