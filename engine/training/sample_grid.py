"""The sample grid: the same noise every epoch, and, where G knows classes, one class to a column."""

from __future__ import annotations

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn

from engine.arrays import Arrays, Samples
from engine.config import Config
from engine.datasets.images import ImageData
from engine.datasets.info import DatasetInfo
from engine.latent.sampling import random_z
from engine.pictures import to_samples
from engine.points.sheet import real_points, sheet


class SampleGrid:
    """Noise ``z`` float32 ``[N, z_dim]`` with labels int64 ``[N]``, and drawing a generator's pictures of it.

    ``data`` are the real images, which some kinds of data are drawn among.
    """

    def __init__(self, config: Config, facts: DatasetInfo, data: ImageData | None = None) -> None:
        classes = len(config.asked_classes(facts.class_names))
        self.columns = classes or config.sample_columns
        self._data_range = config.data_range
        self._real = real_points(data)
        if classes:
            styles = random_z(config.sample_rows, config.z_dim, config.seed)
            self.z = np.repeat(styles, classes, axis=0)
            self.labels = np.tile(np.arange(classes, dtype=np.int64), config.sample_rows)
        else:
            self.z = random_z(config.sample_rows * self.columns, config.z_dim, config.seed)
            self.labels = np.full(len(self.z), -1, np.int64)

    def arrays(self) -> Arrays:
        """Return what the run folder keeps."""
        return {"z": self.z, "labels": self.labels}

    @torch.inference_mode()
    def draw(self, generator: nn.Module, device: torch.device) -> Tensor:
        """Return the pictures float32 ``[N, C, H, W]`` of an eval-mode ``generator``, in the order of the tiles."""
        images: Tensor = generator(torch.from_numpy(self.z).to(device), torch.from_numpy(self.labels).to(device))
        return images.float()

    def make_grid(self, images: Tensor) -> NDArray[np.uint8]:
        """Return the grid uint8 ``[H, W]`` or ``[H, W, 3]`` of the pictures that ``draw`` returned."""
        return sheet(self.pixels(images), self.columns, self._real)

    def pixels(self, images: Tensor) -> Samples:
        """Return the pictures that ``draw`` returned as uint8 ``[N, H, W]`` or ``[N, H, W, 3]``, or as points."""
        return to_samples(images.cpu().numpy(), self._data_range)
