"""The pictures that a run keeps of its epochs: the sample grid, D's verdict on each picture, and both players."""

from __future__ import annotations

from collections.abc import Collection

import numpy as np
from torch import Tensor

from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.images import ImageData
from engine.events import SamplesReady
from engine.pictures import as_pictures, deviation
from engine.runs import AnyRun
from engine.training.checkpoint import network_state
from engine.training.gan import GAN
from engine.training.realism import RealismScorer
from engine.training.sample_grid import SampleGrid

_REAL_IMAGES = 128  # that tell how much real images differ


class SampleLogger:
    """Draws the same noise every epoch and keeps what comes of it in ``folder``; the training never notices."""

    def __init__(self, config: Config, data: ImageData, folder: AnyRun) -> None:
        self._grid = SampleGrid(config, data.facts, data)
        self._opinion = RealismScorer(config, data)
        self._folder = folder
        self._max_mb = config.max_snapshot_mb
        some = data.images[:: max(len(data.images) // _REAL_IMAGES, 1)]
        self._real_deviation = deviation(as_pictures(np.asarray(some[:_REAL_IMAGES])))

    def noise(self) -> Arrays:
        """Return z and labels of the grid, as the run folder keeps them."""
        return self._grid.arrays()

    def log(self, gan: GAN, epoch: int, images_seen: int, best_epochs: Collection[int]) -> SamplesReady:
        """Draw and keep the grid of ``epoch``; of the players of older epochs, the best stay longest."""
        average, discriminator, folder = gan.ema.network, gan.discriminator, self._folder
        images = self._grid.draw(average, gan.device)
        grid = self._grid.make_grid(images)
        verdicts = self._opinion.of(discriminator, images, self._grid.labels)
        path = folder.save_samples(epoch, grid)
        folder.save_snapshot(epoch, network_state(average), network_state(discriminator))
        folder.prune(self._max_mb, best_epochs)
        spread = self._spread(images)
        folder.append_verdicts(epoch, images_seen, verdicts, spread)  # last: what is tried again appends once
        return SamplesReady(epoch, images_seen, grid, path, verdicts, spread)

    def _spread(self, images: Tensor) -> float | None:
        """Return how much the pictures ``[N, C, H, W]`` differ from each other, of what real ones do."""
        own = deviation(self._grid.pixels(images))
        return own / self._real_deviation if self._real_deviation > 0 and len(images) > 1 else None
