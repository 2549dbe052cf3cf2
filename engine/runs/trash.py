"""Runs that were deleted: they wait beside the others until they are had back, or their time is over.

The rule stands in ``rule``, and whoever deletes tells it; what goes for good by it is told by whoever deletes next.
"""

from __future__ import annotations

import os
import secrets
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from engine import files
from engine.amounts import megabytes
from engine.errors import UserError
from engine.i18n import tr
from engine.runs.arriving import free_path
from engine.runs.folder import RunFolder
from engine.runs.summary import is_run, size_of

KEPT_DAYS = 30
MOST_BYTES = 2_000_000_000

_FOLDER = ".trash"
_GOING = "."


@dataclass(frozen=True)
class Trashed:
    """A deleted run: ``path`` is where it waits, ``name`` the folder that it had; ``deleted`` in seconds since 1970."""

    path: Path
    name: str
    deleted: float
    size_bytes: int


@dataclass(frozen=True)
class Deleted:
    """What deleting did: the run that went into the trash, and those that left it for good by the rule."""

    run: Trashed
    expired: tuple[Trashed, ...]


class Trash:
    """The deleted runs of the folder ``root``, in a folder below it, so that moving them there is a renaming."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._folder = root / _FOLDER

    def put(self, path: Path) -> Deleted:
        """Move the run in ``path`` here; raises ``UserError`` while it is trained, ``DiskError`` where that fails.

        Readable or not, it is a run: nothing else goes here, whatever a person has typed.
        """
        if not os.path.isdir(path) or not is_run(path):
            raise UserError(
                tr("“{path}” is no run, and nothing was deleted.", path=path),
                tr("“runs list” shows what can be deleted."),
            )
        if RunFolder(path).is_locked():
            raise UserError(
                tr("The run “{path}” is being trained.", path=RunFolder(path).title()),
                tr("Stop the training first; nothing was deleted."),
            )
        return self.take(path)

    def take(self, path: Path) -> Deleted:
        """Move ``path`` here, whatever it is; for callers that know it to be theirs, as the trials of a search."""
        now = time.time()
        entry = self._folder / f"{now:.0f}-{secrets.token_hex(4)}"
        with files.telling_disk_errors(path):
            entry.mkdir(parents=True)
            try:
                os.rename(path, entry / path.name)
            except OSError:
                entry.rmdir()
                raise
        trashed = Trashed(entry / path.name, path.name, now, size_of(entry / path.name))
        return Deleted(trashed, self._expire(now, entry))

    def runs(self) -> list[Trashed]:
        """Return what is here, the newest first."""
        found = []
        with suppress(OSError):
            for entry in self._folder.iterdir():
                stamp = entry.name.partition("-")[0]
                with suppress(OSError):  # another Duelo may empty it, too
                    if stamp.isdecimal() and len(stamp) < 16:
                        found += [Trashed(path, path.name, float(stamp), size_of(path)) for path in entry.iterdir()]
        return sorted(found, key=lambda run: run.deleted, reverse=True)

    def restore(self, run: Trashed) -> Path:
        """Move a run back, beside the one that has its name by now, and return where; raises ``DiskError``."""
        path = self._root / run.name
        if os.path.lexists(path):
            path = free_path(self._root, run.name)
        with files.telling_disk_errors(path):
            os.rename(run.path, path)
            run.path.parent.rmdir()
        return path

    def _expire(self, now: float, newest: Path) -> tuple[Trashed, ...]:
        """Remove for good what the rule says, never ``newest`` (others may be of its second), and return it."""
        expired, total = [], 0
        for run in sorted(self.runs(), key=lambda run: run.path.parent != newest):
            total += run.size_bytes
            if run.path.parent != newest and (total > MOST_BYTES or now - run.deleted > KEPT_DAYS * 86_400):
                with suppress(OSError):  # what cannot go stays, whole
                    going = self._folder / f"{_GOING}{run.path.parent.name}"
                    os.rename(run.path.parent, going)
                    expired.append(run)
        for going in self._folder.glob(f"{_GOING}*"):
            shutil.rmtree(going, ignore_errors=True)
        return tuple(expired)


def rule() -> str:
    """Return how long a deleted run can be had back."""
    return tr(
        "Deleted runs can be had back for {days} days; where they take more than {size}, the oldest go sooner.",
        days=KEPT_DAYS,
        size=megabytes(MOST_BYTES),
    )
