"""A run as it is at one moment, for whoever asks the same of it several times."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from engine.events import Quality
from engine.runs.folder import RunFolder
from engine.runs.metrics import Table


class StillRun(RunFolder):
    """What takes long to read of a long run, its rows (two million take 5 s) and judgments, is read once.

    What is written later is not seen, so it is made anew for each report. Who asks must not change what it gets.
    """

    def metrics_table(self) -> Table:
        """Read ``metrics.csv`` as ``RunFolder`` does, the first time."""
        return self._table

    def qualities(self) -> list[Quality]:
        """Read ``quality.jsonl`` as ``RunFolder`` does, the first time."""
        return self._judgments

    def sample_files(self) -> dict[int, Path]:
        """Look for grids as ``RunFolder`` does, the first time."""
        return self._grids

    @cached_property
    def _table(self) -> Table:
        table = super().metrics_table()
        table.setflags(write=False)
        return table

    @cached_property
    def _judgments(self) -> list[Quality]:
        return super().qualities()

    @cached_property
    def _grids(self) -> dict[int, Path]:
        return super().sample_files()
