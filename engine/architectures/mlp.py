"""The architecture `mlp`: two players of three dense layers each, for images of any side; unconditional.
`mlp-points` are the same two for points.

With width 150, data in [0, 1] and no output activation these are the networks of the recipe `mlp-fashion`; first
weights are torch's.
"""

from __future__ import annotations

from torch import nn

from engine.architectures.layers import LayeredDiscriminator, LayeredGenerator, dropout, output_layer
from engine.config import Config
from engine.datasets.info import DatasetInfo


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator: z → ``g_channels`` → two thirds of them → pixels."""
    width, narrow = config.g_channels, _narrow(config.g_channels)
    return LayeredGenerator(
        nn.Linear(config.z_dim, width),
        nn.ReLU(),
        nn.Linear(width, narrow),
        nn.ReLU(),
        nn.Linear(narrow, facts.channels * facts.size**2),
        output_layer(config),
        nn.Unflatten(1, (facts.channels, facts.size, facts.size)),
    )


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator: pixels → ``d_channels`` → two thirds of them → logit."""
    width, narrow = config.d_channels, _narrow(config.d_channels)
    return LayeredDiscriminator(
        nn.Flatten(),
        nn.Linear(facts.channels * facts.size**2, width),
        nn.ReLU(),
        *dropout(config),
        nn.Linear(width, narrow),
        nn.ReLU(),
        *dropout(config),
        nn.Linear(narrow, 1),
    )


def _narrow(width: int) -> int:
    return 2 * width // 3
