"""The one exception for what a person can mend; everything else is a defect and keeps its traceback."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from engine.i18n import tr


class UserError(Exception):
    """Something a person can mend: ``message`` says what is wrong, ``hint`` how to mend it.

    Both are whole sentences, already in the person's language.
    """

    def __init__(self, message: str, hint: str) -> None:
        super().__init__(f"{message} {hint}")
        self.message = message
        self.hint = hint


class DiskError(UserError):
    """A file could not be written (full disk, missing folder, permission); training may go on once mended."""


def unknown_name(message: str, name: str, known: Iterable[str]) -> UserError:
    """Say with ``message`` that nothing is called ``name``, and offer the nearest of ``known``, or all."""
    names = list(known)
    near = difflib.get_close_matches(name, names, n=1, cutoff=0.4)
    return UserError(message, tr("Choose one of: {choices}.", choices=", ".join(near or names)))
