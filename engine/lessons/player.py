"""Plays one lesson: which page is open, which checks are met, which hints are due, which wrong turn was taken.

It is told what was measured and what was answered, and tells what to show. Knows no window and no files.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from engine.lessons.conditions import Condition, MeasureCondition, OptionCondition, Reading, StateCondition, easier
from engine.lessons.lesson import Lesson, LessonStep, Page, Question, Quiz
from engine.lessons.measured import Measured
from engine.lessons.measures import JUDGE, MEASURES, TRAINING
from engine.lessons.outline import are_alike, outline_of
from engine.lessons.progress import Answered, LessonProgress, PageDone
from engine.lessons.words import value_told


@dataclass(frozen=True)
class CheckState:
    """A condition and what was made of it last; None before anything was measured."""

    condition: Condition
    reading: Reading | None = None

    @property
    def is_met(self) -> bool:
        """Whether it is met."""
        return self.reading is not None and self.reading.is_met


class LessonPlayer:
    """``progress`` is what was reached before, and is changed as the lesson goes on; who plays it, keeps it.

    ``numbers`` replace those that checks compare with, by measure, in whichever epoch: tests play with real but tiny
    trainings, in which nothing gets good. ``clock`` counts seconds.
    """

    def __init__(
        self,
        lesson: Lesson,
        progress: LessonProgress | None = None,
        *,
        numbers: Mapping[str, float] | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.progress = progress or LessonProgress()
        self._take(lesson)
        self.progress.begun = self.progress.begun or _now()
        self.page = min(self.progress.page, len(lesson.pages) - 1)
        self.checks: tuple[CheckState, ...] = ()
        """Those of the step that is open."""
        self.troubles: frozenset[str] = frozenset()
        """What is named now, and is not what the step asks for."""
        self._numbers, self._clock = numbers or {}, clock
        self._opened = self._moment_began = clock()
        self._moment = ""
        self._seen_troubles = self._troubles_of_before()
        self.go_to(self.page)

    def _troubles_of_before(self) -> set[str]:
        """Return the troubles that were named in steps that are done: their cure counts in another training, too."""
        done = (page for place, page in enumerate(self.lesson.pages) if self.is_done(place))
        checks = (check for page in done if isinstance(page, LessonStep) for check in page.checks)
        return {it.name for it in checks if isinstance(it, StateCondition) and it.kind == "diagnosis"}

    # --- pages

    @property
    def open_page(self) -> Page:
        """The page that is open."""
        return self.lesson.pages[self.page]

    @property
    def step(self) -> LessonStep | None:
        """The step that is open, None while a quiz is."""
        page = self.open_page
        return page if isinstance(page, LessonStep) else None

    def is_done(self, page: int | None = None) -> bool:
        """Whether a page is done, the open one unless another is given."""
        return self.progress.is_done(self.page if page is None else page)

    @property
    def is_finished(self) -> bool:
        """Whether every page is done."""
        return all(map(self.is_done, range(len(self.lesson.pages))))

    @property
    def is_last(self) -> bool:
        """Whether no page comes after the open one."""
        return self.page == len(self.lesson.pages) - 1

    def go_to(self, page: int) -> None:
        """Open ``page``; any may be looked at at any time."""
        self.page = min(max(page, 0), len(self.lesson.pages) - 1)
        self.progress.page = self.page
        self._opened = self._moment_began = self._clock()
        step = self.step
        conditions = (easier(each, self._numbers) for each in step.checks) if step else ()
        self.checks = tuple(map(CheckState, conditions))
        self.troubles = frozenset()

    def read_in(self, lesson: Lesson) -> None:
        """Go on with the same lesson in another language; hints and checks stay as they are."""
        if are_alike(outline_of(lesson), self.progress.outline):
            self._take(lesson)

    def _take(self, lesson: Lesson) -> None:
        self.lesson, self.progress.title = lesson, lesson.title
        self.progress.language, self.progress.outline = lesson.language, outline_of(lesson)

    def go_on(self) -> None:
        """Open the next page; one that only tells something is done by that."""
        step = self.step
        if step is not None and not step.checks:
            self._finish(step.title)
        if not self.is_last:
            self.go_to(self.page + 1)

    # --- what was measured

    def measure(self, measured: Measured) -> bool:
        """Hold what was measured against the open step; return whether it turned green by that.

        What was green stays so, whatever comes later; what was left too early turns green, too, once it is met.
        """
        caught_up = [self._catch_up(place, measured) for place in range(self.page)]
        return self._measure_open(measured) or any(caught_up)

    def _catch_up(self, place: int, measured: Measured) -> bool:
        """Hold what was measured against a step before the open one; return whether it turned green by that."""
        step = self.lesson.pages[place]
        if not isinstance(step, LessonStep) or not step.checks or self.is_done(place):
            return False
        if step.setup is not None and (measured.run is None or not step.setup.is_of(measured.run.config)):
            return False
        checks = [easier(each, self._numbers) for each in step.checks]
        readings = [each.read(measured, self._seen_troubles) for each in checks]
        if not all(each.is_met for each in readings):
            return False
        self.progress.pages[place] = PageDone(step.title, _now(), 0.0, *_kept(checks, readings))
        return True

    def _measure_open(self, measured: Measured) -> bool:
        step = self.step
        if step is None or not step.checks:
            return False
        self.checks = tuple(
            CheckState(each.condition, each.condition.read(measured, self._seen_troubles)) for each in self.checks
        )
        self._seen_troubles |= measured.troubles
        self.troubles = measured.troubles
        if self.is_done() or not all(each.is_met for each in self.checks):
            return False
        readings = [each.reading for each in self.checks]
        self._finish(step.title, *_kept([each.condition for each in self.checks], readings))
        return True

    @property
    def has_options(self) -> bool:
        """Whether the run has the options that the step asks for: trained with others, it cannot meet it."""
        options = (it for it in self.checks if isinstance(it.condition, OptionCondition))
        return all(it.is_met or it.reading is None for it in options)

    @property
    def wrong_turns(self) -> tuple[tuple[str, str], ...]:
        """The troubles that are named now, each with what the lesson says of it: those that it tells of first.

        What the step asks for is none, nor what it begins with and asks to be cured.
        """
        step = self.step
        if step is None or self.is_done() or not self.has_options:
            return ()
        states = [it.condition for it in self.checks if isinstance(it.condition, StateCondition)]
        wanted = {
            it.name for it in states if it.kind == "diagnosis" or (it.kind == "cured" and it.name not in step.wrong)
        }
        named = [(name, step.wrong.get(name, "")) for name in sorted(self.troubles) if name not in wanted]
        return tuple(sorted(named, key=lambda each: not each[1]))

    @property
    def needs_training(self) -> bool:
        """Whether all that the open step still asks for comes of training on."""
        missing = [it.condition for it in self.checks if not it.is_met]
        return bool(missing) and all(
            isinstance(it, StateCondition)
            or (isinstance(it, MeasureCondition) and MEASURES[it.measure].source in (TRAINING, JUDGE))
            for it in missing
        )

    @property
    def is_missed(self) -> bool:
        """Whether the time in which the step had to be reached is over for this run."""
        return not self.is_done() and any(each.reading and each.reading.is_missed for each in self.checks)

    def set_moment(self, moment: str) -> None:
        """Take up which of ``HINT_MOMENTS`` it is, if one: hints that belong to it wait from here on."""
        if moment != self._moment:
            self._moment, self._moment_began = moment, self._clock()

    @property
    def hints(self) -> tuple[str, ...]:
        """The hints that are due by now."""
        step = self.step
        if step is None or self.is_done():
            return ()
        now = self._clock()
        waited = {self._moment: now - self._moment_began, "": now - self._opened}
        return tuple(hint.text for hint in step.hints if waited.get(hint.when, 0.0) >= hint.seconds)

    # --- what was answered

    def answer(self, question: int, chosen: int) -> bool:
        """Take the answer ``chosen`` to a question of the quiz; the first one counts. Return whether it is right."""
        asked = self.questions[question]
        name, answers = f"{self.page}.{question}", self.progress.answers
        first = answers.setdefault(name, Answered(chosen, chosen == asked.right, _now()))
        answers[name] = replace(first, last=None if chosen == first.chosen else chosen)
        if not self.open_questions:
            self._finish(self.open_page.title)
        return chosen == asked.right

    @property
    def questions(self) -> tuple[Question, ...]:
        """The questions of the quiz that is open."""
        page = self.open_page
        return page.questions if isinstance(page, Quiz) else ()

    def answered(self, question: int) -> Answered | None:
        """Return what was answered to a question of the open quiz."""
        return self.progress.answers.get(f"{self.page}.{question}")

    @property
    def open_questions(self) -> int:
        """How many questions of the open quiz were not answered yet."""
        return sum(self.answered(place) is None for place in range(len(self.questions)))

    def _finish(self, title: str, measured: tuple[str, ...] = (), values: tuple[float | str | None, ...] = ()) -> None:
        if not self.is_done():
            seconds = round(self._clock() - self._opened, 1)
            self.progress.pages[self.page] = PageDone(title, _now(), seconds, measured, values)


def _kept(
    checks: Sequence[Condition], readings: Sequence[Reading | None]
) -> tuple[tuple[str, ...], tuple[float | str | None, ...]]:
    """Return what was measured, in words and as it is."""
    values = [it.value if it is not None else None for it in readings]
    whole = tuple(it if it is None or isinstance(it, str) else float(it) for it in values)
    return tuple(map(value_told, checks, readings)), whole


def _now() -> str:
    return datetime.now().isoformat(timespec="seconds")
