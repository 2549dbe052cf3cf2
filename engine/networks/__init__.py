"""From a config to the two players: one file per family of networks, one registry.

A generator maps z float32 ``[N, z_dim]`` and labels int64 ``[N]`` to images ``[N, C, H, W]`` in [-1, 1];
a discriminator maps images and labels to a ``Verdict``.
"""

from __future__ import annotations

from torch import nn

from engine.config import Config
from engine.data.facts import DataFacts
from engine.networks import shuffle
from engine.networks.verdict import Verdict

__all__ = ["FAMILIES", "Verdict", "build_discriminator", "build_generator"]

FAMILIES = {"shuffle": shuffle}


def build_generator(config: Config, facts: DataFacts) -> nn.Module:
    """Return a new generator for ``config`` and the data's facts; raises ``UserError`` when they do not go together."""
    return FAMILIES[config.family].generator(config, facts)


def build_discriminator(config: Config, facts: DataFacts) -> nn.Module:
    """Return a new discriminator; raises ``UserError`` as ``build_generator`` does."""
    return FAMILIES[config.family].discriminator(config, facts)
