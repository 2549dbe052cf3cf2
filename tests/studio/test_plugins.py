"""What another package brings along is chosen, trained and explained in the window as our own is."""

import pytest
from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QWidget

from engine import registry
from engine.datasets import catalog
from studio import language
from studio.model.work_state import WorkState
from studio.presenters.left_out import tell_what_was_left_out
from studio.window import MainWindow
from tests import plugins
from tests.studio.hands import set_by_hand

NAME = "stripes-in-a-second"
READ = catalog.read


@pytest.fixture
def sample():
    with plugins.installed("plugin"):
        yield


@pytest.fixture
def faulty():
    with plugins.installed("plugin_faulty"):
        yield


def test_a_recipe_from_elsewhere_is_chosen_trained_and_its_trouble_named(sample, window, qtbot, monkeypatch):
    monkeypatch.setattr(catalog, "read", READ)
    bar, form = window.run_bar, window.options_form
    set_by_hand(bar.recipe_box, NAME)
    assert form.config().architecture == "linear" and form.config().dataset == "stripes"
    assert bar.dataset_box.currentText() == "Stripes" and "64 pictures of stripes" in bar.dataset_box.toolTip()
    assert form.editor("architecture").currentText() == "one layer each"
    assert "A single layer for each player." in form.editor("architecture").toolTip()
    assert "One layer has no width." in form.editor("g_channels").toolTip()
    set_by_hand(form.editor("loss"), "hinge")
    set_by_hand(form.editor("loss"), "saturating-hinge")
    assert "G, too, only gets" in form.editor("loss").toolTip()
    form.set_config(form.config().changed(threads=1, device="cpu"))
    qtbot.mouseClick(bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.message_bar.isVisible() and "Too short" in window.message_bar.text)
    qtbot.waitUntil(lambda: window.services.training.state is WorkState.IDLE)
    assert "Only 256 images are planned" in window.message_bar.text


def test_it_is_told_in_spanish_by_its_own_catalog(sample, window):
    bar, form = window.run_bar, window.options_form
    set_by_hand(bar.recipe_box, NAME)
    language.switch("es")
    language.switch_unseen()
    assert bar.recipe_box.currentText() == "Rayas en un segundo" and bar.dataset_box.currentText() == "Rayas"
    assert form.editor("architecture").currentText() == "una capa cada red"
    assert "Una sola capa no tiene anchura." in form.editor("g_channels").toolTip()
    language.switch("en")
    assert bar.recipe_box.currentText() == "Stripes in a second"


def test_a_detector_that_fails_is_told_once_and_the_window_lives_on(faulty, window, qtbot):
    registry.news()
    form = window.options_form
    form.set_config(form.config().changed(threads=1, device="cpu", epochs=1, max_images=64, architecture="mlp"))
    said = []
    for monitor in (window.services.health, window.services.trained_health):
        monitor.left_out.connect(lambda _found: said.append(window.message_bar.text))
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: bool(said) and window.services.training.state is WorkState.IDLE)
    window.services.health.look()
    assert sum(text.count("“divides”") for text in said) == 1, "told once"


def test_a_loss_that_fails_ends_the_training_with_a_sentence_on_its_package(faulty, window, qtbot):
    registry.news()
    form = window.options_form
    form.set_config(form.config().changed(threads=1, device="cpu", epochs=1, max_images=64, loss="dividing"))
    qtbot.mouseClick(window.run_bar.train_button, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: window.message_bar.isVisible() and "duelo-faulty" in window.message_bar.text)
    assert "ZeroDivisionError" in window.message_bar.text
    qtbot.waitUntil(lambda: window.services.training.state is WorkState.IDLE)


def test_what_was_left_out_is_told_in_the_language_of_the_window(faulty, window):
    found = registry.faults()
    tell_what_was_left_out(window.message_bar, found)
    assert "8 plug-ins or recipes were left out." in window.message_bar.text
    assert found[0].message in window.message_bar.text
    language.switch("es")
    assert "8 complementos" in window.message_bar.text and "duelo-faulty" in window.message_bar.text
    assert "plug-in" not in window.message_bar.text
    taken = [fault for fault in found if "taken" in str(fault)]
    tell_what_was_left_out(window.message_bar, taken)
    assert "«taken»" in window.message_bar.text and "El nombre «hinge» ya está en uso." in window.message_bar.text


def test_what_is_told_before_the_window_is_shown_is_seen_when_it_is(faulty, make_window, monkeypatch, qtbot):
    show = QWidget.show

    def tell_first(window):
        tell_what_was_left_out(window.message_bar, registry.faults())
        show(window)

    with monkeypatch.context() as patch:
        patch.setattr(MainWindow, "show", tell_first)
        window = make_window()
    heard = []
    QTimer.singleShot(0, lambda: heard.append(True))
    qtbot.waitUntil(lambda: bool(heard))
    assert window.message_bar.isVisible() and "8 plug-ins" in window.message_bar.text
