"""What was measured beside a training: how near a picture was found, how a round was played. Knows no Qt.

Names are those of ``engine.lessons.measures``. Whoever measures something notes it; lessons listen.
"""

from __future__ import annotations

from collections.abc import Sequence

from studio.model.announcement import Announcement


class Noted:
    """The newest number of each name; ``changed`` tells that there is another."""

    def __init__(self) -> None:
        self.numbers: dict[str, float] = {}
        self.changed = Announcement[[]]()

    def note(self, name: str, value: float) -> None:
        """Take up what was measured."""
        self.numbers[name] = float(value)
        self.changed()

    def note_class(self, name: str, place: int, classes: Sequence[int]) -> None:
        """Take up which class of the data was read: the one at ``place`` among the ``classes`` of a run; empty: all."""
        self.note(name, classes[place] if classes else place)

    def count(self, name: str) -> None:
        """Take up that it happened once more."""
        self.note(name, self.numbers.get(name, 0.0) + 1)

    def forget(self) -> None:
        """Count anew from here."""
        self.numbers.clear()
        self.changed()
