"""What a student reached, in one file of the home: which pages are done and when, what was answered.

    lesson-progress.json
    {"duelo-lessons": 1, "lessons": {"01-what-is-a-gan": {
        "title": "What a GAN is", "begun": "2026-11-26T10:00:00", "page": 2, "runs": ["2026-…_studio"],
        "language": "en", "outline": [[["Before you begin"], ["Which network looks at real pictures?", "…", "…"]], …],
        "pages": {"1": {"title": "Train", "done": "2026-11-26T10:03:12", "seconds": 48.5, "measured": ["120"]}},
        "answers": {"0.0": {"chosen": 1, "right": true, "when": "2026-11-26T10:00:20"}}}}}

``of_run()`` is the door for whoever reports on it. Pages count from 0, an answer is called “page.question”, times are
local. The file is replaced as a whole whenever something happens, so that a crash loses nothing; one that is damaged,
or of the student before, is put aside under another name. Knows no window.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from engine import files
from engine.errors import DiskError, UserError
from engine.i18n import tr
from engine.lessons.outline import Outline, plain_outline
from engine.text import LONGEST_NAME, plain

SCHEMA = 1
_MOST_BYTES = 8 * 2**20
_MOST = 1000


@dataclass(frozen=True)
class PageDone:
    """``title`` and ``measured``, in words, are in the language in which it was read; ``seconds`` are from its opening.

    ``values`` are what was measured for its checks, to be told in another language.
    """

    title: str
    done: str
    seconds: float = 0.0
    measured: tuple[str, ...] = ()
    values: tuple[float | str | None, ...] = ()


@dataclass(frozen=True)
class Answered:
    """The place of the answer ``chosen`` first, whether it was the right one, and the one chosen last, if another."""

    chosen: int
    right: bool
    when: str
    last: int | None = None


@dataclass
class LessonProgress:
    """How far one lesson is; ``page`` is the one that was open last, ``runs`` are the names of its runs.

    ``outline`` is what stood where when it was read last, in ``language``.
    """

    title: str = ""
    begun: str = ""
    page: int = 0
    runs: list[str] = field(default_factory=list)
    pages: dict[int, PageDone] = field(default_factory=dict)
    answers: dict[str, Answered] = field(default_factory=dict)
    language: str = ""
    outline: Outline = ()

    def is_done(self, page: int) -> bool:
        """Whether ``page`` is done."""
        return page in self.pages

    def share(self, pages: int) -> float:
        """Return how much of a lesson with so many ``pages`` is done, 0 to 1."""
        return min(len([page for page in self.pages if page < pages]) / max(pages, 1), 1.0)


def path() -> Path:
    """Return where the file lies."""
    return files.home() / "lesson-progress.json"


def read(place: Path | None = None) -> dict[str, LessonProgress]:
    """Return the progress in each lesson, by its name; raises ``UserError`` where the file is damaged or newer."""
    place = place or path()
    if not os.path.lexists(place):
        return {}
    try:
        with files.open_plain(place, place.parent) as file:
            data = file.read(_MOST_BYTES + 1)
        content: Any = json.loads(data) if len(data) <= _MOST_BYTES else None
        schema, lessons = content["duelo-lessons"], content["lessons"]
        if type(schema) is int and schema > SCHEMA:
            raise UserError(
                tr("“{path}” was written by a newer Duelo.", path=place), tr("Update Duelo to go on with the lessons.")
            )
        return {plain(name, LONGEST_NAME): _lesson(each) for name, each in list(lessons.items())[:_MOST]}
    except UserError:
        raise
    except (OSError, ValueError, TypeError, LookupError, AttributeError, RecursionError) as error:
        raise UserError(
            tr("“{path}” is damaged.", path=place),
            tr("Remove it, or bring back a copy; lessons begin anew until then."),
        ) from error


def read_or_begin(place: Path | None = None) -> tuple[dict[str, LessonProgress], UserError | None]:
    """Return the same, or nothing and what is wrong: the damaged file is put aside, and nothing of it is lost."""
    place = place or path()
    try:
        return read(place), None
    except UserError as error:
        with suppress(DiskError):
            if aside := put_aside(place):
                told = tr("It is called “{name}” now, and lessons begin anew.", name=aside.name)
                error = UserError(error.message, told)
        return {}, error


def put_aside(place: Path | None = None) -> Path | None:
    """Let lessons begin anew: give the file another name, and return it; None without one. Raises ``DiskError``."""
    place = place or path()
    if not os.path.lexists(place):
        return None
    aside = place.with_name(f"{place.stem}-{datetime.now():%Y-%m-%d_%H-%M-%S}{place.suffix}")
    while os.path.lexists(aside):
        aside = aside.with_stem(f"{aside.stem}-")
    with files.telling_disk_errors(place):
        os.replace(place, aside)
    return aside


def of_run(run: str) -> dict[str, LessonProgress]:
    """Return the progress in each lesson that was done with the run ``run``, whichever student's; raises ``UserError``.

    What was put aside counts: the student who trained it may hand in a report when another one has begun.
    """
    before = sorted(path().parent.glob(f"{path().stem}-*{path().suffix}"))[-_MOST:]
    found: dict[str, LessonProgress] = {}
    for place in before:
        with suppress(UserError):  # it was damaged
            found |= _with(run, read(place))
    return found | _with(run, read())


def _with(run: str, lessons: Mapping[str, LessonProgress]) -> dict[str, LessonProgress]:
    return {name: each for name, each in lessons.items() if run in each.runs}


def write(lessons: Mapping[str, LessonProgress], place: Path | None = None) -> None:
    """Replace the file; raises ``DiskError``."""
    place = place or path()
    content = {"duelo-lessons": SCHEMA, "lessons": {name: asdict(each) for name, each in lessons.items()}}
    with files.telling_disk_errors(place):
        place.parent.mkdir(parents=True, exist_ok=True)
    files.write_atomically(place, json.dumps(content, indent=1, ensure_ascii=False).encode(), shared=True)


def _lesson(content: Mapping[str, Any]) -> LessonProgress:
    """Return what an entry says, whatever else a later version wrote into it."""
    pages = {int(page): _record(PageDone, each) for page, each in list(content.get("pages", {}).items())[:_MOST]}
    answers = {
        str(name)[:20]: _record(Answered, each) for name, each in list(content.get("answers", {}).items())[:_MOST]
    }
    runs = [plain(str(name), LONGEST_NAME) for name in content.get("runs", [])[-_MOST:]]
    title, begun, language = (
        plain(str(content.get(name, "")), LONGEST_NAME) for name in ("title", "begun", "language")
    )
    page, outline = max(int(content.get("page", 0)), 0), plain_outline(content.get("outline", [])[:_MOST])
    return LessonProgress(title, begun, page, runs, pages, answers, language, outline)


def _record(kind: Any, content: Mapping[str, Any]) -> Any:
    known = (each for each in fields(kind) if each.name in content)
    return kind(**{each.name: _MAKERS[str(each.type)](content[each.name]) for each in known})


def _value(content: Any) -> float | str | None:
    return content if isinstance(content, int | float) or content is None else plain(str(content), LONGEST_NAME)


_MAKERS: dict[str, Callable[[Any], Any]] = {
    "str": lambda it: plain(str(it), LONGEST_NAME),
    "int": int,
    "int | None": lambda it: None if it is None else int(it),
    "bool": bool,
    "float": float,
    "tuple[float | str | None, ...]": lambda it: tuple(map(_value, it[:_MOST])),
    "tuple[str, ...]": lambda it: tuple(plain(str(each), LONGEST_NAME) for each in it[:_MOST]),
}
