"""From a config to the two players: one file per family of networks, one registry.

A generator maps z float32 ``[N, z_dim]`` and labels int64 ``[N]`` to images ``[N, C, H, W]`` in the range of its output
(option ``output``); a discriminator maps images and labels to a ``Verdict``. Labels are -1 where the data have none,
and unconditional families ignore them. Everything a player has learnt is in its ``state_dict``. Beyond that

- a family that grows has ``levels``, their number, and ``grow(level)`` in both players;
- a multi-scale family has ``all_scales(z, labels)`` in G, the images that D is to see instead of G's plain ones, and
  ``prepare(images)`` in D, which makes such images of real ones.
"""

from __future__ import annotations

from typing import Protocol

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from engine.architectures import (
    dcgan_3_8,
    dcgan_fashion,
    dcgan_tutorial,
    embedding,
    growing,
    mlp,
    multiscale,
    shuffle,
    shuffle_deep,
)
from engine.architectures.verdict import Verdict
from engine.config import Config
from engine.datasets.facts import DataFacts

__all__ = ["FAMILIES", "Verdict", "build_discriminator", "build_generator"]


class Family(Protocol):
    """What the module of a family offers; both raise ``UserError`` when its networks cannot make such images."""

    def generator(self, config: Config, facts: DataFacts) -> nn.Module:
        """Return a new generator."""

    def discriminator(self, config: Config, facts: DataFacts) -> nn.Module:
        """Return a new discriminator."""


FAMILIES: dict[str, Family] = {
    "shuffle": shuffle,
    "shuffle-deep": shuffle_deep,
    "mlp": mlp,
    "dcgan-3-8": dcgan_3_8,
    "dcgan-tutorial": dcgan_tutorial,
    "dcgan-fashion": dcgan_fashion,
    "embedding": embedding,
    "growing": growing,
    "multiscale": multiscale,
}


def build_generator(config: Config, facts: DataFacts) -> nn.Module:
    """Return a new generator for ``config`` and the data's facts; raises ``UserError`` when they do not go together."""
    return FAMILIES[config.family].generator(config, facts)


def build_discriminator(config: Config, facts: DataFacts) -> nn.Module:
    """Return a new discriminator; raises ``UserError`` as ``build_generator`` does.

    With the option ``spectral_norm`` the largest singular value of each of its weights is kept at 1 (Miyato et al.,
    2018, arXiv:1802.05957).
    """
    network = FAMILIES[config.family].discriminator(config, facts)
    if config.spectral_norm:
        for module in [m for m in network.modules() if isinstance(m, nn.Linear | nn.Conv2d | nn.Embedding)]:
            spectral_norm(module)
    return network
