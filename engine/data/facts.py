"""What networks, runs and views must know of the data without loading it."""

from dataclasses import dataclass


@dataclass(frozen=True)
class DataFacts:
    """``class_names`` is empty where the data has no labels; images are ``size`` × ``size`` with ``channels``."""

    image_count: int
    class_names: tuple[str, ...]
    channels: int
    size: int
