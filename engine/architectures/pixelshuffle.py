"""The architecture of the recipe `studio`: both players work on a grid of 4×4-pixel patches, which is fast on a CPU.

The generator ends in a pixel-shuffle by 4 and the discriminator begins with its inverse (Shi et al., 2016), so
that no convolution ever runs at full resolution. Conditional: G gets an embedding of the label beside z, D is
a projection discriminator (Miyato and Koyama, 2018) with an auxiliary classifier (Odena et al., 2017). Data without
classes leave all three out.
"""

from __future__ import annotations

import math

from torch import Tensor, nn
from torch.nn import functional as F

from engine.architectures.first_weights import begin_with, small_embeddings
from engine.architectures.generator import LabeledGenerator, LabelEmbedding
from engine.architectures.layers import dropout, output_layer, quarter_side
from engine.architectures.output import DiscriminatorOutput
from engine.config import Config
from engine.datasets.info import DatasetInfo

_PATCH = 4
_LABEL_WIDTH = 32
_FEATURES = 128
_BLOCKS = 2


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator; raises ``UserError`` when the image size is no multiple of the patch."""
    return Generator(config, facts)


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator; raises ``UserError`` when the image size is no multiple of the patch."""
    return begin_with(Discriminator(config, facts), small_embeddings)


class Generator(LabeledGenerator):
    """z and label → dense layer → residual blocks on the patch grid → pixel-shuffle → output."""

    last_patch = _PATCH  # side of the pieces that ``to_patches`` ends with

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        grid, channels, classes = quarter_side(facts), config.g_channels, len(facts.class_names)
        self._shape = self.start_shape(channels, grid)
        self.label = LabelEmbedding(classes, _LABEL_WIDTH) if classes else None
        self.dense = nn.Linear(config.z_dim + (_LABEL_WIDTH if classes else 0), math.prod(self._shape))
        self.blocks = self.body(channels, grid)
        self.norm = nn.BatchNorm2d(channels)
        self.to_patches = self.ending(channels, facts.channels)
        self.output = output_layer(config)

    @staticmethod
    def start_shape(channels: int, grid: int) -> tuple[int, int, int]:
        """Return what the dense layer draws: channels, height and width."""
        return channels, grid, grid

    @staticmethod
    def body(channels: int, grid: int) -> nn.Sequential:
        """Return the layers from there to ``channels`` on the patch grid."""
        del grid  # the blocks keep it
        return nn.Sequential(*(GeneratorBlock(channels) for _ in range(_BLOCKS)))

    @staticmethod
    def ending(channels: int, colors: int) -> nn.Module:
        """Return the layers from ``channels`` on the patch grid to pieces of the picture."""
        return nn.Conv2d(channels, colors * _PATCH * _PATCH, 3, padding=1)

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return images ``[N, C, H, W]``."""
        x = self.dense(self.enter(z, labels)).view(-1, *self._shape)
        x = F.relu(self.norm(self.blocks(x)))
        images: Tensor = self.output(F.pixel_shuffle(self.to_patches(x), self.last_patch))
        return images

    @property
    def entrance(self) -> nn.Linear:
        """The dense layer."""
        return self.dense

    def features(self, z: Tensor, labels: Tensor) -> list[Tensor]:
        """Return, ``[N, C, H, W]`` each, what the dense layer draws, each block makes of it, and patches come from."""
        found = [self.dense(self.enter(z, labels)).view(-1, *self._shape)]
        for block in self.blocks:
            found.append(block(found[-1]))
        return [*found, F.relu(self.norm(found[-1]))]


class GeneratorBlock(nn.Module):
    """Two convolutions beside which the input goes on, each after batch norm."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.norm1, self.norm2 = nn.BatchNorm2d(channels), nn.BatchNorm2d(channels)
        self.conv1, self.conv2 = (nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """Return features of the shape of ``x``."""
        h = self.conv1(F.relu(self.norm1(x)))
        return x + self.conv2(F.relu(self.norm2(h)))


class Discriminator(nn.Module):
    """Image → patch grid → residual blocks → features → verdict and class."""

    first_patch = _PATCH  # side of the pieces that ``from_patches`` begins with

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        grid, channels, classes = quarter_side(facts), config.d_channels, len(facts.class_names)
        self.from_patches = self.beginning(facts.channels, channels)
        self.blocks = self.body(channels)
        self.features = nn.Linear(math.prod(self.end_shape(channels, grid)), _FEATURES)
        self.verdict = nn.Linear(_FEATURES, 1)
        self.label = nn.Embedding(classes, _FEATURES) if classes else None
        self.classify = nn.Linear(_FEATURES, classes) if classes else None
        self.dropout = nn.Sequential(*dropout(config))

    @staticmethod
    def beginning(colors: int, channels: int) -> nn.Module:
        """Return the layers from pieces of the picture to ``channels`` on the patch grid."""
        return nn.Conv2d(colors * _PATCH * _PATCH, channels, 3, padding=1)

    @staticmethod
    def body(channels: int) -> nn.Sequential:
        """Return the layers from ``channels`` on the patch grid to what the features are taken from."""
        return nn.Sequential(*(DiscriminatorBlock(channels) for _ in range(_BLOCKS)))

    @staticmethod
    def end_shape(channels: int, grid: int) -> tuple[int, int, int]:
        """Return the shape in which they end: channels, height and width."""
        return channels, grid, grid

    def forward(self, images: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """Judge images ``[N, C, H, W]`` as pictures of ``labels`` ``[N]``."""
        x = F.leaky_relu(self.blocks(self.from_patches(F.pixel_unshuffle(images, self.first_patch))), 0.2)
        features = self.dropout(F.leaky_relu(self.features(self.dropout(x).flatten(1)), 0.2))
        logits = self.verdict(features).squeeze(1)
        if self.label is None or self.classify is None:
            return DiscriminatorOutput(logits, None)
        return DiscriminatorOutput(logits + (features * self.label(labels)).sum(1), self.classify(features))


class DiscriminatorBlock(nn.Module):
    """Two convolutions beside which the input goes on."""

    def __init__(self, channels: int) -> None:
        super().__init__()
        self.conv1, self.conv2 = (nn.Conv2d(channels, channels, 3, padding=1) for _ in range(2))

    def forward(self, x: Tensor) -> Tensor:
        """Return features of the shape of ``x``."""
        return x + self.conv2(F.leaky_relu(self.conv1(F.leaky_relu(x, 0.2)), 0.2))
