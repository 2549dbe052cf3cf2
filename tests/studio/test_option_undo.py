"""What was changed of the options is undone step by step, a burst at once, a recipe at once; typed text by its box."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from engine.config import OPTIONS, Config
from engine.recipes import RECIPES, recipe
from engine.recipes.words import value_words
from studio import language
from studio.model.work_state import WorkState
from studio.option_undo import OptionUndo
from tests.studio.hands import set_by_hand

CTRL, SHIFT = Qt.KeyboardModifier.ControlModifier, Qt.KeyboardModifier.ShiftModifier


class Desk:
    """Options on a desk, a clock that is wound by hand, and what is noted of both."""

    def __init__(self):
        self.config, self.time, self.trains = Config(), 0.0, False
        self.undo = OptionUndo(
            lambda: self.config, self.restore, clock=lambda: self.time, live_only=lambda: self.trains
        )

    def restore(self, values):
        self.config = self.config.changed(**values)

    def set(self, name, after_s=10.0, **values):
        self.time += after_s
        before, self.config = self.config, self.config.changed(**values)
        return self.undo.note(name, before, self.config)


@pytest.fixture
def desk(qapp):
    return Desk()


def test_changes_are_undone_and_done_again_one_by_one(desk):
    first = desk.config
    desk.set("g_lr", g_lr=0.01)
    desk.set("epochs", epochs=7)
    assert desk.undo.words(back=True) == "Epochs 7"
    desk.undo.undo()
    assert desk.config == first.changed(g_lr=0.01) and desk.undo.words(back=False) == "Epochs 7"
    desk.undo.undo()
    desk.undo.undo()
    assert desk.config == first and desk.undo.why_not(back=True)
    desk.undo.redo()
    desk.undo.redo()
    assert desk.config == first.changed(g_lr=0.01, epochs=7) and desk.undo.why_not(back=False)


def test_quick_steps_of_one_option_are_one_and_there_and_back_is_none(desk):
    first = desk.config
    for step in range(1, 4):
        desk.set("epochs", after_s=0.1, epochs=first.epochs + step)
    desk.set("epochs", epochs=50)
    desk.undo.undo()
    assert desk.config.epochs == first.epochs + 3
    desk.undo.undo()
    assert desk.config == first and not desk.undo.words(back=True)
    desk.set("epochs", epochs=9)
    desk.set("epochs", after_s=0.1, epochs=first.epochs)
    assert not desk.undo.words(back=True)


def test_quick_changes_of_two_options_are_two(desk):
    desk.set("epochs", after_s=0.1, epochs=9)
    desk.set("batch_size", after_s=0.1, batch_size=32)
    desk.undo.undo()
    assert (desk.config.epochs, desk.config.batch_size) == (9, Config().batch_size)


def test_what_changed_behind_its_back_can_no_longer_be_undone(desk):
    desk.set("epochs", epochs=9)
    desk.config = desk.config.changed(epochs=30)  # as by opening another run
    assert desk.undo.why_not(back=True)
    desk.undo.undo()
    assert desk.config.epochs == 30
    desk.set("g_lr", g_lr=0.01)
    desk.undo.undo()
    desk.undo.undo()
    assert desk.config.epochs == 30 and desk.config.g_lr == Config().g_lr


def test_undoing_a_change_undoes_what_came_after_it_too(desk):
    first = desk.config
    desk.set("epochs", epochs=9)
    change = desk.set("g_lr", g_lr=0.01)
    desk.set("seed", seed=5)
    desk.undo.undo_from(change)
    assert desk.config == first.changed(epochs=9)
    desk.undo.undo_from(change)
    assert desk.config == first.changed(epochs=9)


def test_while_a_run_trains_only_live_options_are_undone(desk):
    desk.set("epochs", epochs=9)
    assert not desk.undo.why_not(back=True)
    desk.trains = True
    assert "Epochs" in desk.undo.why_not(back=True)
    desk.set("g_lr", g_lr=0.01)
    assert not desk.undo.why_not(back=True)


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_value_of_every_option_has_words(code):
    language.switch(code)
    for name, option in OPTIONS.items():
        values = option.choices or ((True, False) if option.kind is bool else (option.default,))
        words = [value_words(name, value) for value in values]
        assert len(set(words)) == len(values) and (all(words) or name == "data_root"), name


# ---------------------------------------------------------------- in the window


def undo(window, qtbot, modifiers=CTRL):
    qtbot.keyClick(window.focusWidget() or window, Qt.Key.Key_Z, modifiers)


@pytest.fixture
def active(window, qtbot):
    window.activateWindow()
    qtbot.waitUntil(window.isActiveWindow)
    return window


def test_ctrl_z_and_its_menu_undo_what_was_set_by_hand(active, qtbot):
    form = active.options_form
    first = form.config()
    form.editor("g_lr").setFocus()
    set_by_hand(form.editor("g_lr"), 0.01)
    assert active.commands.action("undo").text() == "&Undo: Learning rate of G 0.01"
    undo(active, qtbot)
    assert form.config() == first and form.editor("g_lr").value() == first.g_lr
    assert not active.commands.action("undo").isEnabled()
    undo(active, qtbot, CTRL | SHIFT)
    assert form.config().g_lr == 0.01


def test_an_architecture_takes_back_what_followed_it(active, qtbot):
    form = active.options_form
    first = form.config()
    adapted = {name: first.adapted(architecture=name) for name in OPTIONS["architecture"].choices}
    set_by_hand(
        form.editor("architecture"), next(n for n, it in adapted.items() if it != first.changed(architecture=n))
    )
    assert form.config().changed(architecture=first.architecture) != first
    active.commands.do("undo")
    assert form.config() == first and form.editor("architecture").currentData() == first.architecture


def test_text_that_is_being_typed_is_undone_by_its_box(active, qtbot):
    form = active.options_form
    set_by_hand(form.editor("epochs"), 9)
    box = form.editor("g_lr")
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "12")
    undo(active, qtbot)
    assert form.config().epochs == 9 and box.lineEdit().text() != "12"


def test_a_recipe_is_undone_at_once_by_message_or_key_also_after_more_was_changed(active, qtbot):
    form, name = active.options_form, next(it for it in RECIPES if it != "studio" and not RECIPES[it].failure_mode)
    set_by_hand(form.editor("epochs"), 9)
    mine = form.config()
    active.plans.choose_recipe(name)
    assert form.config() == recipe(name).config()
    active.commands.do("undo")
    assert form.config() == mine and active.run_bar.recipe_box.currentData() == mine.recipe
    assert active.message_bar.text == "", "nothing is replaced any more, and no other recipe's story is wanted"
    active.commands.do("redo")
    assert form.config() == recipe(name).config()
    active.commands.do("undo")
    active.plans.choose_recipe(name)
    set_by_hand(form.editor("seed"), 5)
    active.message_bar.findChild(QPushButton, "message_action").click()
    assert form.config() == mine and active.settings.recipe == mine.recipe
    assert "Epochs 9" in active.commands.action("undo").text()


def test_what_is_undone_while_training_is_a_live_change(active, monkeypatch):
    told = []
    form, training = active.options_form, active.services.training
    first = form.config()
    set_by_hand(form.editor("epochs"), 9)
    monkeypatch.setattr(training, "state", WorkState.WORKING)
    monkeypatch.setattr(training, "change", lambda name, value: told.append((name, value)))
    set_by_hand(form.editor("d_lr"), 0.01)
    active.commands.do("undo")
    assert told == [("d_lr", 0.01), ("d_lr", first.d_lr)]
    active.commands.do("undo")
    assert form.config().epochs == 9 and "Epochs" in active.commands.action("undo").toolTip()
    monkeypatch.undo()


def test_ctrl_f_brings_out_the_options_and_searches(active, qtbot):
    active.show_workspace("explore")
    workspace = active.workspaces["train"]
    workspace.sides.set_open("left", False)
    qtbot.keyClick(active, Qt.Key.Key_F, CTRL)
    form = active.options_form
    assert form.isVisible() and form.filter.hasFocus()
    qtbot.keyClicks(form.filter, "rate of d")
    assert form.editor("d_lr").isVisible() and not form.editor("g_lr").isVisible()
    qtbot.keyClick(form.filter, Qt.Key.Key_Return)
    assert form.editor("d_lr").hasFocus()
    qtbot.keyClick(active, Qt.Key.Key_F, CTRL)
    qtbot.keyClick(form.filter, Qt.Key.Key_Escape)
    assert form.editor("g_lr").isVisible() and form.filter.hasFocus()
