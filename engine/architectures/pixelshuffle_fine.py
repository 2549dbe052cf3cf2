"""The networks of the recipe `studio-fine`: those of ``pixelshuffle``, in which a patch is no longer drawn in one go.

There every pixel follows from the grid of 4×4 patches by one linear step: strokes break at the edges of patches, and
specks are left. Here G goes by way of pieces of 2×2, each of which sees those beside it, and D begins with such pieces.
A step takes 13 % longer, and strokes break a third as often (engine/bench/MEASURED.md).
"""

from __future__ import annotations

from torch import nn

from engine.architectures import pixelshuffle
from engine.architectures.first_weights import begin_with, small_embeddings
from engine.config import Config
from engine.datasets.info import DatasetInfo

_PIECE = 2  # side of the pieces of a picture that the players see with their finest layers
_G_FINE, _D_FINE = 16, 12  # channels there


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator; raises ``UserError`` when the image size is no multiple of the patch."""
    return Generator(config, facts)


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator; raises ``UserError`` when the image size is no multiple of the patch."""
    return begin_with(Discriminator(config, facts), small_embeddings)


class Generator(pixelshuffle.Generator):
    """z and label → dense layer → residual blocks on the patch grid → 2×2 pieces → output."""

    last_patch = _PIECE

    @staticmethod
    def ending(channels: int, colors: int) -> nn.Module:
        """Return the layers from ``channels`` on the patch grid to pieces of the picture."""
        return nn.Sequential(
            nn.Conv2d(channels, _PIECE * _PIECE * _G_FINE, 1),
            nn.PixelShuffle(_PIECE),
            nn.LeakyReLU(0.2),
            nn.Conv2d(_G_FINE, colors * _PIECE * _PIECE, 3, padding=1),
        )


class Discriminator(pixelshuffle.Discriminator):
    """Image → 2×2 pieces → patch grid → residual blocks → features → verdict and class."""

    first_patch = _PIECE

    @staticmethod
    def beginning(colors: int, channels: int) -> nn.Module:
        """Return the layers from pieces of the picture to ``channels`` on the patch grid."""
        return nn.Sequential(
            nn.Conv2d(colors * _PIECE * _PIECE, _D_FINE, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.PixelUnshuffle(_PIECE),
            nn.Conv2d(_PIECE * _PIECE * _D_FINE, channels, 1),
        )
