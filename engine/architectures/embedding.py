"""The architecture `embedding`: a DCGAN whose input, z in G and the image in D, is multiplied by one of the label.

The networks of the recipe `cgan-embedding`, whose source is written in Keras and keeps its defaults
(``keras_defaults``), padding "same" among them. Without classes nothing is multiplied.
"""

from __future__ import annotations

from torch import Tensor, nn

from engine.architectures import generator as generators
from engine.architectures.first_weights import begin_with, keras_weights
from engine.architectures.keras_defaults import batch_norm2d
from engine.architectures.layers import Flatten, dropout, output_layer, quarter_side
from engine.architectures.output import DiscriminatorOutput
from engine.architectures.same_padding import SameConv2d, SameConvTranspose2d
from engine.config import Config
from engine.datasets.info import DatasetInfo

_SLOPE = 0.01


def generator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the generator, ``g_channels`` wide at a fourth of the side; raises ``UserError`` if that is not whole."""
    return begin_with(Generator(config, facts), keras_weights)


def discriminator(config: Config, facts: DatasetInfo) -> nn.Module:
    """Return the discriminator, ``d_channels`` wide at first; raises ``UserError`` as ``generator`` does."""
    return begin_with(Discriminator(config, facts), keras_weights)


class Generator(generators.Generator):
    """z times the label's embedding → dense layer → transposed convolutions."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        side, width = quarter_side(facts), config.g_channels
        classes = len(facts.class_names)
        self.label = generators.LabelEmbedding(classes, config.z_dim) if classes else None
        self.layers = nn.Sequential(
            nn.Linear(config.z_dim, width * side**2),
            nn.Unflatten(1, (width, side, side)),
            SameConvTranspose2d(width, width // 2, 3, 2),
            batch_norm2d(width // 2),
            nn.LeakyReLU(_SLOPE),
            SameConvTranspose2d(width // 2, width // 4, 3),
            batch_norm2d(width // 4),
            nn.LeakyReLU(_SLOPE),
            SameConvTranspose2d(width // 4, facts.channels, 3, 2),
            output_layer(config),
        )

    def forward(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return images ``[N, C, H, W]`` of ``labels`` ``[N]``."""
        images: Tensor = self.layers(self.enter(z, labels))
        return images

    @property
    def entrance(self) -> nn.Linear:
        """The first layer."""
        return next(layer for layer in self.layers if isinstance(layer, nn.Linear))

    def enter(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return z ``[N, z_dim]`` times the label's embedding."""
        return z if self.label is None else z * self.label(labels)

    def features(self, z: Tensor, labels: Tensor) -> list[Tensor]:
        """Return what each layer with weights passes on to the next, ``[N, F]`` or ``[N, C, H, W]`` each."""
        return generators.between(self.layers, self.enter(z, labels))


class Discriminator(nn.Module):
    """Image times the label's embedding as a picture → convolutions → logit."""

    def __init__(self, config: Config, facts: DatasetInfo) -> None:
        super().__init__()
        width, classes = config.d_channels, len(facts.class_names)
        last_side = -(-quarter_side(facts) // 2)
        self.label = nn.Embedding(classes, facts.channels * facts.size**2) if classes else None
        self.layers = nn.Sequential(
            SameConv2d(facts.channels, width, 3, 2),
            nn.LeakyReLU(_SLOPE),
            *dropout(config),
            SameConv2d(width, 2 * width, 3, 2),
            batch_norm2d(2 * width),
            nn.LeakyReLU(_SLOPE),
            *dropout(config),
            SameConv2d(2 * width, 4 * width, 3, 2),
            batch_norm2d(4 * width),
            nn.LeakyReLU(_SLOPE),
            *dropout(config),
            Flatten(),
            nn.Linear(4 * width * last_side**2, 1),
        )

    def forward(self, images: Tensor, labels: Tensor) -> DiscriminatorOutput:
        """Judge images ``[N, C, H, W]`` as pictures of ``labels`` ``[N]``."""
        x = images if self.label is None else images * self.label(labels).view_as(images)
        return DiscriminatorOutput(self.layers(x).squeeze(1), None)
