"""The architecture `multiscale`: D sees the picture in every size at once, and so teaches every level of G directly.

Multi-scale gradients (Karnewar and Wang, 2020, arXiv:1903.06048), conditional by an embedding of the label in G and
by projection in D. All sizes of a picture travel as one tensor, a ``mipmap``.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.architectures.mipmap import from_mipmap, pack, to_mipmap
from engine.architectures.multires import (
    Head,
    MultiresGenerator,
    descent,
    discriminator_layer,
    sides_of,
    widths_of,
    with_he_weights,
)
from engine.architectures.output import DiscriminatorOutput
from engine.config import Config
from engine.datasets.info import DatasetInfo


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator; raises ``UserError`` when 4 does not divide the side."""
    return with_he_weights(Generator(config, facts))


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator; raises ``UserError`` as ``generator`` does."""
    return with_he_weights(Discriminator(config, facts))


class Generator(MultiresGenerator):
    """At each level a block and a 1×1 convolution to an image; the largest image is the picture."""

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return images ``[N, C, H, W]``."""
        images: Tensor = self.output(self.to_image[-1](self.features(z, labels)[-1]))
        return images

    def all_scales(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return the images of all levels as mipmaps ``[N, C, H, H + H // 2]``."""
        features = self.features(z, labels)
        return pack([self.output(to_image(x)) for to_image, x in zip(self.to_image, features, strict=True)])


class Discriminator(nn.Module):
    """At each level below the full one the image joins the features as further channels."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        self.sides = sides_of(facts)
        widths = widths_of(config.d_channels, len(self.sides))[::-1]
        entering = [widths[0], *(width + facts.channels for width in widths[1:])]
        self.from_image = nn.Sequential(*discriminator_layer(facts.channels, widths[0], config, kernel=1))
        self.descents = nn.ModuleList(
            descent(channels, above, below, config)
            for channels, above, below in zip(entering, widths, widths[1:], strict=False)
        )
        self.head = Head(config, facts, entering[-1], self.sides[0])

    def prepare(self, images: Tensor) -> Tensor:
        """Turn plain images ``[N, C, H, H]`` into mipmaps ``[N, C, H, H + H // 2]`` by average pooling."""
        return to_mipmap(images, self.sides)

    def forward(self, images: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """Judge mipmaps, or plain images ``[N, C, H, H]``, as pictures of ``labels`` ``[N]``."""
        is_plain = images.shape[-1] == images.shape[-2]
        *smaller, full = from_mipmap(self.prepare(images) if is_plain else images, self.sides)
        x = self.from_image(full)
        for descend, image in zip(self.descents, reversed(smaller), strict=True):
            x = torch.cat([descend(x), image], 1)
        verdict: DiscriminatorOutput = self.head(x, labels)
        return verdict
