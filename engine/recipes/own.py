"""Recipes of a person's own: a readable file each below the home, listed beside those that come with Duelo.

A file may come from a stranger. It holds texts and values of options, nothing that runs, and is checked as if every
byte of it were meant to do harm: it can do nothing but be refused.
"""

from __future__ import annotations

import json
import re
import threading
import unicodedata
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from engine import __version__, files
from engine.config import OPTIONS, Config, refusal
from engine.errors import UserError
from engine.i18n import tr
from engine.recipes import RECIPES, Recipe, check, recipe, working
from engine.text import LONGEST_NAME, plain, plain_lines

SCHEMA = 1
SUFFIX = ".json"
COMMANDS = ("list", "show", "save", "import", "export", "delete")
"""Words that the command line takes for something else than a recipe's name."""

_LONGEST_NOTE = 4000
_LONGEST_VALUE = 200
_MOST_BYTES = 64 * 1024
_MOST_FILES = 1000
_MOST_OPTIONS = 200
_MOST_CLASSES = 1000
_LARGEST = 10**15
_LONGEST_STEM = 50
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,63}")
_LEFT_OUT = {"recipe", "data_root", *(name for name, option in OPTIONS.items() if option.of_machine)}
"""Options of a machine or a place, which no recipe can know."""

_lock = threading.Lock()
_faults: list[UserError] = []


def folder() -> Path:
    """Return where the files lie."""
    return files.home() / "recipes"


def load() -> list[UserError]:
    """Read all files anew, list what they hold among the recipes, and return what was left out, with the reasons."""
    with _lock:
        for name in [entry.name for entry in RECIPES.values() if entry.is_own]:
            del RECIPES[name]
        for fault in _faults:
            if fault in RECIPES.faults:
                RECIPES.faults.remove(fault)
        _faults.clear()
        for path in _files():
            try:
                entry = read(path, path.stem)
                if path.stem in RECIPES:
                    raise UserError(tr("The name “{name}” is taken.", name=path.stem), tr("Rename the file."))
                RECIPES[entry.name] = entry
            except UserError as error:
                _faults.append(
                    UserError(tr("Your recipe “{name}” was left out.", name=path.name), error.whole),
                )
        RECIPES.faults.extend(_faults)
        return list(_faults)


def save(title: str, config: Config, note: str = "") -> Recipe:
    """Keep the options of ``config`` as a recipe; raises ``UserError``. One of the same title stays beside it."""
    title = plain(title.strip(), LONGEST_NAME)
    if not title:
        raise UserError(tr("A recipe needs a title."), tr("Write a few words that you will know it by."))
    config.check()
    usual = Config.of({"architecture": config.architecture, "loss": config.loss})
    names = (name for name in OPTIONS if name not in _LEFT_OUT)
    differing = {name: getattr(config, name) for name in names if getattr(config, name) != getattr(usual, name)}
    options = {"architecture": config.architecture, "loss": config.loss} | differing
    return _keep(_recipe(_free_name(title), title, note, options))


def read(path: Path, name: str) -> Recipe:
    """Return the recipe in the file ``path`` under ``name``; raises ``UserError`` for whatever is no recipe."""
    try:
        with files.open_plain(path, path.parent) as file:
            data = file.read(_MOST_BYTES + 1)
    except OSError as error:
        raise UserError(tr("“{path}” cannot be read.", path=path), tr("Choose the file of a recipe.")) from error
    try:
        content: Any = json.loads(data) if len(data) <= _MOST_BYTES else None
        schema = content["duelo-recipe"]
        title, note, options = content["title"], content.get("note", ""), content["options"]
        if type(schema) is not int or not all(isinstance(each, str) for each in (title, note, name)):
            raise ValueError("an entry is of another type")
        title = plain(title.strip(), LONGEST_NAME)
        if not title or not isinstance(options, dict) or len(options) > _MOST_OPTIONS:
            raise ValueError("no title, or no options")
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise UserError(
            tr("“{path}” is no recipe, or it is damaged.", path=path),
            tr("Choose a file that “recipes export” wrote, or copy it again."),
        ) from error
    if schema > SCHEMA:
        version = plain(content.get("duelo") or "?", 20)
        raise UserError(
            tr("“{path}” was made by a newer Duelo ({version}).", path=path, version=version),
            tr("Update Duelo to open it."),
        )
    if not _NAME.fullmatch(name) or name in COMMANDS:
        raise UserError(
            tr("“{name}” cannot be a name.", name=name), tr("A name is of small letters, digits and hyphens.")
        )
    entry = _recipe(name, title, note, _checked(options))
    check(entry)
    return entry


def import_recipe(path: Path) -> Recipe:
    """Keep the recipe in a file as one of one's own; raises ``UserError``. None is written over."""
    entry = read(path, "imported")
    return _keep(_recipe(_free_name(entry.title), entry.title, entry.summary, entry.options))


def export_recipe(name: str, out: Path) -> None:
    """Write the recipe ``name``, of whoever, as a file to give away; raises ``UserError``."""
    files.write_atomically(out, _to_json(recipe(name)))


def delete(name: str) -> None:
    """Remove one of one's own recipes; raises ``UserError``."""
    entry = recipe(name)
    if not entry.is_own:
        raise UserError(
            tr("The recipe “{name}” comes with Duelo.", name=name), tr("Only recipes of your own can be deleted.")
        )
    files.delete(folder() / f"{name}{SUFFIX}")
    del RECIPES[name]


def own() -> list[Recipe]:
    """Return the recipes of one's own."""
    return [entry for entry in RECIPES.values() if entry.is_own]


def _files() -> list[Path]:
    try:
        return sorted(path for path in folder().iterdir() if path.suffix == SUFFIX)[:_MOST_FILES]
    except OSError:
        return []


def _recipe(name: str, title: str, note: str, options: Mapping[str, Any]) -> Recipe:
    alike = (each for each in working() if each.architecture == options.get("architecture"))
    speed = next(alike, working()[0]).images_per_second
    return Recipe(name, title, plain_lines(note.strip(), _LONGEST_NOTE), "", speed, options, is_own=True)


def _keep(entry: Recipe) -> Recipe:
    with files.telling_disk_errors(folder()):
        folder().mkdir(parents=True, exist_ok=True)
    files.write_atomically(folder() / f"{entry.name}{SUFFIX}", _to_json(entry))
    RECIPES[entry.name] = entry
    return entry


def _to_json(entry: Recipe) -> bytes:
    note = entry.summary if entry.is_own else tr(entry.summary)
    kept = {name: value for name, value in entry.options.items() if name not in _LEFT_OUT}
    options = {"architecture": entry.architecture, **kept}
    content = {"duelo-recipe": SCHEMA, "duelo": __version__, "title": tr(entry.title), "note": note, "options": options}
    return json.dumps(content, indent=2, ensure_ascii=False).encode()


def _checked(options: dict[str, Any]) -> dict[str, Any]:
    """Return ``options`` if a recipe may have them, and each value is a simple one; their ranges are checked later."""
    for name, value in options.items():
        if name not in OPTIONS or name in _LEFT_OUT:
            raise UserError(
                tr("A recipe has no option “{name}”.", name=plain(name, LONGEST_NAME)),
                tr("Ask its author for a file that “recipes export” wrote."),
            )
        many = isinstance(value, list) and len(value) <= _MOST_CLASSES
        for part in value if many else [value]:
            is_text = isinstance(part, str) and len(part) <= _LONGEST_VALUE
            is_number = isinstance(part, int | float) and -_LARGEST <= part <= _LARGEST
            if not is_text and not is_number:
                raise refusal(
                    OPTIONS[name], plain(value, LONGEST_NAME), tr("It is a number, a word, or a list of numbers.")
                )
    return options


def _free_name(title: str) -> str:
    """Return a name made of the letters of ``title`` that no recipe has."""
    letters = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    stem = re.sub(r"[^a-z0-9]+", "-", letters).strip("-")[:_LONGEST_STEM] or "own"
    stem = f"own-{stem}" if stem in COMMANDS else stem
    names = (f"{stem}-{number}" if number > 1 else stem for number in range(1, 10**6))
    return next(name for name in names if name not in RECIPES and not (folder() / f"{name}{SUFFIX}").exists())
