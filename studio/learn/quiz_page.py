"""Questions of a lesson, each explained once it was answered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from engine.i18n import tr
from engine.lessons.lesson import Question, Quiz
from engine.lessons.player import LessonPlayer
from studio.learn.texts import words
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.status_icon import StatusIcon
from studio.widgets.base.view import View


class QuizPage(View):
    """Shows the open quiz of a ``player``; ``answered`` carries the places of a question and of the answer chosen."""

    answered = Signal(int, int)
    explained = Signal(QWidget)
    """What an answer was explained in."""

    def __init__(self, player: LessonPlayer, quiz: Quiz) -> None:
        super().__init__()
        self.setObjectName("lesson_quiz")
        column = QVBoxLayout(self)
        column.setContentsMargins(*(SPACING // 2,) * 4)
        column.setSpacing(2 * SPACING)
        if quiz.text:
            column.addWidget(words(quiz.text))
        self._questions = []
        for place, question in enumerate(quiz.questions):
            known = player.answered(place)
            asked = _Asked(place, question, None if known is None else known.chosen)
            asked.answered.connect(self.answered)
            asked.explained.connect(self.explained)
            column.addWidget(asked)
            self._questions.append(asked)


class _Asked(View):
    """One question; another answer may be tried, and the explanation stays."""

    answered = Signal(int, int)
    explained = Signal(QWidget)

    def __init__(self, place: int, question: Question, chosen: int | None) -> None:
        super().__init__()
        self.setObjectName(f"question_{place}")
        self._place, self._question = place, question
        self._choices = QButtonGroup(self)
        self._icon, self._verdict = StatusIcon("waiting"), words("", f"verdict_{place}")
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(SPACING // 2)
        column.addWidget(words(f"**{question.text}**"))
        for number, answer in enumerate(question.answers):
            column.addWidget(self._choice(number, answer))
        self._below = QWidget()
        below = QHBoxLayout(self._below)
        below.setContentsMargins(0, 0, 0, 0)
        below.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self._verdict, 1)
        column.addWidget(self._below)
        self._below.hide()
        if chosen is not None:
            self._choices.button(chosen).setChecked(True)
            self._tell(chosen)
        self._choices.idClicked.connect(self._on_chosen)

    def _choice(self, number: int, answer: str) -> QWidget:
        """Return a button with words beside it that wrap; a click on the words chooses, too."""
        button = set_object_name(QRadioButton(), f"answer_{self._place}_{number}")
        button.setAccessibleName(answer)
        button.setAccessibleDescription(self._question.text)
        self._choices.addButton(button, number)
        said = words(answer)
        said.mousePressEvent = lambda _event: button.click()  # type: ignore[method-assign]
        line = QWidget()
        row = QHBoxLayout(line)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(button, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(said, 1)
        return line

    def _on_chosen(self, chosen: int) -> None:
        self.answered.emit(self._place, chosen)
        self._tell(chosen)
        self.explained.emit(self._below)

    def _tell(self, chosen: int) -> None:
        is_right = chosen == self._question.right
        self._icon.set_role("good" if is_right else "trouble")
        lead = tr("**Right.**") if is_right else tr("**Not quite.**")
        self._verdict.setText(f"{lead} {self._question.explanation}")
        self._verdict.setAccessibleName(self._verdict.text())
        self._below.show()
