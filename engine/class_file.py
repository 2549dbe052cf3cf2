"""What a teacher fixes for a class, as one readable file: recipe, options, lesson, language, time, what is locked.

    {"duelo-class": 1, "title": "Collapse", "language": "es", "recipe": "dcgan-3-8", "options": {"epochs": 5},
     "lesson": "07-mode-collapse", "minutes": 45, "locked": ["recipe", "dataset"], "hidden": ["networks", "loss"]}

Whatever is left out is free. ``locked`` and ``hidden`` name options or groups of options, or the same ones: what is
locked stays as it is; what is hidden is out of sight, so that nobody sets it by hand, and recipes and cures still work.
Knows no window.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from engine import files
from engine.config import GROUP_TITLES, OPTIONS, Config
from engine.datasets.sets import dataset
from engine.errors import UserError, UserErrors, reason, unknown_name
from engine.i18n import LANGUAGES, number, tr
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
        """Raise ``UserErrors``: recipe, data, options or groups that do not exist, values that cannot be."""
        wrong: list[UserError] = []
        try:
            dataset(self.config().dataset)
        except UserError as error:
            wrong.append(error)
        known = (*GROUP_TITLES, *OPTIONS, *ABOVE)
        for name in (*self.locked, *self.hidden):
            if name not in known:
                wrong.append(unknown_name(tr("There is no option or group “{name}”.", name=name), name, known))
        if wrong:
            raise UserErrors(wrong)

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
    """Return the class in the file ``path``; raises ``UserError``: what is wrong, each in a sentence, and its mend."""
    content = _content(path)
    if not isinstance(content, dict) or type(schema := content.pop(_KEY, None)) is not int:
        raise UserError(tr("“{path}” is no class file.", path=path), _made_anew())
    if schema > SCHEMA:
        raise UserError(tr("“{path}” was made by a newer Duelo.", path=path), tr("Update Duelo to open this class."))
    try:
        found = ClassFile.model_validate(content)
        found.check()
    except ValidationError as error:
        # Of a list or of options each faulty entry is one; what is told is the whole.
        places = dict.fromkeys(str(each["loc"][0]) for each in error.errors())
        wrong = [_refused(plain(place, LONGEST_NAME)) for place in places]
    except UserError as error:
        wrong = list(error.each)
    else:
        return found
    raise UserErrors(
        [UserError(tr("“{path}” has a mistake: {reason}", path=path, reason=it.message), it.hint) for it in wrong]
    )


def read_or_tell(path: Path) -> ClassFile | UserError:
    """Return the class in the file ``path``, or what is wrong with it."""
    try:
        return read(path)
    except UserError as error:
        return error


def _content(path: Path) -> Any:
    real = path.resolve()  # a link that somebody put on the desktop is as good as the file
    try:
        with files.open_plain(real, real.parent) as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UserError(
            tr("“{path}” cannot be read: {reason}.", path=path, reason=reason(error)), tr("Choose a class file.")
        ) from error
    if not data.strip():
        raise UserError(tr("“{path}” is empty.", path=path), _made_anew())
    try:
        return json.loads(data.decode("utf-8-sig")) if len(data) <= _MOST_BYTES else None
    except json.JSONDecodeError as error:
        raise UserError(
            tr("“{path}”, line {line}: this is no class file.", path=path, line=error.lineno),
            tr("A comma, a quotation mark or a bracket may be missing there or just before; or make the file anew."),
        ) from None
    except (ValueError, RecursionError) as error:
        raise UserError(tr("“{path}” is no class file.", path=path), _made_anew()) from error


def _made_anew() -> str:
    return tr("Make it anew with “Make a class file…” in the menu File.")


def _refused(place: str) -> UserError:
    """Say what the class file can say at ``place``, where it says something else."""
    match place:
        case "title":
            wanted = tr("Write a text of at most {count} characters.", count=number(LONGEST_NAME))
        case "language":
            wanted = tr("Choose one of: {choices}.", choices=", ".join(LANGUAGES))
        case "minutes":
            wanted = tr("Write a whole number from 0 to {most}.", most=number(MOST_MINUTES))
        case "recipe" | "lesson":
            wanted = tr("Write a name in quotation marks.")
        case "options":
            wanted = tr("Write the options with their values, such as {example}.", example='{"epochs": 5}')
        case "locked" | "hidden":
            wanted = tr("Write a list of names, such as {example}.", example='["recipe", "g_lr"]')
        case _:
            return unknown_name(tr("A class file fixes no “{name}”.", name=place), place, ClassFile.model_fields)
    return UserError(tr("“{name}” cannot be that.", name=place), wanted)


def write(found: ClassFile, path: Path) -> Path:
    """Write ``found`` to ``path``; raises ``UserError``. Returns ``path``."""
    found.check()
    content = {_KEY: SCHEMA, **found.model_dump(mode="json", exclude_defaults=True)}
    files.write_atomically(path, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())
    return path
