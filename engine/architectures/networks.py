"""From a config to the two players."""

from __future__ import annotations

from torch import nn
from torch.nn.utils.parametrizations import spectral_norm

from engine.architectures import ARCHITECTURES
from engine.config import Config
from engine.datasets.info import DatasetInfo


def build_generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return a new generator for ``config`` and the data's facts; raises ``UserError`` when they do not go together."""
    network: nn.Module = ARCHITECTURES[config.architecture].builders.generator(config, facts)
    return network


def build_discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return a new discriminator; raises ``UserError`` as ``build_generator`` does.

    With the option ``spectral_norm`` the largest singular value of each of its weights is kept at 1 (Miyato et al.,
    2018, arXiv:1802.05957).
    """
    network: nn.Module = ARCHITECTURES[config.architecture].builders.discriminator(config, facts)
    if config.spectral_norm:
        for module in [m for m in network.modules() if isinstance(m, nn.Linear | nn.Conv2d | nn.Embedding)]:
            spectral_norm(module)
    return network
