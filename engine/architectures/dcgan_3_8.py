"""The architecture `dcgan-3-8`: the convolutional networks of the recipe of that name, unconditional.

The source is written in Keras, whose defaults it keeps (``keras_defaults``), padding "same" among them.
"""

from __future__ import annotations

from torch import nn

from engine.architectures.first_weights import begin_with, keras_weights
from engine.architectures.keras_defaults import batch_norm2d
from engine.architectures.layers import (
    Flatten,
    LayeredDiscriminator,
    LayeredGenerator,
    dropout,
    output_layer,
    quarter_side,
)
from engine.architectures.same_padding import SameConv2d, SameConvTranspose2d
from engine.config import Config
from engine.datasets.info import DatasetInfo


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator, ``g_channels`` wide at a fourth of the side; raises ``UserError`` if that is not whole."""
    side, width = quarter_side(facts), config.g_channels
    network = LayeredGenerator(
        nn.Linear(config.z_dim, width * side**2),
        nn.ReLU(),
        nn.Unflatten(1, (width, side, side)),
        batch_norm2d(width),
        SameConvTranspose2d(width, width // 2, 4, 2, bias=False),
        batch_norm2d(width // 2),
        nn.ReLU(),
        SameConvTranspose2d(width // 2, width // 4, 4, 2, bias=False),
        batch_norm2d(width // 4),
        nn.ReLU(),
        SameConvTranspose2d(width // 4, facts.channels, 3),
        output_layer(config),
    )
    return begin_with(network, keras_weights)


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator, ``d_channels`` wide at first; raises ``UserError`` as ``generator`` does."""
    side, width = quarter_side(facts), config.d_channels
    network = LayeredDiscriminator(
        SameConv2d(facts.channels, width, 3, 2),
        nn.LeakyReLU(0.2),
        *dropout(config),
        SameConv2d(width, 2 * width, 3, 2),
        nn.LeakyReLU(0.2),
        *dropout(config),
        SameConv2d(2 * width, 4 * width, 3),
        nn.LeakyReLU(0.2),
        *dropout(config),
        Flatten(),
        nn.Linear(4 * width * side**2, 1),
    )
    return begin_with(network, keras_weights)
