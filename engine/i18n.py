"""Translation of every sentence a person sees, in the engine as in the window.

English is the source; catalogs are gettext files in ``resources/translations``, and in the packages that add to Duelo.
This module knows nothing of Qt, so that the command line speaks Spanish where no window exists.
"""

from __future__ import annotations

import gettext
import os
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

from engine.resources import RESOURCES
from engine.text import plain


class NumberFormat(NamedTuple):
    """How a language writes numbers; whole parts of fewer than ``least_grouped`` digits stay in one piece."""

    decimal: str
    group: str
    least_grouped: int


LANGUAGES = {"en": "English", "es": "Español"}
# Spanish after the Academy (Ortografía, 2010): no point between thousands, which half of its readers take for a
# decimal sign, but a space, and none in four digits. The space is U+00A0, which old terminals and every font know.
_NUMBERS = {"en": NumberFormat(".", ",", 4), "es": NumberFormat(",", "\N{NO-BREAK SPACE}", 5)}
_DOMAIN = "duelo"

_catalog: gettext.NullTranslations = gettext.NullTranslations()
_catalogs: dict[str, gettext.NullTranslations] = {}
_more: tuple[tuple[str, Path], ...] = ()
_language = "en"
_OF_DATA = re.compile(r"\{data:([^{}]*)\}")


class Noun(NamedTuple):
    """What is learned from, as sentences say it: pictures, points, rows of a table.

    A sentence, and its translation, is written for pictures: "{data:The pictures} get worse", and in Spanish
    "{data:Las imágenes} empeoran". ``forms`` says in what this noun differs, with whatever has to agree with it:
    "an image: a point; images: points"; a source text, so that a translation says it in its own grammar.
    """

    name: str
    forms: str = ""

    def decline(self, phrase: str) -> str:
        """Return ``phrase``, written for pictures, as it is said of this noun in the current language."""
        if not self.forms:
            return phrase
        forms = dict(pair.split(": ") for pair in _catalog.gettext(self.forms).split("; "))
        longest_first = "|".join(map(re.escape, sorted(forms, key=len, reverse=True)))
        low = phrase[:1].lower() + phrase[1:]
        told = re.sub(rf"\b({longest_first})\b", lambda found: forms[found[1]], low)
        return told[:1].upper() + told[1:] if phrase[:1].isupper() else told


PICTURES = Noun("pictures")
_noun = PICTURES
_own_noun: ContextVar[Noun | None] = ContextVar("noun", default=None)


class Said(str):
    """What was said to a person in the language of that moment, and can be said ``again`` in another one.

    A copy is plain text.
    """

    say: Callable[[], str]
    catalog: gettext.NullTranslations
    """The one of that language: as long as it is the current one, ``say`` would say the same."""

    def __reduce__(self) -> tuple[type[str], tuple[str]]:
        return str, (str(self),)


def said(say: Callable[[], str]) -> Said:
    """Return what ``say`` says now; it is called again when the language changes."""
    catalog = _catalog
    text = Said(say())
    text.say, text.catalog = say, catalog
    return text


def again(value: object) -> Any:
    """Return a text in the current language, if it was said with the functions of this module; or ``value`` itself."""
    return said(value.say) if isinstance(value, Said) and value.catalog is not _catalog else value


def joined(*texts: str, between: str = " ") -> str:
    """Return the texts that are not empty as one, which can be said ``again`` as each of them can."""
    return said(lambda: between.join(filter(None, map(again, texts))))


def mark(text: str) -> str:
    """Mark ``text`` for translation where it is declared; ``tr`` translates it where it is shown."""
    return text


def tr(text: str, /, **values: object) -> str:
    """Return ``text`` in the current language, with ``{name}`` fields filled from ``values``.

    What is no number and was not said here may be a stranger's text, such as a file's name: it is made plain and short.
    """
    noun = noun_spoken_of()
    if not values:
        return _unfilled(text, noun, _catalog)
    return said(lambda: _filled(_catalog.gettext(text) if text else "", values, text, noun))


@lru_cache(maxsize=4096)  # the words of buttons and menus, which are asked for again and again
def _unfilled(text: str, noun: Noun, _in: gettext.NullTranslations) -> Said:
    return said(lambda: _filled(_catalog.gettext(text) if text else "", {}, text, noun))


def trn(singular: str, plural: str, count: int, /, **values: object) -> str:
    """Return the form for ``count`` in the current language; ``{count}`` is filled by itself, in its format."""
    source, noun = singular if count == 1 else plural, noun_spoken_of()
    return said(
        lambda: _filled(_catalog.ngettext(singular, plural, count), {"count": number(count), **values}, source, noun)
    )


def speak_of(noun: Noun) -> None:
    """Let every later sentence be about ``noun``, in all threads but those that are ``speaking_of`` another."""
    global _noun
    _noun = noun


@contextmanager
def speaking_of(noun: Noun) -> Iterator[None]:
    """Let what this thread says meanwhile be about ``noun``."""
    token = _own_noun.set(noun)
    try:
        yield
    finally:
        _own_noun.reset(token)


def noun_spoken_of() -> Noun:
    """Return what sentences are about now."""
    return _own_noun.get() or _noun


def _filled(text: str, values: Mapping[str, object], source: str, noun: Noun) -> str:
    """Return ``text`` with its fields filled, or ``source`` where a stranger's translation has other fields."""
    if "{data:" in text:
        text, source = (_OF_DATA.sub(lambda found: noun.decline(found[1]), each) for each in (text, source))
    if not values:
        return text
    shown = {name: _shown(value) for name, value in values.items()}
    try:
        return text.format(**shown)
    except (LookupError, ValueError, AttributeError):
        return source.format(**shown)


def _shown(value: object) -> object:
    return again(value) if isinstance(value, Said | int | float) else plain(value)


def number(value: float, form: str = ",.12g") -> str:
    """Return ``value`` as plain digits in the current language's format; ``form`` is a format specification."""
    return said(lambda: _written(value, form))


def _written(value: float, form: str) -> str:
    if form.endswith("%"):
        return tr("{number}%", number=number(100 * value, f"{form[:-1]}f"))
    text = format(value, form)
    if "e" in text:
        text = format(value, "," * ("," in form) + ".12f").rstrip("0").rstrip(".")
    if "0" in text and not any(digit in text for digit in "123456789"):
        text = text.removeprefix("-")  # what is rounded to nothing has no sign
    style = number_format()
    if sum(map(str.isdigit, text.partition(".")[0])) < style.least_grouped:
        text = text.replace(",", "")
    return text.translate({ord(","): style.group, ord("."): style.decimal, ord("-"): "\N{MINUS SIGN}"})


def number_format() -> NumberFormat:
    """Return how the current language writes numbers."""
    return _NUMBERS[_language]


def language() -> str:
    """Return the code of the current language, a key of ``LANGUAGES``."""
    return _language


def set_language(code: str) -> None:
    """Switch every later ``tr`` to ``code``; an unknown code means English."""
    global _catalog, _language
    _language = code if code in LANGUAGES else "en"
    _catalog = _catalog_of(_language)


def read_catalogs() -> None:
    """Read those of all languages, so that a switch need not; for a thread beside a window."""
    for code in LANGUAGES:
        _catalog_of(code)


def set_more_catalogs(catalogs: Iterable[tuple[str, Path]]) -> None:
    """Look up in these, by domain and folder, what our own catalog does not hold; what was said can be said ``again``.

    Raises what reading a damaged one raises.
    """
    global _more
    _more = tuple(catalogs)
    _catalogs.clear()
    set_language(_language)


def _catalog_of(code: str) -> gettext.NullTranslations:
    """Return what is said in the language ``code``, read once."""
    if code not in _catalogs:
        catalog, *more = (
            gettext.translation(domain, localedir=folder, languages=[code], fallback=True)
            for domain, folder in ((_DOMAIN, RESOURCES / "translations"), *_more)
        )
        for each in more:
            catalog.add_fallback(each)
        _catalogs[code] = catalog
    return _catalogs[code]


def system_language(environment: Callable[[str], str | None] = os.environ.get) -> str:
    """Return the language that the environment asks for, or English."""
    for variable in ("DUELO_LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        code = (environment(variable) or "")[:2].lower()
        if code:
            return code if code in LANGUAGES else "en"
    return "en"


set_language(system_language())
