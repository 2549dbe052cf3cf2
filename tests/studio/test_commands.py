"""Every action once: what the table says is what menus, buttons and keys do."""

from __future__ import annotations

import ast

import numpy as np
import pytest
from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QKeySequence, QPalette
from PySide6.QtWidgets import (
    QAbstractButton,
    QApplication,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QStyle,
    QToolButton,
    QWidget,
)

from engine import i18n
from engine.i18n import tr
from studio import language, text_size
from studio.commands import Command, Commands
from studio.model.messages import Subject
from studio.model.work_state import WorkState
from studio.settings import Settings
from studio.widgets.pictures.image_view import ImageView
from studio.workspaces.train.sample_view import SampleView
from tests import sources
from tests.sources import ROOT
from tests.studio.hands import Watch, choice, set_by_hand, shown, written

_OTHER_MENUS = (Qt.ContextMenuPolicy.ActionsContextMenu, Qt.ContextMenuPolicy.CustomContextMenu)


@pytest.fixture
def commands(qtbot):
    owner = QWidget()
    qtbot.addWidget(owner)
    yield Commands(owner)


def reason(text):
    return lambda: text


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    qtbot.keyClick(window, key, modifier)


@pytest.mark.parametrize(
    ("state", "can_go_on", "possible", "pause"),
    [
        (WorkState.IDLE, False, ["train"], "Pause"),
        (WorkState.IDLE, True, ["pause", "train"], "Resume"),
        (WorkState.PREPARING, False, ["stop"], "Pause"),
        (WorkState.WORKING, False, ["pause", "stop"], "Pause"),
        (WorkState.PAUSED, False, ["pause", "stop"], "Resume"),
        (WorkState.HALTED, False, ["pause", "stop"], "Resume"),
        (WorkState.STOPPING, False, [], "Pause"),
    ],
)
def test_every_state_allows_what_makes_sense_and_says_why_not(window, monkeypatch, state, can_go_on, possible, pause):
    training, bar = window.services.training, window.run_bar
    monkeypatch.setattr(training, "state", state)
    monkeypatch.setattr(type(window.services), "can_resume", can_go_on)
    training.state_changed.emit(state)
    buttons = {"pause": bar.pause_button, "train": bar.train_button, "stop": bar.stop_button}
    for name, button in buttons.items():
        assert window.commands.is_possible(name) == button.isEnabled() == (name in possible), name
        assert window.commands.action(name).isEnabled() == button.isEnabled()
        why_not = window.commands[name].why_not()
        assert bool(why_not) == (name not in possible) and why_not in button.toolTip()
    assert bar.pause_button.text() == pause
    monkeypatch.undo()


def test_nothing_is_trained_with_options_that_make_no_sense(window):
    good = window.options_form.config()
    window.options_form.set_config(good.changed(output="sigmoid"))
    assert "no sense" in window.run_bar.train_button.toolTip()
    window.options_form.set_config(good)
    assert "no sense" not in window.run_bar.train_button.toolTip()


def test_a_command_is_the_same_in_menu_button_and_key(commands, qtbot):
    done, why_not = [], [""]
    commands.add(Command("go", "Any", "&Train", lambda: done.append(1), ("Ctrl+G",), why_not=lambda: why_not[0]))
    button = QPushButton()
    qtbot.addWidget(button)
    commands.bind(button, "go")
    assert (button.text(), commands.action("go").text()) == ("Train", "&Train") and "Ctrl+G" in button.toolTip()
    button.click()
    commands.action("go").trigger()
    commands.do("go")
    assert len(done) == 3
    why_not[0] = "Not now."
    commands.refresh()
    assert not button.isEnabled() and button.toolTip() == "Not now. (Ctrl+G)"
    commands.action("go").trigger()
    commands.do("go")
    assert len(done) == 3
    for reason in ("", "Not now.", ""):
        why_not[0] = reason
        commands.refresh()
        assert button.toolTip() == commands.action("go").toolTip() == f"{reason or 'Train'} (Ctrl+G)"
        assert button.isEnabled() == commands.action("go").isEnabled() == (not reason)


def test_what_was_said_in_another_language_is_not_said_again(commands, qtbot):
    why_not = [""]
    commands.add(Command("rest", "Any", "Pause", why_not=lambda: why_not[0]))
    for code, words in (("en", "Pause"), ("es", "Pausar"), ("en", "Pause")):
        i18n.set_language(code)
        commands.retranslate()
        for reason in ("Not now.", "", "Not now.", ""):
            why_not[0] = reason
            commands.refresh()
            assert (commands.action("rest").text(), commands.action("rest").toolTip()) == (words, reason or words)


def test_a_switch_tells_whether_it_is_on(commands, qtbot):
    on = [False]
    commands.add(Command("light", "Any", "Light", lambda: on.__setitem__(0, not on[0]), is_on=lambda: on[0]))
    button = QPushButton()
    qtbot.addWidget(button)
    commands.bind(button, "light")
    button.click()
    assert on[0] and button.isChecked() and commands.action("light").isChecked()
    commands.action("light").trigger()
    assert not on[0] and not button.isChecked() and not commands.action("light").isChecked()


def test_what_is_as_it_was_gives_its_buttons_nothing_to_lay_out_or_paint(commands, qtbot):
    goes_on = False
    kinds = QStyle.StandardPixmap
    owner = commands.parent()
    button, other = QToolButton(owner), QToolButton(owner)
    row = QHBoxLayout(owner)
    row.addWidget(button)
    row.addWidget(other)
    commands.add(
        Command("go", "", "Go", tip="On", icon=lambda: kinds.SP_MediaPlay if goes_on else kinds.SP_MediaPause),
        Command("rest", "", lambda: "Again" if goes_on else "Rest"),
    )
    commands.bind(button, "go")
    commands.bind(other, "rest")
    shown(qtbot, owner)
    around = Watch(owner, button, other)
    around.forget()
    before = button.icon().cacheKey()
    commands.refresh()
    QApplication.processEvents()
    assert not {QEvent.Type.LayoutRequest, QEvent.Type.Paint, QEvent.Type.ToolTipChange} & set(around.kinds)
    assert button.icon().cacheKey() == before
    goes_on = True
    commands.refresh()
    assert button.icon().cacheKey() != before and other.text() == "Again"
    look = button.icon().pixmap(16).toImage()
    palette = QApplication.palette()
    palette.setColor(QPalette.ColorRole.ButtonText, QColor("red"))
    QApplication.setPalette(palette)
    try:
        commands.refresh()
        assert button.icon().pixmap(16).toImage() != look, "in the ink of another theme"
    finally:
        QApplication.setPalette(QPalette())


def test_what_is_done_says_everything_again_once_and_also_where_it_fails(commands, qtbot):
    told = []

    def fail():
        commands.refresh()
        commands.do("inner")
        assert told == []
        raise ValueError

    commands.add(Command("inner", "Any", "Inner", commands.refresh), Command("outer", "Any", "Outer", fail))
    commands.refreshed.connect(lambda: told.append(1))
    with pytest.raises(ValueError):
        commands.do("outer")
    commands.do("inner")
    assert told == [1]


def test_keys_that_wait_go_to_the_first_command_that_makes_sense(commands, qtbot):
    done, busy = [], [""]
    commands.add(
        Command("a", "Any", "A", lambda: done.append("a"), ("Space",), waits=True, why_not=lambda: busy[0]),
        Command("b", "Any", "B", lambda: done.append("b"), ("Space",), waits=True),
        Command("n", "Any", "N", keys=tuple("01234"), waits=True, do_nth=done.append),
    )
    window = commands.parent()
    window.keyPressEvent = commands.press
    for key in (Qt.Key.Key_Space, Qt.Key.Key_3):
        press(qtbot, window, key)
    busy[0] = "Not now."
    press(qtbot, window, Qt.Key.Key_Space)
    press(qtbot, window, Qt.Key.Key_3, Qt.KeyboardModifier.KeypadModifier)
    press(qtbot, window, Qt.Key.Key_3, Qt.KeyboardModifier.ControlModifier)
    assert done == ["a", 3, "b", 3]
    assert commands["n"].keys_told == "0 … 4" and commands.action("a").shortcut().isEmpty()


def test_keys_of_what_makes_no_sense_say_why(commands, qtbot):
    said, why_not = [], reason("Not now.")
    commands.add(
        Command("a", "Any", "&Branch off…", keys=("Ctrl+B",), why_not=why_not),
        Command("b", "Any", "&Rename", keys=("F2",), waits=True, why_not=why_not),
        Command("c", "Any", "&Train", keys=("Space",), waits=True, why_not=why_not),
    )
    commands.refused.connect(said.append)
    commands.parent().keyPressEvent = commands.press
    press(qtbot, commands.parent(), Qt.Key.Key_B, Qt.KeyboardModifier.ControlModifier)
    for key in (Qt.Key.Key_F2, Qt.Key.Key_Space):
        press(qtbot, commands.parent(), key)
    assert said == ["Branch off: Not now.", "Rename: Not now."], "and Space is pressed by the way"


def test_what_was_refused_is_withdrawn_once_it_makes_sense(commands, qtbot):
    withdrawn, reasons = [], {"F2": "Not now.", "F3": "No run."}
    for key, title in (("F2", "&Rename"), ("F3", "&Branch")):
        commands.add(Command(title, "Any", title, keys=(key,), waits=True, why_not=lambda key=key: reasons[key]))
    commands.withdrawn.connect(withdrawn.append)
    commands.parent().keyPressEvent = commands.press
    for key in (Qt.Key.Key_F2, Qt.Key.Key_F3):
        press(qtbot, commands.parent(), key)
    commands.refresh()
    reasons["F2"] = "Still not."
    commands.refresh()
    assert withdrawn == []
    reasons["F2"] = ""
    commands.refresh()
    commands.refresh()
    assert withdrawn == ["Rename: Not now."]


def test_the_message_of_a_refusal_goes_when_what_was_refused_makes_sense(window, qtbot):
    window.message_bar.warn("The disk is full.", "")
    press(qtbot, window, Qt.Key.Key_Z, Qt.KeyboardModifier.ControlModifier)
    assert window.message_bar.is_about(Subject.ASKED)
    set_by_hand(window.options_form.editor("epochs"), 7)
    assert window.commands.is_possible("undo") and not window.message_bar.is_about(Subject.ASKED)
    assert "The disk is full." in window.message_bar.text


def test_no_two_commands_have_the_same_name_or_key(commands):
    commands.add(Command("a", "Any", "A", keys=("Ctrl+A",)), Command("b", "Any", "B", keys=("Space",), waits=True))
    for bad in (Command("a", "Any", "A"), Command("c", "Any", "C", keys=("Ctrl+A",), waits=True)):
        with pytest.raises(ValueError, match="taken"):
            commands.add(bad)
    commands.add(Command("c", "Any", "C", keys=("Space",), waits=True))


@pytest.mark.parametrize("code", ["en", "es"])
def test_every_command_of_the_window_is_named_in_both_languages_and_bears_a_key_that_exists(window, code):
    language.switch(code)
    names = [command.name for command in window.commands]
    assert all(names) and len(set(names)) == len(names)
    for command in window.commands:
        assert tr(command.category) and all(QKeySequence(key).toString() == key for key in command.keys), command.id
        title = window.commands.action(command.id).text().partition("\t")[0]
        assert title.replace("&", "") == command.label, command.id


def test_the_menus_hold_commands_alone_and_all_that_have_to_do_with_files(window):
    held = {action.objectName() for menu in window.menuBar().findChildren(QMenu) for action in menu.actions()}
    held -= {""}  # lines, and menus of their own
    assert held <= {command.id for command in window.commands}
    assert {command.id for command in window.commands if command.category == "File"} <= held


def test_actions_are_made_where_the_table_is_and_nowhere_else():
    # Menus hold actions of the table; which columns of the runs are shown is no action, but a choice among data, and
    # where the weights of a network come from is a part of the form that asks for them. Where there is no room for what
    # stands beside the curves, it stands in a menu.
    makers = {
        "commands.py": {"QAction", "addAction"},
        "menus.py": {"addAction", "addActions"},
        "run_table.py": {"addAction"},
        "network_choice.py": {"addAction"},
        "curve_choices.py": {"addAction"},
    }
    for path in (ROOT / "studio").rglob("*.py"):
        for node in sources.nodes(path):
            called = ast.unparse(node.func).rpartition(".")[2] if isinstance(node, ast.Call) else ""
            is_making = called in ("QAction", "addAction", "addActions") and called not in makers.get(path.name, ())
            assert not is_making, (path, node.lineno)


def test_every_context_menu_holds_commands_alone(window, qtbot):
    """What is not in the table is what each picture can, wherever it stands: zoom, copy."""
    ids = {command.id for command in window.commands}
    pictures = [view for view in window.findChildren(QWidget) if isinstance(view, ImageView | SampleView)]
    assert len(pictures) > 8
    for view in pictures:
        assert not view.actions()
        for command in view.commands():
            assert command.id in ids
            assert choice(view, command.id).text().startswith(command.name)
    assert not [view for view in window.findChildren(QWidget) if view.contextMenuPolicy() in _OTHER_MENUS]


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_button_does_what_a_command_does_without_being_it(window, code):
    """A button without a command is a part of one panel's own form: nothing else in the window does the same."""
    language.switch(code)
    QApplication.processEvents()
    commands = {command.name for command in window.commands} | {command.label for command in window.commands}
    buttons = [each for each in window.findChildren(QAbstractButton) if each.accessibleName() or each.text()]
    bound = {each.property("command") for each in buttons} - {None}
    assert {"train", "start_search", "duel_left", "look_at_run", "move_up", "options_panel", "go_to_explore"} <= bound
    twice = [each.accessibleName() for each in buttons if not each.property("command")
             and (each.accessibleName() or each.text()) in commands]  # fmt: skip
    assert twice == []


def test_the_samples_have_one_set_of_commands_for_buttons_menu_keys_and_context_menu(window, qtbot):
    button = window.findChild(QToolButton, "save_samples_button")
    action, view = window.commands.action("save_samples"), window.sample_view
    assert not button.isEnabled() and not action.isEnabled() and not choice(view, "save_samples").isEnabled()
    assert button.toolTip() == action.toolTip() == "There is no picture yet. (Ctrl+S)"
    view.show_real(np.zeros((28, 28), np.uint8), (), 28)
    assert button.isEnabled() and action.isEnabled() and choice(view, "save_samples").isEnabled()
    scale = view.grid.scale
    window.options_form.setFocus()
    for key, modifier in (
        (Qt.Key.Key_Plus, Qt.KeyboardModifier.ShiftModifier),
        (Qt.Key.Key_Plus, Qt.KeyboardModifier(0)),
    ):
        qtbot.keyClick(window, key, modifier)
    assert view.grid.scale > scale
    window.show_workspace("explore")
    assert "workspace" in action.toolTip() and not action.isEnabled()


@pytest.fixture
def usual_text(qapp):
    yield qapp.font()
    text_size.show(text_size.USUAL)


def test_text_grows_and_shrinks_at_once_everywhere_and_is_remembered(window, settings, qtbot, usual_text):
    window.show()
    form, axis = window.options_form, window.loss_plot.pair.lower.getPlotItem().getAxis("left")
    box, label = form.editor("g_lr"), form.findChild(QLabel)
    before = (box.font().pointSizeF(), box.width(), label.font().pointSizeF())
    for _ in range(3):
        window.commands.do("larger_text")
    assert settings.text_size == 150
    QApplication.processEvents()
    after = (box.font().pointSizeF(), box.width(), label.font().pointSizeF())
    assert after[0] == pytest.approx(1.5 * before[0]) and after[2] == pytest.approx(1.5 * before[2])
    assert after[1] > 1.2 * before[1]
    assert axis.style["tickFont"].pointSizeF() == pytest.approx(after[0])
    for _ in range(9):
        window.commands.do("larger_text")
    assert settings.text_size == 200 and not window.commands.is_possible("larger_text")
    window.commands.do("usual_text")
    QApplication.processEvents()  # in which Qt tells every widget
    assert (box.font().pointSizeF(), box.width()) == before[:2] and not window.commands.is_possible("usual_text")
    for _ in range(9):
        window.commands.do("smaller_text")
    assert Settings(settings.path).text_size == settings.text_size == 80


@pytest.mark.parametrize("found", ["", "0", "115", "large", "1e9"])
def test_a_foreign_size_of_text_is_the_usual_one(settings, found):
    written(settings).setValue("text_size", found)
    assert settings.text_size == 100


@pytest.mark.parametrize("code", ["en", "es"])
def test_large_text_leaves_every_option_whole_at_the_size_of_a_laptop(window, usual_text, code):
    language.switch(code)
    text_size.show(150)
    window.resize(1366, 768)
    for _ in range(4):
        QApplication.processEvents()
    form = window.options_form
    seen = form.mapTo(window, form.rect().bottomRight()).x()
    for part in form.findChildren(QWidget):
        if part.isVisible() and part.objectName().startswith(("option_", "help_")):
            assert part.mapTo(window, part.rect().topRight()).x() <= seen, part.objectName()


@pytest.mark.parametrize("code", ["en", "es"])
def test_no_two_entries_of_a_menu_share_their_letter(window, code):
    language.switch(code)
    bar = window.menuBar()
    for menu in (bar, *bar.findChildren(QMenu)):
        texts = [action.text() for action in menu.actions() if not action.isSeparator()]
        letters = [text[text.index("&") + 1].casefold() for text in texts if "&" in text.replace("&&", "")]
        assert len(letters) == len(set(letters)), texts
