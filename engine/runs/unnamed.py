"""A new run whose folder nobody has named: it is called after the moment, as no other one."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

from engine import files
from engine.runs.folder import RunFolder
from engine.runs.store import new_run_path


class UnnamedRun(RunFolder):
    """Takes its name when it is made: where another process took it in the same second, the next one.

    Until then ``path`` is where it would lie, and nothing is there.
    """

    def __init__(self, stem: str, root: Path | None = None) -> None:
        super().__init__(new_run_path(stem, root))
        self._stem, self._root = stem, root
        self._is_taken = False

    def create(self) -> None:
        """Make the folders of the new run."""
        while not self._is_taken:
            with files.telling_disk_errors(self.path):
                self.path.parent.mkdir(parents=True, exist_ok=True)
                with suppress(FileExistsError):
                    self.path.mkdir()
                    self._is_taken = True
            if not self._is_taken:
                super().__init__(new_run_path(self._stem, self._root))
        super().create()
