"""The networks of the recipe `faces`: those of ``pixelshuffle`` with a coarser and a finer grid, for 64×64 pixels.

There the grid of 4×4-pixel patches is 16×16: too fine for a few convolutions to see a whole face, and too coarse for
clean lines. One of the two blocks works on a grid half as fine with twice the channels, which costs the same. G ends
and D begins with pieces of 2×2 pixels and few channels, which costs a sixth. All else is as in ``pixelshuffle``.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures import pixelshuffle
from engine.architectures.first_weights import begin_with, small_embeddings
from engine.architectures.pixelshuffle import DiscriminatorBlock, GeneratorBlock
from engine.config import Config
from engine.datasets.info import DatasetInfo

_PIECE = 2  # side of the pieces of a picture that the players see with their finest layers
_FINE = 16  # channels of G's finest layer; D, which must find every fault, has twice as many


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator; raises ``UserError`` when the image size is no multiple of the patch."""
    return Generator(config, facts)


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator; raises ``UserError`` when the image size is no multiple of the patch."""
    return begin_with(Discriminator(config, facts), small_embeddings)


class Generator(pixelshuffle.Generator):
    """z and label → dense layer → block on the coarse grid → block on the patch grid → 2×2 pieces → output."""

    last_patch = _PIECE

    @staticmethod
    def start_shape(channels: int, grid: int) -> tuple[int, int, int]:
        """Return what the dense layer draws: channels, height and width."""
        return _coarse_shape(channels, grid)

    @staticmethod
    def body(channels: int, grid: int) -> nn.Sequential:
        """Return the layers from there to ``channels`` on the patch grid."""
        return nn.Sequential(GeneratorBlock(_wide(channels)), _Finer(channels, grid), GeneratorBlock(channels))

    @staticmethod
    def ending(channels: int, colors: int) -> nn.Module:
        """Return the layers from ``channels`` on the patch grid to pieces of the picture."""
        return nn.Sequential(
            nn.Conv2d(channels, 4 * _FINE, 3, padding=1),
            nn.PixelShuffle(2),
            nn.ReLU(),
            nn.Conv2d(_FINE, colors * _PIECE * _PIECE, 3, padding=1),
        )


class Discriminator(pixelshuffle.Discriminator):
    """Image → 2×2 pieces → patch grid → block → coarse grid → block → features → verdict and class."""

    first_patch = _PIECE

    @staticmethod
    def beginning(colors: int, channels: int) -> nn.Module:
        """Return the layers from pieces of the picture to ``channels`` on the patch grid."""
        return nn.Sequential(
            nn.Conv2d(colors * _PIECE * _PIECE, 2 * _FINE, 3, padding=1),
            nn.LeakyReLU(0.2),
            nn.Conv2d(2 * _FINE, channels, 3, stride=2, padding=1),
        )

    @staticmethod
    def body(channels: int) -> nn.Sequential:
        """Return the layers from ``channels`` on the patch grid to what the features are taken from."""
        return nn.Sequential(
            DiscriminatorBlock(channels),
            nn.Conv2d(channels, _wide(channels), 3, stride=2, padding=1),
            DiscriminatorBlock(_wide(channels)),
        )

    @staticmethod
    def end_shape(channels: int, grid: int) -> tuple[int, int, int]:
        """Return the shape in which they end: channels, height and width."""
        return _coarse_shape(channels, grid)


class _Finer(nn.Module):
    """From the coarse grid to ``channels`` on the patch grid by pixel-shuffle."""

    def __init__(self, channels: int, grid: int) -> None:
        super().__init__()
        self.convolution = nn.Conv2d(_wide(channels) // 4, channels, 3, padding=1)
        self._grid = grid

    def forward(self, x: Tensor) -> Tensor:
        x = F.pixel_shuffle(x, 2)[..., : self._grid, : self._grid]  # an odd grid is a row and a column smaller
        finer: Tensor = self.convolution(x)
        return finer


def _coarse_shape(channels: int, grid: int) -> tuple[int, int, int]:
    side = -(-grid // 2)
    return _wide(channels), side, side


def _wide(channels: int) -> int:
    return 4 * -(-channels // 2)  # twice as many, and a pixel-shuffle by 2 divides them
