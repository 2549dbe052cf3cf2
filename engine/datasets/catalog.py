"""From a config to its images, whatever their source. Knows no torch until a source that needs it is read."""

from __future__ import annotations

import numpy as np

from engine.config import Config
from engine.datasets.images import ImageData, original_labels
from engine.datasets.sets import DATASETS, DataSet, check_classes, dataset
from engine.errors import UserError
from engine.i18n import joined, tr
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
    "own_count",
    "read",
]


def read(config: Config) -> Job[Progress, ImageData]:
    """Read the images that ``config`` names, with only the chosen classes, and report on the way.

    What is not at hand is downloaded. Closing the generator cancels: nothing half done stays behind. Raises
    ``UserError``.
    """
    chosen = dataset(config.dataset)
    check_classes(config.dataset, config.classes)
    data = yield from chosen.source.read(chosen, config)
    _check(chosen, data)
    if chosen.class_names:  # else only the source knows classes
        data = data.select_classes(config.classes)
    return data.subset(config.max_images).with_label_noise(config.label_noise, config.seed)


def load(config: Config) -> ImageData:
    """Do the same as ``read`` in one go."""
    return result_of(read(config))


def first(config: Config, count: int) -> tuple[ImageData, int]:
    """Return images for a first look, and how many there are in all; raises ``UserError``.

    All are read, but ``count`` suffice where it would take minutes to prepare all.
    """
    chosen = dataset(config.dataset)
    glance = chosen.source.first(chosen, config, count)
    if glance is not None:
        data, found = glance
        return data, min(found, config.max_images or found)
    data = load(config)
    return data, len(data.images)


def own_count(config: Config) -> int:
    """Return how many rows the person's own table has, or how many files of their folder should be pictures, none of
    which is opened; raises ``UserError``.
    """
    if dataset(config.dataset).origin == "file":
        return len(load(config).images)
    from engine.datasets import folder

    return folder.picture_count(config)


def is_at_hand(config: Config) -> bool:
    """Whether the images can be read without downloading anything. Quick, imports no torch, raises ``UserError``."""
    chosen = dataset(config.dataset)
    return chosen.source.is_at_hand(chosen, config)


def _check(chosen: DataSet, data: ImageData) -> None:
    """Raise ``UserError`` unless a source, which may be a stranger's, gives what it should."""
    images, labels = data.images, data.labels
    is_fine = (
        labels.dtype == np.int64
        and images.ndim == 4
        and (_are_points(data) if chosen.points else _are_pictures(data))
        and labels.shape == images.shape[:1]
        and len(images) > 0
        and -1 <= labels.min() <= labels.max() < max(len(data.class_names), 0.5)
    )
    if not is_fine:
        raise UserError(
            tr("The data set “{name}” gives no points with labels that fit.", name=chosen.name)
            if chosen.points
            else tr("The data set “{name}” gives no square images with labels that fit.", name=chosen.name),
            joined(_wanted(chosen, data), tr("Tell the author of the package that it comes from.")),
        )


def _wanted(chosen: DataSet, data: ImageData) -> str:
    """Say what a source gives, and what it should, to whoever writes one."""
    images, labels = (f"{each.dtype} {list(each.shape)}" for each in (data.images, data.labels))
    wanted = f"float32 [N, {len(data.columns)}, 1, 1]" if chosen.points else "uint8 [N, 1 | 3, S, S]"
    return tr(
        "Images: {images}, wanted {wanted}; labels: {labels}, wanted int64 [N] from -1 to {last}.",
        images=images,
        wanted=wanted,
        labels=labels,
        last=len(data.class_names) - 1,
    )


def _are_pictures(data: ImageData) -> bool:
    _, channels, height, width = data.images.shape
    return data.images.dtype == np.uint8 and channels in (1, 3) and height == width > 1 and not data.columns


def _are_points(data: ImageData) -> bool:
    _, channels, *sides = data.images.shape
    fits = data.images.dtype == np.float32 and sides == [1, 1] and channels == len(data.columns) > 1
    return fits and bool(np.isfinite(data.images).all())
