"""What networks, runs and views must know of the data without loading it."""

from dataclasses import dataclass

FEWEST_JUDGED = 4
"""Real images from which on a judge can compare: a picture's place among them is told by its third neighbor.

Any number from 1 on can be trained on.
"""


@dataclass(frozen=True)
class DatasetInfo:
    """``class_names`` is empty where the data has no labels; images are ``size`` × ``size`` with ``channels``."""

    image_count: int
    class_names: tuple[str, ...]
    channels: int
    size: int
