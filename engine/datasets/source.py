"""What reads the images of a data set; each kind of set has one. Knows no set."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.datasets.images import ImageData
from engine.i18n import tr
from engine.job import Job, Progress

if TYPE_CHECKING:
    from engine.datasets.sets import DataSet


class Source(ABC):
    """Where the images of a ``DataSet`` come from; the set's ``where`` leads to one, "module:name"."""

    @abstractmethod
    def read(self, chosen: DataSet, config: Config) -> Job[Progress, ImageData]:
        """Return all images of ``chosen``, reporting on the way; raises ``UserError``. Closing it cancels."""

    def is_at_hand(self, chosen: DataSet, config: Config) -> bool:
        """Whether nothing must be fetched first. Quick, and imports no torch."""
        return True

    def first(self, chosen: DataSet, config: Config, count: int) -> tuple[ImageData, int] | None:
        """Return ``count`` images and how many there are in all; None where reading all takes only a moment."""
        return None


class Embedded(Source):
    """Reads what comes along with a program: images uint8 ``[N, H, W]`` or ``[N, C, H, W]``, labels int64 ``[N]``."""

    def __init__(self, load: Callable[[], tuple[NDArray[np.uint8], NDArray[np.int64]]]) -> None:
        self._load = load

    def read(self, chosen: DataSet, config: Config) -> Job[Progress, ImageData]:
        """Return all images."""
        yield Progress(0, 0, tr("Reading {name}", name=tr(chosen.title)))
        images, labels = self._load()
        return ImageData(images if images.ndim == 4 else images[:, None], labels, chosen.class_names)
