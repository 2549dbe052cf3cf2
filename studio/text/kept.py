"""What a class keeps as it is, in words."""

from __future__ import annotations

from collections.abc import Iterable

from engine.class_file import ABOVE, ClassFile
from engine.config import GROUP_TITLES, OPTIONS
from engine.i18n import joined, tr


def kept_told(names: Iterable[str]) -> str:
    """Return that a class keeps the options ``names`` as they are."""
    return tr("This class keeps as they are: {options}.", options=", ".join(tr(OPTIONS[it].label) for it in names))


def class_kept_told(found: ClassFile) -> str:
    """Return what a class keeps as it is, and what it hides, groups of options by their titles."""
    locked, hidden = _titles(found.locked), _titles(found.hidden)
    return joined(
        tr("This class keeps as they are: {options}.", options=locked) if locked else "",
        tr("Out of sight: {options}.", options=hidden) if hidden else "",
    )


def _titles(names: Iterable[str]) -> str:
    told = {name: tr("Recipe and images") if name in ABOVE else _title(name) for name in names}
    return ", ".join(dict.fromkeys(told.values()))


def _title(name: str) -> str:
    return tr(GROUP_TITLES[name]) if name in GROUP_TITLES else tr(OPTIONS[name].label)


def kept() -> str:
    """Return why one thing, gray as it stands there, cannot be changed."""
    return tr("Your class keeps this as it is.")
