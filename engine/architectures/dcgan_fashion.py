"""The architecture `dcgan-fashion`: the convolutional networks of the recipe of that name, unconditional.

The source is written in torch: first weights and batch norm are torch's.
"""

from __future__ import annotations

from torch import nn

from engine.architectures.layers import (
    Flatten,
    LayeredDiscriminator,
    LayeredGenerator,
    dropout,
    output_layer,
    quarter_side,
)
from engine.config import Config
from engine.datasets.info import DatasetInfo


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator, ``g_channels`` wide at a fourth of the side; raises ``UserError`` if that is not whole."""
    side, width = quarter_side(facts), config.g_channels
    return LayeredGenerator(
        nn.Linear(config.z_dim, width * side**2),
        nn.BatchNorm1d(width * side**2),
        nn.Unflatten(1, (width, side, side)),
        nn.ConvTranspose2d(width, width // 2, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width // 2),
        nn.ReLU(),
        nn.ConvTranspose2d(width // 2, facts.channels, 4, 2, 1, bias=False),
        output_layer(config),
    )


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator, ``d_channels`` wide at first; raises ``UserError`` as ``generator`` does."""
    side, width = quarter_side(facts), config.d_channels
    return LayeredDiscriminator(
        nn.Conv2d(facts.channels, width, 4, 2, 1, bias=False),
        nn.BatchNorm2d(width),
        nn.ReLU(),
        *dropout(config),
        nn.Conv2d(width, 2 * width, 4, 2, 1, bias=False),
        nn.BatchNorm2d(2 * width),
        nn.ReLU(),
        *dropout(config),
        Flatten(),
        nn.Linear(2 * width * side**2, 1),
    )
