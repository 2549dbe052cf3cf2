"""Branches and longer trainings from the table: what is offered, what is begun, and the tree that comes of it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton, QToolButton, QWidget

from engine.runs import Branch, RunFolder, RunInfo
from studio.model.family import families, neighbor
from studio.model.origins import Origins
from studio.model.run import Run
from studio.services.readers import data_of
from studio.widgets.dialogs.branch_dialog import BranchDialog
from studio.widgets.dialogs.longer_dialog import LongerDialog
from studio.workspaces.compare.family_panel import FamilyPanel
from tests import tiny
from tests.studio.hands import settle, shown, train_to_the_end, until_listed
from tests.studio.run_rows import summary
from tests.studio.test_mirror import FACTS


def origins(exact, kept):

    info = RunInfo(tiny.config(), FACTS)
    return Origins("a", Run(Path("/runs/a"), info, data_of(info), 320), exact, kept)


# --- what is asked


def test_the_dialog_says_which_epochs_are_exact_and_offers_the_nearest(qtbot):
    dialog = shown(qtbot, BranchDialog(origins((1, 3), (0, 1, 2, 3, 4)), 4))
    assert dialog.epoch == 4 and not dialog.is_exact and dialog.nearest.isVisible()
    assert "Only the networks" in dialog.about.text()
    dialog.nearest.click()
    assert dialog.epoch == 3 and dialog.is_exact and not dialog.nearest.isVisible()
    row = dialog.options.choose("g_lr")
    row.editor.setValue(0.05)
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.now.click()
    assert chosen.args == [3, True, {"g_lr": 0.05}, False]


def test_the_dialog_begins_with_the_newest_exact_epoch_after_which_something_is_left(qtbot):
    assert shown(qtbot, BranchDialog(origins((1, 3, 4), (0, 4)))).epoch == 3, "after the last nothing is left"
    assert shown(qtbot, BranchDialog(origins((), (0, 2, 4)))).epoch == 2
    assert [origins((1, 3, 4), (0, 4)).offered(wish) for wish in (None, 0, 1, 4)] == [3, 0, 1, 3]
    longer = partial(origins((1, 3, 4), (0, 4)).offered, is_longer=True)
    assert [longer(wish) for wish in (None, 0, 4)] == [4, 0, 4], "a trial's branch goes on where the trial ended"


def test_how_long_and_whether_the_schedule_follows_is_asked(qtbot):
    dialog = shown(qtbot, LongerDialog("a", 3, 4))
    assert dialog.epochs.value() == 8 and "3 of 4 epochs" in dialog.about.text()
    assert [it.text() for it in dialog.buttons.buttons() if it.isDefault()] == ["Train"], "which Enter presses"
    dialog.epochs.setValue(2)
    assert dialog.epochs.value() == 5, "longer than it is"
    assert "rise again" in dialog.what.text()
    dialog.hold.setChecked(True)
    assert "stay where they were" in dialog.what.text()
    with qtbot.waitSignal(dialog.chosen) as chosen:
        dialog.now.click()
    assert chosen.args == [5, "hold", False]


def test_while_something_is_trained_it_can_be_lined_up_and_the_reason_is_said(qtbot):
    for dialog, start in ((LongerDialog("a", 4, 4, "Busy."), [8, "stretch"]), (branch_dialog("Busy."), [3, True, {}])):
        shown(qtbot, dialog)
        assert not dialog.now.isEnabled() and dialog.now.toolTip() == "Busy." and dialog.later.isDefault()
        with qtbot.waitSignal(dialog.chosen) as chosen:
            dialog.later.click()
        assert chosen.args == [*start, True] and not dialog.isVisible()


def branch_dialog(why_not):
    return BranchDialog(origins((1, 3), (0, 4)), why_not=why_not)


def test_tab_leads_from_an_option_that_was_added_to_the_next_and_on_to_the_buttons(qtbot):
    dialog = branch_dialog("")
    shown(qtbot, dialog)
    first, second = dialog.options.choose("d_dropout"), dialog.options.choose("g_steps")
    dialog.options.box.setFocus()
    order = []
    while dialog.focusWidget() is not dialog.now:
        qtbot.keyClick(dialog.focusWidget(), Qt.Key.Key_Tab)
        order.append(dialog.focusWidget())
    wished = [first.editor, first.reset, first.question, second.editor, second.reset, second.question]
    assert [each for each in order if each in wished] == [each for each in wished if each in order]
    assert {first.editor, second.editor} <= set(order), "without the way around all else"


# --- what becomes of it


def choose_the_run(window, qtbot):
    train_to_the_end(qtbot, window)
    until_listed(qtbot, window)
    window.commands.do("go_to_compare")
    window.commands.refresh()
    return window.services.shown.run.path


def dialog_of(window, qtbot, kind):
    qtbot.waitUntil(lambda: window.findChild(kind) is not None)
    return window.findChild(kind)


def test_a_branch_goes_on_exactly_and_has_the_course_of_its_parent(window, qtbot):
    parent = choose_the_run(window, qtbot)
    exact = RunFolder(parent).branch_epochs()
    window.commands.do("branch_run")
    dialog = dialog_of(window, qtbot, BranchDialog)
    epoch = next(it for it in exact if it < 4)
    dialog.go_to(epoch)
    assert dialog.is_exact
    with qtbot.waitSignal(window.services.training.stopped):
        dialog.now.click()
    run = window.services.shown.run
    assert run.path != parent and window.workspace.name == "train"
    info = RunFolder(run.path).info()
    assert info.branch_of == Branch(str(parent.absolute()), epoch, epoch * tiny.COUNT, is_exact=True)
    assert sorted(run.data.grid_files) == [0, 1, 2, 3, 4], "its parent's epochs, and its own"
    assert [row.images_seen for row in RunFolder(run.path).metrics()] == run.data.series("images_seen").tolist()


def test_what_cannot_be_trained_is_refused_while_the_dialog_stays_and_nothing_is_planned(window, qtbot):
    parent = choose_the_run(window, qtbot)
    planned, said = window.context.plan.config, window.message_bar.text
    window.commands.do("branch_run")
    dialog = dialog_of(window, qtbot, BranchDialog)
    dialog.go_to(4)
    assert dialog.is_exact and "Nothing would be left to train" in dialog.note.text()
    refused = partial(assert_refused, window, dialog, planned, said)
    refused()
    dialog.go_to(2)
    assert dialog.is_exact and dialog.note.isHidden()
    offered = {dialog.options.box.itemData(at) for at in range(dialog.options.box.count())}
    assert "d_channels" not in offered and "output" in offered, "networks stay what they were"
    dropout = dialog.options.choose("d_dropout").editor
    type_into(qtbot, dropout, "0.3")
    refused()
    assert "do not fit another “Dropout in D”" in dialog.note.text()
    type_into(qtbot, dropout, "0")
    dialog.options.choose("g_batch_source").editor.setCurrentIndex(0)
    steps = dialog.options.choose("g_steps").editor
    type_into(qtbot, steps, "2")  # which is read once the button is pressed
    refused()
    assert "G cannot learn twice from the same forward pass. Let G learn" in dialog.note.text() and steps.text() == "2"
    type_into(qtbot, steps, "many")
    refused()
    assert steps.text() == "many"
    type_into(qtbot, steps, "1")
    with qtbot.waitSignal(window.services.training.stopped):
        dialog.now.click()
    info = RunFolder(window.services.shown.run.path).info()
    assert info.branch_of == Branch(str(parent.absolute()), 2, 2 * tiny.COUNT, is_exact=True)


def type_into(qtbot, box, text):
    box.setFocus()
    box.lineEdit().clear()
    qtbot.keyClicks(box.lineEdit(), text)


def assert_refused(window, dialog, planned, said):
    for button in (dialog.now, dialog.later):
        button.click()
        assert dialog.isVisible() and not window.services.training.is_busy and window.workspace.name == "compare"
        assert window.context.plan.config == planned and window.message_bar.text == said


def test_a_branch_is_announced_once_it_has_begun_and_not_where_its_networks_do_not_fit(window, qtbot):
    choose_the_run(window, qtbot)
    training, bar, run, said = window.services.training, window.message_bar, window.services.shown.run, []
    training.started.connect(lambda _: said.append(bar.text))
    with qtbot.waitSignal(training.stopped):
        window.context.runs.branch(run, 2, {"z_dim": 5}, exactly=True)
    assert "do not fit another “Latent dimensions”" in bar.text
    window.findChild(QToolButton, "close_message_button").click()
    assert not bar.is_telling and not said, "nothing waits behind it"
    with qtbot.waitSignal(training.stopped):
        window.context.runs.branch(run, 2, {}, exactly=True)
    assert len(said) == 1 and "goes on exactly from epoch 2" in said[0]


def test_what_makes_no_sense_is_not_planned_by_any_door(window, qtbot):
    choose_the_run(window, qtbot)
    planned = window.context.plan.config
    window.context.runs.branch(window.services.shown.run, 2, {"g_steps": 2, "g_batch_source": "same"}, exactly=True)
    assert window.context.plan.config == planned and not window.services.training.is_busy
    assert "G cannot learn twice" in window.message_bar.text


def test_a_run_goes_on_longer(window, qtbot):
    path = choose_the_run(window, qtbot)
    window.commands.do("lengthen_run")
    dialog = dialog_of(window, qtbot, LongerDialog)
    dialog.epochs.setValue(6)
    with qtbot.waitSignal(window.services.training.stopped):
        dialog.now.click()
    info = RunFolder(path).info()
    assert info.config.epochs == 6 and [each.schedule for each in info.extensions] == ["stretch"]
    assert RunFolder(path).images_seen() == 6 * tiny.COUNT and max(window.services.shown.data.grid_files) == 6


def test_both_are_lined_up_from_the_table_with_the_time_they_take(window, qtbot):
    path = choose_the_run(window, qtbot)
    queue = window.services.queue
    window.services.training.why_not = lambda: "A search is under way."  # which begins nothing, and lines up all
    for command, kind in (("branch_run", BranchDialog), ("lengthen_run", LongerDialog)):
        window.commands.do(command)
        dialog = dialog_of(window, qtbot, kind)
        assert not dialog.now.isEnabled()
        with qtbot.waitSignal(queue.lined_up):
            dialog.later.click()
        qtbot.waitUntil(lambda kind=kind: window.findChild(kind) is None)
        assert "lined up: about" in window.message_bar.text and window.workspace.name == "compare"
    branch, longer = queue.state.plans
    assert branch.branch_of.is_exact and branch.branch_of.images_seen == branch.branch_of.epoch * tiny.COUNT
    assert longer.lengthens and longer.run == str(path) and "All that is left" in window.message_bar.text
    assert all(seconds is not None for seconds in queue.state.seconds)
    window.findChild(QPushButton, "message_action").click()
    assert window.workspace.pages.currentWidget() is window.queue_panel
    window.services.training.why_not = str
    queue.turn_on()
    qtbot.waitUntil(lambda: queue.state.plans[1].state == "done" and not queue.is_on)
    assert RunFolder(path).images_seen() == 8 * tiny.COUNT
    assert RunFolder(queue.state.plans[0].run).info().branch_of.is_exact


# --- the tree


def branch(name, parent, epoch, exact=True):
    return summary(name, branch_of=Branch(f"/elsewhere/{parent}", epoch, is_exact=exact))


def test_families_are_trees_and_runs_alone_are_none():
    runs = [
        summary("a"),
        branch("c", "a", 3),
        branch("b", "a", 1),
        branch("d", "b", 2),
        summary("z"),
        branch("x", "gone", 1),
    ]
    nodes = families(runs)
    assert [(node.run.path.name, node.depth, node.row) for node in nodes] == [
        *(("a", 0, 0), ("b", 1, 0), ("d", 2, 0)),
        ("c", 1, 1),
    ]
    assert neighbor(nodes, nodes[0].run.path, "right") == Path("/runs/b")
    assert neighbor(nodes, Path("/runs/b"), "down") == Path("/runs/c")
    assert neighbor(nodes, Path("/runs/d"), "left") == Path("/runs/b")


def test_runs_that_claim_to_come_from_each_other_are_no_endless_tree():
    nodes = families([branch("a", "b", 1), branch("b", "a", 1), branch("c", "c", 1)])
    assert len(nodes) <= 2


def test_a_name_that_is_cut_in_the_tree_is_whole_in_its_tool_tip(qtbot):
    panel, name = shown(qtbot, FamilyPanel(), 900, 500), "a name that is far too long for a box " * 2 + "b"
    panel.show_runs([summary("a"), branch(name, "a", 1)])
    tips = [item.toolTip() for item in panel.view.scene().items()]
    assert name in tips and "a" not in tips, "only what is cut"


def test_a_click_or_enter_in_the_tree_opens_a_run(qtbot):
    panel = shown(qtbot, FamilyPanel(), 900, 500)
    assert panel.empty.isVisible()
    panel.show_runs([summary("a"), branch("b", "a", 1, exact=False)])
    assert panel.view.isVisible() and panel.view.current == Path("/runs/a")
    qtbot.keyClick(panel.view, Qt.Key.Key_Right)
    assert panel.view.current == Path("/runs/b") and "comes from “a”" in panel.view.accessibleDescription()
    with qtbot.waitSignal(panel.view.run_chosen) as chosen:
        qtbot.keyClick(panel.view, Qt.Key.Key_Return)
    assert chosen.args == [Path("/runs/b")]
    place = panel.view.places[Path("/runs/a")].center()
    with qtbot.waitSignal(panel.view.run_chosen) as chosen:
        qtbot.mouseClick(panel.view.viewport(), Qt.MouseButton.LeftButton, pos=panel.view.mapFromScene(place))
    assert chosen.args == [Path("/runs/a")]


def test_the_dialog_grows_with_what_is_chosen_in_it_and_with_what_is_said_beside(qtbot):
    dialog = shown(qtbot, BranchDialog(origins((1, 3), (0, 1, 2, 3, 4)), 4))
    dialog.nearest.click()  # what is said then takes two lines
    for name in ("g_lr", "d_lr", "batch_size"):
        row = dialog.options.choose(name)
        row.editor.lineEdit().setText("abc")
        qtbot.keyClick(row.editor, Qt.Key.Key_Tab)
    settle()
    parts = [it for it in dialog.options.findChildren(QWidget) if it.parent() is dialog.options and it.isVisible()]
    assert len(parts) >= 1 + 3 * 3
    assert all(part.height() >= part.minimumSizeHint().height() for part in parts)
    places = [part.geometry() for part in parts]
    assert not any(a.intersects(b) for number, a in enumerate(places) for b in places[:number])
