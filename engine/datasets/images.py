"""Images and labels as arrays: what every source of data gives and the training takes. Knows no source."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.datasets.info import Column, DatasetInfo


@dataclass(frozen=True)
class ImageData:
    """Images uint8 ``[N, C, H, W]``, labels int64 ``[N]`` from 0, and the name of each label.

    Where there are no classes, every label is -1 and ``class_names`` is empty. ``images`` is a ``numpy.memmap`` where
    they are too many for the memory. ``remarks`` are sentences for the person whose images these are.
    Points, whose ``columns`` say what they are, are float32 ``[N, C, 1, 1]`` from -1 to 1.
    """

    images: NDArray[Any]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    remarks: tuple[str, ...] = ()
    columns: tuple[Column, ...] = ()

    @property
    def facts(self) -> DatasetInfo:
        """What stays in the run when the data is gone."""
        count, channels, size, _ = self.images.shape
        return DatasetInfo(count, self.class_names, channels, size, self.columns)

    def select_classes(self, classes: tuple[int, ...]) -> ImageData:
        """Return the images of ``classes`` with labels numbered anew from 0; no classes mean all."""
        if not classes:
            return self
        keep = np.isin(self.labels, classes)
        new_label = np.full(len(self.class_names), -1, np.int64)
        new_label[list(classes)] = np.arange(len(classes))
        names = tuple(self.class_names[label] for label in classes)
        return replace(self, images=self.images[keep], labels=new_label[self.labels[keep]], class_names=names)

    def subset(self, count: int) -> ImageData:
        """Return the first ``count`` images, spread evenly over the classes; 0, or more than there are, means all."""
        if not 0 < count < len(self.images):
            return self
        order = np.argsort(self.labels, kind="stable")
        ranks = np.arange(len(order)) - np.searchsorted(self.labels[order], self.labels[order])
        chosen = np.sort(order[np.argsort(ranks, kind="stable")[:count]])
        images = np.ascontiguousarray(self.images[chosen])
        return replace(self, images=images, labels=self.labels[chosen])

    def with_label_noise(self, share: float, seed: int) -> ImageData:
        """Return the same images, a random ``share`` (0 to 1) of them with random labels."""
        if not share or not self.class_names:
            return self
        random = np.random.Generator(np.random.PCG64(seed))
        wrong = random.random(len(self.labels)) < share
        others = random.integers(len(self.class_names), size=len(self.labels))
        return replace(self, labels=np.where(wrong, others, self.labels))


def original_labels(labels: NDArray[np.int64], classes: tuple[int, ...]) -> NDArray[np.int64]:
    """Map labels ``[N]`` of a run that trains on some classes only back to the data set's own; -1 stays -1."""
    if not classes:
        return labels
    return np.where(labels < 0, -1, np.asarray(classes)[labels])
