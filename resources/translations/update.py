"""Bring the translations up to date with the sentences in the code; needs Babel (extra ``dev``).

Run ``python resources/translations/update.py`` whenever a sentence in the code or in a catalog has changed, and
translate what it lists in ``<language>/LC_MESSAGES/duelo.po``, until it lists nothing. Commit the .po and the .mo.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from babel.messages import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
_TEXTS = {"tr": 1, "mark": 1, "trn": 2}
"""The functions of ``engine.i18n`` and how many of their first arguments are texts."""

MessageId = str | tuple[str, str]
Place = tuple[str, int]


class _Catalog(Catalog):
    """A catalog whose header never changes by itself: no dates, names or versions, and the plurals that it ``has_had``.

    Babel's own list of plurals differs between its versions: 2.19 gives Spanish a third one, for millions.
    """

    def __init__(self, has_had: Catalog, **told: Any) -> None:
        super().__init__(**told)
        self._has_had = has_had

    @property
    def num_plurals(self) -> int:
        """How many forms a word for some has."""
        return self._has_had.num_plurals

    @property
    def plural_expr(self) -> str:
        """Which of the forms goes with a number."""
        return self._has_had.plural_expr

    @property
    def mime_headers(self) -> list[tuple[str, str]]:  # type: ignore[override]
        """Only what gettext and editors need."""
        return [
            ("Project-Id-Version", self.project),
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=utf-8"),
            ("Content-Transfer-Encoding", "8bit\n"),
        ]


def sources() -> list[Path]:
    """Return every file whose sentences a person may see."""
    return [ROOT / "main.py", *sorted((ROOT / "engine").rglob("*.py")), *sorted((ROOT / "studio").rglob("*.py"))]


def calls(path: Path) -> Iterator[tuple[ast.Call, list[ast.expr]]]:
    """Yield each call of ``tr``, ``trn`` or ``mark`` in a file and the arguments that are its texts.

    Reads the syntax tree and not, as Babel does, the tokens: before Python 3.12 these hide what is in an f-string.
    """
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in _TEXTS:
            yield node, node.args[: _TEXTS[node.func.id]]


def extract() -> dict[MessageId, list[Place]]:
    """Return every sentence in the code, in the order of the code, with its places."""
    found: dict[MessageId, list[Place]] = {}
    for path in sources():
        name = path.relative_to(ROOT).as_posix()
        for call, arguments in sorted(calls(path), key=lambda each: (each[0].lineno, each[0].col_offset)):
            texts = tuple(each.value for each in arguments if isinstance(each, ast.Constant))
            if texts and len(texts) == len(arguments):
                found.setdefault(texts if len(texts) > 1 else texts[0], []).append((name, call.lineno))
    return found


def languages() -> list[str]:
    """Return the languages that have a catalog."""
    return sorted(path.parent.name for path in HERE.glob("*/LC_MESSAGES"))


def po_path(language: str) -> Path:
    """Return the file that people translate."""
    return HERE / language / "LC_MESSAGES" / "duelo.po"


def mo_path(language: str) -> Path:
    """Return the file that Duelo reads."""
    return po_path(language).with_suffix(".mo")


def read(language: str) -> Catalog:
    """Return a language's catalog as it lies on disk, empty where there is none."""
    if not po_path(language).exists():
        return Catalog(locale=language)
    with po_path(language).open("rb") as file:
        return read_po(file, locale=language, ignore_obsolete=True, abort_invalid=True)


def merge(language: str, found: dict[MessageId, list[Place]]) -> Catalog:
    """Return a catalog of exactly the sentences ``found``, with what is already translated."""
    known = read(language)
    comment = f"# Duelo in the language “{language}”; update.py beside the folders keeps it complete."
    catalog = _Catalog(known, locale=language, project="Duelo", header_comment=comment, fuzzy=False)
    for identity, places in found.items():
        before = known.get(identity)
        keep = before if before is not None and before.id == identity else Message(identity)
        flags = keep.flags & {"fuzzy"}
        new = catalog.add(identity, keep.string, places, flags, user_comments=keep.user_comments)
        new.flags.discard("python-format")  # a guess that takes “100% is” for a field; ours are in braces
    return catalog


def is_done(message: Message) -> bool:
    """Whether a message is translated in all its forms and not marked as fuzzy."""
    forms = message.string if message.pluralizable else (message.string,)
    return all(forms) and not message.fuzzy


def main() -> int:
    """Update all languages; return 1 while anything is untranslated."""
    found = extract()
    open_count = 0
    for language in languages():
        catalog = merge(language, found)
        with po_path(language).open("wb") as file:
            write_po(file, catalog, width=110, include_lineno=False)
        with mo_path(language).open("wb") as file:
            write_mo(file, catalog)
        todo = [message for message in catalog if message.id and not is_done(message)]
        open_count += len(todo)
        print(f"{language}: {len(catalog)} sentences, {len(todo)} untranslated")
        for message in todo:
            print(f"  {message.locations[0][0]}: {message.id}")
    return int(open_count > 0)


if __name__ == "__main__":
    sys.exit(main())
