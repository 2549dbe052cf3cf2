"""What a teacher fixes for a class, as one readable file: recipe, options, lesson, language, time, what is locked.

    {"duelo-class": 1, "title": "Collapse", "language": "es", "recipe": "dcgan-3-8", "options": {"epochs": 5},
     "lesson": "07-mode-collapse", "minutes": 45, "locked": ["recipe", "dataset"], "hidden": ["networks", "loss"]}

Whatever is left out is free. ``locked`` and ``hidden`` name options or groups of options. Knows no window.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine import files
from engine.config import GROUP_TITLES, OPTIONS, Config
from engine.errors import UserError, unknown_name
from engine.i18n import tr
from engine.recipes import DEFAULT_RECIPE, recipe
from engine.text import LONGEST_NAME, plain

ENDING = ".duelo-class"
SCHEMA = 1
MOST_MINUTES = 600
_KEY = "duelo-class"
_MOST_BYTES = 2**18
ABOVE = ("recipe", "dataset")
"""What stands in the run bar, and can be locked as options can."""


class ClassFile(BaseModel):
    """One class. ``language`` and ``lesson`` are empty where they are free, ``minutes`` 0 where time is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    title: str = Field("", max_length=LONGEST_NAME)
    language: Literal["", "en", "es"] = ""
    recipe: str = DEFAULT_RECIPE
    options: dict[str, Any] = Field(default_factory=dict)
    lesson: str = Field("", max_length=255)
    minutes: int = Field(0, ge=0, le=MOST_MINUTES)
    locked: tuple[str, ...] = ()
    hidden: tuple[str, ...] = ()

    def config(self) -> Config:
        """Return the options that the class begins with; raises ``UserError``."""
        config = recipe(self.recipe).config(**self.options)
        config.check()
        return config

    def check(self) -> None:
        """Raise ``UserError`` where a recipe, an option or a group does not exist, or a value cannot be."""
        self.config()
        known = (*GROUP_TITLES, *OPTIONS, *ABOVE)
        for name in (*self.locked, *self.hidden):
            if name not in known:
                raise unknown_name(tr("There is no option or group “{name}”.", name=name), name, known)

    def locked_options(self) -> frozenset[str]:
        """Return the options, and what stands in the run bar, that cannot be changed."""
        return _options_of(self.locked)

    def hidden_options(self) -> frozenset[str]:
        """Return the options that are not to be seen."""
        return _options_of(self.hidden)


def _options_of(names: Iterable[str]) -> frozenset[str]:
    wanted = set(names)
    found = {name for name, option in OPTIONS.items() if name in wanted or option.group in wanted}
    return frozenset(found | (wanted & set(ABOVE)))


def read(path: Path) -> ClassFile:
    """Return the class in the file ``path``; raises ``UserError``, one sentence on what is wrong and how to mend it."""
    try:
        with files.open_plain(path, path.parent) as file:
            data = file.read(_MOST_BYTES + 1)
        content = json.loads(data) if len(data) <= _MOST_BYTES else None
    except (OSError, ValueError, RecursionError) as error:
        raise UserError(
            tr("“{path}” cannot be read as a class file.", path=path),
            tr("Make it anew with “Make a class file…” in the menu File."),
        ) from error
    if not isinstance(content, dict) or type(schema := content.pop(_KEY, None)) is not int:
        raise UserError(
            tr("“{path}” is no class file.", path=path), tr("Make it anew with “Make a class file…” in the menu File.")
        )
    if schema > SCHEMA:
        raise UserError(tr("“{path}” was made by a newer Duelo.", path=path), tr("Update Duelo to open this class."))
    try:
        found = ClassFile.model_validate(content)
        found.check()
    except ValidationError as error:
        first = error.errors()[0]
        place = plain(".".join(map(str, first["loc"])), LONGEST_NAME)
        raise UserError(
            tr("“{path}” has a mistake at “{place}”: {reason}.", path=path, place=place, reason=first["msg"]),
            tr("Mend or remove it."),
        ) from None
    except UserError as error:
        raise UserError(tr("“{path}” has a mistake: {reason}", path=path, reason=error.message), error.hint) from None
    return found


def write(found: ClassFile, path: Path) -> Path:
    """Write ``found`` to ``path``; raises ``UserError``. Returns ``path``."""
    found.check()
    content = {_KEY: SCHEMA, **found.model_dump(mode="json", exclude_defaults=True)}
    files.write_atomically(path, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())
    return path
