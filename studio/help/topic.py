"""What a page of help consists of. Texts only."""

from __future__ import annotations

from typing import NamedTuple


class Topic(NamedTuple):
    """What one sees, what to look for, what is good and what is bad; each text is marked for translation.

    ``picture`` is a name in ``studio.help.pictures``, or nothing.
    """

    title: str
    shows: str
    look: str
    good: str
    bad: str
    picture: str = ""
