"""The architecture `progressive`: both players begin with small images and grow, each new level fading in.

Progressive growing (Karras et al., 2018, arXiv:1710.10196), conditional by an embedding of the label in G and by
projection in D. Whoever trains calls ``grow``; ``growth.level_at`` says when.
"""

from __future__ import annotations

import math
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional as F

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
    """Return the generator, fully grown; raises ``UserError`` when 4 does not divide the side."""
    return with_he_weights(Generator(config, facts))


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator, fully grown; raises ``UserError`` as ``generator`` does."""
    return with_he_weights(Discriminator(config, facts))


class Level(nn.Module):
    """How far a network has grown, 0 to ``top``: a buffer that is saved, mirrored where no device must be asked.

    ``above`` is the highest level at work and ``share``, 0 < share ≤ 1, how far it has faded in.
    """

    value: Tensor
    _set_to: float

    def __init__(self, top: int) -> None:
        super().__init__()
        self.register_buffer("value", torch.tensor(float(top)))
        self.register_load_state_dict_post_hook(lambda level, _keys: level._mirror(float(level.value)))
        self._top = top
        self._mirror(top)

    def set(self, level: float) -> None:
        """Go to ``level``, 0 to ``top``."""
        if level != self._set_to:
            self.value.fill_(level)
            self._mirror(float(np.float32(level)))  # as a resumed run reads it from the buffer
            self._set_to = level

    def _mirror(self, level: float) -> None:
        level = min(self._top, max(0.0, level))  # whatever a stranger's file says
        self.above = math.ceil(level)
        self.share = 1 - (self.above - level)
        self._set_to = level


def fade(before: Tensor, after: Tensor, share: float) -> Tensor:
    """Return ``share`` (0 to 1) of ``after`` and the rest of ``before``: one shape, in the wider of their types.

    Which of both autocast leaves in float32 differs from device to device.
    """
    kind = torch.promote_types(before.dtype, after.dtype)
    return torch.lerp(before.to(kind), after.to(kind), share)


class Generator(MultiresGenerator):
    """At each level a block and a 1×1 convolution to an image, of which the highest one or two are at work."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__(config, facts)
        self.levels = len(self.sides)
        self.level = Level(self.levels - 1)

    def grow(self, level: float) -> None:
        """Work up to ``level``: 0 the smallest image alone, 0.3 level 1 faded in by 0.3, ``levels - 1`` everything."""
        self.level.set(level)

    @property
    def top(self) -> int:
        """The highest level at work, counted from 0."""
        return self.level.above

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return images ``[N, C, H, W]``, at a lower level in larger squares."""
        above, share = self.level.above, self.level.share
        features = self.features(z, labels)
        image = self.to_image[above](features[above])
        if share < 1:
            below = self.to_image[above - 1](features[above - 1])
            image = fade(F.interpolate(below, scale_factor=2), image, share)
        image = self.output(image)
        enlargement = self.sides[-1] // self.sides[above]
        return image if enlargement == 1 else F.interpolate(image, scale_factor=enlargement)


class Discriminator(nn.Module):
    """At each level a 1×1 convolution from the image, of which the highest one or two are at work, and a block."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        self.sides = sides_of(facts)
        self.levels = len(self.sides)
        self.level = Level(self.levels - 1)
        widths = widths_of(config.d_channels, self.levels)
        self.from_image = nn.ModuleList(
            nn.Sequential(*discriminator_layer(facts.channels, width, config, kernel=1)) for width in widths
        )
        self.descents = nn.ModuleList(descent(above, above, below, config) for below, above in pairwise(widths))
        self.head = Head(config, facts, widths[0], self.sides[0])

    def grow(self, level: float) -> None:
        """Work up to ``level``, as the generator does."""
        self.level.set(level)

    def forward(self, images: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """Judge images ``[N, C, H, W]`` as pictures of ``labels`` ``[N]``, by what is seen at the level."""
        above, share = self.level.above, self.level.share
        reduction = self.sides[-1] // self.sides[above]
        image = images if reduction == 1 else F.avg_pool2d(images, reduction)
        x = self.from_image[above](image)
        if above:
            x = self.descents[above - 1](x)
        if share < 1:
            x = fade(self.from_image[above - 1](F.avg_pool2d(image, 2)), x, share)
        for level in range(above - 1, 0, -1):
            x = self.descents[level - 1](x)
        verdict: DiscriminatorOutput = self.head(x, labels)
        return verdict
