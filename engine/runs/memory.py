"""A run that leaves no trace on the disk: for searches, lessons and tests. Knows no torch."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Arrays, Picture
from engine.events import MetricsRow, Quality
from engine.runs.info import RunInfo
from engine.runs.verdicts import Verdicts

NOWHERE = Path(os.devnull)


class MemoryRun:
    """Takes what a ``RunFolder`` takes from a training, which can go on from here, and forgets it with itself.

    Of what is large it keeps the newest alone: one checkpoint, one grid, the players of one epoch and of the best.
    """

    def __init__(self) -> None:
        self.path = NOWHERE
        self.lines: list[str] = []
        """What the log would say."""
        self._info: RunInfo | None = None
        self._noise: Arrays = {}
        self._rows: list[MetricsRow] = []
        self._qualities: list[Quality] = []
        self._verdicts: list[Verdicts] = []
        self._grids: dict[int, NDArray[np.uint8]] = {}
        self._snapshots: dict[int, tuple[Arrays, Arrays]] = {}
        self._state: tuple[int, Arrays, dict[str, Any]] | None = None

    # --- the run

    def exists(self) -> bool:
        """Whether a run was begun here."""
        return self._info is not None

    def create(self) -> None:
        """Begin; raises ``ValueError`` where a run was begun already."""
        if self.exists():
            raise ValueError("a MemoryRun holds one run: resume it, or take another one")

    def restore_folder(self, info: RunInfo, noise: Arrays) -> None:
        """Keep what is still at hand of a run."""
        self.save_info(info)
        self.save_noise(noise)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the run; nobody else can have it."""
        yield

    def save_info(self, info: RunInfo) -> None:
        """Keep the options, live changes and facts as they are now."""
        self._info = _copy(info)

    def info(self) -> RunInfo:
        """Return what ``save_info`` kept; raises ``ValueError`` where no run was begun."""
        if self._info is None:
            raise ValueError("no run was begun here")
        return _copy(self._info)

    def log(self, text: str) -> None:
        """Keep a line."""
        self.lines.append(text)

    # --- what grows

    def append_metrics(self, rows: Sequence[MetricsRow]) -> None:
        """Keep rows."""
        self._rows += rows

    def metrics(self) -> list[MetricsRow]:
        """Return all rows."""
        return list(self._rows)

    def last_row(self) -> MetricsRow | None:
        """Return the last row, None where there is none."""
        return self._rows[-1] if self._rows else None

    def append_quality(self, quality: Quality) -> None:
        """Keep what the judge made of an epoch."""
        self._qualities.append(quality)

    def qualities(self) -> list[Quality]:
        """Return what the judge made of each epoch."""
        return list(self._qualities)

    def append_verdicts(
        self, epoch: int, images_seen: int, verdicts: NDArray[np.float32], spread: float | None = None
    ) -> None:
        """Keep D's verdicts ``[N]`` (0 to 1) on the sample grid of ``epoch``, and how much that varies."""
        self._verdicts.append(Verdicts(epoch, images_seen, verdicts, spread))

    def verdicts(self) -> dict[int, NDArray[np.float32]]:
        """Return D's verdicts ``[N]`` (0 to 1) by epoch; the newest count."""
        return {record.epoch: record.verdicts for record in self._verdicts}

    def truncate_metrics(self, step: int) -> None:
        """Drop the rows after ``step``."""
        self._rows = [row for row in self._rows if row.step <= step]

    def truncate(self, step: int, images_seen: int) -> None:
        """Drop what tells of the time after the checkpoint that training goes on from."""
        self.truncate_metrics(step)
        self._qualities = [quality for quality in self._qualities if quality.images_seen <= images_seen]
        self._verdicts = [record for record in self._verdicts if record.images_seen <= images_seen]

    def drop_after(self, epoch: int, images_seen: int) -> None:
        """Drop what belongs to later epochs than ``epoch``, and a checkpoint later than ``images_seen``."""
        self._grids = {last: grid for last, grid in self._grids.items() if last <= epoch}
        self._snapshots = {last: players for last, players in self._snapshots.items() if last <= epoch}
        if self._state is not None and self._state[0] > images_seen:
            self._state = None

    # --- what is large

    def save_noise(self, arrays: Arrays) -> None:
        """Keep the z float32 ``[N, z_dim]`` and labels int64 ``[N]`` of the sample grid."""
        self._noise = arrays

    def noise(self) -> Arrays:
        """Return z and labels of the sample grid."""
        return self._noise

    def save_samples(self, epoch: int, grid: Picture) -> Path:
        """Keep the grid of ``epoch`` alone."""
        self._grids = {epoch: grid}
        return self.path

    def samples(self) -> tuple[int, Picture]:
        """Return the newest grid and its epoch; raises ``ValueError`` where there is none."""
        return max(self._grids.items(), key=lambda each: each[0])

    def save_snapshot(self, epoch: int, generator: Arrays, discriminator: Arrays) -> None:
        """Keep the averaged generator of ``epoch`` and its opponent."""
        self._snapshots[epoch] = generator, discriminator

    def snapshot(self, epoch: int | None = None) -> tuple[Arrays, Arrays]:
        """Return the players of ``epoch``, or the newest; raises ``KeyError`` or ``ValueError`` where not kept."""
        return self._snapshots[max(self._snapshots) if epoch is None else epoch]

    def prune(self, max_snapshot_mb: int, keep: Collection[int] = ()) -> None:
        """Drop all players but the newest and those of the epochs in ``keep``, whatever ``max_snapshot_mb``."""
        del max_snapshot_mb
        kept = {max(self._snapshots, default=0), *keep}
        self._snapshots = {epoch: players for epoch, players in self._snapshots.items() if epoch in kept}

    def save_state(self, images_seen: int, arrays: Arrays, facts: Mapping[str, Any]) -> Path:
        """Keep all that going on needs, in place of what was kept before."""
        self._state = images_seen, arrays, dict(facts)
        return self.path

    def keep_for_branching(self, epoch: int, images_seen: int, max_mb: int) -> None:
        """Keep nothing: a new run branches off from a folder."""

    def state(self) -> tuple[Arrays, dict[str, Any]]:
        """Return what ``save_state`` kept; raises ``ValueError`` where nothing is."""
        if self._state is None:
            raise ValueError("there is no checkpoint to go on from")
        return self._state[1], dict(self._state[2])

    def has_state(self) -> bool:
        """Whether there is a checkpoint."""
        return self._state is not None

    def has_made(self) -> bool:
        """Whether there is anything that a training makes after its first checkpoint only."""
        return any(record.epoch for record in self._verdicts) or bool(self._qualities)

    def images_seen(self) -> int:
        """Return the position of the checkpoint, 0 where there is none."""
        return self._state[0] if self._state is not None else 0


def _copy(info: RunInfo) -> RunInfo:
    return replace(info, changes=list(info.changes), threads=list(info.threads), went_back=list(info.went_back))
