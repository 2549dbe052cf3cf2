"""Output that any terminal and any pipe can take: what an encoding lacks becomes the nearest that it has.

Knows nothing of what is said.
"""

from __future__ import annotations

import codecs
import io
import sys
import unicodedata

_HANDLER = "duelo.legible"
_NEAREST = str.maketrans(
    {
        **dict.fromkeys("“”„«»", '"'),
        **dict.fromkeys("‘’‹›", "'"),
        **dict.fromkeys("–—−·", "-"),
        **dict.fromkeys("•●", "*"),
        **{"×": "x", "÷": "/", "⚠": "!", "→": "->", "≥": ">=", "≤": "<=", "≈": "~", "¿": "", "¡": "", "ß": "ss"},
    }
)


def prepare() -> None:
    """Let standard output and standard error take every text from now on."""
    codecs.register_error(_HANDLER, _replace)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=_HANDLER)


def _replace(error: UnicodeError) -> tuple[str | bytes, int]:
    if not isinstance(error, UnicodeEncodeError):
        raise error
    character = error.object[error.start]
    if "\udc80" <= character <= "\udcff":  # a byte of a file's name that is no text: as it is, so that it can be used
        return bytes([ord(character) - 0xDC00]), error.start + 1
    return _nearest(character, error.encoding), error.start + 1


def _nearest(character: str, encoding: str) -> str:
    """Return what stands for ``character`` in ``encoding``: a sign of the same kind, the bare letter, or its number."""
    kind, _, name = unicodedata.name(character, "").partition(" LETTER ")
    if kind == "GREEK SMALL":
        return name.lower()
    plain = unicodedata.normalize("NFKD", character.translate(_NEAREST))
    bare = "".join(part for part in plain if not unicodedata.combining(part))
    try:
        bare.encode(encoding)
    except UnicodeEncodeError:
        return character.encode("ascii", "backslashreplace").decode()
    return bare
