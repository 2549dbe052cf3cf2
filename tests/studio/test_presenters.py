"""What the window does on a wish and on a report: recipes, data, troubles, classes, messages."""

import pytest
import torch
from PySide6.QtCore import Qt

from engine.datasets import catalog
from engine.datasets.sets import is_points
from engine.errors import UserError
from engine.events import NotFinite, OutOfMemory, WriteBlocked
from engine.i18n import tr
from engine.job import Progress
from engine.recipes import FIRST_RECIPE, RECIPES, recipe
from studio import language
from studio.model.work_state import WorkState
from studio.panels.own_pictures import OwnPicturesDialog
from studio.widgets.fields.drop_target import DropTarget
from tests.studio.hands import (
    action,
    begin_training,
    click,
    images_seen,
    set_by_hand,
    train_a_little,
    train_to_the_end,
    until_listed,
    wait_for,
)
from tests.studio.shouting import shout


def choose(window, box, name):
    box.setCurrentIndex(box.findData(name))
    box.activated.emit(box.currentIndex())


@pytest.fixture
def stopped(window, qtbot):
    """A window with a run that rests, unfinished."""
    return train_a_little(qtbot, window)


@pytest.fixture
def opened_dialogs(monkeypatch):
    """The dialogs for own pictures that were opened, with the folder that each was given."""
    opened = []
    begin = OwnPicturesDialog.__init__

    def note(self, jobs, config=None, folder="", parent=None):
        begin(self, jobs, config, "", parent)
        opened.append((self, folder))

    monkeypatch.setattr(OwnPicturesDialog, "__init__", note)
    yield opened
    for dialog, _ in opened:
        dialog.close()


# Recipes


def test_a_chosen_recipe_tells_its_story_in_the_person_s_language(window, qtbot, monkeypatch):
    choose(window, window.run_bar.recipe_box, "growing")
    assert window.options_form.config() == recipe("growing").config()
    assert RECIPES["growing"].summary in window.message_bar.text
    assert RECIPES["growing"].expect in window.message_bar.text
    qtbot.waitUntil(lambda: "takes about" in window.message_bar.text)
    shout(monkeypatch, window)
    assert f"¡{RECIPES['growing'].summary}!" in window.message_bar.text
    click(qtbot, window.run_bar.train_button)
    assert f"¡{RECIPES['growing'].expect}!" in window.message_bar.text, "what to watch, while it trains"


def test_the_story_knows_how_fast_the_last_run_was(window, qtbot):
    click(qtbot, window.run_bar.train_button)
    until_listed(qtbot, window)
    choose(window, window.run_bar.recipe_box, FIRST_RECIPE)
    qtbot.waitUntil(lambda: "as trainings on this machine did" in window.message_bar.text)


# Data


def test_data_that_must_be_fetched_waits_for_train(window, qtbot, monkeypatch):
    def fetch(_config):
        raise AssertionError("a choice must not download")
        yield

    monkeypatch.setattr(catalog, "read", fetch)
    choose(window, window.run_bar.dataset_box, "kmnist")
    grid = window.sample_view.grid
    qtbot.waitUntil(lambda: "when you press Train" in grid.placeholder)
    assert grid.picture is None and "20 MB" in grid.placeholder
    language.switch("es")
    assert "20 MB" in grid.placeholder and "downloaded" not in grid.placeholder
    assert not window.message_bar.text


def test_another_data_set_keeps_the_classes_only_where_they_mean_the_same(window):
    window.plans.show_config(window.options_form.config().changed(classes=(3, 8)))
    choose(window, window.run_bar.dataset_box, "mnist")
    assert window.options_form.config().classes == (3, 8)
    choose(window, window.run_bar.dataset_box, "fashion-mnist")
    assert window.options_form.config().classes == ()


def test_files_of_a_data_set_are_not_sought_among_own_pictures(window, tmp_path):
    window.plans.show_config(window.options_form.config().changed(dataset="pictures", data_root=str(tmp_path)))
    choose(window, window.run_bar.dataset_box, "mnist")
    assert window.options_form.config().data_root == ""


def test_choosing_own_pictures_asks_for_their_folder_and_changes_nothing_yet(window, opened_dialogs):
    before = window.options_form.config()
    choose(window, window.run_bar.dataset_box, "pictures")
    assert len(opened_dialogs) == 1
    assert window.options_form.config() == before and window.run_bar.dataset_box.currentData() == before.dataset


def test_a_dropped_folder_is_offered_as_data(window, opened_dialogs, tmp_path):
    window.findChild(DropTarget, options=Qt.FindChildOption.FindDirectChildrenOnly).folder_dropped.emit(str(tmp_path))
    assert [folder for _, folder in opened_dialogs] == [str(tmp_path)]


def test_own_pictures_are_trained_on_at_once(window, qtbot, opened_dialogs, tmp_path):
    window.commands.action("own_pictures").trigger()
    ((dialog, _),) = opened_dialogs
    with qtbot.waitSignal(window.services.training.started) as started:
        dialog.chosen.emit(str(tmp_path), {"image_size": 32, "image_invert": True})
    config = started.args[0].config
    assert (config.dataset, config.data_root, config.image_size, config.image_invert, config.classes) == (
        *("pictures", str(tmp_path), 32, True),
        (),
    )
    assert window.run_bar.dataset_box.currentData() == "pictures"


def test_own_pictures_are_trained_by_the_recipe_that_the_dialog_counted_with(window, opened_dialogs):
    window.plans.show_config(recipe("plane-ring").config(), "recipe")
    window.commands.action("own_pictures").trigger()
    ((dialog, _),) = opened_dialogs
    assert not is_points(dialog.recipe.config().dataset)


def test_while_training_no_other_data_can_be_chosen(window, qtbot, opened_dialogs, tmp_path):
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    click(qtbot, window.run_bar.train_button)
    wait_for(qtbot, window, WorkState.WORKING)
    assert not window.commands.action("own_pictures").isEnabled()
    window.plans.ask_for_pictures(str(tmp_path))
    assert not opened_dialogs and "Stop the training first" in window.message_bar.text


def test_what_is_fetched_is_shown_in_the_toolbar(window, monkeypatch):
    training = window.services.training
    monkeypatch.setattr(training, "state", WorkState.PREPARING)
    training.state_changed.emit(WorkState.PREPARING)
    window.services.training.loading.emit(Progress(0, 0, "Fetching MNIST"))
    assert window.run_bar.status.label.text() == "Fetching MNIST…"
    training.hear_end()


# Options


def test_options_that_make_no_sense_cannot_be_trained(window, qtbot):
    good = window.options_form.config()
    window.options_form.set_config(good.changed(output="sigmoid"))
    assert not window.run_bar.train_button.isEnabled()
    qtbot.keyClick(window, Qt.Key.Key_Space)
    assert window.services.training.state is WorkState.IDLE
    window.options_form.set_config(good)
    assert window.run_bar.train_button.isEnabled()


# Classes


def test_a_generator_without_labels_is_not_asked_for_a_digit(window, qtbot):
    window.options_form.set_config(window.options_form.config().changed(architecture="mlp", sample_columns=4))
    train_to_the_end(qtbot, window)
    window.commands.do("go_to_explore")
    qtbot.waitUntil(lambda: window.latent_explorer.picture.picture is not None)
    assert window.sample_view.grid.headings() == []
    assert not window.latent_explorer.class_box.isVisible()
    qtbot.keyClick(window, Qt.Key.Key_7)
    window.workspace.pages.setCurrentWidget(window.digit_picker)
    assert "was never told the classes" in window.digit_picker.sorted.why.text()
    assert window.digit_picker.sorted.why.isVisible()
    assert "digit" not in window.message_bar.text


def test_a_key_asks_for_the_digit_of_that_name(window):
    asked = []
    window.digit_picker.pictures_requested.connect(lambda channel, z, labels: asked.append(labels[0]))
    window.digit_picker.set_model(4, ("3", "8"))
    window.commands.do("go_to_explore")
    for digit, expected in ((8, 1), (3, 0), (0, 0)):
        window.digit_picker.ask_for_digit(digit)
        assert window.digit_picker.class_buttons.current() == expected
    window.workspace.ask_for_digit(5)
    assert "no class “5”" in window.message_bar.text and "3, 8" in window.message_bar.text
    window.workspace.ask_for_digit(8)
    assert "no class" not in window.message_bar.text
    window.digit_picker.set_model(4, ("bag", "shirt"))
    window.digit_picker.ask_for_digit(1)
    assert window.digit_picker.class_buttons.current() == 1


# Troubles


def test_what_is_not_finite_is_gone_on_with_at_a_lower_rate(stopped, qtbot):
    services, form = stopped.services, stopped.options_form
    services.training.broken.emit(NotFinite(700, 5600, 160, {"d_lr": 0.0006}))
    assert "step 700" in stopped.message_bar.text and "epoch 2" in stopped.message_bar.text
    assert action(stopped).text() == "Go on with these values"
    assert "Learning rate of D → 0.0006" in stopped.message_bar.text
    language.switch("es")
    assert tr("Learning rate of D") in stopped.message_bar.text and "0,0006" in stopped.message_bar.text
    with qtbot.waitSignal(services.training.option_changed) as changed:
        click(qtbot, action(stopped))
    assert (changed.args[0].name, changed.args[0].value) == ("d_lr", 0.0006)
    assert form.editor("d_lr").value() == 0.0006 and not stopped.message_bar.text


def test_too_little_memory_is_gone_on_with_in_smaller_batches(stopped, qtbot):
    stopped.services.training.broken.emit(OutOfMemory(100, 4))
    assert "memory" in stopped.message_bar.text and action(stopped).text() == "Go on with batches of 4"
    with qtbot.waitSignal(stopped.services.training.started) as started:
        click(qtbot, action(stopped))
    assert started.args[0].config.batch_size == stopped.options_form.config().batch_size == 4


def test_a_batch_that_cannot_be_halved_leaves_a_sentence(window):
    begin_training(window.services.training)
    window.services.training.hear(OutOfMemory(100, 0))
    window.services.training.hear_end()
    assert "Close other programs" in window.message_bar.text and not action(window).isVisible()


def test_a_halt_is_told_and_tried_again(window, monkeypatch, qtbot):
    tried = []
    monkeypatch.setattr(window.services.training, "resume", lambda *_: tried.append(True))
    window.services.training.halted.emit(WriteBlocked(100, "The disk is full.", "Make room."))
    assert "The disk is full." in window.message_bar.text and action(window).text() == "Try again"
    click(qtbot, action(window))
    assert tried == [True] and not window.message_bar.text
    window.services.training.halted.emit(WriteBlocked(100, "The disk is full.", "Make room."))
    window.trainings.resume()
    assert tried == [True, True] and not window.message_bar.text


def test_a_recipe_that_replaces_what_was_set_by_hand_can_be_undone(window, qtbot):
    form, bar = window.options_form, window.run_bar
    form.editor("g_lr").setValue(0.007)
    form.editor("epochs").setValue(77)
    window.plans.choose_dataset("mnist")
    before = form.config()
    bar.recipe_chosen.emit("dcgan-3-8")
    assert form.config().epochs != 77 and "3 options that you had set" in window.message_bar.text
    undo = action(window)
    assert undo.isVisible() and undo.text() == "Undo"
    click(qtbot, undo)
    assert form.config() == before and window.settings.recipe == before.recipe
    assert (bar.recipe_box.currentData(), bar.dataset_box.currentData()) == (FIRST_RECIPE, "mnist")


def test_a_recipe_that_replaces_nothing_offers_no_undo(window):
    window.run_bar.recipe_chosen.emit("dcgan-3-8")
    assert not action(window).isVisible()
    assert "you had set" not in window.message_bar.text


# --- messages go when their cause goes


def test_what_to_watch_stays_while_it_trains(window, qtbot):
    choose(window, window.run_bar.recipe_box, "studio")
    assert "Fast." in window.message_bar.text
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(window) > 0)
    assert "Fast." in window.message_bar.text and not action(window).isVisible()


def test_a_message_goes_when_what_it_tells_is_over(window, qtbot):
    window.options_form.set_config(window.options_form.config().changed(epochs=100_000))
    click(qtbot, window.run_bar.train_button)
    qtbot.waitUntil(lambda: images_seen(window) > 0)
    window.plans.ask_for_pictures()
    assert window.message_bar.text == "Stop the training first."
    window.services.training.stop()
    wait_for(qtbot, window, WorkState.IDLE)
    assert window.message_bar.text.startswith("Stopped at epoch")
    window.message_bar.warn("It failed.", "Mend it.")
    window.runs.open_run(window.services.shown.run.path)
    qtbot.waitUntil(lambda: not window.message_bar.text)


def test_a_failure_of_the_images_goes_when_they_can_be_read(window, qtbot, monkeypatch):
    wanted = window.options_form.config()

    def fail(_config):
        raise UserError("The folder is gone.", "Choose another one.")

    with monkeypatch.context() as failing:
        failing.setattr(catalog, "load", fail)
        window.plans.show_config(wanted.changed(max_images=3))
        qtbot.waitUntil(lambda: "The folder is gone." in window.message_bar.text)
    window.plans.show_config(wanted)
    qtbot.waitUntil(lambda: not window.message_bar.text)


def test_what_kept_a_training_from_beginning_is_stale_with_other_options(window, qtbot):
    absent = "cuda" if torch.backends.mps.is_available() else "mps"  # no machine has both
    window.plans.show_config(window.options_form.config().changed(device=absent))
    window.run_bar.train_button.click()
    qtbot.waitUntil(lambda: absent in window.message_bar.text)
    qtbot.waitUntil(lambda: window.services.training.state is WorkState.IDLE)
    window.show_workspace("explore")
    assert absent in window.message_bar.text, "the cause is still there"
    set_by_hand(window.options_form.editor("device"), "cpu")
    assert not window.message_bar.text


# --- the panel in which one asks for a class


def test_a_digit_leads_to_no_empty_page_while_nobody_can_be_asked(window, qtbot):
    window.sample_view.setFocus()
    qtbot.keyClick(window, Qt.Key.Key_3)
    assert window.workspace.name == "train" and "No generator yet" in window.commands["ask_for_class"].why_not()


def test_the_panel_of_the_classes_is_called_after_the_data(window):
    pages = window.workspaces["explore"].pages
    place = pages.indexOf(window.digit_picker)
    assert pages.tabText(place) == "Digits"
    each = [pages.widget(index).why_not for index in range(pages.count())]
    assert len(each) == 6 and all("No generator yet" in why_not.text() for why_not in each)
    window.plans.show_config(window.options_form.config().changed(dataset="fashion-mnist"))
    assert pages.tabText(place) == "Clothes"
    language.switch("es")
    language.switch_unseen()
    assert pages.tabText(place) == tr("Clothes") != "Clothes"
    assert all("no hay generador" in why_not.text() for why_not in each)
    window.plans.show_config(window.options_form.config().changed(dataset="pictures", data_root="/nowhere"))
    assert pages.tabText(place) == tr("Classes")
