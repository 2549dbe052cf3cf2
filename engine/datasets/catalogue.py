"""From a config to its images, whatever their source. Knows no torch until a torchvision set is read."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine import files
from engine.config import Config
from engine.datasets import digits, faces, places
from engine.datasets.images import ImageData, original_labels
from engine.datasets.sets import DATASETS, DataSet, check_classes, dataset
from engine.errors import UserError
from engine.i18n import tr
from engine.job import Job, Progress, result_of

__all__ = [
    "DATASETS",
    "DataSet",
    "ImageData",
    "dataset",
    "first",
    "is_at_hand",
    "load",
    "original_labels",
    "picture_count",
    "read",
]

_EMBEDDED = {"digits": digits, "faces": faces}


def read(config: Config) -> Job[Progress, ImageData]:
    """Read the images that ``config`` names, with only the chosen classes, and report on the way.

    What is not at hand is downloaded. Closing the generator cancels: nothing half done stays behind. Raises
    ``UserError``.
    """
    data = yield from _read_all(config)
    return data.limited(config.max_images).mislabelled(config.label_noise, config.seed)


def _read_all(config: Config) -> Job[Progress, ImageData]:
    chosen = dataset(config.dataset)
    if chosen.origin == "folder":
        return (yield from _read_pictures(config))
    check_classes(config.dataset, config.classes)
    if chosen.is_embedded:
        images, labels = _EMBEDDED[chosen.name].load()
        with_channels = images if images.ndim == 4 else images[:, None]
        return ImageData(with_channels, labels, chosen.class_names).only(config.classes)
    if chosen.origin == "brought":
        from engine.datasets import celeba

        return (yield from celeba.read(places.data_root(config)))
    from engine.datasets import torchvision_sets

    data = yield from torchvision_sets.read(chosen, places.data_root(config))
    return data.only(config.classes)


def load(config: Config) -> ImageData:
    """Do the same as ``read`` in one go."""
    return result_of(read(config))


def first(config: Config, count: int) -> tuple[ImageData, int]:
    """Return images for a first look, and how many there are in all; raises ``UserError``.

    All are read, but ``count`` suffice where it would take minutes to prepare all.
    """
    if dataset(config.dataset).origin == "brought":
        from engine.datasets import celeba

        data, found = celeba.first(places.data_root(config), count)
        return data, min(found, config.max_images or found)
    data = load(config)
    return data, len(data.images)


def picture_count(config: Config) -> int:
    """Return how many files of the folder of own pictures should be pictures, and opens none; raises ``UserError``."""
    from engine.datasets import picture_files

    return len(result_of(picture_files.find(_picture_folder(config), config.classes, config.image_classes)).files)


def is_at_hand(config: Config) -> bool:
    """Whether the images can be read without downloading anything. Quick, imports no torch, raises ``UserError``."""
    chosen = dataset(config.dataset)
    if chosen.origin == "folder":
        return bool(config.data_root)
    if chosen.is_embedded:
        return True
    if chosen.origin == "brought":
        from engine.datasets import celeba

        return celeba.find(places.data_root(config)) is not None
    from engine.datasets import torchvision_sets

    return torchvision_sets.is_at_hand(chosen, places.data_root(config))


def _read_pictures(config: Config) -> Job[Progress, ImageData]:
    from engine.datasets import own_pictures

    look = own_pictures.Look.of(config)
    pictures = yield from own_pictures.read(_picture_folder(config), look, config.classes)
    return replace(pictures.data, remarks=tuple(own_pictures.summary(pictures.report)))


def _picture_folder(config: Config) -> Path:
    if not config.data_root:
        raise UserError(
            tr("It is not said where your own pictures lie."), tr("Choose their folder, or give it with --data-root.")
        )
    return files.typed(config.data_root)
