"""Translations that a package brings along for what it adds: a gettext catalog of its own, told by an entry point."""

from __future__ import annotations

import gettext
from dataclasses import dataclass
from pathlib import Path

from engine import i18n
from engine.errors import UserError
from engine.i18n import tr
from engine.registry import Registry, its_author_should_know


@dataclass(frozen=True)
class Translations:
    """The gettext domain ``name``: ``folder``/LANGUAGE/LC_MESSAGES/``name``.mo for some of our languages."""

    name: str
    folder: Path


def _check(entry: Translations) -> None:
    """Raise ``UserError`` where there is no catalog, or a damaged one."""
    try:
        known = [
            gettext.translation(entry.name, entry.folder, [code]) for code in i18n.LANGUAGES if _is_there(entry, code)
        ]
    except Exception as error:  # a stranger's file may be anything
        raise UserError(
            tr("The catalog “{name}” cannot be read.", name=entry.name), its_author_should_know(error)
        ) from error
    if not known:
        raise UserError(
            tr("There is no catalog “{name}” in “{folder}”.", name=entry.name, folder=entry.folder),
            tr("Tell its author."),
        )


def _is_there(entry: Translations, code: str) -> bool:
    return gettext.find(entry.name, entry.folder, [code]) is not None


TRANSLATIONS = Registry("duelo.translations", Translations, (), _check)


def load() -> None:
    """Let everything that is said be looked up in what packages bring along, too."""
    i18n.set_more_catalogs((entry.name, entry.folder) for entry in TRANSLATIONS.values())
