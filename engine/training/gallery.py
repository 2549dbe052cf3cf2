"""The pictures that a run keeps of its epochs: the sample grid, D's verdict on each picture, and both players."""

from __future__ import annotations

from collections.abc import Collection

from engine.config import Config
from engine.datasets.images import ImageData
from engine.events import SamplesReady
from engine.runs import Arrays, RunFolder
from engine.training.checkpoint import network_arrays
from engine.training.duel import Duel
from engine.training.opinion import Opinion
from engine.training.sample_grid import SampleGrid


class Gallery:
    """Draws the same noise every epoch and keeps what comes of it in ``folder``; the training never notices."""

    def __init__(self, config: Config, data: ImageData, folder: RunFolder) -> None:
        self._grid = SampleGrid(config, data.facts)
        self._opinion = Opinion(config, data)
        self._folder = folder
        self._keep_mb = config.keep_mb

    def noise(self) -> Arrays:
        """Return z and labels of the grid, as the run folder keeps them."""
        return self._grid.arrays()

    def hang(self, duel: Duel, epoch: int, images_seen: int, best_epochs: Collection[int]) -> SamplesReady:
        """Draw and keep the grid of ``epoch``; of the players of older epochs, the best stay longest."""
        average, discriminator, folder = duel.average.network, duel.discriminator, self._folder
        images = self._grid.draw(average, duel.device)
        grid = self._grid.lay_out(images)
        verdicts = self._opinion.of(discriminator, images, self._grid.labels)
        path = folder.save_samples(epoch, grid)
        folder.save_snapshot(epoch, network_arrays(average), network_arrays(discriminator))
        folder.prune(self._keep_mb, best_epochs)
        folder.append_verdicts(epoch, images_seen, verdicts)  # last: what is tried again appends once
        return SamplesReady(epoch, images_seen, grid, path, verdicts)
