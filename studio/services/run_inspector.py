"""Looks closely at samples of one run: reads its networks and its training images when they are needed.

For a thread in the background: imports torch when the first sample is inspected, and knows neither Qt nor threads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from engine.arrays import Arrays
from engine.datasets import catalog
from engine.datasets.images import ImageData
from engine.errors import UserError
from engine.evaluation.nearest_real import NearestReal
from engine.i18n import mark, tr
from engine.job import Canceled
from engine.runs import RunFolder, RunInfo
from studio.model.sample import InspectedSample, Sample
from studio.model.snapshot import SnapshotRef
from studio.services.readers import no_generator

if TYPE_CHECKING:
    from engine.evaluation.sample_inspector import SampleInspector, SampleReport

_NOT_AT_HAND = mark("The training images are not on this machine, so the nearest one cannot be shown.")
_OTHER_IMAGES = mark("The data set has changed since this run, so the nearest training image cannot be shown.")


class RunInspector:
    """Keeps the training images and the networks of the last epoch, so that the next sample is quick.

    ``is_canceled`` is asked while the images are read, which may take long; then ``Canceled`` is raised.
    """

    def __init__(self, path: Path, info: RunInfo, is_canceled: Callable[[], bool]) -> None:
        self._folder = RunFolder(path)
        self._info = info
        self._is_canceled = is_canceled
        self._without_images = ""  # why there are none
        self._loaded_epoch: int | None = None

    def inspect(self, sample: Sample) -> InspectedSample:
        """Inspect ``sample`` with the networks of its epoch or of the nearest one kept; what fails becomes remarks."""
        try:
            return self._with_networks(sample)
        except UserError as error:
            report = self._without_networks(sample)
            return InspectedSample(
                sample, SnapshotRef(sample.epoch, sample.epoch), report, (error.whole, *self._remarks())
            )

    def _with_networks(self, sample: Sample) -> InspectedSample:
        epoch = self._folder.nearest_snapshot_epoch(sample.epoch)
        if epoch is None:
            raise no_generator(self._folder.path)
        inspector, (z, labels) = self._inspector, self._noise
        if epoch != self._loaded_epoch:
            inspector.load(self._folder.generator(epoch), self._discriminator(epoch))
            self._loaded_epoch = epoch
        if sample.tile >= len(z):
            raise _no_noise()
        report = inspector.inspect(z[sample.tile], int(labels[sample.tile]))
        return InspectedSample(sample, SnapshotRef(sample.epoch, epoch), report, self._remarks())

    def _without_networks(self, sample: Sample) -> SampleReport:
        from engine.evaluation.sample_inspector import SampleReport

        near = self._nearest.find(sample.picture) if self._nearest else None
        return SampleReport(
            image=sample.picture,
            label=sample.label,
            verdict=sample.verdict,
            reading=None,
            neighbor=near.image if near else None,
            neighbor_index=near.index if near else None,
            neighbor_label=near.label if near else None,
            neighbor_distance=near.distance if near else None,
            usual_distance=self._nearest.usual_distance if self._nearest else None,
            saliency=np.zeros(sample.picture.shape[:2], np.float32),
            updates=(),
        )

    def _discriminator(self, epoch: int) -> Arrays:
        """Return D of ``epoch``; a finished run of an older version has that of its last epoch alone."""
        try:
            return self._folder.discriminator(epoch)
        except UserError:
            folder = self._folder
            is_last = epoch == max(folder.generator_epochs()) and folder.images_seen() >= self._info.total_images
            if not is_last:
                raise
            return folder.discriminator()

    # --- what is read once

    @cached_property
    def _inspector(self) -> SampleInspector:
        from engine.evaluation.sample_inspector import SampleInspector

        return SampleInspector(self._info.config, self._info.facts, self._images)

    @cached_property
    def _noise(self) -> tuple[np.ndarray, np.ndarray]:
        """z float32 ``[N, z_dim]`` and labels ``[N]`` of the sample grid's tiles."""
        arrays = self._folder.noise()
        z, labels = (arrays.get(name, np.zeros(0)) for name in ("z", "labels"))
        if z.ndim != 2 or labels.shape != (len(z),):
            raise _no_noise()
        return z.astype(np.float32), labels

    @cached_property
    def _nearest(self) -> NearestReal | None:
        return NearestReal(self._images) if self._images else None

    @cached_property
    def _images(self) -> ImageData | None:
        """The training images, None where they would have to be fetched, cannot be read, or are other ones."""
        try:
            images = self._read_images() if catalog.is_at_hand(self._info.config) else None
        except UserError as error:
            self._without_images = error.whole
            return None
        if images is None:
            self._without_images = tr(_NOT_AT_HAND)
        elif images.facts != self._info.facts:
            self._without_images = tr(_OTHER_IMAGES)
            return None
        return images

    def _read_images(self) -> ImageData:
        reading = catalog.read(self._info.config)
        try:
            while True:
                next(reading)
                if self._is_canceled():
                    raise Canceled
        except StopIteration as done:
            images: ImageData = done.value
            return images
        finally:
            reading.close()

    def _remarks(self) -> tuple[str, ...]:
        return (self._without_images,) if self._without_images else ()


def _no_noise() -> UserError:
    return UserError(
        tr("The run does not hold the random numbers that this picture was made of."),
        tr("Take the folder “samples” from the same run, unchanged."),
    )
