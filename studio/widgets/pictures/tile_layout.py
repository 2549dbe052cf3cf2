"""Where the tiles of a sample grid lie: as the engine laid them out, or so that they fill another shape of room.

numpy only; it knows no widget. Tiles keep their numbers, row by row as the engine counts them.
"""

from __future__ import annotations

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


def tile_starts(length: int, size: int) -> list[int]:
    """Return where each tile of ``size`` pixels starts along a side of a sample grid ``length`` pixels long."""
    count = (length + GAP) // (size + GAP)
    rim = (length - count * (size + GAP) + GAP) // 2
    return [rim + index * (size + GAP) for index in range(count)]


class TileLayout:
    """A grid of ``height`` × ``width`` pixels, with ``per_class`` columns for each of its columns.

    Without classes (``has_classes``) its tiles are written on lines of ``per_class`` tiles instead; 0 and 1 leave
    everything as it is given. ``lefts`` and ``tops`` say where columns and rows begin.
    """

    def __init__(self, height: int, width: int, size: int, *, has_classes: bool = True, per_class: int = 0) -> None:
        self.size = size
        self._given = tile_starts(width, size), tile_starts(height, size)
        self.given_columns, rows = map(len, self._given)
        self.tile_count = self.given_columns * rows
        self._per_class = per_class if has_classes else 1
        self._columns = self.given_columns * max(per_class, 1) if has_classes else per_class or self.given_columns
        self.is_given = per_class < (2 if has_classes else 1) or self._columns == self.given_columns
        if self.is_given:
            self._columns, self._per_class = self.given_columns, 1
            self.lefts, self.tops = self._given
            self.height, self.width = height, width
            return
        pitch, groups = size + GAP, self._columns // self._per_class if has_classes else 1
        between = _BETWEEN_CLASSES if has_classes else 0
        wide = self._per_class if has_classes else self._columns
        self.lefts = [column * pitch + column // wide * between for column in range(self._columns)]
        lines = -(-rows // self._per_class) if has_classes else -(-self.tile_count // self._columns)
        self.tops = [line * pitch for line in range(lines)]
        self.height, self.width = lines * pitch - GAP, self._columns * pitch - GAP + (groups - 1) * between

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

    def given_corner(self, tile: int) -> tuple[int, int]:
        """Return (left, top) of ``tile`` in the grid as it is given."""
        row, column = divmod(tile, self.given_columns)
        return self._given[0][column], self._given[1][row]

    def arrange(self, picture: Picture) -> Picture:
        """Return the grid ``picture``, uint8 [H, W] or [H, W, 3], as it lies here."""
        if self.is_given:
            return picture
        arranged = np.full((self.height, self.width, *picture.shape[2:]), _BACKGROUND, np.uint8)
        for tile in range(self.tile_count):
            (row, column), (x, y) = self.cell_of(tile), self.given_corner(tile)
            left, top, size = self.lefts[column], self.tops[row], self.size
            arranged[top : top + size, left : left + size] = picture[y : y + size, x : x + size]
        return arranged


class BandedLayout(TileLayout):
    """Classes in several bands, one below the other with a gap for their names, each class with ``per_class`` columns.

    For many classes, which side by side are a ribbon.
    """

    def __init__(self, height: int, width: int, size: int, *, per_class: int, bands: int) -> None:
        super().__init__(height, width, size)
        self.is_given = False
        self._per_class, self._per_band = per_class, -(-self.given_columns // bands)
        self._lines = -(-(self.tile_count // self.given_columns) // per_class)
        pitch, between = size + GAP, _BETWEEN_CLASSES if per_class > 1 else 0
        self._columns = self._per_band * per_class
        self.lefts = [column * pitch + column // per_class * between for column in range(self._columns)]
        self.tops = [row * pitch + row // self._lines * round(_BAND_GAP * size) for row in range(bands * self._lines)]
        self.height, self.width = self.tops[-1] + size, self.lefts[-1] + size

    def heading_of(self, label: int) -> tuple[int, int, int]:
        """Return (left, right, top) of the columns of class ``label`` in its band."""
        band, place = divmod(label, self._per_band)
        left, right, _ = super().heading_of(place)
        return left, right, self.tops[band * self._lines]

    def cell_of(self, tile: int) -> tuple[int, int]:
        """Return row and column of ``tile``."""
        style, label = divmod(tile, self.given_columns)
        (line, place), (band, column) = divmod(style, self._per_class), divmod(label, self._per_band)
        return band * self._lines + line, column * self._per_class + place

    def tile_in(self, row: int, column: int) -> int | None:
        """Return the tile in this cell, None where it is empty or there is none."""
        if not (0 <= row < len(self.tops) and 0 <= column < len(self.lefts)):
            return None
        (band, line), (place, style) = divmod(row, self._lines), divmod(column, self._per_class)
        label = band * self._per_band + place
        tile = (line * self._per_class + style) * self.given_columns + label
        return tile if label < self.given_columns and tile < self.tile_count else None


@lru_cache(maxsize=16)
def banded_layouts(height: int, width: int, size: int) -> tuple[TileLayout, ...]:
    """Return the ways to lay a grid with classes out in bands."""
    given = TileLayout(height, width, size)
    classes, rows = given.given_columns, len(given.tops)
    most = min(classes, _MOST_BANDS) if rows else 0
    ways = ((bands, per_class) for bands in range(2, most + 1) for per_class in range(1, min(rows, _MOST_BANDS) + 1))
    return tuple(BandedLayout(height, width, size, per_class=each, bands=bands) for bands, each in ways)


@lru_cache(maxsize=16)
def layouts(height: int, width: int, size: int, *, has_classes: bool) -> tuple[TileLayout, ...]:
    """Return the ways to lay a grid out, the given one first."""
    return tuple(_all_layouts(height, width, size, has_classes))


def _all_layouts(height: int, width: int, size: int, has_classes: bool) -> Iterator[TileLayout]:
    given = TileLayout(height, width, size, has_classes=has_classes)
    yield given
    most = len(given.tops) if has_classes else given.tile_count
    for count in range(2 if has_classes else 1, min(most, _MOST_WAYS) + 1):
        layout = TileLayout(height, width, size, has_classes=has_classes, per_class=count)
        if not layout.is_given:
            yield layout
