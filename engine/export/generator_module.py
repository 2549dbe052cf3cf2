"""What leaves the house of a generator: a module from z (and labels) to pictures in [0, 1]. Knows no file format."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.latent.generator_session import GeneratorSession


class PictureGenerator(nn.Module):
    """z ``[N, z_dim]`` and labels int64 ``[N]`` → images float32 ``[N, C, H, W]`` from 0 to 1; in eval mode.

    Where the generator takes no labels it is given none.
    """

    def __init__(self, session: GeneratorSession) -> None:
        super().__init__()
        self.network = session.module
        self._session = [session]  # a list, so that it is no part of the module

    def forward(self, z: Tensor, labels: Tensor | None = None) -> Tensor:
        """Return the images ``[N, C, H, W]``."""
        if labels is None:
            labels = torch.full((1,), -1)
        return self._session[0].to_unit(self.network(z, labels)).clamp(0, 1)
