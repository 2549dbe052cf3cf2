"""Who meets in a blind duel: some pictures of each, and how two of them are laid out so that nothing tells them apart.

Two grids have as many pictures, and where both generators know classes, as many of each class in the same places.
"""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np

from engine.arrays import Picture, Pictures
from engine.i18n import PICTURES, Noun
from engine.pictures import GAP, tile

MOST_PICTURES = 80
_MOST_OF_A_CLASS = 8
_ASPECT = 1.2


@dataclass(frozen=True, eq=False)
class Player:
    """One of those who are compared, known to the answers by its ``key``, to a person by its ``title``.

    ``pictures`` are uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, ``labels`` the class of each by name, empty where the
    generator knows no classes. Only those of one ``kind`` meet: what they draw is the same. ``frechet`` is None where
    nothing was judged, and can be compared with that of others of the same ``reference``. ``noun`` is what is drawn.
    """

    key: str
    title: str
    pictures: Pictures
    labels: tuple[str, ...] = ()
    frechet: float | None = None
    kind: str = ""
    reference: str = ""
    noun: Noun = PICTURES

    def may_meet(self, other: Player) -> bool:
        """Whether the two draw the same, so that one can be better."""
        return self.kind == other.kind and self.pictures.shape[1:] == other.pictures.shape[1:] and (
            not (self.labels and other.labels) or bool(set(self.labels) & set(other.labels))
        )  # fmt: skip


def cut(grid: Picture, size: int, class_names: tuple[str, ...]) -> tuple[Pictures, tuple[str, ...]]:
    """Return the pictures of a sample grid uint8 ``[H, W]`` or ``[H, W, 3]``, and the class of each by name.

    ``class_names`` are those that the generator can be asked for, a column of the grid for each, or none. With a
    ``size`` of 0, the grid is one picture.
    """
    if not size:
        return grid[None], ()
    pitch = size + GAP
    rows, columns = ((length + GAP) // pitch for length in grid.shape[:2])
    whole = grid[: rows * pitch - GAP, : columns * pitch - GAP] if rows and columns else grid[:0, :0]
    images = [
        whole[row * pitch : row * pitch + size, column * pitch : column * pitch + size]
        for row in range(rows)
        for column in range(columns)
    ]
    if not images:
        return np.empty((0, size, size, *grid.shape[2:]), np.uint8), ()
    labels = tuple(class_names[place % columns] for place in range(len(images))) if columns <= len(class_names) else ()
    return np.stack(images), labels


def side_by_side(left: Player, right: Player, random: np.random.Generator) -> tuple[Picture, Picture]:
    """Return a grid of each, uint8 ``[H, W]`` or ``[H, W, 3]``: as many pictures, and the same classes in one place."""
    if left.labels and right.labels:
        counts = [Counter(each.labels) for each in (left, right)]
        shared = [name for name in counts[0] if counts[1][name]]
        of_each = min(_MOST_OF_A_CLASS, *(count[name] for count in counts for name in shared))
        of_each = max(min(of_each, MOST_PICTURES // len(shared)), 1)
        across = min(max(round(math.sqrt(of_each * len(shared) * _ASPECT) / len(shared)), 1), of_each)
        first, second = (_by_class(each, shared, of_each // across, across) for each in (left, right))
        return tile(first, len(shared) * across), tile(second, len(shared) * across)
    count = min(len(left.pictures), len(right.pictures), MOST_PICTURES)
    columns = max(min(math.ceil(math.sqrt(count * _ASPECT)), count), 1)
    first, second = (each.pictures[random.permutation(len(each.pictures))[:count]] for each in (left, right))
    return tile(first, columns), tile(second, columns)


def _by_class(player: Player, names: list[str], rows: int, across: int) -> Pictures:
    """Return pictures of each class row by row, each class ``across`` columns wide."""
    of_class = {name: [place for place, label in enumerate(player.labels) if label == name] for name in names}
    places = [of_class[name][row * across + at] for row in range(rows) for name in names for at in range(across)]
    return player.pictures[places]
