"""A lesson as a text file: Markdown with a few lines in it that mean something. Read strictly, with line numbers.

    # What a GAN is                       the title; below it minutes, and what the lesson is about
    minutes: 6

    ## Before you begin                   a part with answers in it is a quiz: question, answers, explanation
    Who sees real pictures?
    - [ ] G
    - [x] D
    > G never sees one.

    ## Train                              any other part is a step
    Press **Train**.                      what to do, in Markdown
    why: What you see is learned from nothing.
    set: recipe=studio; epochs=4          options that one click takes
    point: train_button                   the object name of a control, which gets a frame
    picture: duel                         a drawing
    check: steps >= 100                   what must be measured; several lines must be true together
    hint: Space does the same.            offered after a minute; “hint 20:” after 20 seconds
    hint 20 resting: Press Train.         while nothing trains; “hint 20 training:” while what counts here trains
    wrong d-wins: D is far ahead.         said while that trouble is named
    workspace: train                      where the step takes place; one with options in Train, if it does not say

What one of these lines says may go on in the next ones, if they begin with two spaces. All mistakes are told at once.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from engine.config import option, parse_value
from engine.datasets.sets import dataset
from engine.diagnosis.own import DETECTORS
from engine.errors import UserError, UserErrors, unknown_name
from engine.i18n import LANGUAGES, joined, tr
from engine.lessons import conditions
from engine.lessons.lesson import HINT_MOMENTS, PICTURES, WORKSPACES, Hint, Lesson, LessonStep, Preset, Question, Quiz
from engine.numbers import NotTaken, read_number
from engine.recipes import recipe
from engine.text import LONGEST_NAME, plain

MOST_BYTES = 256 * 1024
HINT_SECONDS = 60
_MOST_MINUTES = 600
_KEYS = ("why", "set", "point", "picture", "check", "hint", "wrong", "workspace")
_HEAD_KEYS = ("minutes", "language")
_KEY_LINE = re.compile(r"(?P<key>[a-z]+)(?: +(?P<what>\d+ +[a-z]+|[\w-]+))?: *(?P<value>.*)")
_ANSWER = re.compile(r"- \[(?P<mark>[ xX])\] +(?P<text>\S.*)")
_POINT = re.compile(r"\w{1,80}")
_UNIT = re.compile(r"(?<=\d) (?=%)")  # no line ends between the two
_ALIKE = 0.7


@dataclass
class _Line:
    """Line ``number``, from 1; what begins with two spaces was added to the line before."""

    number: int
    text: str


class _Mistakes:
    """What is wrong so far, each with the number of its line; what comes after one is read all the same."""

    def __init__(self) -> None:
        self.found: list[tuple[int, UserError]] = []

    def add(self, line: _Line, message: str, hint: str) -> None:
        self.found.append((line.number, UserError(message, hint)))

    @contextmanager
    def at(self, line: _Line) -> Iterator[None]:
        """Add what is raised within, as wrong in ``line``."""
        try:
            yield
        except UserError as error:
            self.add(line, error.message, error.hint)


@dataclass
class _Part:
    """What stands below the heading ``head``."""

    head: _Line
    lines: list[_Line] = field(default_factory=list)


def parse(text: str, name: str, *, language: str = "", is_own: bool = False, file: str = "") -> Lesson:
    """Return the lesson in ``text``; raises ``UserErrors``: every mistake in it, with ``file`` and its line."""
    wrong = _Mistakes()
    lesson = _lesson(text, name, language, is_own, wrong)
    if wrong.found:
        places = [
            (tr("“{file}”, line {line}:", file=file or name, line=number), error)
            for number, error in sorted(wrong.found, key=lambda found: found[0])
        ]
        raise UserErrors([UserError(joined(place, error.message), error.hint) for place, error in places])
    return lesson


def _lesson(text: str, name: str, language: str, is_own: bool, wrong: _Mistakes) -> Lesson:
    head, *parts = _parts(text)
    if not plain(head.head.text).strip():
        wrong.add(head.head, tr("The lesson has no title."), tr("Let the file begin with “# Title”."))
    told, keys = _split(head.lines, _HEAD_KEYS, wrong)
    minutes, spoken = 10, language
    for line, key, _, value in keys:
        with wrong.at(line):
            if key == "minutes":
                minutes = _number(value, 1, _MOST_MINUTES)
            elif value in LANGUAGES:
                spoken = value
            else:
                raise unknown_name(tr("There is no language “{name}”.", name=value), value, LANGUAGES)
    pages = tuple(_quiz(part, wrong) if _is_quiz(part) else _step(part, wrong) for part in parts)
    if not any(isinstance(page, LessonStep) for page in pages):
        wrong.add(head.head, tr("The lesson has no step."), tr("Write one below a line such as “## Train”."))
    return Lesson(name, head.head.text, minutes, told, pages, spoken, is_own)


def _parts(text: str) -> list[_Part]:
    """Return the head and the parts below it, each line made harmless."""
    found = [_Part(_Line(1, ""))]
    for number, raw in enumerate(text.splitlines(), 1):
        line = _Line(number, _UNIT.sub("\N{NO-BREAK SPACE}", plain(raw.rstrip())))
        if raw.startswith("## "):
            found.append(_Part(_Line(number, plain(raw[3:].strip(), LONGEST_NAME))))
        elif raw.startswith("# ") and len(found) == 1 and not found[0].head.text:
            found[0].head = _Line(number, plain(raw[2:].strip(), LONGEST_NAME))
        else:
            found[-1].lines.append(line)
    return found


def _is_quiz(part: _Part) -> bool:
    return any(line.text.startswith("- [") for line in part.lines)


# --- steps


_Key = tuple[_Line, str, str, str]
"""The line, the key, what it is about, and what it says."""


def _split(lines: Iterable[_Line], known: tuple[str, ...], wrong: _Mistakes) -> tuple[str, list[_Key]]:
    """Return the Markdown of ``lines``, and the lines of ``known`` keys in it, with what goes on below them."""
    texts: list[str] = []
    keys: list[_Key] = []
    goes_on = False
    for line in lines:
        if goes_on and line.text.startswith("  ") and line.text.strip():
            first, key, what, value = keys[-1]
            keys[-1] = (first, key, what, f"{value} {line.text.strip()}".strip())
            continue
        found = _KEY_LINE.fullmatch(line.text)
        goes_on = False
        with wrong.at(line):
            goes_on = found is not None and _is_key(found["key"], known)
        if found is not None and goes_on:
            keys.append((line, found["key"], found["what"] or "", found["value"].strip()))
        else:
            texts.append(line.text)
    return "\n".join(texts).strip(), keys


def _is_key(word: str, known: tuple[str, ...]) -> bool:
    """Whether ``word`` is a key, and not a text with a colon in it; raises where it looks like a slip of one."""
    if word in known:
        return True
    every = (*_KEYS, *_HEAD_KEYS)
    if word in every:
        raise UserError(
            tr("“{key}:” does not belong here.", key=word),
            tr("Here may stand: {choices}.", choices=", ".join(f"{key}:" for key in known)),
        )
    if near := difflib.get_close_matches(word, every, n=1, cutoff=_ALIKE):
        raise UserError(tr("“{key}:” means nothing.", key=word), tr("Did you mean {known}?", known=f"{near[0]}:"))
    return False


def _step(part: _Part, wrong: _Mistakes) -> LessonStep:
    text, keys = _split(part.lines, _KEYS, wrong)
    taken = _Taken()
    for line, key, what, value in keys:
        with wrong.at(line):
            if not value:
                raise UserError(tr("Nothing stands behind “{key}:”.", key=key), tr("Complete the line, or remove it."))
            if what and key not in ("hint", "wrong"):
                raise UserError(tr("“{what}” is too much here.", what=what), tr("Write “{key}:” alone.", key=key))
            _TAKERS[key](taken, what, value)
    if "set" in taken.once:
        taken.once.setdefault("workspace", "train")
    if not part.head.text:
        wrong.add(part.head, tr("The step has no title."), tr("Write it behind “##”."))
    if not text:
        wrong.add(part.head, tr("The step does not say what to do."), tr("Write it below its title."))
    return LessonStep(
        part.head.text,
        text,
        checks=tuple(taken.checks),
        sources=tuple(taken.sources),
        hints=tuple(taken.hints),
        wrong=dict(taken.wrong),
        setup=taken.once.pop("set", None),
        **taken.once,
    )


@dataclass
class _Taken:
    """What the keys of a step said so far; ``once`` is what can be said once, by its key."""

    checks: list[conditions.Condition] = field(default_factory=list)
    sources: list[str] = field(default_factory=list)
    hints: list[Hint] = field(default_factory=list)
    wrong: dict[str, str] = field(default_factory=dict)
    once: dict[str, Any] = field(default_factory=dict)

    def put(self, key: str, value: Any) -> None:
        if key in self.once:
            raise UserError(tr("The step says “{key}:” twice.", key=key), tr("Keep one."))
        self.once[key] = value


def _take_check(taken: _Taken, _what: str, value: str) -> None:
    taken.checks.append(conditions.parse(value))
    taken.sources.append(value)


def _take_hint(taken: _Taken, what: str, value: str) -> None:
    words = what.split()
    when = words.pop() if words and words[-1] in HINT_MOMENTS else ""
    if len(words) > 1:
        raise unknown_name(tr("A hint has no “{word}”.", word=words[-1]), words[-1], HINT_MOMENTS)
    seconds = _number(words[0], 1, 3600) if words else HINT_SECONDS * (len(taken.hints) + 1)
    taken.hints.append(Hint(seconds, value, when))


def _take_wrong(taken: _Taken, what: str, value: str) -> None:
    if what not in DETECTORS:
        message = tr("There is no trouble “{name}”.", name=what) if what else tr("“wrong” needs the name of a trouble.")
        raise unknown_name(message, what, DETECTORS)
    taken.wrong[what] = value


def _take_point(taken: _Taken, _what: str, value: str) -> None:
    if not _POINT.fullmatch(value):
        raise UserError(tr("“{name}” is no name of a control.", name=value), tr("Such as train_button or option_g_lr."))
    taken.put("point", value)


def _taking_one_of(key: str, choices: tuple[str, ...]) -> Callable[[_Taken, str, str], None]:
    def take(taken: _Taken, _what: str, value: str) -> None:
        if value not in choices:
            raise unknown_name(tr("“{key}” cannot be “{value}”.", key=key, value=value), value, choices)
        taken.put(key, value)

    return take


_TAKERS: dict[str, Callable[[_Taken, str, str], None]] = {
    "why": lambda taken, _what, value: taken.put("why", value),
    "check": _take_check,
    "hint": _take_hint,
    "wrong": _take_wrong,
    "set": lambda taken, _what, value: taken.put("set", _setup(value)),
    "point": _take_point,
    "picture": _taking_one_of("picture", PICTURES),
    "workspace": _taking_one_of("workspace", WORKSPACES),
}


def _setup(text: str) -> Preset:
    """Return the options of “recipe=studio; epochs=4”; raises ``UserError``."""
    pairs = [pair.partition("=") for pair in text.split(";") if pair.strip()]
    given = {name.strip(): value.strip() for name, _, value in pairs}
    chosen = given.pop("recipe", "studio")
    values = {name: parse_value(option(name).name, value) for name, value in given.items()}
    config = recipe(chosen).config(**values)
    dataset(config.dataset)
    config.check()
    return Preset(chosen, values)


# --- quizzes


def _quiz(part: _Part, wrong: _Mistakes) -> Quiz:
    questions: list[Question] = []
    told: list[str] = []
    for block in _blocks(part.lines):
        answers = [line for line in block if line.text.startswith("- [")]
        if answers:
            questions.append(_question(block, answers, wrong))
        else:
            told += [line.text for line in block]
    return Quiz(part.head.text, tuple(questions), "\n".join(told).strip())


def _blocks(lines: Iterable[_Line]) -> Iterator[list[_Line]]:
    """Yield the lines between empty ones."""
    block: list[_Line] = []
    for line in [*lines, _Line(0, "")]:
        if line.text.strip():
            block.append(line)
        elif block:
            yield block
            block = []


def _question(block: list[_Line], answers: list[_Line], wrong: _Mistakes) -> Question:
    first, place = block[0], block.index(answers[0])
    text = " ".join(line.text.strip() for line in block[:place])
    rest = block[place:]
    explanation = " ".join(line.text.lstrip("> ") for line in rest if line.text.startswith(">"))
    for line in rest:
        if not line.text.startswith((">", "- [")):
            wrong.add(
                line, tr("This line is neither an answer nor an explanation."), tr("Begin it with “- [ ]” or “>”.")
            )
    if not text:
        wrong.add(first, tr("The answers have no question."), tr("Write it in the line above them."))
    found = [_ANSWER.fullmatch(line.text) for line in answers]
    for line, each in zip(answers, found, strict=True):
        if each is None:
            wrong.add(line, tr("This is no answer."), tr("Write “- [ ] text”, or “- [x] text” for the right one."))
    marks = [each["mark"] != " " for each in found if each is not None]
    if len(marks) == len(found) and (sum(marks) != 1 or len(marks) < 2):
        wrong.add(
            answers[0],
            tr("Of the answers, one must be right, and at least one wrong."),
            tr("Mark the right one with “- [x]”, all others with “- [ ]”."),
        )
    if not explanation:
        wrong.add(
            answers[-1], tr("The answer is not explained."), tr("Write why below it, in a line that begins with “>”.")
        )
    right = marks.index(True) if True in marks else 0
    return Question(text, tuple(each["text"] for each in found if each is not None), right, explanation)


def _number(text: str, least: int, most: int) -> int:
    try:
        return int(read_number(text, least, most, whole=True))
    except NotTaken as error:
        raise UserError(tr("“{text}” is no such number.", text=text), str(error)) from None
