"""Questions of a lesson, each explained once it was answered."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QRadioButton, QVBoxLayout, QWidget

from engine.i18n import joined, tr
from engine.lessons.lesson import Question, Quiz
from engine.lessons.player import LessonPlayer
from engine.lessons.progress import Answered
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
            asked = _Asked(place, question, player.answered(place))
            asked.answered.connect(self.answered)
            asked.explained.connect(self.explained)
            column.addWidget(asked)
            self._questions.append(asked)


class _Asked(View):
    """One question; another answer may be tried, the explanation stays, and which answer counts is said."""

    answered = Signal(int, int)
    explained = Signal(QWidget)

    def __init__(self, place: int, question: Question, known: Answered | None) -> None:
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
        self._first = None if known is None else known.chosen
        if known is not None:
            chosen = known.chosen if known.last is None else known.last
            if (button := self._choices.button(chosen)) is not None:  # a file may say anything
                button.setChecked(True)
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
        self._first = chosen if self._first is None else self._first
        self._tell(chosen)
        self.explained.emit(self._below)

    def _tell(self, chosen: int) -> None:
        is_right = chosen == self._question.right
        self._icon.set_role("good" if is_right else "trouble")
        lead = tr("**Right.**") if is_right else tr("**Not quite.**")
        told = [lead, self._question.explanation]
        if self._first is not None and self._first != chosen and self._choices.button(self._first) is not None:
            first = self._question.answers[self._first]
            told.append(tr("What counts is your first answer: “{answer}”.", answer=first))
        self._verdict.setText(joined(*told))
        self._verdict.setAccessibleName(self._verdict.text())
        self._below.show()
