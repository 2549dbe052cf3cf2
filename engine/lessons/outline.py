"""What stood where in a lesson when a student read it, and where the same pages, questions and answers stand by now.

A teacher may put a step or a question into the middle of a lesson that students have begun: what was reached and
answered is kept by place, so it must follow its page, its question and its answer. Each is known again by its words, in
the language in which the lesson was read; one whose words were mended, by its place, where as many are there as before.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from engine.lessons.lesson import Lesson, Page, Quiz
from engine.text import plain

if TYPE_CHECKING:
    from engine.lessons.progress import LessonProgress

Outline = tuple[tuple[tuple[str, ...], ...], ...]
"""Of each page its title, alone, and then of each of its questions the text and the answers."""


def outline_of(lesson: Lesson) -> Outline:
    """Return what stands where in ``lesson``."""
    return plain_outline(((page.title,), *_asked(page)) for page in lesson.pages)


def plain_outline(pages: Iterable[Iterable[Iterable[object]]]) -> Outline:
    """Return an outline that was kept, its texts made plain."""
    return tuple(tuple(tuple(map(plain, part)) for part in page) for page in pages)


def are_alike(one: Outline, other: Outline) -> bool:
    """Whether the same stands where, as in a lesson and its translation: as many pages, questions and answers."""
    return [list(map(len, page)) for page in one] == [list(map(len, page)) for page in other]


def fit(progress: LessonProgress, lesson: Lesson) -> None:
    """Let what was reached follow its pages and questions to where they stand in ``lesson``, as it is by now.

    It says nothing of one that was read in another language. A page that is gone keeps its record behind the last one,
    and a report tells of it; a question that is gone is forgotten, and one whose chosen answer is, asked again.
    """
    then, now = progress.outline, outline_of(lesson)
    if not then or then == now or lesson.language != progress.language:
        return
    pages = _places([page[0][0] for page in then], [page[0][0] for page in now])
    progress.pages = {pages.get(place, len(now) + place): done for place, done in progress.pages.items()}
    progress.page = pages.get(progress.page, progress.page)
    old, new = _questions(then), _questions(now)
    places = _places([asked[0] for _, asked in old], [asked[0] for _, asked in new])
    answers, progress.answers, progress.outline = progress.answers, {}, now
    for place, (name, asked) in enumerate(old):
        if name in answers and place in places:
            new_name, asks = new[places[place]]
            now_at, answer = _places(asked[1:], asks[1:]), answers[name]
            chosen = now_at.get(answer.chosen)
            is_known = asked[0] == asks[0] or set(asked[1:]) & set(asks[1:])
            if is_known and chosen is not None:
                last = None if answer.last is None else now_at.get(answer.last)
                progress.answers[new_name] = replace(answer, chosen=chosen, last=last)


def _asked(page: Page) -> Iterable[tuple[str, ...]]:
    return ((each.text, *each.answers) for each in page.questions) if isinstance(page, Quiz) else ()


def _questions(outline: Outline) -> list[tuple[str, tuple[str, ...]]]:
    """Return each question with the name of its answer, “page.question”."""
    return [(f"{page}.{place}", asked) for page, parts in enumerate(outline) for place, asked in enumerate(parts[1:])]


def _places(then: Sequence[str], now: Sequence[str]) -> dict[int, int]:
    """Return where each text that is known again stands now; of equal ones the first is the first."""
    free = dict(enumerate(now))
    found: dict[int, int] = {}
    for place, text in enumerate(then):
        if (there := next((it for it, other in free.items() if other == text), None)) is not None:
            found[place] = there
            del free[there]
    mended = (place for place in range(len(then)) if place not in found and place in free)
    return found | ({place: place for place in mended} if len(then) == len(now) else {})
