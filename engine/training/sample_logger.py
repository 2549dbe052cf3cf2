"""The pictures that a run keeps of its epochs: the sample grid, D's verdict on each picture, and both players."""

from __future__ import annotations

from collections.abc import Collection

from engine.arrays import Arrays
from engine.config import Config
from engine.datasets.images import ImageData
from engine.events import SamplesReady
from engine.runs import AnyRun
from engine.training.checkpoint import network_state
from engine.training.gan import GAN
from engine.training.realism import RealismScorer
from engine.training.sample_grid import SampleGrid


class SampleLogger:
    """Draws the same noise every epoch and keeps what comes of it in ``folder``; the training never notices."""

    def __init__(self, config: Config, data: ImageData, folder: AnyRun) -> None:
        self._grid = SampleGrid(config, data.facts)
        self._opinion = RealismScorer(config, data)
        self._folder = folder
        self._max_mb = config.max_snapshot_mb

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
        folder.append_verdicts(epoch, images_seen, verdicts)  # last: what is tried again appends once
        return SamplesReady(epoch, images_seen, grid, path, verdicts)
