"""The window in a class, the dialog that makes one, and a computer that is brought back to its first state."""

import socket
import subprocess
import sys
import tempfile
import threading
from pathlib import Path
from unittest.mock import Mock

import pytest
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QComboBox, QDialog, QFileDialog, QLineEdit, QWidget

from engine import class_file, i18n
from engine.class_file import ClassFile
from engine.lessons import progress
from engine.lessons.progress import LessonProgress
from engine.recipes import recipe
from engine.runs import RunFolder, runs_root
from engine.trainer import Trainer
from studio import app
from studio.class_door import ClassDoor
from studio.model.messages import Subject
from studio.model.work_state import WorkState
from studio.settings import Settings
from studio.widgets.dialogs.class_dialog import ClassDialog
from studio.widgets.dialogs.dialogs import MessageBox
from studio.widgets.fields.option_row import OptionRow
from studio.widgets.fields.option_states import OptionStates
from studio.widgets.messages.trouble_card import TroubleCard
from tests import tiny
from tests.studio.courses import made_up, said
from tests.studio.hands import card_of, drop, dropped, set_by_hand, shown

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


def test_a_class_that_is_opened_once_more_brings_its_window_to_the_front(qtbot, own_home):
    door, other = ClassDoor(CLASS), ClassDoor(CLASS)
    name = Path(tempfile.gettempdir()) / door.name
    killed = subprocess.Popen([sys.executable, "-c", ""])
    killed.wait()
    name.with_name(f"{name.name}.lock").write_text(f"{killed.pid}\npython\n{socket.gethostname()}\n")
    name.touch()  # both left by a window that was killed
    came, told = Mock(), []
    assert door.take() and not other.take() and not other.call(patience=1), "one that hangs is not waited for"
    door.answer(came)
    calling = threading.Thread(target=lambda: told.append(other.call()))
    calling.start()
    qtbot.waitUntil(lambda: told == [True])
    calling.join()
    came.assert_called_once_with()
    door.close()
    assert other.take(), "whoever comes after it was closed"
    other.close()


def test_a_class_fixes_what_it_says(in_class):
    form, bar = in_class.options_form, in_class.run_bar
    assert i18n.language() == "es" and "45" in in_class.message_bar.text
    assert "no deja cambiar: Receta e imágenes, Tasa de aprendizaje de G." in in_class.message_bar.text
    assert "No se ven: Pérdida, Redes." in in_class.message_bar.text
    in_class.classroom.findChild(QTimer).timeout.emit()
    assert "Se acabó el tiempo" in in_class.message_bar.text
    in_class.message_bar.retract(Subject.CLASS_FILE)
    assert not in_class.message_bar.is_telling, "no minute is left, and none is promised behind it"
    assert form.config().epochs == 3
    assert not form.editor("g_lr").isEnabled() and form.editor("d_lr").isEnabled()
    told = {row.option.name: row.reset.toolTip() for row in form.findChildren(OptionRow)}
    assert "clase" in told["g_lr"] and "receta" in told["d_lr"], "why its reset is not offered"
    assert form.sections["loss"].isHidden() and not form.sections["training"].isHidden()
    assert not bar.recipe_box.isEnabled() and not bar.dataset_box.isEnabled()
    form.filter.setText("arquitectura")
    assert form.sections["networks"].isHidden(), "what is hidden is not found either"


def test_what_a_class_keeps_is_changed_by_no_other_door(in_class, tmp_path):
    """Run bar and form are locked; the same is done by menu, by dropping files, by taking options, by undoing."""
    plan, context = in_class.context.plan, in_class.context
    before = plan.config
    assert not in_class.commands.is_possible("undo"), "what was before the class"
    context.runs.choose_recipe("mlp-fashion")
    in_class.commands.do("own_pictures")
    in_class.plans.ask_for_table(str(tmp_path / "a.csv"))
    assert not in_class.findChildren(QDialog) and "de esta clase" in in_class.message_bar.text
    set_by_hand(in_class.options_form.editor("architecture"), "mlp")
    assert (plan.config.architecture, plan.config.g_lr) == ("mlp", before.g_lr), "rates follow an architecture"
    context.runs.plan_like(recipe("dcgan-fashion").config(g_lr=0.5, epochs=9))
    kept = ("recipe", "dataset", "g_lr")
    assert [getattr(plan.config, name) for name in kept] == [getattr(before, name) for name in kept]
    assert plan.config.epochs == 9, "which is free"
    cure = {"g_lr": 0.1, "d_lr": 0.2}
    context.troubles.cure(made_up(cure=cure), now=True)
    assert (plan.config.g_lr, plan.config.d_lr) == (before.g_lr, 0.2)


def test_of_lessons_that_of_the_class_alone_sets_what_is_kept(in_class, qtbot):
    plan, learning = in_class.context.plan, in_class.learning
    before, kept = plan.config, plan.locked | {"g_beta1"}
    learning.service.list_lessons()
    qtbot.waitUntil(lambda: learning.service.is_listed)
    for locked, is_of_class in ((kept, False), ({"g_beta1"}, False), (kept, True)):
        plan.replace(before)
        plan.restrict(frozenset(locked), plan.hidden)
        learning.open("05-mode-collapse", is_of_class=is_of_class)
        player = learning.service.player
        player.page = next(at for at, it in enumerate(player.lesson.pages) if getattr(it, "setup", None))
        learning.take_setup()
        is_refused = "de esta clase" in in_class.message_bar.text
        assert is_refused is ("recipe" in locked and not is_of_class)
        assert (plan.config.recipe == before.recipe) is is_refused
        assert (plan.config.g_beta1 == before.g_beta1) is not is_of_class


def test_a_card_offers_of_a_cure_what_a_class_leaves_free(qtbot):
    card = TroubleCard(made_up(cure={"g_lr": 0.1, "d_lr": 0.2}), 100, WorkState.IDLE)
    shown(qtbot, card)
    for kept, is_offered in (({"g_lr"}, True), ({"g_lr", "d_lr"}, False)):
        card.restrict(frozenset(kept))
        assert card.button.isVisibleTo(card) is is_offered and "Learning rate of G →" not in said(card)
        assert "This class keeps as they are: Learning rate of G" in said(card)


def test_a_class_is_left_by_the_menu_and_nothing_else_changes(make_window, qtbot):
    window = make_window()
    assert "no class" in window.commands["leave_class"].why_not()
    window.classroom.enter(CLASS.model_copy(update={"lesson": "05-mode-collapse", "language": ""}))
    plan, learning, door = window.context.plan, window.learning, ClassDoor(CLASS)
    before, clock = plan.config, window.classroom.findChild(QTimer)
    assert clock.isActive() and window.commands.is_possible("leave_class")
    window.options_form.filter.setText("xyzzy")
    window.commands.do("leave_class")
    assert not window.options_form.filter.text(), "or there would be no options by all appearances"
    assert plan.config == before and window.options_form.editor("g_lr").isEnabled() and not clock.isActive()
    assert window.run_bar.recipe_box.isEnabled() and not window.options_form.sections["loss"].isHidden()
    assert "“Collapse”" in window.message_bar.text and "its file" in window.message_bar.text.lower()
    assert learning.is_open and not window.commands.is_possible("leave_class")
    assert door.take(), "the next double click opens a window of its own"
    door.close()
    window.commands.do("reset_computer")
    assert "its file" not in window.findChild(MessageBox).informativeText()


def test_locks_outlast_a_training(in_class, qtbot):
    with qtbot.waitSignal(in_class.services.training.stopped):
        in_class.commands.do("train")
    assert not in_class.run_bar.recipe_box.isEnabled() and not in_class.options_form.editor("g_lr").isEnabled()


def test_resetting_brings_the_first_start_back_and_loses_nothing_that_was_made(make_window, settings, qtbot):
    run = RunFolder(runs_root() / "kept")
    for _ in Trainer(tiny.config(epochs=1), run).run():
        pass
    progress.write({"one": LessonProgress("One", runs=["kept"], page=2)})
    old = make_window()
    old.classroom.enter(CLASS.model_copy(update={"lesson": "01-what-is-a-gan"}))
    settings.recipe, settings.text_size, settings.is_welcomed = "studio", 150, True
    old.commands.do("reset_computer")
    box = old.findChild(MessageBox)
    assert "its file opens it again" in box.informativeText() or "su archivo" in box.informativeText()
    assert box.buttonRole(box.defaultButton()) is MessageBox.ButtonRole.RejectRole, "Enter would reset all"
    next(it for it in box.buttons() if box.buttonRole(it) is MessageBox.ButtonRole.DestructiveRole).click()
    qtbot.waitUntil(lambda: not old.isVisible())
    assert old.classroom.begins_anew and run.has_state()
    assert progress.read() == {} and list(progress.of_run("kept")) == ["one"]
    left = Settings(settings.path)
    assert left.text_size == 100 and not left.lesson and not left.layout_of("learn") and left.geometry.isEmpty()
    window = make_window(left)
    window.wake()
    assert card_of(window).isVisible() and not window.learning.is_open
    window.close()
    assert not left.is_welcomed, "nobody has read the card by now"


def test_after_a_window_that_begins_anew_comes_another_one_that_is_in_no_class(monkeypatch):
    opened = []

    def build(_arguments):
        window = Mock(**{"classroom.begins_anew": not opened})
        opened.append(window)
        return Mock(exec=lambda: 3), window

    monkeypatch.setattr(app, "build", build)
    monkeypatch.setattr(app, "left", lambda code: code)
    assert app.run(CLASS) == 3
    first, second = opened
    (entered, door), _ = first.classroom.enter.call_args
    assert entered == CLASS
    opened.clear()
    monkeypatch.setattr(ClassDoor, "call", lambda _other: True)
    assert app.run(CLASS) == 0 and opened == [], "the window that is there comes to the front"
    door.close()
    second.classroom.tell_of_reset.assert_called_once_with()
    second.classroom.enter.assert_not_called()


def test_a_class_opens_its_own_lesson_whatever_was_open_last(make_window, settings, qtbot):
    settings.lesson = "01-what-is-a-gan"
    settings.set_layout_of("learn", {"open": 1})
    window = make_window()
    window.classroom.enter(CLASS.model_copy(update={"lesson": "05-mode-collapse"}))
    window.wake()
    service = window.learning.service
    qtbot.waitUntil(lambda: service.is_listed)
    assert service.player.lesson.name == "05-mode-collapse" and card_of(window) is None


def test_the_dialog_makes_a_class_of_what_is_planned(window, qtbot, tmp_path):
    window.options_form.set_config(window.options_form.config().changed(epochs=7, data_root=str(tmp_path)))
    window.context.plan.config = window.options_form.config()
    window.commands.do("make_class")
    dialog = window.findChild(ClassDialog)
    dialog.findChild(QLineEdit, "class_title").setText("My class")
    lesson = dialog.findChild(QComboBox, "class_lesson")
    qtbot.waitUntil(lambda: lesson.findText("5. You cure a mode collapse") > 0)
    qtbot.waitUntil(lambda: lesson.width() >= lesson.sizeHint().width())  # the title that is chosen is read whole
    chosen = (
        ("class_group_loss", "hidden"),
        ("class_group_networks", "hidden and locked"),
        ("class_run_bar", "locked"),
        ("class_lesson", "05-mode-collapse"),
    )
    for name, state in chosen:
        box = dialog.findChild(QComboBox, name)
        box.setCurrentIndex(box.findData(state))
    for name, state in (("g_lr", "locked"), ("d_lr", "hidden and locked"), ("seed", "")):
        one = dialog.findChild(QComboBox, "option_to_lock")
        one.activated.emit(one.findData(name))
        box = dialog.findChild(QComboBox, f"class_option_{name}")
        box.setCurrentIndex(box.findData(state))
    dialog.confirm()
    asked = window.findChild(QFileDialog)
    assert asked.nameFilters() == ["Class files (*.duelo-class)"]
    asked.fileSelected.emit(str(tmp_path / "a.duelo-class"))
    qtbot.waitUntil(lambda: "Class saved" in window.message_bar.text)
    assert f"data must lie in “{tmp_path}”" in window.message_bar.text
    found = class_file.read(tmp_path / "a.duelo-class")
    assert found.title == "My class" and set(found.hidden) == {"loss", "networks", "d_lr"}
    assert found.locked == ("recipe", "dataset", "networks", "g_lr", "d_lr")
    assert found.config().epochs == 7 and found.lesson == "05-mode-collapse"


def test_a_class_is_opened_by_the_menu_or_dropped_and_a_faulty_one_changes_nothing(window, qtbot, tmp_path):
    class_file.write(CLASS, tmp_path / "a.duelo-class")
    window.commands.do("open_class")
    window.findChild(QFileDialog).fileSelected.emit(str(tmp_path / "a.duelo-class"))
    qtbot.waitUntil(lambda: "Collapse" in window.message_bar.text)
    before = window.context.plan.config
    assert before.epochs == 3 and "recipe" in window.context.plan.locked
    faulty = tmp_path / "B.DUELO-CLASS"
    faulty.write_text('{"duelo-class": 1, "minutes": "many", "options": {"epochs": 9}, "locked": 1}')
    assert drop(window, dropped(faulty))
    qtbot.waitUntil(lambda: "minutes" in window.message_bar.text)
    assert "<br>" in window.message_bar.text and "locked" in window.message_bar.text
    assert window.context.plan.config is before and "recipe" in window.context.plan.locked


def test_tab_leads_from_the_list_of_single_options_to_those_that_were_added(qtbot):
    options = shown(qtbot, OptionStates({"free": "free", "locked": "locked"}))
    after = QLineEdit(options)
    options.layout().addWidget(after)
    QWidget.setTabOrder(options.box, after)
    for name in ("g_lr", "d_lr"):
        options.take_up(name)
    assert options.chosen() == {"g_lr": "locked", "d_lr": "locked"}
    chain, part = [], options.box
    for _ in range(40):
        part = part.nextInFocusChain()
        chain.append(part)
    boxes = [options.findChild(QComboBox, f"class_option_{name}") for name in ("g_lr", "d_lr")]
    assert [each for each in chain if each in (*boxes, after)][:3] == [*boxes, after]
