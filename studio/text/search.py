"""Words as a search compares them: without case and accents. Qt-free."""

from __future__ import annotations

import unicodedata


def folded(text: str) -> str:
    """Return ``text`` in small letters without accents, "Época" as "epoca"."""
    parts = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in parts if not unicodedata.combining(letter))
