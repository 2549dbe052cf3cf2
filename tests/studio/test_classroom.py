"""The window in a class, the dialog that makes one, and a computer that is brought back to its first state."""

import pytest
from PySide6.QtWidgets import QComboBox, QFileDialog, QLineEdit

from engine import class_file, i18n
from engine.class_file import ClassFile
from engine.runs import RunFolder, runs_root
from engine.trainer import Trainer
from studio.widgets.dialogs.class_dialog import ClassDialog
from studio.widgets.dialogs.dialogs import MessageBox
from tests import tiny

CLASS = ClassFile(
    title="Collapse",
    language="es",
    options={"epochs": 3},
    minutes=45,
    locked=("recipe", "dataset", "g_lr"),
    hidden=("loss", "networks"),
)


@pytest.fixture
def in_class(window):
    window.classroom.enter(CLASS)
    return window


def test_a_class_fixes_what_it_says(in_class):
    form, bar = in_class.options_form, in_class.run_bar
    assert i18n.language() == "es" and "45" in in_class.message_bar.text
    assert form.config().epochs == 3
    assert not form.editor("g_lr").isEnabled() and form.editor("d_lr").isEnabled()
    assert form.sections["loss"].isHidden() and not form.sections["training"].isHidden()
    assert not bar.recipe_box.isEnabled() and not bar.dataset_box.isEnabled()
    form.filter.setText("arquitectura")
    assert form.sections["networks"].isHidden(), "what is hidden is not found either"


def test_locks_outlast_a_training(in_class, qtbot):
    with qtbot.waitSignal(in_class.services.training.stopped):
        in_class.commands.do("train")
    assert not in_class.run_bar.recipe_box.isEnabled() and not in_class.options_form.editor("g_lr").isEnabled()


def test_resetting_forgets_what_was_set_and_no_run(in_class, qtbot):
    run = RunFolder(runs_root() / "kept")
    for _ in Trainer(tiny.config(epochs=1), run).run():
        pass
    in_class.settings.recipe, in_class.settings.text_size = "studio", 150
    in_class.commands.do("reset_computer")
    box = in_class.findChild(MessageBox)
    next(button for button in box.buttons() if box.buttonRole(button) is MessageBox.ButtonRole.AcceptRole).click()
    assert i18n.language() == "en" and in_class.settings.text_size == 100
    assert in_class.options_form.editor("g_lr").isEnabled() and in_class.run_bar.recipe_box.isEnabled()
    assert not in_class.options_form.sections["loss"].isHidden()
    assert run.has_state() and "kept" in in_class.message_bar.text


def test_the_dialog_makes_a_class_of_what_is_planned(window, qtbot, tmp_path):
    window.options_form.set_config(window.options_form.config().changed(epochs=7))
    window.context.plan.config = window.options_form.config()
    window.commands.do("make_class")
    dialog = window.findChild(ClassDialog)
    dialog.findChild(QLineEdit, "class_title").setText("My class")
    for name, state in (("class_group_loss", "hidden"), ("class_run_bar", "locked")):
        box = dialog.findChild(QComboBox, name)
        box.setCurrentIndex(box.findData(state))
    dialog.confirm()
    window.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "a.duelo-class"))
    qtbot.waitUntil(lambda: "Class saved" in window.message_bar.text)
    found = class_file.read(tmp_path / "a.duelo-class")
    assert (found.title, found.hidden, found.locked) == ("My class", ("loss",), ("recipe", "dataset"))
    assert found.config().epochs == 7
