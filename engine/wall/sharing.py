"""A run on the class wall: a copy of what shows how it goes, brought up to date. The run itself is only read."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from engine import files
from engine.runs import RunFolder
from engine.wall.places import check_wall, sign_in


class SharedRun:
    """Brings the copy of ``run`` on ``wall``, below the name of ``student``, up to date. For one thread at a time.

    It has all that was told and drawn, and the newest players, but no state to go on from.
    """

    def __init__(self, run: RunFolder, wall: Path, student: str) -> None:
        self.run, self.wall, self.student = run, wall, student
        self._brought: dict[Path, tuple[int, int]] = {}

    def update(self) -> Path:
        """Copy what changed since the last time, and return where it lies.

        Raises ``UserError`` where the wall is out of reach or the run cannot be read: on the wall is then what was
        there, or newer, each file whole.
        """
        check_wall(self.wall)
        self.run.info()
        to = sign_in(self.wall, self.student) / self.run.path.name
        shown = {path.relative_to(self.run.path): path for path in self.run.shown_files()}
        for name, path in shown.items():
            self._bring(path, to / name)
        for old in RunFolder(to).players():
            if old.relative_to(to) not in shown:
                files.delete(old)
        return to

    def _bring(self, source: Path, target: Path) -> None:
        """Copy ``source`` in one move, where it changed since it was brought: nobody ever reads half of it."""
        with suppress(FileNotFoundError):  # the training thins out what it keeps
            with files.open_plain(source, self.run.path) as file:
                about = os.fstat(file.fileno())
                stamp = about.st_size, about.st_mtime_ns
                if self._brought.get(target) == stamp and target.exists():
                    return
                with files.telling_disk_errors(target):
                    target.parent.mkdir(parents=True, exist_ok=True)
                with files.atomic_path(target) as part:
                    with open(part, "wb") as copy:
                        shutil.copyfileobj(file, copy)
                    with suppress(OSError):  # where a share does not let us
                        os.utime(part, ns=(about.st_atime_ns, about.st_mtime_ns))  # what rests is not trained now
            self._brought[target] = stamp
