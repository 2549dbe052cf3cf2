"""What a student did in the lessons with a run, as sections of its report: steps with their times, and answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from itertools import starmap

from engine.errors import UserError
from engine.i18n import language, number, speaking_of, tr
from engine.lessons import library, progress
from engine.lessons.conditions import Condition, MeasureCondition, Reading
from engine.lessons.lesson import Lesson, LessonStep, Quiz
from engine.lessons.measures import MEASURES
from engine.lessons.progress import LessonProgress, PageDone
from engine.lessons.words import noun_at, value_told
from engine.report.html import Section, table

_MINUTE = 60


def sections(run: str) -> Iterator[Section]:
    """Yield a section for each lesson that was done with the run called ``run``; raises ``UserError``."""
    done = progress.of_run(run)
    known = library.load() if done else library.Library()
    for name, each in done.items():
        try:
            lesson: Lesson | None = known.begun(name, language(), each)
        except UserError:  # a teacher's own, which is gone
            lesson = None
        title = lesson.title if lesson else each.title or name
        yield Section(tr("Lesson: {title}", title=title), [_steps(each, lesson), *_answers(each, lesson)])


def _steps(done: LessonProgress, lesson: Lesson | None) -> str:
    titles = {} if lesson is None else {place: page.title for place, page in enumerate(lesson.pages)}
    rows = [
        (
            titles.get(place, page.title),
            page.done.replace("T", " "),
            _lasted(page.seconds),
            _measured(place, page, lesson),
        )
        for place, page in sorted(done.pages.items())
    ]
    return table([tr("Step"), tr("Done at"), tr("Took"), tr("Measured")], rows)


def _measured(place: int, page: PageDone, lesson: Lesson | None) -> str:
    """Return what was measured in the step, in the language of the report where it can be told anew."""
    step = lesson.pages[place] if lesson is not None and place < len(lesson.pages) else None
    checks = step.checks if isinstance(step, LessonStep) else ()
    if lesson is None or len(checks) != len(page.values) or not all(map(_fits, checks, page.values)):
        return "; ".join(page.measured)
    with speaking_of(noun_at(lesson, place)):
        return "; ".join(starmap(_told, zip(checks, page.values, strict=True)))


def _told(check: Condition, value: float | str | None) -> str:
    told = value_told(check, Reading(True, value))
    return f"{tr(MEASURES[check.measure].title)}: {told}" if isinstance(check, MeasureCondition) else told


def _fits(check: Condition, value: float | str | None) -> bool:
    return isinstance(value, int | float if isinstance(check, MeasureCondition) else int | float | str)


def _answers(done: LessonProgress, lesson: Lesson | None) -> Iterable[str]:
    if lesson is None or not done.answers:
        return []
    quizzes: Mapping[int, Quiz] = {place: page for place, page in enumerate(lesson.pages) if isinstance(page, Quiz)}
    rows = []
    for place, answer in sorted(done.answers.items()):
        page, _, question = place.partition(".")
        quiz = quizzes.get(int(page)) if page.isdecimal() else None
        if quiz is not None and question.isdecimal() and int(question) < len(quiz.questions):
            asked = quiz.questions[int(question)]
            given = asked.answers[answer.chosen] if answer.chosen < len(asked.answers) else ""
            rows.append((asked.text, given, tr("right") if answer.right else asked.answers[asked.right]))
    return [table([tr("Question"), tr("First answer"), tr("Right answer")], rows)] if rows else []


def _lasted(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), _MINUTE)
    return tr("{minutes} min {seconds} s", minutes=number(minutes), seconds=number(rest))
