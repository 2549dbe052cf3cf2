"""What a lesson is: pages, one after the other, that are steps or quizzes. Records only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from engine.config import Config
from engine.lessons.conditions import Condition

PICTURES = ("duel", "variety", "way", "curves", "phases", "epochs", "balance", "growing", "style", "look_inside")
"""The drawings that a step may show, by the names of the window's."""
HINT_MOMENTS = ("resting", "training")
"""Nothing trains; what trains counts for the open step. A hint may belong to one of them."""
WORKSPACES = ("train", "explore", "compare", "style")


@dataclass(frozen=True)
class Question:
    """``right`` is the place of the right one among ``answers``; ``explanation`` is read once it was answered."""

    text: str
    answers: tuple[str, ...]
    right: int
    explanation: str


@dataclass(frozen=True)
class Quiz:
    """Questions before or after the steps."""

    title: str
    questions: tuple[Question, ...]
    text: str = ""


@dataclass(frozen=True)
class Preset:
    """The options that a step proposes, taken with one click: those of ``recipe`` but for ``values``."""

    recipe: str
    values: Mapping[str, Any] = field(default_factory=dict)

    def is_of(self, config: Config) -> bool:
        """Whether a run with ``config`` is one of these options, however long it is to train."""
        same = (getattr(config, name) == value for name, value in self.values.items() if name != "epochs")
        return config.recipe == self.recipe and all(same)


@dataclass(frozen=True)
class Hint:
    """``text`` is offered after so many seconds without success: of those in which ``when`` is so, if that is told."""

    seconds: float
    text: str
    when: str = ""


@dataclass(frozen=True)
class LessonStep:
    """``text`` says what to do, ``why`` why; both are Markdown. It is done when all ``checks`` are met at one moment.

    ``sources`` are the checks as they were written. ``point`` is the object name of a control, ``wrong`` explains wrong
    turns by the name of the trouble that shows them; a step without checks is read and gone on from.
    """

    title: str
    text: str
    why: str = ""
    checks: tuple[Condition, ...] = ()
    sources: tuple[str, ...] = ()
    hints: tuple[Hint, ...] = ()
    wrong: Mapping[str, str] = field(default_factory=dict)
    point: str = ""
    picture: str = ""
    workspace: str = ""
    setup: Preset | None = None


Page = LessonStep | Quiz


@dataclass(frozen=True)
class Lesson:
    """``name`` is that of its file; it is the same in all ``language``s (empty: for every one)."""

    name: str
    title: str
    minutes: int
    about: str
    pages: tuple[Page, ...]
    language: str = ""
    is_own: bool = False

    @property
    def steps(self) -> tuple[LessonStep, ...]:
        """Its steps, without quizzes."""
        return tuple(page for page in self.pages if isinstance(page, LessonStep))
