"""The growing series and pictures of one run that the views read. Qt-free, so that tests need no window."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.arrays import Picture
from engine.events import MetricsRow, Quality
from engine.runs.metrics import MOST_ROWS, Table, fitting
from studio.model.announcement import Announcement

_FIRST_CAPACITY = 1024
GRID_BYTES_IN_MEMORY = 96 * 2**20  # a thousand usual grids; a stranger's may have 48 MB each


def _room_for_rows() -> NDArray[np.float64]:
    """Return room for the first rows: column by column, as whoever reads them reads a few columns from end to end."""
    return np.empty((_FIRST_CAPACITY, len(MetricsRow._fields)), order="F")


@dataclass(eq=False)
class RunData:
    """Curves, sample grids and marks of one run.

    ``image_count`` real images make an epoch; ``total_images`` end the training; D sees ``batch_size`` of them in
    each of its updates. ``class_names`` are those that the generator can be asked for, ``data_classes`` those that
    the real images have. ``qualities`` are what the judge said, in order; ``verdicts`` are D's, by epoch, on the tiles
    of its grid: float32 [N], 0 to 1, of older runs none; ``spreads`` are (images_seen, how much the pictures of a grid
    differ from each other, of what real images do). ``changes`` are (images_seen, option, value); ``pauses`` the
    images_seen at which a person paused; ``not_finite`` those at which a loss was not finite, and ``went_back`` such
    moments, each with the one that the training went back to and on from. Grids are kept that were looked
    at last, up to 96 MiB in all; whoever misses one has it read.
    """

    image_count: int = 1
    total_images: int = 1
    class_names: tuple[str, ...] = ()
    batch_size: int = 1
    grid_files: dict[int, Path] = field(default_factory=dict)
    changes: list[tuple[int, str, float]] = field(default_factory=list)
    pauses: list[int] = field(default_factory=list)
    not_finite: list[int] = field(default_factory=list)
    went_back: list[tuple[int, int]] = field(default_factory=list)
    data_classes: tuple[str, ...] = ()
    qualities: list[Quality] = field(default_factory=list)
    verdicts: dict[int, NDArray[np.float32]] = field(default_factory=dict)
    spreads: list[tuple[int, float]] = field(default_factory=list)
    rows_added: Announcement[[]] = field(default_factory=Announcement[[]], repr=False)
    grid_added: Announcement[[int]] = field(default_factory=Announcement[[int]], repr=False)
    grids_read: Announcement[[]] = field(default_factory=Announcement[[]], repr=False)
    quality_added: Announcement[[]] = field(default_factory=Announcement[[]], repr=False)
    marks_changed: Announcement[[]] = field(default_factory=Announcement[[]], repr=False)
    """Changes, pauses and troubles."""
    _table: NDArray[np.float64] = field(default_factory=_room_for_rows)
    _length: int = 0
    rewrites: int = 0
    """How often a row that was there became another one, or was taken away, while as many stood there soon after."""
    _open: tuple[MetricsRow, ...] = ()
    _is_open_shown: bool = False
    _grids: dict[int, NDArray[np.uint8]] = field(default_factory=dict)

    def __len__(self) -> int:
        """Return the number of metrics rows."""
        return self._length

    def append(self, rows: Iterable[MetricsRow], open_row: tuple[MetricsRow, ...] = ()) -> None:
        """Add rows at the end; ``open_row`` is under way, and shown where training rests, until another one comes."""
        self._open = open_row
        if new := list(rows):
            self._open_again()
            self.extend(np.array(new, np.float64))
            self.rows_added()

    def end_row(self) -> None:
        """Show the row under way as it stands: training rests, and the curves reach to that moment."""
        self._open_again()
        if self._open and self._open[0].step > max(self.series("step")[-1:], default=0) and self._length < MOST_ROWS:
            self.extend(np.array(self._open, np.float64))
            self._is_open_shown = True
            self.rows_added()

    def _open_again(self) -> None:
        self._length -= self._is_open_shown
        self.rewrites += self._is_open_shown
        self._is_open_shown = False

    def extend(self, table: Table) -> None:
        """Add rows ``[N, fields of MetricsRow]`` at the end; of very many, every two become one."""
        end = self._length + len(table)
        while end > len(self._table):
            self._table = np.asfortranarray(np.concatenate([self._table, np.empty_like(self._table)]))
        self._table[self._length : end] = table
        self._length = end
        if end > MOST_ROWS:
            self._table = np.asfortranarray(fitting(self.rows()))
            self._length = len(self._table)

    def truncate(self, images_seen: int) -> None:
        """Forget what came after ``images_seen``: training goes on from a checkpoint made there."""
        self._open_again()
        seen, losses = self.series("images_seen"), self.series("d_loss") + self.series("g_loss")
        broken = {*seen[~np.isfinite(losses)].astype(int).tolist(), *self.not_finite}
        self.went_back += [(moment, images_seen) for moment in sorted(broken) if moment > images_seen]
        self._length = int(np.searchsorted(seen, images_seen, side="right"))
        self.not_finite = [moment for moment in self.not_finite if moment <= images_seen]
        self.qualities = [quality for quality in self.qualities if quality.images_seen <= images_seen]
        self.spreads = [spread for spread in self.spreads if spread[0] <= images_seen]
        self.verdicts = {e: each for e, each in self.verdicts.items() if e * self.image_count <= images_seen}

    def take_up(self, now: RunData) -> bool:
        """Take up what ``now`` has and this has not, and tell of it.

        Return whether training went back meanwhile: then all is as there, and nothing was told.
        """
        went_back = len(now) < len(self) or now.went_back != self.went_back
        new_grids = now.grid_files.items() - self.grid_files.items()
        new_qualities = now.qualities[len(self.qualities) :]
        self.total_images, self.batch_size, self.went_back = now.total_images, now.batch_size, now.went_back
        self.verdicts, self.spreads = now.verdicts, now.spreads
        self._table, self._length, longer = now._table, now._length, len(now) != len(self)
        self._open, self._is_open_shown = (), False
        if went_back:
            self.grid_files, self.qualities, self.changes = now.grid_files, now.qualities, now.changes
            self._grids.clear()
            return True
        if longer:
            self.rows_added()
        for epoch, file in sorted(new_grids):
            self.add_grid(epoch, file)
        for quality in new_qualities:
            self.add_quality(quality)
        if now.changes != self.changes:
            self.set_changes(now.changes)
        return False

    def add_quality(self, quality: Quality) -> None:
        """Add what the judge said; a training that began again forgets what it said of that moment before."""
        self.qualities = [*(kept for kept in self.qualities if kept.images_seen < quality.images_seen), quality]
        self.quality_added()

    def set_changes(self, changes: list[tuple[int, str, float]]) -> None:
        """Take up what was changed live."""
        self.changes = changes
        self.marks_changed()

    def add_pause(self, images_seen: int) -> None:
        """Mark that a person paused."""
        self.pauses.append(images_seen)
        self.marks_changed()

    def add_not_finite(self, images_seen: int) -> None:
        """Mark that a number was not finite."""
        self.not_finite.append(images_seen)
        self.marks_changed()

    def quality_at(self, epoch: int | None) -> Quality | None:
        """Return the newest judgment of ``epoch`` or one before it, None where there is none.

        Epochs that were too short for the judge were passed over; an ``epoch`` of None means the newest.
        """
        known = (quality for quality in reversed(self.qualities) if epoch is None or quality.epoch <= epoch)
        return next(known, None)

    def verdicts_at(self, epoch: int) -> tuple[float, ...]:
        """Return D's verdicts on the tiles of the grid of ``epoch``, row by row; none where they were not kept."""
        return tuple(self.verdicts[epoch].tolist()) if epoch in self.verdicts else ()

    def value_at(self, option: str, epoch: int, begun_with: float) -> float:
        """Return what the live ``option`` of a run that was begun with another value was at the end of ``epoch``."""
        until = epoch * self.image_count
        values = [value for moment, name, value in self.changes if name == option and moment <= until]
        return values[-1] if values else begun_with

    def rows(self) -> NDArray[np.float64]:
        """Return the metrics rows as a view ``[len(self), fields of MetricsRow]``."""
        return self._table[: self._length]

    def series(self, name: str) -> NDArray[np.float64]:
        """Return the column ``name`` of ``MetricsRow`` as a view ``[len(self)]``; NaN stays NaN."""
        return self._table[: self._length, MetricsRow._fields.index(name)]

    def epochs_seen(self) -> NDArray[np.float64]:
        """Return the rows' clock ``[len(self)]`` in epochs (images_seen / image_count), the x axis of every plot."""
        return self.series("images_seen") / self.image_count

    @property
    def images_seen(self) -> int:
        """How far the rows or the grids reach, whether or not a checkpoint was kept of it."""
        seen = self.series("images_seen")
        grids = max(self.grid_files, default=0) * self.image_count
        return max(grids, int(seen[-1]) if len(seen) else 0)

    @property
    def was_trained(self) -> bool:
        """Whether it got anywhere: what such a run lacks will not come any more."""
        return self.images_seen > 0

    @property
    def total_epochs(self) -> float:
        """How long the training is meant to be."""
        return max(self.total_images / self.image_count, 1.0)

    @property
    def axis_end(self) -> float:
        """The end of the x axis, under which every epoch that has a grid finds its place: also one that was cut short.

        Of very few images, one step sees more than the whole training was meant to.
        """
        seen = self.epochs_seen()
        reached = float(seen[-1]) if len(seen) else 0.0
        return max(float(math.ceil(self.total_epochs)), reached, float(max(self.grid_files, default=0)))

    def told_epoch(self, epoch: float) -> float:
        """Return the moment ``epoch`` as it is told: the last step sees a whole batch, and ends with the training."""
        beyond = (epoch - self.total_epochs) * self.image_count
        return self.total_epochs if 0 < beyond < self.batch_size else epoch

    def add_grid(self, epoch: int, file: Path, grid: Picture | None = None) -> None:
        """Note the grid of ``epoch``: its file, and its pixels where they are at hand."""
        self.grid_files[epoch] = file
        self._grids.pop(epoch, None)
        if grid is not None:
            self._remember(epoch, grid)
        self.grid_added(epoch)

    @property
    def grid_epochs(self) -> list[int]:
        """The epochs that have a sample grid, in order."""
        return sorted(self.grid_files)

    def grid(self, epoch: int) -> Picture | None:
        """Return the sample grid of ``epoch``, None while it is not in memory."""
        grid = self._grids.get(epoch)
        if grid is not None:
            self._remember(epoch, grid)
        return grid

    @property
    def bytes_in_memory(self) -> int:
        """How much the grids in memory take."""
        return sum(grid.nbytes for grid in self._grids.values())

    def keep_grids(self, grids: Mapping[int, Picture]) -> None:
        """Take up what was read of the files."""
        for epoch, grid in grids.items():
            self._remember(epoch, grid)
        self.grids_read()

    def _remember(self, epoch: int, grid: NDArray[np.uint8]) -> None:
        self._grids.pop(epoch, None)
        self._grids[epoch] = grid  # at the end: the first one was looked at longest ago
        total = self.bytes_in_memory
        while total > GRID_BYTES_IN_MEMORY:
            total -= self._grids.pop(next(iter(self._grids))).nbytes
