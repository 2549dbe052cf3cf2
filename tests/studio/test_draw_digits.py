"""Digits drawn in the window: many in a row, with the judge's reading, taken back, kept with what was photographed."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import QPoint, Qt

from engine.sheets import keeping
from studio.panels.draw_digits import DrawDigitsDialog
from studio.panels.own_handwriting import OwnHandwritingDialog
from studio.widgets.dialogs.dialogs import MessageBox
from tests.studio.hands import click, shown


@pytest.fixture(autouse=True)
def judge(monkeypatch):
    """A judge that takes everything for a one."""
    monkeypatch.setattr(keeping, "read_by_judge", lambda digits: np.full(len(digits.images), 1))


@pytest.fixture
def dialog(qtbot, jobs):
    return shown(qtbot, DrawDigitsDialog(jobs))


def stroke(qtbot, dialog):
    """Draw an upright line with the mouse."""
    canvas = dialog.canvas
    middle = canvas.rect().center()
    top, bottom = middle - QPoint(0, 60), middle + QPoint(0, 60)
    qtbot.mousePress(canvas, Qt.MouseButton.LeftButton, pos=top)
    qtbot.mouseMove(canvas, bottom)
    qtbot.mouseRelease(canvas, Qt.MouseButton.LeftButton, pos=bottom)


def said(dialog, name):
    return dialog.findChild(object, name).text()


def is_said(dialog, asked):
    return asked in said(dialog, "digit_asked")


def press(qtbot, dialog, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(dialog.canvas, key, modifier)


def test_ten_in_a_row_and_then_it_is_the_next_ones_turn(dialog, qtbot):
    press(qtbot, dialog, Qt.Key.Key_7)
    for count in range(10):
        asked = f"digit 7 · {count} so far"
        qtbot.waitUntil(partial(is_said, dialog, asked))
        stroke(qtbot, dialog)
        press(qtbot, dialog, Qt.Key.Key_Return)
        assert dialog.canvas.is_empty and dialog.canvas.hasFocus()
    qtbot.waitUntil(lambda: "digit 0" in said(dialog, "digit_asked"))
    assert "7 for a 1" in said(dialog, "digit_told")
    with qtbot.waitSignal(dialog.drawn) as drawn:
        press(qtbot, dialog, Qt.Key.Key_Escape)
    (digits,) = drawn.args
    assert [(it.label, it.read_as) for it in digits] == [(7, 1)] * 10
    image = digits[0].image
    rows = np.flatnonzero(image.max(1))
    assert image.shape == (28, 28) and len(rows) == 20 and image.max() == 255, "as MNIST's are"


def test_undo_takes_strokes_back_and_then_digits(dialog, qtbot):
    click(qtbot, dialog.labels[1])
    for _ in range(2):
        stroke(qtbot, dialog)
        click(qtbot, dialog.take_it)
    qtbot.waitUntil(lambda: "reads it as 1" in said(dialog, "digit_told") and "2 so far" in said(dialog, "digit_asked"))
    stroke(qtbot, dialog)
    press(qtbot, dialog, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert dialog.canvas.is_empty and "2 so far" in said(dialog, "digit_asked")
    click(qtbot, dialog.back)
    assert "1 so far" in said(dialog, "digit_asked")


def test_a_digit_drawn_by_keys_alone_and_left_on_the_canvas_is_kept(dialog, qtbot):
    press(qtbot, dialog, Qt.Key.Key_Space)
    for _ in range(20):
        press(qtbot, dialog, Qt.Key.Key_Down)
    press(qtbot, dialog, Qt.Key.Key_Space)
    with qtbot.waitSignal(dialog.drawn) as drawn:
        dialog.confirm()
    assert [it.label for it in drawn.args[0]] == [0] and not dialog.isVisible()


def test_a_speck_is_no_digit(dialog, qtbot):
    qtbot.mouseClick(dialog.canvas, Qt.MouseButton.LeftButton)
    click(qtbot, dialog.take_it)
    qtbot.waitUntil(lambda: "too little ink" in said(dialog, "digit_told"))
    assert not dialog.back.isEnabled()


def test_what_was_drawn_becomes_a_data_set(window, qtbot):
    window.commands.do("own_handwriting")
    dialog = window.findChild(OwnHandwritingDialog)
    click(qtbot, dialog.draw)
    drawing = dialog.findChild(DrawDigitsDialog)
    for label in (1, 2):
        drawing.ask_for(label)
        stroke(qtbot, drawing)
        click(qtbot, drawing.take_it)
    drawing.confirm()
    qtbot.waitUntil(lambda: dialog.told.text().startswith("2 digits"))
    assert "1 that the judge" in dialog.leave_out.text()
    dialog.reject()
    box = dialog.findChild(MessageBox)
    assert dialog.isVisible() and "2 digits" in box.text()
    box.close()
    dialog.leave_out.setChecked(False)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        click(qtbot, dialog.train)
    assert sorted(path.parent.name for path in Path(chosen.args[0]).rglob("*.png")) == ["1", "2"]
