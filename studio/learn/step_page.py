"""A step of a lesson: what to do and why, what was measured of what is asked, hints, and wrong turns explained."""

from __future__ import annotations

import re

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAccessible, QAccessibleEvent, QPalette
from PySide6.QtWidgets import QFrame, QGridLayout, QHBoxLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from engine.diagnosis import words as trouble_words
from engine.i18n import joined, speaking_of, tr
from engine.lessons import words as check_words
from engine.lessons.lesson import LessonStep, Preset
from engine.lessons.player import CheckState, LessonPlayer
from engine.recipes import recipe
from engine.recipes.words import options_told
from studio.guard import guarded
from studio.learn.gauge import GoalGauge
from studio.learn.texts import Drawing, words
from studio.theme import SPACING
from studio.widgets.base.object_names import set_object_name
from studio.widgets.base.status_icon import StatusIcon
from studio.widgets.base.view import View


class StepPage(View):
    """Shows the open step of a ``player``; made anew for each."""

    setup_requested = Signal()
    reveal_requested = Signal()

    def __init__(self, player: LessonPlayer, step: LessonStep) -> None:
        super().__init__()
        self.setObjectName("lesson_step")
        self._player, self._step = player, step
        noun = check_words.noun_at(player.lesson, player.page)
        column = QVBoxLayout(self)
        column.setContentsMargins(*(SPACING // 2,) * 4)
        column.setSpacing(SPACING)
        if step.picture:
            column.addWidget(Drawing(step.picture, tr("Drawing"), noun))
        column.addWidget(words(step.text, "step_text"))
        if step.why:
            column.addWidget(words(joined(tr("**Why?**"), step.why), "step_why"))
        self.setup_button = set_object_name(QPushButton(), "lesson_setup_button")
        self.reveal_button = set_object_name(QPushButton(), "lesson_reveal_button")
        self.setup_button.clicked.connect(self.setup_requested)
        self.reveal_button.clicked.connect(self.reveal_requested)
        buttons = QVBoxLayout()
        buttons.addWidget(self.setup_button)
        buttons.addWidget(self.reveal_button)
        column.addLayout(buttons)
        self.setup_button.setVisible(step.setup is not None)
        self.reveal_button.hide()
        self._checks = [_CheckRow() for _ in player.checks]
        for row in self._checks:
            column.addWidget(row)
        self._missed = _Box("lesson_missed")
        self._wrong, self._hint = _Box("lesson_wrong"), _Box("lesson_hint")
        for box in (self._missed, self._wrong, self._hint):
            column.addWidget(box)
        self._counts, self._can_resume = True, False
        self.retranslate()

    def show_measured(self, *, counts: bool = True, can_resume: bool = False) -> None:
        """Say anew what was measured; ``counts``: the run that is shown is one of this lesson's.

        ``can_resume``: it was stopped, and what the step asks for comes when it goes on.
        """
        self._counts, self._can_resume = counts, can_resume
        with speaking_of(check_words.noun_at(self._player.lesson, self._player.page)):
            for row, state in zip(self._checks, self._player.checks, strict=True):
                row.show_state(state, is_done=self._player.is_done())
        self._missed.say(self._missed_told(), "trouble")
        self._wrong.say("\n\n".join(_turn_told(*each) for each in self._player.wrong_turns), "trouble")
        resume = [tr("The training was stopped. Press **Resume**, and it goes on.")] if self._can_resume else []
        self._hint.say("\n\n".join([*resume, *self._player.hints]), "waiting")

    def _missed_told(self) -> str:
        if self._player.is_missed:
            return tr("The epochs for that are over in this training. Train anew: every try counts.")
        return ""

    def show_reachable(self, is_hidden: bool) -> None:
        """Offer to bring the control of the step into sight where it is not."""
        self.reveal_button.setVisible(is_hidden)

    def retranslate(self) -> None:
        """Say everything in the current language; the texts of the step come with another page."""
        if self._step.setup is not None:
            self.setup_button.setText(tr("Take this recipe"))
            self.setup_button.setToolTip(setup_told(self._step.setup))
        self.reveal_button.setText(tr("Show me where"))
        self.reveal_button.setToolTip(tr("Bring what this step is about into sight"))
        self.show_measured(counts=self._counts, can_resume=self._can_resume)


class _CheckRow(QWidget):
    """A condition: whether it is met, what it asks, how far the value is, and the value."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("lesson_check")
        self._icon, self._asked = StatusIcon("waiting"), QLabel(wordWrap=True)
        self._gauge, self._value = GoalGauge(), _Value()
        self._is_met = False
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(SPACING)
        grid.setVerticalSpacing(2)
        grid.addWidget(self._icon, 0, 0, Qt.AlignmentFlag.AlignTop)
        grid.addWidget(self._asked, 0, 1)
        below = QHBoxLayout()
        below.addWidget(self._gauge, 1)
        below.addWidget(self._value)
        grid.addLayout(below, 1, 1)
        grid.setColumnStretch(1, 1)

    def show_state(self, state: CheckState, *, is_done: bool) -> None:
        """Show what was made of the condition; what is done is shown as met, and no value that came later is not."""
        is_met, was_met = state.is_met or is_done, is_done and not state.is_met
        told = tr("reached") if is_met else tr("not reached yet")
        asked = check_words.asked(state.condition)
        value = told if was_met else check_words.value_told(state.condition, state.reading)
        name = f"{asked}: {told}" if was_met else tr("{check}: {value}, {state}", check=asked, value=value, state=told)
        gauge = None if was_met else check_words.gauge(state.condition, state.reading)
        self._gauge.setVisible(gauge is not None)
        if gauge is not None:
            self._gauge.show_value(*gauge, is_met=is_met)
        if name == self.accessibleName():  # or a screen reader would hear the same several times a second
            return
        self._icon.set_role("good" if is_met else "waiting")
        self._asked.setText(re.sub("([≥≤<>=≠]) ", "\\1\N{NO-BREAK SPACE}", asked))  # no line begins with the number
        self._value.setText(value)
        self._value.setWordWrap(gauge is None)  # a sentence alone in its line makes no column wider
        is_number = gauge is not None and state.reading is not None and isinstance(state.reading.value, int | float)
        self._value.keep_room_for(*((value, *check_words.long_values(state.condition)) if is_number else ()))
        self.setAccessibleName(name)
        self.setToolTip(name)
        if is_met and not self._is_met and self.isVisible():
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))
        self._is_met = is_met


@guarded
class _Value(QLabel):
    """What was measured, in a place that only grows: the bar before it keeps its length when there are more digits."""

    def __init__(self) -> None:
        super().__init__()
        self.setObjectName("lesson_value")
        self._longest = ""

    def keep_room_for(self, *texts: str) -> None:
        """Leave room for each, and for those before; none for nothing."""
        self._longest = max(self._longest, *texts, key=self._width_of) if texts else ""
        self._fix()

    def changeEvent(self, event: QEvent) -> None:
        """Larger text takes more room."""
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fix()

    def _fix(self) -> None:
        self.setMinimumWidth(self._width_of(self._longest))

    def _width_of(self, text: str) -> int:
        metrics = self.fontMetrics()
        return max(metrics.horizontalAdvance(text), metrics.boundingRect(text).width(), metrics.size(0, text).width())


class _Box(QFrame):
    """A sentence with a sign beside it, hidden while there is nothing to say; a screen reader tells it at once."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setObjectName(name)
        self.setFrameShape(QFrame.Shape.StyledPanel)
        self.setBackgroundRole(QPalette.ColorRole.AlternateBase)
        self.setAutoFillBackground(True)
        self._icon, self._text, self._told = StatusIcon("waiting"), words(""), ""
        row = QHBoxLayout(self)
        row.setContentsMargins(*(SPACING,) * 4)
        row.addWidget(self._icon, 0, Qt.AlignmentFlag.AlignTop)
        row.addWidget(self._text, 1)
        self.hide()

    def say(self, text: str, role: str) -> None:
        """Show ``text``, or nothing."""
        self.setVisible(bool(text))
        if text == self._told:
            return
        self._told = text
        self._icon.set_role("trouble" if role == "trouble" else "waiting")
        self._text.setText(text)
        self.setAccessibleName(text)
        if text:
            QAccessible.updateAccessibility(QAccessibleEvent(self, QAccessible.Event.Alert))


def _turn_told(trouble: str, said: str) -> str:
    """Return what a wrong turn is, in the words of the lesson, or in those of the diagnosis where it has none."""
    general = joined(trouble_words.why(trouble), tr("The page **Health**, at the right, shows what helps."))
    return joined(f"**{trouble_words.title(trouble)}.**", said or general)


def setup_told(setup: Preset) -> str:
    """Return which options a step proposes: the recipe, and what is another value in it."""
    told = tr("Recipe “{recipe}”", recipe=tr(recipe(setup.recipe).title))
    values = options_told(setup.values)
    return "\n".join(filter(None, (told, values)))
