"""Answers of a blind duel and the file that keeps them, one to a line: ``duels.jsonl`` beside what was compared."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, get_args

from engine import files
from engine.runs import jsonl

Question = Literal["better", "varied"]
Said = Literal["left", "right", "equal", "skip"]
FILE = "duels.jsonl"

_LONGEST = 500  # letters of the name of a run's folder


def _token() -> str:
    return secrets.token_hex(6)


def _now() -> str:
    return datetime.now().astimezone().isoformat(timespec="seconds")


@dataclass(frozen=True)
class Answer:
    """Of two, ``left`` and ``right``, one was chosen for a ``question``, or both are alike, or nobody could say.

    ``token`` is its own, so that it can be taken back; ``when`` it was given in ISO 8601.
    """

    question: Question
    left: str
    right: str
    said: Said
    token: str = field(default_factory=_token)
    when: str = field(default_factory=_now)

    def is_about(self, one: str, other: str) -> bool:
        """Whether these two stood beside each other, on whichever side."""
        return {self.left, self.right} == {one, other}


@dataclass(frozen=True)
class _TakenBack:
    token: str


class Answers:
    """The answers in ``path``, which only grows: what is taken back is a line, too. Several windows may add to it.

    A line that cannot be read, torn by a power cut, spoils no other. Reading raises nothing, writing ``DiskError``.
    """

    def __init__(self, path: Path) -> None:
        self.path = path

    def read(self) -> list[Answer]:
        """Return the answers that count, in the order in which they were given."""
        try:
            with files.open_plain(self.path, self.path.parent) as file:
                records = list(jsonl.read_each(file, _parse))
        except OSError:
            return []
        gone = {record.token for record in records if isinstance(record, _TakenBack)}
        return [record for record in records if isinstance(record, Answer) and record.token not in gone]

    def add(self, answer: Answer) -> None:
        """Keep ``answer``."""
        self._append(asdict(answer))

    def take_back(self, answer: Answer) -> None:
        """Let ``answer`` not count any more."""
        self._append({"taken_back": answer.token})

    def _append(self, record: dict[str, str]) -> None:
        with files.telling_disk_errors(self.path):
            self.path.parent.mkdir(parents=True, exist_ok=True)
        files.append(self.path, ("\n" if self._is_torn() else "") + json.dumps(record) + "\n")

    def _is_torn(self) -> bool:
        """Whether the last line has no end, which the next one would be lost behind."""
        try:
            with files.open_plain(self.path, self.path.parent) as file:
                if not file.seek(0, os.SEEK_END):
                    return False
                file.seek(-1, os.SEEK_END)
                return file.read(1) != b"\n"
        except OSError:
            return False


def about(answers: Iterable[Answer], question: Question, keys: Iterable[str]) -> list[Answer]:
    """Return those of ``answers`` to ``question`` in which two of ``keys`` met."""
    known = set(keys)
    return [each for each in answers if each.question == question and {each.left, each.right} <= known]


def _parse(record: Any) -> Answer | _TakenBack:
    if not isinstance(record, dict) or not all(isinstance(value, str) for value in record.values()):
        raise ValueError("no record")
    if any(len(value) > _LONGEST for value in record.values()):
        raise ValueError("too long")
    if "taken_back" in record:
        return _TakenBack(record["taken_back"])
    answer = Answer(**record)
    if answer.question not in get_args(Question) or answer.said not in get_args(Said) or answer.left == answer.right:
        raise ValueError("an unknown question or answer")
    return answer
