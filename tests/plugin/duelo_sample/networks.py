"""The networks of the architecture `linear`."""

from __future__ import annotations

import math

from torch import Tensor, nn

from engine.architectures.generator import LabeledGenerator
from engine.architectures.layers import output_layer
from engine.architectures.output import DiscriminatorOutput
from engine.config import Config
from engine.datasets.info import DatasetInfo


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator."""
    return Generator(config, facts)


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator."""
    return Discriminator(config, facts)


class Generator(LabeledGenerator):
    """z and the label's embedding → pixels."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        self._shape = (facts.channels, facts.size, facts.size)
        self.label = nn.Embedding(len(facts.class_names), 2) if facts.class_names else None
        self.layer = nn.Linear(config.z_dim + (2 if self.label else 0), math.prod(self._shape))
        self.output = output_layer(config)

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        images: Tensor = self.output(self.features(z, labels)[0])
        return images.view(-1, *self._shape)

    @property
    def entrance(self) -> nn.Linear:
        return self.layer

    def features(self, z: Tensor, labels: Tensor) -> list[Tensor]:
        return [self.layer(self.enter(z, labels))]


class Discriminator(nn.Module):
    """Pixels → a logit for each class, of which that of the label counts."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        self.layer = nn.Linear(facts.channels * facts.size**2, max(len(facts.class_names), 1))

    def forward(self, images: Tensor, labels: Tensor) -> DiscriminatorOutput:
        logits = self.layer(images.flatten(1)).gather(1, labels.clamp(min=0)[:, None])
        return DiscriminatorOutput(logits.squeeze(1), None)
