"""What a class keeps as it is, in words."""

from __future__ import annotations

from collections.abc import Iterable

from engine.config import OPTIONS
from engine.i18n import tr


def kept_told(names: Iterable[str]) -> str:
    """Return that a class keeps the options ``names`` as they are."""
    return tr("This class keeps as they are: {options}.", options=", ".join(tr(OPTIONS[it].label) for it in names))


def kept() -> str:
    """Return why one thing, gray as it stands there, cannot be changed."""
    return tr("Your class keeps this as it is.")
