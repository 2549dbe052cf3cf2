"""The family of the recipe `faces`: the players of ``shuffle`` with a second, coarser grid, for pictures of 64×64.

There the grid of 4×4-pixel patches is 16×16, too fine for a few convolutions to see a whole face. One of the two blocks
works on a grid half as fine with twice the channels, which costs the same; all else is as in ``shuffle``.
"""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures import shuffle
from engine.architectures.shuffle import DiscriminatorBlock, GeneratorBlock
from engine.config import Config
from engine.datasets.facts import DataFacts


def generator(config: Config, facts: DataFacts) -> nn.Module:
    """Return the generator; raises ``UserError`` when the image size is no multiple of the patch."""
    return Generator(config, facts)


def discriminator(config: Config, facts: DataFacts) -> nn.Module:
    """Return the discriminator; raises ``UserError`` when the image size is no multiple of the patch."""
    return Discriminator(config, facts)


class Generator(shuffle.Generator):
    """z and label → dense layer → block on the coarse grid → block on the patch grid → pixel-shuffle → output."""

    @staticmethod
    def start_shape(channels: int, grid: int) -> tuple[int, int, int]:
        """Return what the dense layer draws: channels, height and width."""
        return _coarse_shape(channels, grid)

    @staticmethod
    def body(channels: int, grid: int) -> nn.Sequential:
        """Return the layers from there to ``channels`` on the patch grid."""
        return nn.Sequential(GeneratorBlock(_wide(channels)), _Finer(channels, grid), GeneratorBlock(channels))


class Discriminator(shuffle.Discriminator):
    """Image → patch grid → block → coarse grid → block → features → verdict and class."""

    @staticmethod
    def body(channels: int) -> nn.Sequential:
        """Return the layers from ``channels`` on the patch grid to what the features are taken from."""
        coarser = nn.Conv2d(channels, _wide(channels), 3, stride=2, padding=1)
        return nn.Sequential(DiscriminatorBlock(channels), coarser, DiscriminatorBlock(_wide(channels)))

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
