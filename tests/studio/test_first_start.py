"""The first start: the card that begins a training or a lesson, and words that are introduced where they appear."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from engine.datasets.info import POINTS
from studio import language
from studio.learn.first_card import FirstCard
from studio.model.work_state import WorkState
from studio.once_painted import once_painted
from tests import tiny
from tests.studio.hands import card_of, train_to_the_end
from tests.studio.test_lessons import text_of, trained


def test_the_first_start_shows_a_card_that_begins_a_training_or_the_first_lesson(window, qtbot):
    window.wake()
    qtbot.waitUntil(lambda: card_of(window) is not None and card_of(window).isVisible())
    card = card_of(window)
    assert card.geometry().intersects(window.rect()) and "generator" in text_of(card)
    place = window.run_bar.train_button.mapTo(window, window.run_bar.train_button.rect().center())
    assert not card.geometry().contains(place), "what is around it can be used"
    language.switch("es")
    qtbot.waitUntil(lambda: "generador" in text_of(card))
    language.speak_of(POINTS)
    qtbot.waitUntil(lambda: "hace puntos" in text_of(card) and "puntos reales y generados" in text_of(card))
    language.switch("en")
    assert card.findChild(QPushButton, "first_card_lesson_button").text() == "Start lesson 1"
    card.findChild(QPushButton, "first_card_plane_button").click()
    qtbot.waitUntil(lambda: window.learning.service.player is not None)
    assert window.learning.service.player.lesson.name == "00-points-in-the-plane"
    qtbot.waitUntil(lambda: card_of(window) is None)


def test_the_card_goes_by_escape_by_each_button_by_a_lesson_and_by_any_training(window, qtbot):
    def greeted() -> FirstCard:
        window.settings.is_welcomed = False
        window.learning.restore(window.settings)
        return card_of(window)

    service = window.learning.service
    for go in (
        lambda card: qtbot.keyClick(card, Qt.Key.Key_Escape),
        lambda card: card.close_button.click(),
        lambda _card: (window.commands.do("learn_panel"), service.open("01-what-is-a-gan")),
        lambda _card: window.commands.do("train"),
    ):
        go(greeted())
        qtbot.waitUntil(lambda: card_of(window) is None)
        assert window.settings.is_welcomed
        if window.learning.is_open:
            window.commands.do("learn_panel")


def test_the_card_goes_by_escape_or_with_the_first_training_and_never_comes_again(make_window, qtbot):
    first = make_window()
    first.wake()
    qtbot.waitUntil(lambda: card_of(first) is not None and card_of(first).isVisible())
    card_of(first).findChild(QPushButton, "first_card_train_button").click()
    qtbot.waitUntil(lambda: first.services.training.state is not WorkState.IDLE)
    qtbot.waitUntil(lambda: first.services.training.state is WorkState.IDLE)
    qtbot.waitUntil(lambda: card_of(first) is None)
    second = make_window()
    with qtbot.waitSignal(second.services.runs.listed):
        second.wake()
    assert card_of(second) is None


def test_words_are_introduced_once_where_they_first_appear_whenever_that_is(make_window, qtbot):
    first = make_window()
    first.wake()
    first.show_workspace("compare")
    qtbot.waitUntil(lambda: card_of(first) is None)
    first.show_workspace("train")
    first.context.plan.replace(tiny.config(epochs=100_000, sample_every=1000))
    first.commands.do("train")
    training = first.services.training
    qtbot.waitUntil(lambda: "an epoch is over" in first.message_bar.text)
    qtbot.waitUntil(lambda: training.state is WorkState.WORKING)
    first.commands.do("pause")
    qtbot.waitUntil(lambda: "one single step" in first.message_bar.text)
    first.commands.do("stop")
    qtbot.waitUntil(lambda: training.state is WorkState.IDLE)
    assert "one single step" not in first.message_bar.text, "it rests no longer"
    first.close()
    second = make_window()
    second.wake()
    trained(second, qtbot)
    assert "z" not in second.settings.introduced
    second.commands.do("go_to_explore")
    qtbot.waitUntil(lambda: "4 random numbers" in second.message_bar.text)
    second.commands.do("go_to_compare")
    qtbot.waitUntil(lambda: "random numbers" not in second.message_bar.text)  # it speaks of another place
    second.commands.do("go_to_explore")
    with qtbot.waitCallback() as painted:
        once_painted(second, painted)
    assert "random numbers" not in second.message_bar.text


@pytest.mark.parametrize(
    ("names", "told"),
    [
        (tuple("0123456789"), "with the keys 0 to 9."),
        (tuple("358"), "with its key: 3, 5, 8."),
        (("shirt", "shoe"), "what it learned."),
        ((), "what it learned."),
    ],
    ids=str,
)
def test_the_end_of_a_training_names_the_keys_that_ask_for_what_it_learned(window, qtbot, names, told):
    training = window.services.training

    def call(_started):
        training.current.run.data.class_names = names

    training.started.connect(call)
    train_to_the_end(qtbot, window)
    assert window.message_bar.text.startswith("Finished.") and window.message_bar.text.endswith(told)
