"""Who has no mouse: what is typed counts, Space trains, Tab goes on where the eye is."""

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QApplication, QWidget

from studio.commands import Command, Commands
from studio.model.work_state import WorkState
from studio.panels.magnifier_dialog import MagnifierDialog
from studio.widgets.fields.number_box import NumberBox
from tests.studio.hands import card_of, settle, shown, wait_for
from tests.studio.trials import search_page

KEYS = Qt.Key
CONTROL = Qt.KeyboardModifier.ControlModifier


def press(qtbot, window, key, modifier=Qt.KeyboardModifier.NoModifier):
    """Press ``key`` where the keyboard is."""
    qtbot.keyClick(window.focusWidget() or window, key, modifier)
    settle()
    return window.focusWidget()


def by_tab(qtbot, window, box):
    """Let Tab lead into ``box``, as from the control before it."""
    box.setFocus(Qt.FocusReason.TabFocusReason)
    assert window.focusWidget() is box and box.lineEdit().selectedText() == box.text()


def f6_to(qtbot, window, part):
    """Press F6 until it leads into ``part``; return the control."""
    for _ in range(12):
        now = press(qtbot, window, KEYS.Key_F6)
        if now is part or part.isAncestorOf(now):
            return now
    raise AssertionError("F6 never leads there")


# --- what is still being typed


@pytest.mark.parametrize("command", ["step", "train", "add_to_queue"])
def test_an_unfinished_number_is_read_before_it_is_used_and_refused_with_the_reason(window, qtbot, command):
    box = window.options_form.editor("epochs")
    by_tab(qtbot, window, box)
    press(qtbot, window, KEYS.Key_Delete)
    assert window.commands.is_possible(command), "nobody knows yet whether it is finished"
    press(qtbot, window, KEYS.Key_F7) if command == "step" else window.commands.do(command)
    assert window.findChild(MagnifierDialog) is None and not window.services.training.is_busy
    assert not window.services.queue.state.plans
    assert not window.commands.is_possible(command)
    assert window.message_bar.text == f"{window.commands[command].name}: {window.commands[command].why_not()}"


def test_a_step_is_one_of_a_training_with_what_is_still_being_typed(window, qtbot):
    by_tab(qtbot, window, window.options_form.editor("epochs"))
    press(qtbot, window, KEYS.Key_7)
    press(qtbot, window, KEYS.Key_F7)
    assert window.context.plan.config.epochs == 7
    qtbot.waitUntil(lambda: window.services.training.current.run is not None)
    assert window.services.training.current.run.info.config.epochs == 7
    window.findChild(MagnifierDialog).reject()


def test_a_search_takes_the_minutes_that_are_still_being_typed(window, qtbot, monkeypatch):
    page = search_page(window, monkeypatch)
    qtbot.waitUntil(lambda: "buy" in page.form.offer.text())
    by_tab(qtbot, window, page.form.minutes)
    press(qtbot, window, KEYS.Key_Delete)
    window.commands.do("start_search")
    assert not window.services.searching.is_busy and page.form.minutes.problem in window.message_bar.text


def test_what_comes_first_may_be_a_reason_why_not(qtbot):
    owner = shown(qtbot, QWidget())
    commands, said, done, reasons = Commands(owner), [], [], [""]
    commands.refused.connect(said.append)

    def read():
        reasons[0] = "It is not complete."

    commands.add(Command("go", "Any", "&Go…", lambda: done.append("go"), first=read, why_not=lambda: reasons[0]))
    commands.do("go")
    commands.do("go")
    assert not done and said == ["Go: It is not complete."], "said once: then the button says it"


# --- Space


def test_space_trains_from_a_number_that_tab_led_to(window, qtbot):
    box = window.options_form.editor("epochs")
    number = box.text()
    by_tab(qtbot, window, box)
    press(qtbot, window, KEYS.Key_Space)
    assert box.text() == number and window.services.training.is_busy
    wait_for(qtbot, window, WorkState.IDLE)


def test_space_is_typed_between_digits(qtbot):
    box = shown(qtbot, NumberBox(0, 100_000, whole=True))
    box.setFocus()
    box.selectAll()
    qtbot.keyClicks(box, "60 000")
    qtbot.keyClick(box, KEYS.Key_Return)
    assert box.value() == 60_000


# --- Tab goes on where the eye is


@pytest.mark.parametrize("number", [2, 3, 4])
def test_tab_leads_into_the_workspace_that_came_from_under_the_card(window, qtbot, number):
    window.wake()
    qtbot.waitUntil(lambda: card_of(window) is not None)
    press(qtbot, window, getattr(KEYS, f"Key_{number}"), CONTROL)
    assert card_of(window) is None
    assert window.workspace.isAncestorOf(press(qtbot, window, KEYS.Key_Tab))


@pytest.mark.parametrize("workspace", ["train", "explore", "compare", "style"])
def test_tab_leads_into_the_workspace_in_front_after_the_lessons_are_closed(window, qtbot, workspace):
    window.commands.do(f"go_to_{workspace}")
    press(qtbot, window, KEYS.Key_F8)
    assert window.learning.column.isAncestorOf(window.focusWidget())
    press(qtbot, window, KEYS.Key_F8)
    assert window.workspace.isAncestorOf(press(qtbot, window, KEYS.Key_Tab))


def test_tab_goes_on_after_a_message_that_is_closed(window, qtbot):
    for way, place in ((KEYS.Key_Tab, window.workspace), (KEYS.Key_Backtab, window.run_bar)):
        window.message_bar.tell("Something happened.", "Mend it", lambda: None)
        settle()
        f6_to(qtbot, window, window.message_bar)
        window.message_bar.findChild(QAbstractButton, "close_message_button").setFocus()
        press(qtbot, window, KEYS.Key_Space)
        assert not window.message_bar.text
        assert place.isAncestorOf(press(qtbot, window, way))


# --- the card of the first start


def test_tab_stays_in_the_card_as_long_as_it_is_shown(window, qtbot):
    window.wake()
    qtbot.waitUntil(lambda: card_of(window) is not None)
    card = card_of(window)
    for key in (KEYS.Key_Tab, KEYS.Key_Backtab):
        stops = {press(qtbot, window, key).objectName() for _ in range(9)}
        assert stops == {f"first_card_{name}_button" for name in ("train", "lesson", "plane", "close")}
    assert card.isAncestorOf(press(qtbot, window, KEYS.Key_F6))
    press(qtbot, window, KEYS.Key_Escape)
    assert window.workspace.isAncestorOf(press(qtbot, window, KEYS.Key_Tab))


# --- F6


def test_f6_leads_to_the_pictures_from_where_space_trains(window, qtbot):
    window.wake()
    qtbot.waitUntil(lambda: window.sample_view.grid.picture is not None)
    QApplication.processEvents()
    if (card := card_of(window)) is not None:
        card.close()
    settle()
    grid, form = window.sample_view.grid, window.options_form
    assert f6_to(qtbot, window, window.sample_view) is grid
    after = press(qtbot, window, KEYS.Key_F6)
    assert not window.sample_view.isAncestorOf(after)
    window.findChild(QAbstractButton, "zoom_in_button").setFocus()
    assert form.isAncestorOf(press(qtbot, window, KEYS.Key_F6, Qt.KeyboardModifier.ShiftModifier))
    assert press(qtbot, window, KEYS.Key_F6) is grid
    assert form.isAncestorOf(press(qtbot, window, KEYS.Key_F6, Qt.KeyboardModifier.ShiftModifier))
    press(qtbot, window, KEYS.Key_F6)
    press(qtbot, window, KEYS.Key_Space)
    assert window.services.training.is_busy
    wait_for(qtbot, window, WorkState.IDLE)
