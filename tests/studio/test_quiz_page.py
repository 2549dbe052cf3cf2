"""The quiz of a lesson: which answer counts, which stands there again, and what is still open."""

import pytest
from PySide6.QtWidgets import QLabel, QRadioButton

from engine.lessons import library, progress
from engine.lessons.player import LessonPlayer
from engine.lessons.progress import Answered
from studio.learn.learn_column import LearnColumn
from tests.studio.hands import shown

LESSON = "00-points-in-the-plane"


@pytest.fixture
def quiz(qtbot):
    """The column at the quiz of a lesson, whose answers are taken by its player."""
    column = shown(qtbot, LearnColumn(), 300, 700)

    def show(player):
        column.answered.connect(player.answer)
        column.answered.connect(lambda *_: column.show_measured(counts=True, can_resume=False))
        player.go_to(len(player.lesson.pages) - 1)
        column.show_player(player)
        return column

    return show


def begun(reached=None):
    return LessonPlayer(library.load().in_language(LESSON, "en"), reached)


def said(column):
    return " ".join(label.text() for label in column.findChildren(QLabel) if label.isVisible())


def test_an_answer_that_was_corrected_stands_there_again_and_it_is_said_which_one_counts(quiz):
    player = begun()
    column = quiz(player)
    right = player.questions[0].right
    wrong = (right + 1) % len(player.questions[0].answers)
    first = player.questions[0].answers[wrong]
    column.findChild(QRadioButton, f"answer_0_{wrong}").click()
    assert "Not quite" in said(column) and "What counts" not in said(column)
    column.findChild(QRadioButton, f"answer_0_{right}").click()
    assert "Right." in said(column) and f"What counts is your first answer: “{first}”." in said(column)
    progress.write({LESSON: player.progress})
    column.show_player(again := begun(progress.read()[LESSON]))
    assert column.findChild(QRadioButton, f"answer_0_{right}").isChecked() and "What counts" in said(column)
    assert not again.answered(0).right


def test_a_quiz_says_how_many_questions_are_open(quiz):
    player = begun()
    column, count = quiz(player), len(player.questions)
    for place in range(count):
        left = count - place
        assert f"{left} question{'s are' if left > 1 else ' is'} still open." in said(column)
        column.findChild(QRadioButton, f"answer_{place}_0").click()
    assert "still open" not in said(column) and player.is_done()


def test_an_answer_that_is_none_is_asked_again(quiz):
    player = begun()
    player.progress.answers[f"{len(player.lesson.pages) - 1}.0"] = Answered(99, False, "", last=98)
    column = quiz(player)
    assert not any(button.isChecked() for button in column.findChildren(QRadioButton))
    column.findChild(QRadioButton, "answer_0_0").click()
    assert "What counts" not in said(column)
