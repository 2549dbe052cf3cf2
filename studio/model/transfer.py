"""What is read or written for a while, as it is shown: a table, a run that goes into one file or out of it. Qt-free."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from engine.job import Progress


@dataclass(frozen=True)
class Moving:
    """``name``: what a person calls it; ``seconds`` that it took until now."""

    name: str
    progress: Progress
    seconds: float

    @property
    def seconds_left(self) -> float | None:
        """How long it will take on, None as long as nobody knows."""
        done, total = self.progress.done, self.progress.total
        return self.seconds * (total - done) / done if done else None


@dataclass(frozen=True)
class Transfer(Moving):
    """A run that goes into one file, or comes out of one."""

    is_export: bool


@dataclass(frozen=True)
class Arrival:
    """What the file of an experiment says: the ``name`` of its run, what that takes, in which folder it will lie.

    ``is_beside``: a run of that name lies there already.
    """

    file: Path
    name: str
    size_bytes: int
    folder: str
    is_beside: bool
