"""The lessons that there are: those that come with Duelo, and files that a teacher put into ``lessons`` in the home.

A file is called NAME.en.md or NAME.es.md, or NAME.md for every language. Knows no window.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from engine import files
from engine.errors import UserError, reason, unknown_name
from engine.i18n import LANGUAGES, tr
from engine.lessons import parsing
from engine.lessons.lesson import Lesson
from engine.lessons.outline import are_alike, fit, outline_of
from engine.lessons.progress import LessonProgress
from engine.resources import RESOURCES
from engine.text import LONGEST_NAME, plain

SHIPPED = RESOURCES / "lessons"
_FILE = re.compile(rf"(?P<name>[^.].*?)(?:\.(?P<language>{'|'.join(LANGUAGES)}))?\.md", re.IGNORECASE)
_MOST_FILES = 1000


@dataclass(frozen=True)
class Library:
    """``lessons`` in all their languages, and what was left out, each with its reason."""

    lessons: tuple[Lesson, ...] = ()
    faults: tuple[UserError, ...] = ()

    def names(self) -> list[str]:
        """Return the names of the lessons, in the order in which they are learned."""
        return list(dict.fromkeys(lesson.name for lesson in self.lessons))

    def in_language(self, name: str, language: str) -> Lesson:
        """Return the lesson ``name`` in ``language``, or in another one where there is none; raises ``UserError``."""
        found = {lesson.language: lesson for lesson in self.lessons if lesson.name == name}
        if not found:
            raise unknown_name(tr("There is no lesson “{name}”.", name=name), name, self.names())
        return found.get(language) or found.get("") or next(iter(found.values()))

    def begun(self, name: str, language: str, progress: LessonProgress) -> Lesson:
        """Return the lesson ``name`` for somebody who reached ``progress`` in it; raises ``UserError``.

        What was reached follows its pages to where they stand by now. Where a teacher changed the lesson in one
        language alone, it stays in that in which it was begun.
        """
        read = self.in_language(name, progress.language)
        fit(progress, read)
        lesson = self.in_language(name, language)
        is_same = not (progress.pages or progress.answers) or are_alike(outline_of(lesson), progress.outline)
        return lesson if is_same or not progress.outline else read


def folder() -> Path:
    """Return where a teacher's own files lie."""
    return files.home() / "lessons"


def read(path: Path, *, is_own: bool = True) -> Lesson:
    """Return the lesson in the file ``path``; raises ``UserError``."""
    found = _FILE.fullmatch(path.name)
    if found is None:
        raise UserError(
            tr("“{path}” is no lesson: its name does not end with .md.", path=path),
            tr("Call it NAME.en.md or NAME.es.md."),
        )
    try:
        with files.open_plain(path, path.parent) as file:
            data = file.read(parsing.MOST_BYTES + 1)
    except OSError as error:
        raise UserError(
            tr("“{path}” cannot be read: {reason}.", path=path, reason=reason(error)),
            tr("Choose the file of a lesson."),
        ) from error
    if len(data) > parsing.MOST_BYTES:
        raise UserError(tr("“{path}” is far too large for a lesson.", path=path), tr("Choose the file of a lesson."))
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise UserError(
            tr("“{path}”, line {line}: this is no text in UTF-8.", path=path, line=line),
            tr("Save the file again as UTF-8."),
        ) from None
    name = plain(found["name"], LONGEST_NAME)
    return parsing.parse(text, name, language=(found["language"] or "").lower(), is_own=is_own, file=path.name)


def load() -> Library:
    """Read all files anew; a teacher's file replaces one that comes along with the same name and language."""
    lessons: dict[tuple[str, str], Lesson] = {}
    faults: list[UserError] = []
    for place in (SHIPPED, folder()):
        for path in _files(place):
            try:
                lesson = read(path, is_own=place != SHIPPED)
                lessons[lesson.name, lesson.language] = lesson
            except UserError as error:
                faults.extend(error.each)
    return Library(tuple(lessons.values()), tuple(faults))


def _files(place: Path) -> Iterator[Path]:
    try:
        names = sorted(os.listdir(place))
    except OSError:
        return
    fitting = [name for name in names if _FILE.fullmatch(name) and name.lower() != "readme.md"]
    yield from (place / name for name in fitting[:_MOST_FILES])
