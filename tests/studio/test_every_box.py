"""Every box, list and slider of the window and its dialogs: the wheel leaves it alone, and no number is unanswered."""

from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSlider, QAbstractSpinBox, QComboBox, QScrollBar, QTabBar

from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.runs import RunInfo
from studio import language
from studio.model.origins import Origins
from studio.model.run import Run
from studio.panels.film_dialog import FilmDialog
from studio.panels.own_pictures import OwnPicturesDialog
from studio.services.readers import data_of
from studio.widgets.dialogs.branch_dialog import BranchDialog
from studio.widgets.dialogs.longer_dialog import LongerDialog
from studio.widgets.exploring.sweep_window import SweepWindow
from studio.widgets.fields.number_box import NumberBox
from tests.studio.hands import turn, value_of

VALUES = (QAbstractSpinBox, QComboBox, QAbstractSlider, QTabBar)
NAMES = {
    *("search_minutes", "search_images", "search_sampler", "tune_g_lr_low", "tune_g_lr_high", "longer_epochs"),
    *("film_speed", "picture_epochs", "branch_epoch", "option_epochs", "mirror_slider", "smoothing_slider"),
}


@pytest.fixture
def everything(window, tmp_path):
    """The window with all that can be opened in it: pages, sections, the ranges of a search, and every dialog."""
    window.commands.do("go_to_compare")
    form = window.searching.form
    for row in form.knobs.values():
        row.tick.setChecked(True)
    for section in window.options_form.sections.values():
        section.header.setChecked(True)
    info = RunInfo(Config(), DatasetInfo(5000, tuple("0123456789"), 1, 28))
    branch = BranchDialog(Origins("a", Run(Path("a"), info, data_of(info), 320), (1,), (0, 1, 2, 3)), parent=window)
    for name in ("g_lr", "d_steps", "augment", "batch_size"):
        branch.options.choose(name)
    jobs = window.services.jobs
    dialogs = [branch, LongerDialog("a", 4, 8, parent=window), FilmDialog(tmp_path, jobs, window), SweepWindow(window)]
    dialogs.append(OwnPicturesDialog(jobs, Config(), "", window))
    for dialog in dialogs:
        dialog.show()
    yield window
    for dialog in dialogs:
        dialog.close()


def all_of(window, *kinds):
    found = [box for kind in kinds for box in window.findChildren(kind) if not isinstance(box, QScrollBar)]
    assert len(found) == len(set(found))
    return found


def name_of(box):
    return box.objectName() or box.accessibleName()


def test_the_wheel_changes_nothing_that_has_not_the_focus(everything):
    boxes = all_of(everything, *VALUES)
    assert NAMES & {name_of(box) for box in boxes} == NAMES
    everything.setFocus()
    for box in boxes:
        before = value_of(box)
        for notches in (1, -1, -1):
            turn(box, notches)
        assert value_of(box) == before, name_of(box)
        assert not box.hasFocus() and box.focusPolicy() != Qt.FocusPolicy.WheelFocus


def test_no_box_refuses_a_number_without_a_word(everything):
    for code, texts in (("en", ("abc", "1e99", "--1")), ("es", ("1,5.2",))):
        language.switch(code)
        boxes = all_of(everything, NumberBox)
        assert len(boxes) > 60
        for box in boxes:
            refuses_in_words(box, texts)


def refuses_in_words(box, texts):
    before, line = box.value(), box.lineEdit()
    for text in texts:
        line.setText(text)
        box.finish()
        assert box.problem and box.value() == before, (name_of(box), text)
        assert box.note.parentWidget() is not None, f"nobody says why {name_of(box)} refuses"
        assert box.note.isHidden() == box.isHidden(), name_of(box)
    box.setValue(before)
    assert not box.problem and box.note.isHidden(), name_of(box)


def test_a_seed_goes_to_the_next_one(window):
    for name in ("explore", "style"):
        window.show_workspace(name)
    boxes = [box for box in window.findChildren(NumberBox) if "seed" in name_of(box).lower()]
    assert {name_of(box) for box in boxes} == {"option_seed", "Seed of z", "style_seed_box"}
    for box in boxes:
        box.setValue(229_674)
        box.stepBy(1)
        stepped = [box.value()]
        box.stepBy(-2)
        assert [*stepped, box.value()] == [229_675, 229_673], name_of(box)


def test_what_is_wrong_in_a_box_that_is_not_asked_for_is_not_told(window):
    form = window.searching.form
    form.length.setCurrentIndex(1)
    form.images.lineEdit().setText("many")
    form.images.finish()
    assert not form.images.note.isHidden()
    form.length.setCurrentIndex(2)
    assert form.images.isHidden() and form.images.note.isHidden()
    form.length.setCurrentIndex(1)
    assert not form.images.note.isHidden(), "it is still wrong"
