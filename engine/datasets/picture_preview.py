"""A handful of own pictures as D will see them, at once, before all are prepared. Writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice, zip_longest
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from engine.datasets import picture_files
from engine.datasets.image_folder import survey
from engine.datasets.images import ImageData
from engine.datasets.picture_files import Found, PictureFile
from engine.datasets.prepare import PrepareOptions, UnusableImage, has_color, prepare, to_gray
from engine.job import Job, Progress
from engine.pictures import as_pictures


def preview(folder: Path, look: PrepareOptions, count: int) -> Job[Progress, NDArray[np.uint8]]:
    """Return up to ``count`` usable pictures, one of each class in turn, as uint8 ``[N, H, W]`` or ``[N, H, W, 3]``.

    Range and ground are those of the pictures looked at; ``of_prepared`` knows those of the whole folder. Closing the
    generator cancels. Raises ``UserError`` where the folder cannot be read.
    """
    found = yield from picture_files.find(folder, level=look.image_classes)
    found = replace(found, files=tuple(islice(_in_turn(found), 2 * count)))
    tone, _ = yield from survey(found, look)
    images: list[NDArray[np.uint8]] = []
    for picture in found.files:
        if len(images) == count:
            break
        yield Progress(len(images), count)
        try:
            images.append(prepare(folder / picture.path, look, tone))
        except UnusableImage:
            continue
    return _as_shown(images, look)


def of_prepared(data: ImageData, count: int) -> NDArray[np.uint8]:
    """Return up to ``count`` of the very images that D will see, one of each class in turn, in the same shapes."""
    order = np.argsort(data.labels, kind="stable")
    ranks = np.arange(len(order)) - np.searchsorted(data.labels[order], data.labels[order])
    return as_pictures(np.asarray(data.images[order[np.argsort(ranks, kind="stable")[:count]]]))


def _in_turn(found: Found) -> Iterator[PictureFile]:
    """Yield the first picture of each class, then the second ones, and so on."""
    groups: dict[int, list[PictureFile]] = {}
    for picture in found.files:
        groups.setdefault(picture.label, []).append(picture)
    for row in zip_longest(*groups.values()):
        yield from (picture for picture in row if picture)


def _as_shown(images: list[NDArray[np.uint8]], look: PrepareOptions) -> NDArray[np.uint8]:
    if not images:
        return np.zeros((0, look.image_size, look.image_size), np.uint8)
    stack = np.stack(images)
    if look.image_color == "auto" and not any(map(has_color, images)):
        stack = to_gray(stack)
    return stack[:, 0] if stack.shape[1] == 1 else np.ascontiguousarray(stack.transpose(0, 2, 3, 1))
