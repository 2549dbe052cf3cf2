"""What a person says of a run, ``about.json``: its name, whether it is a favorite, a note. Knows no folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any, BinaryIO

from engine.text import LONGEST_NAME, plain, plain_lines

LONGEST_NOTE = 4000
_MOST_BYTES = 2**20


@dataclass(frozen=True)
class About:
    """``name`` is one plain, short line, empty where the run goes by that of its folder; ``note`` may have several."""

    name: str = ""
    star: bool = False
    note: str = ""


def to_json(about: About) -> bytes:
    """Return the text of ``about.json``."""
    return json.dumps(_said(about.name, about.star, about.note).__dict__, indent=2).encode()


def read_about(file: BinaryIO) -> About:
    """Read ``about.json``, whatever else a later version wrote into it; raises ``ValueError`` when it is damaged."""
    data = file.read(_MOST_BYTES + 1)
    content = json.loads(data) if len(data) <= _MOST_BYTES else None
    if not isinstance(content, dict):
        raise ValueError("no record")
    return about_of(content)


def about_of(content: dict[str, Any]) -> About:
    """Return what a record says; raises ``ValueError`` where an entry is of another type."""
    name, star, note = (content.get(entry, default) for entry, default in (("name", ""), ("star", False), ("note", "")))
    if not isinstance(name, str) or not isinstance(star, bool) or not isinstance(note, str):
        raise ValueError("an entry is of another type")
    return _said(name, star, note)


def _said(name: str, star: bool, note: str) -> About:
    return About(plain(name.strip(), LONGEST_NAME), star, plain_lines(note.strip(), LONGEST_NOTE))
