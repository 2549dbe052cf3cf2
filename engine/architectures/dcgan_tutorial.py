"""The architecture `dcgan-tutorial`: the convolutional networks of the recipe of that name, unconditional.

The source is written in Keras, whose defaults it keeps (``keras_defaults``), padding "same" among them.
"""

from __future__ import annotations

from torch import nn

from engine.architectures.first_weights import begin_with, keras_weights
from engine.architectures.keras_defaults import batch_norm1d, batch_norm2d
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

_SLOPE = 0.3  # of Keras' leaky ReLU


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator, ``g_channels`` wide at a fourth of the side; raises ``UserError`` if that is not whole."""
    side, width = quarter_side(facts), config.g_channels
    network = LayeredGenerator(
        nn.Linear(config.z_dim, width * side**2, bias=False),
        batch_norm1d(width * side**2),
        nn.LeakyReLU(_SLOPE),
        nn.Unflatten(1, (width, side, side)),
        SameConvTranspose2d(width, width // 2, 5, bias=False),
        batch_norm2d(width // 2),
        nn.LeakyReLU(_SLOPE),
        SameConvTranspose2d(width // 2, width // 4, 5, 2, bias=False),
        batch_norm2d(width // 4),
        nn.LeakyReLU(_SLOPE),
        SameConvTranspose2d(width // 4, facts.channels, 5, 2, bias=False),
        output_layer(config),
    )
    return begin_with(network, keras_weights)


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator, ``d_channels`` wide at first; raises ``UserError`` as ``generator`` does."""
    side, width = quarter_side(facts), config.d_channels
    network = LayeredDiscriminator(
        SameConv2d(facts.channels, width, 5, 2),
        nn.LeakyReLU(_SLOPE),
        *dropout(config),
        SameConv2d(width, 2 * width, 5, 2),
        nn.LeakyReLU(_SLOPE),
        *dropout(config),
        Flatten(),
        nn.Linear(2 * width * side**2, 1),
    )
    return begin_with(network, keras_weights)
