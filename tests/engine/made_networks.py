"""Networks, and what they are given."""

import torch

from engine.architectures import networks
from engine.architectures.output import DiscriminatorOutput
from engine.config import Config
from engine.datasets.info import DatasetInfo

NAMES = tuple("0123456789")
DIGITS = DatasetInfo(5000, NAMES, 1, 28)
SHAPES = [(1, 28), (3, 32), (1, 64), (1, 8)]


def make(architecture, facts=DIGITS, **options):
    config = Config.parse({"architecture": architecture, "z_dim": 6, "g_channels": 16, "d_channels": 8} | options)
    return networks.build_generator(config, facts), networks.build_discriminator(config, facts)


def given(facts=DIGITS, count=5, z_dim=6):
    labels = torch.arange(count) % len(facts.class_names) if facts.class_names else torch.full((count,), -1)
    return torch.randn(count, z_dim), labels


def say(network, *inputs):
    """What an untroubled network answers: images, or logits."""
    with torch.no_grad():
        answer = network.eval()(*inputs)
    return answer.logits if isinstance(answer, DiscriminatorOutput) else answer
