"""The arrays that rooms hand to each other, by name: their types and shapes. Knows nothing else."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray

Arrays = dict[str, NDArray[Any]]
"""By name, each of a shape of its own: the weights of a network, what an optimizer remembers, a checkpoint."""

Picture = NDArray[np.uint8]
"""0 to 255, ``[H, W]`` in gray or ``[H, W, 3]`` in color; one picture, or a grid of many."""

Pictures = NDArray[np.uint8]
"""0 to 255, ``[N, H, W]`` in gray or ``[N, H, W, 3]`` in color."""

Points = NDArray[np.float32]
"""``[N, C]``, a row for each point, from -1 to 1 where the real ones lie."""

Samples = NDArray[Any]
"""What a generator made: pictures uint8 as ``Pictures``, or points float32 ``[N, 1, 1, C]``, pictures of one pixel."""
