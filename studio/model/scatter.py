"""What is seen of a run of points at one moment, in the units of its data. Knows no Qt, no torch and no file."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal, get_args

import numpy as np
from numpy.typing import NDArray

Layer = Literal["real", "generated", "field", "push"]
LAYERS: tuple[Layer, ...] = get_args(Layer)
MOST_COLUMNS = 6  # of a table that are shown against each other
Values = NDArray[np.floating[Any]]
"""A row for each point, a column for each of its numbers, ``[N, C]``, in the units of the data; or one such row."""


def _no_points() -> Values:
    return np.zeros((0, 2))


@dataclass(frozen=True, eq=False)
class Scatter:
    """``names`` of the C ≥ 2 columns; ``low`` and ``high`` ``[C]`` are the rectangle that is shown.

    ``realism`` float32 ``[n, n]`` is how probably real (0 to 1) D takes each place of the rectangle to be, the first
    row being the lowest; there is none before D was asked, nor for more than two columns. ``push`` ``[K, C]`` is how
    G's loss would have the first K generated points go. ``modes`` are those found, of how many, where it is known.
    """

    names: tuple[str, ...]
    low: Values
    high: Values
    real: Values = field(default_factory=_no_points)
    generated: Values = field(default_factory=_no_points)
    realism: NDArray[np.float32] | None = None
    push: Values | None = None
    modes: tuple[int, int] | None = None
    real_count: int = 0
    """How many real points there are, of which ``real`` may be some."""
    ways: tuple[Values, ...] = ()
    """Lines ``[L, C]`` along which points lie whose z follow each other."""
    marked: Values | None = None
    """The one point ``[C]`` that is looked at."""

    @property
    def layers(self) -> tuple[Layer, ...]:
        """What there is to be shown."""
        there = {
            "real": len(self.real) > 0,
            "generated": len(self.generated) > 0,
            "field": self.realism is not None,
            "push": self.push is not None and len(self.push) > 0 and not self.is_matrix,
        }
        return tuple(layer for layer in LAYERS if there[layer])

    @property
    def is_matrix(self) -> bool:
        """Whether there are more columns than a plane has."""
        return len(self.names) > 2

    @property
    def columns(self) -> tuple[int, ...]:
        """The columns that are shown: of very many, the first ones."""
        return tuple(range(min(len(self.names), MOST_COLUMNS)))
