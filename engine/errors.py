"""The one exception for what a person can mend; everything else is a defect and keeps its traceback."""

from __future__ import annotations


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
