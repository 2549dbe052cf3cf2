"""What a person says of a run, ``about.json``: its name. Knows no folder."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import BinaryIO

from engine.text import LONGEST_NAME, plain

_MOST_BYTES = 2**20


@dataclass(frozen=True)
class About:
    """``name`` is one plain, short line, empty where the run goes by that of its folder."""

    name: str = ""


def to_json(about: About) -> bytes:
    """Return the text of ``about.json``."""
    return json.dumps({"name": plain(about.name.strip(), LONGEST_NAME)}, indent=2).encode()


def read_about(file: BinaryIO) -> About:
    """Read ``about.json``, whatever else a later version wrote into it; raises ``ValueError`` when it is damaged."""
    data = file.read(_MOST_BYTES + 1)
    content = json.loads(data) if len(data) <= _MOST_BYTES else None
    name = content.get("name", "") if isinstance(content, dict) else None
    if not isinstance(name, str):
        raise ValueError("no record")
    return About(plain(name.strip(), LONGEST_NAME))
