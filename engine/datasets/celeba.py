"""CelebA as torchvision lays it out, as far as a person has it: ``celeba/img_align_celeba`` in the data folder.

Nothing is fetched: torchvision's download from Google Drive fails for most people on most days. The pictures are read
as a folder of own ones is, cut to the middle, once; then they lie in the cache.
"""

from __future__ import annotations

import contextlib
import itertools
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.config import Config
from engine.datasets import image_folder, places
from engine.datasets.images import ImageData
from engine.datasets.prepare import PrepareOptions, Tone, UnusableImage, prepare
from engine.datasets.sets import DataSet
from engine.datasets.source import Source
from engine.errors import UserError
from engine.i18n import tr
from engine.job import Job, Progress

_NAME = "img_align_celeba"
_LOOK = PrepareOptions(image_size=64, image_fit="crop", image_color="color")


def find(root: Path) -> Path | None:
    """Return the folder of the pictures in or at ``root``, if it is there and not empty."""
    places = (root / "celeba" / _NAME, root / _NAME, root)
    return next((place for place in places if place.name == _NAME and any(_names(place))), None)


def _prepared(path: Path) -> Iterator[NDArray[np.uint8]]:
    with contextlib.suppress(UnusableImage):
        yield prepare(path, _LOOK, Tone())


def _names(folder: Path) -> Iterator[str]:
    if folder.is_dir():
        with os.scandir(folder) as entries:
            yield from (entry.name for entry in entries if entry.name.lower().endswith((".jpg", ".png")))


def _found(root: Path) -> Path:
    folder = find(root)
    if folder is None:
        raise UserError(
            tr("CelebA is not in “{root}”.", root=root),
            tr(
                "Fetch img_align_celeba.zip with a browser from its makers' page and unpack it into “{place}”; "
                "torchvision's own download mostly fails, because Google Drive lets few people a day fetch it.",
                place=root / "celeba",
            ),
        )
    return folder


class _CelebA(Source):
    def read(self, chosen: DataSet, config: Config) -> Job[Progress, ImageData]:
        """Return all pictures, without classes; raises ``UserError`` where there are none."""
        pictures = yield from image_folder.read(_found(places.data_root(config)), _LOOK)
        return ImageData(pictures.data.images, pictures.data.labels, ())

    def is_at_hand(self, chosen: DataSet, config: Config) -> bool:
        """Whether the folder of the pictures is there."""
        return find(places.data_root(config)) is not None

    def first(self, chosen: DataSet, config: Config, count: int) -> tuple[ImageData, int]:
        """Return the first ``count`` usable pictures, and how many there are in all; raises ``UserError``."""
        folder = _found(places.data_root(config))
        names = sorted(_names(folder))
        usable = list(itertools.islice((each for name in names for each in _prepared(folder / name)), count))
        if not usable:
            raise image_folder.none_usable(folder)
        return ImageData(np.stack(usable), np.full(len(usable), -1, np.int64), ()), len(names)


SOURCE = _CelebA()
