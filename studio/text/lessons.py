"""How lessons are told wherever they are chosen. Qt-free."""

from __future__ import annotations

from collections.abc import Sequence

from engine.i18n import number, tr
from engine.lessons.lesson import Lesson

_ZERO = "00-"  # how the file begins of a lesson that comes before the first


def numbered(lessons: Sequence[Lesson]) -> list[str]:
    """Return the titles of ``lessons`` with their numbers, the same in every list."""
    first = 0 if lessons and lessons[0].name.startswith(_ZERO) else 1
    return [
        tr("{number}. {title}", number=number(place), title=lesson.title) for place, lesson in enumerate(lessons, first)
    ]
