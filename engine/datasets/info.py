"""What networks, runs and views must know of the data without loading it."""

from dataclasses import dataclass
from typing import NamedTuple

from engine.i18n import PICTURES, Noun, mark

FEWEST_JUDGED = 4
"""Real images from which on a judge can compare: a picture's place among them is told by its third neighbor.

Any number from 1 on can be trained on.
"""


MOST_COLUMNS = 64
"""Of a point: as many numbers as a run takes."""


POINTS = Noun(
    "points",
    mark(
        "an image: a point; image: point; images: points; picture: point; pictures: points; a pixel: a point; "
        "pixels: numbers; pixel by pixel, made small: number by number; class: cloud; classes: clouds; unreadable: "
        "in no cloud; drawn: made; draw: make; draws: makes"
    ),
)
ROWS = Noun(
    "rows",
    mark(
        "an image: a row; image: row; images: rows; picture: row; pictures: rows; a pixel: a number; pixels: numbers; "
        "pixel by pixel, made small: number by number; drawn: made; draw: make; draws: makes"
    ),
)


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
    def noun(self) -> Noun:
        """What these data are called in sentences; rows of two numbers are seen, and told of, as points."""
        return PICTURES if not self.columns else POINTS if len(self.columns) == 2 else ROWS

    @property
    def tile_size(self) -> int:
        """The side of each picture in a sample grid, in pixels; 0 where the grid is one picture, as that of points."""
        return 0 if self.is_points else self.size
