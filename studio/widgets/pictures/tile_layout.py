"""Where the tiles of a sample grid lie: as the engine laid them out, or so that they fill another shape of room.

numpy only; it knows no widget. Tiles keep their numbers, row by row as the engine counts them.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from engine.arrays import Picture

GAP = 2  # pixels between two tiles of a sample grid, and around all of them where the grid has a rim
_BETWEEN_CLASSES = GAP  # more, where a class has several columns
_BACKGROUND = 48
_BAND_GAP = 0.7  # of a tile: for the names of the classes in the next band
_MOST_BANDS = 8
_MOST_WAYS = 100  # to lay a grid out: each takes as long as there are lines, and a stranger's grid has 32,000 tiles
_MOST_LINES = 24  # of which some may be left out
_LEAST_SHOWN, _OF_FEW, _FEW = 0.5, 0.75, 36  # shares of the tiles that are shown in any case


def tile_starts(length: int, size: int) -> list[int]:
    """Return where each tile of ``size`` pixels starts along a side of a sample grid ``length`` pixels long."""
    count = (length + GAP) // (size + GAP)
    rim = (length - count * (size + GAP) + GAP) // 2
    return [rim + index * (size + GAP) for index in range(count)]


class TileLayout:
    """A grid of ``height`` × ``width`` pixels, with ``per_class`` columns for each of its columns.

    Without classes (``has_classes``) its tiles are written on lines of ``per_class`` tiles instead; 0 and 1 leave
    everything as it is given. Only the first ``lines`` are shown, all where that is 0. ``lefts`` and ``tops`` say
    where columns and rows begin.
    """

    def __init__(
        self, height: int, width: int, size: int, *, has_classes: bool = True, per_class: int = 0, lines: int = 0
    ) -> None:
        self.size = size
        self._given = tile_starts(width, size), tile_starts(height, size)
        self.given_columns, rows = map(len, self._given)
        self.tile_count = self.given_columns * rows
        self._has_classes = has_classes
        self._per_class = max(per_class, 1) if has_classes else 1
        self._columns = self.given_columns * self._per_class if has_classes else per_class or self.given_columns
        most = -(-rows // self._per_class) if has_classes else -(-self.tile_count // max(self._columns, 1))
        self.lines = lines or most
        self.is_given = self._columns == self.given_columns and self.lines == most
        if self.is_given:
            self.lefts, self.tops = self._given
            self.height, self.width = height, width
            return
        pitch, between = size + GAP, _BETWEEN_CLASSES if self._per_class > 1 else 0
        self.lefts = [column * pitch + column // self._per_class * between for column in range(self._columns)]
        self.tops = [line * pitch for line in range(self.lines)]
        self.height, self.width = self.tops[-1] + size, self.lefts[-1] + size

    def _line_of(self, tile: int) -> int:
        return tile // self.given_columns // self._per_class if self._has_classes else tile // self._columns

    def shows(self, tile: int) -> bool:
        """Whether ``tile`` lies on one of the lines that are shown."""
        return self._line_of(tile) < self.lines

    @property
    def shown_count(self) -> int:
        """How many tiles are shown."""
        shown = self.given_columns * self._per_class if self._has_classes else self._columns
        return min(shown * self.lines, self.tile_count)

    def heading_of(self, label: int) -> tuple[int, int, int]:
        """Return (left, right, top) of the columns of class ``label``, whose name is written above ``top``."""
        first = label * self._per_class
        return self.lefts[first], self.lefts[first + self._per_class - 1] + self.size, 0

    def cell_of(self, tile: int) -> tuple[int, int]:
        """Return row and column of ``tile``."""
        if self._per_class == 1:
            return divmod(tile, self._columns)
        style, column = divmod(tile, self.given_columns)
        line, place = divmod(style, self._per_class)
        return line, column * self._per_class + place

    def tile_in(self, row: int, column: int) -> int | None:
        """Return the tile in this cell, None where it is empty or there is none."""
        if not (0 <= row < len(self.tops) and 0 <= column < len(self.lefts)):
            return None
        given, place = divmod(column, self._per_class)
        tile = row * self._columns + column
        if self._per_class > 1:
            tile = (row * self._per_class + place) * self.given_columns + given
        return tile if tile < self.tile_count else None

    def left_out_below(self, tile: int) -> int | None:
        """Return the first tile of the same class, or column, that is not shown; None where all are."""
        shown = self.lines * (self._per_class * self.given_columns if self._has_classes else self._columns)
        first = shown + tile % (self.given_columns if self._has_classes else self._columns)
        return first if first < self.tile_count else None

    def given_corner(self, tile: int) -> tuple[int, int]:
        """Return (left, top) of ``tile`` in the grid as it is given."""
        row, column = divmod(tile, self.given_columns)
        return self._given[0][column], self._given[1][row]

    def arrange(self, picture: Picture) -> Picture:
        """Return the grid ``picture``, uint8 [H, W] or [H, W, 3], as it lies here."""
        if self.is_given:
            return picture
        arranged = np.full((self.height, self.width, *picture.shape[2:]), _BACKGROUND, np.uint8)
        for tile in filter(self.shows, range(self.tile_count)):
            (row, column), (x, y) = self.cell_of(tile), self.given_corner(tile)
            left, top, size = self.lefts[column], self.tops[row], self.size
            arranged[top : top + size, left : left + size] = picture[y : y + size, x : x + size]
        return arranged


class BandedLayout(TileLayout):
    """Classes in several bands, one below the other with a gap for their names, each class with ``per_class`` columns.

    For many classes, which side by side are a ribbon.
    """

    def __init__(self, height: int, width: int, size: int, *, per_class: int, bands: int, lines: int = 0) -> None:
        super().__init__(height, width, size, per_class=per_class, lines=lines)
        self.is_given = False
        self._per_band = -(-self.given_columns // bands)
        pitch, between = size + GAP, _BETWEEN_CLASSES if per_class > 1 else 0
        self._columns = self._per_band * per_class
        self.lefts = [column * pitch + column // per_class * between for column in range(self._columns)]
        self.tops = [row * pitch + row // self.lines * round(_BAND_GAP * size) for row in range(bands * self.lines)]
        self.height, self.width = self.tops[-1] + size, self.lefts[-1] + size

    def heading_of(self, label: int) -> tuple[int, int, int]:
        """Return (left, right, top) of the columns of class ``label`` in its band."""
        band, place = divmod(label, self._per_band)
        left, right, _ = super().heading_of(place)
        return left, right, self.tops[band * self.lines]

    def cell_of(self, tile: int) -> tuple[int, int]:
        """Return row and column of ``tile``."""
        style, label = divmod(tile, self.given_columns)
        (line, place), (band, column) = divmod(style, self._per_class), divmod(label, self._per_band)
        return band * self.lines + line, column * self._per_class + place

    def tile_in(self, row: int, column: int) -> int | None:
        """Return the tile in this cell, None where it is empty or there is none."""
        if not (0 <= row < len(self.tops) and 0 <= column < len(self.lefts)):
            return None
        (band, line), (place, style) = divmod(row, self.lines), divmod(column, self._per_class)
        label = band * self._per_band + place
        tile = (line * self._per_class + style) * self.given_columns + label
        return tile if label < self.given_columns and tile < self.tile_count else None


@lru_cache(maxsize=16)
def banded_layouts(height: int, width: int, size: int) -> tuple[TileLayout, ...]:
    """Return the ways to lay a grid with classes out in bands."""
    given = TileLayout(height, width, size)
    rows = len(given.tops)
    most = min(given.given_columns, _MOST_BANDS) if rows else 0
    return tuple(
        BandedLayout(height, width, size, per_class=per_class, bands=bands, lines=lines)
        for bands in range(2, most + 1)
        for per_class in range(1, min(rows, _MOST_BANDS) + 1)
        for lines in _full_lines(rows, per_class, given.given_columns)
    )


@lru_cache(maxsize=16)
def layouts(height: int, width: int, size: int, *, has_classes: bool) -> tuple[TileLayout, ...]:
    """Return the ways to lay a grid out, the given one first; none has an empty cell, but some leave out last lines."""
    return tuple(_all_layouts(height, width, size, has_classes))


def _all_layouts(height: int, width: int, size: int, has_classes: bool) -> Iterator[TileLayout]:
    given = TileLayout(height, width, size, has_classes=has_classes)
    yield given
    most, each = (len(given.tops), given.given_columns) if has_classes else (given.tile_count, 1)
    for count in range(1, min(most, _MOST_WAYS) + 1):
        for lines in _full_lines(most, count, each):
            layout = TileLayout(height, width, size, has_classes=has_classes, per_class=count, lines=lines)
            if not layout.is_given:
                yield layout


def _full_lines(places: int, per_line: int, tiles: int) -> range:
    """Return how many full lines of ``per_line`` places, with so many ``tiles`` in each, may be shown of ``places``."""
    full = places // per_line
    least = max(_LEAST_SHOWN * places, min(_FEW / tiles, _OF_FEW * places))
    return range(math.ceil(least / per_line) if full <= _MOST_LINES else full, full + 1)
