"""The parts of networks that work on several sizes of an image, from 7×7 or so doubled up to the full side.

Shared by `progressive` and `multiscale`. As in Karras et al., 2018, arXiv:1710.10196: leaky ReLU, pixel norm in G, no
batch norm; weights start as He et al., 2015, instead of being rescaled at each step. z is not normalized: a latent
sweep along one direction would stand still.
"""

from __future__ import annotations

from itertools import pairwise
from typing import TypeVar

import torch
from torch import Tensor, nn

from engine.architectures.generator import LabeledGenerator, LabelEmbedding
from engine.architectures.layers import Flatten, dropout, output_layer, quarter_side
from engine.architectures.levels import levels
from engine.architectures.output import DiscriminatorOutput
from engine.config import Config
from engine.datasets.info import DatasetInfo

SLOPE = 0.2
_LABEL_WIDTH = 32
_FEWEST_CHANNELS = 8
_Network = TypeVar("_Network", bound=nn.Module)


def sides_of(facts: DatasetInfo) -> list[int]:
    """Return the sides of the levels, the smallest first; raises ``UserError`` unless 4 divides the full side."""
    quarter_side(facts)
    return levels(facts.size)


def widths_of(widest: int, count: int) -> list[int]:
    """Return the channels of each level: ``widest`` at the smallest, then half at each, but not below 8."""
    return [min(widest, max(widest >> level, _FEWEST_CHANNELS)) for level in range(count)]


def with_he_weights(network: _Network) -> _Network:
    """Draw the first weights of dense and convolutional layers anew for leaky ReLU, and return ``network``."""
    for module in network.modules():
        if isinstance(module, nn.Linear | nn.Conv2d):
            nn.init.kaiming_normal_(module.weight, SLOPE)
            if module.bias is not None:
                nn.init.zeros_(module.bias)
    return network


class MultiresGenerator(LabeledGenerator):
    """z and label → dense layer → a block of convolutions for each level, and a 1×1 convolution to its image."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        self.sides = sides_of(facts)
        widths = widths_of(config.g_channels, len(self.sides))
        classes = len(facts.class_names)
        self.label = LabelEmbedding(classes, _LABEL_WIDTH) if classes else None
        self.start = nn.Sequential(
            nn.Linear(config.z_dim + (_LABEL_WIDTH if classes else 0), widths[0] * self.sides[0] ** 2),
            nn.Unflatten(1, (widths[0], self.sides[0], self.sides[0])),
            nn.LeakyReLU(SLOPE),
            PixelNorm(),
            *_generator_layer(widths[0], widths[0]),
        )
        self.rises = nn.ModuleList(_rise(below, above) for below, above in pairwise(widths))
        self.to_image = nn.ModuleList(nn.Conv2d(width, facts.channels, 1) for width in widths)
        self.output = output_layer(config)

    @property
    def entrance(self) -> nn.Linear:
        """The first layer."""
        return next(layer for layer in self.start if isinstance(layer, nn.Linear))

    def features(self, z: Tensor, labels: Tensor) -> list[Tensor]:
        """Return the features ``[N, width, side, side]`` of every level at work."""
        found = [self.start(self.enter(z, labels))]
        for rise in self.rises[: self.top]:
            found.append(rise(found[-1]))
        return found

    @property
    def top(self) -> int:
        """The highest level at work, counted from 0."""
        return len(self.rises)


class PixelNorm(nn.Module):
    """Divides each pixel's channels by their root mean square, which keeps G's features from growing."""

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x`` ``[N, C, H, W]`` with a mean square of 1 over the channels."""
        return x * torch.rsqrt(x.square().mean(1, keepdim=True) + 1e-8)


class Head(nn.Module):
    """Features of the smallest level → logit, by projection on the label's embedding (Miyato and Koyama, 2018)."""

    def __init__(self, config: Config, facts: DatasetInfo, in_channels: int, side: int) -> None:
        super().__init__()
        width, classes = config.d_channels, len(facts.class_names)
        self.layers = nn.Sequential(
            *discriminator_layer(in_channels, width, config),
            Flatten(),
            nn.Linear(width * side**2, width),
            nn.LeakyReLU(SLOPE),
            *dropout(config),
        )
        self.verdict = nn.Linear(width, 1)
        self.label = nn.Embedding(classes, width) if classes else None
        if self.label is not None:
            nn.init.normal_(self.label.weight, std=width**-0.5)

    def forward(self, x: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """Judge features ``[N, C, side, side]`` as those of pictures of ``labels`` ``[N]``."""
        features = self.layers(x)
        logits = self.verdict(features).squeeze(1)
        if self.label is not None:
            logits = logits + (features * self.label(labels)).sum(1)
        return DiscriminatorOutput(logits, None)


def discriminator_layer(in_channels: int, out_channels: int, config: Config, kernel: int = 3) -> list[nn.Module]:
    """Return a convolution of D that keeps the side, and what follows it."""
    convolution = nn.Conv2d(in_channels, out_channels, kernel, padding=kernel // 2)
    return [convolution, nn.LeakyReLU(SLOPE), *dropout(config)]


def descent(in_channels: int, width: int, below: int, config: Config) -> nn.Sequential:
    """Return D's block at a level: two convolutions, ``width`` and ``below`` wide, and average pooling by 2."""
    first, second = discriminator_layer(in_channels, width, config), discriminator_layer(width, below, config)
    return nn.Sequential(*first, *second, nn.AvgPool2d(2))


def _rise(below: int, above: int) -> nn.Sequential:
    return nn.Sequential(nn.Upsample(scale_factor=2), *_generator_layer(below, above), *_generator_layer(above, above))


def _generator_layer(in_channels: int, out_channels: int) -> list[nn.Module]:
    return [nn.Conv2d(in_channels, out_channels, 3, padding=1), nn.LeakyReLU(SLOPE), PixelNorm()]
