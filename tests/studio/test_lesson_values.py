"""What was measured for a step of a lesson, beside the bar that shows how far it is."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QLabel, QWidget

from engine.lessons import parsing
from engine.lessons.conditions import Reading
from engine.lessons.player import CheckState, LessonPlayer
from studio import language
from studio.learn.gauge import GoalGauge
from studio.learn.step_page import StepPage
from tests.studio.hands import shown

_LESSON = """# Mine
minutes: 3

About it.

## Train
Press it.
check: {check}
"""


@pytest.fixture
def step(qtbot):
    """Show a step that asks for a check; return its page, and what tells it another value."""

    def make(check):
        player = LessonPlayer(parsing.parse(_LESSON.format(check=check), "mine"))
        player.go_to(player.lesson.pages.index(player.lesson.steps[0]))
        page = shown(qtbot, StepPage(player, player.step), 260, 300)
        (state,) = player.checks

        def tell(value):
            player.checks = (CheckState(state.condition, Reading(False, value)),)
            page.show_measured()
            page.layout().activate()
            page.findChild(QWidget, "lesson_check").layout().activate()

        return page, tell

    return make


@pytest.mark.parametrize(
    ("check", "values"),
    [
        ("epochs >= 3", (1, 2.9, 6, 6.4, 6.78, 12.3, 20)),
        ("recall >= 0.6", (0.0, 0.034, 0.5, 1.0)),
        ("steps >= 500", (1, 20, 300, 499)),
    ],
)
def test_a_bar_keeps_its_length_whatever_stands_beside_it(step, check, values):
    page, tell = step(check)
    bar, texts, places = page.findChild(GoalGauge), set(), set()
    for value in values:
        tell(value)
        texts.add(page.findChild(QLabel, "lesson_value").text())
        places.add((bar.x(), bar.width()))
    assert len(texts) == len(values) and len(places) == 1


def test_a_number_stands_in_the_line_of_its_sign(step):
    language.switch("es")
    page, _tell = step("epochs >= 3")
    assert any("≥\N{NO-BREAK SPACE}3" in label.text() for label in page.findChildren(QLabel))
