"""What networks, runs and views must know of the data without loading it."""

from dataclasses import dataclass
from typing import NamedTuple

FEWEST_JUDGED = 4
"""Real images from which on a judge can compare: a picture's place among them is told by its third neighbor.

Any number from 1 on can be trained on.
"""


MOST_COLUMNS = 64
"""Of a point: as many numbers as a run takes."""


class Column(NamedTuple):
    """One of the numbers of a point: its name, the values that are -1 and 1 to the networks, and how many decimals it
    is written with (below 0: as many as tell it apart).
    """

    name: str
    low: float
    high: float
    decimals: int = 3


@dataclass(frozen=True)
class DatasetInfo:
    """``class_names`` is empty where the data has no labels; images are ``size`` × ``size`` with ``channels``.

    Points are pictures of a single pixel with a channel for each of their numbers, which ``columns`` name.
    """

    image_count: int
    class_names: tuple[str, ...]
    channels: int
    size: int
    columns: tuple[Column, ...] = ()

    @property
    def is_points(self) -> bool:
        """Whether these are points, and no pictures."""
        return bool(self.columns)

    @property
    def tile_size(self) -> int:
        """The side of each picture in a sample grid, in pixels; 0 where the grid is one picture, as that of points."""
        return 0 if self.is_points else self.size
