"""A stranger's text made harmless: one short line without anything that a terminal or a window would obey.

Names of classes, runs and files, values of options and messages of libraries pass through here before they are shown,
written or compared. Knows no language and no window.
"""

from __future__ import annotations

import re
import unicodedata

LONGEST_NAME = 80
LONGEST_VALUE = 2000

_ODD_SPACES = re.compile(r"[\s\u2028\u2029]+")
# What turns the reading order round, so that a text shows as another one; the rest of Cf joins letters and emoji.
_DIRECTIONS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")
_LONG_WORD = re.compile(r"\S{12,}")
_JOINT = re.compile(r"_+(?=\S)|-(?=[^\W\d])")
_LONG_PART = re.compile(r"[^\s\u200b]{15,}")
_PIECE = re.compile(r".{8}(?=.{4})")
_TAG = re.compile("<(?![\u2060…])")
_HARMLESS = re.compile("[ -;=-~“”…·–−áéíóúüñÁÉÍÓÚÑ¿¡]*")  # most texts, at once


def plain(text: object, longest: int = LONGEST_VALUE) -> str:
    """Return ``text`` as one line of at most ``longest`` characters; applied twice it changes nothing more.

    Control characters (and with them escape sequences), direction marks and half characters become "�", breaks of a
    line a space. A "<" is followed by an invisible word joiner, so that no toolkit takes it for the beginning of a tag.
    The middle of a long text gives way to "…": both ends tell it from others.
    """
    line = str(text)
    if len(line) > 2 * longest:  # before anything that takes time
        line = line[:longest] + line[-longest:]
    if not _HARMLESS.fullmatch(line):
        line = "".join(map(_harmless, _ODD_SPACES.sub(_space, line)))
        line = _TAG.sub("<\u2060", line)
    return line if len(line) <= longest else _shortened(line, longest)


def plain_lines(text: str, longest: int) -> str:
    """Return ``text`` with each of its lines made ``plain``, at most ``longest`` characters in all."""
    lines = text[:longest].splitlines()
    return "\n".join(plain(line, longest).rstrip() for line in lines)[:longest].strip()


def breakable(text: str) -> str:
    """Return ``text`` with invisible places in its long words at which a line may break, wherever it is narrow.

    They lie behind each "_", as in names of runs, behind a hyphen before a letter, and in what is long between two.
    """

    def cut(part: re.Match[str]) -> str:
        return _PIECE.sub("\\g<0>\u200b", part[0])

    return _LONG_WORD.sub(lambda word: _LONG_PART.sub(cut, _JOINT.sub("\\g<0>\u200b", word[0])), text)


def _space(found: re.Match[str]) -> str:
    """A single space of any width stays what it is; several, and every break of a line, become one."""
    return found[0] if len(found[0]) == 1 and unicodedata.category(found[0]) == "Zs" else " "


def _harmless(character: str) -> str:
    is_bad = unicodedata.category(character) in ("Cc", "Cs") or character in _DIRECTIONS
    return "\ufffd" if is_bad else character


def _shortened(line: str, longest: int) -> str:
    head = (longest - 1) * 2 // 3
    return f"{line[:head]}…{line[len(line) - (longest - 1 - head) :]}"
