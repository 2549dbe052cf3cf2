"""What several architectures share: the grid an image rests on, outputs, dropout, networks that are a list of layers.

It knows no architecture.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

from engine.architectures.generator import Generator, between
from engine.architectures.output import DiscriminatorOutput
from engine.config import Config
from engine.datasets.info import DatasetInfo
from engine.errors import UserError
from engine.i18n import tr

_REDUCTION = 4
_OUTPUTS: dict[str, type[nn.Module]] = {"tanh": nn.Tanh, "sigmoid": nn.Sigmoid, "none": nn.Identity}


def quarter_side(facts: DatasetInfo) -> int:
    """Return a fourth of the images' side; raises ``UserError`` when it is not whole."""
    if facts.size % _REDUCTION:
        raise UserError(
            tr("These networks cannot make images of {size}×{size} pixels.", size=facts.size),
            tr("Use images whose side is a multiple of {patch}.", patch=_REDUCTION),
        )
    return facts.size // _REDUCTION


def output_layer(config: Config) -> nn.Module:
    """Return what keeps G's pixels inside the data's range."""
    return _OUTPUTS[config.output]()


def dropout(config: Config) -> list[nn.Module]:
    """Return the layer that follows each activation of D, or nothing."""
    return [nn.Dropout(config.d_dropout)] if config.d_dropout > 0 else []


class Flatten(nn.Flatten):
    """From ``[N, C, H, W]`` to ``[N, C · H · W]``; the gradient comes back in the memory layout of the input.

    In another layout the rectifier before it takes five times as long to pass the gradient on.
    """

    def forward(self, input: Tensor) -> Tensor:
        """Return ``input`` ``[N, C, H, W]`` as ``[N, C · H · W]``."""
        if input.requires_grad and input.dim() == 4 and input.is_contiguous(memory_format=torch.channels_last):
            input.register_hook(_with_channels_last)
        return super().forward(input)


def _with_channels_last(gradient: Tensor) -> Tensor:
    return gradient.contiguous(memory_format=torch.channels_last)


class LayeredGenerator(Generator):
    """Layers from z ``[N, z_dim]`` to images ``[N, C, H, W]``, one after the other; labels are ignored."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, z: Tensor, _labels: Tensor) -> Tensor:
        """Return images ``[N, C, H, W]``."""
        images: Tensor = self.layers(z)
        return images

    @property
    def entrance(self) -> nn.Linear:
        """The first layer."""
        return next(layer for layer in self.layers if isinstance(layer, nn.Linear))

    def features(self, z: Tensor, _labels: Tensor) -> list[Tensor]:
        """Return what each layer with weights passes on to the next, ``[N, F]`` or ``[N, C, H, W]`` each."""
        return between(self.layers, z)


class LayeredDiscriminator(nn.Module):
    """Layers from images ``[N, C, H, W]`` to logits ``[N, 1]``, one after the other; labels are ignored."""

    def __init__(self, *layers: nn.Module) -> None:
        super().__init__()
        self.layers = nn.Sequential(*layers)

    def forward(self, images: Tensor, _labels: Tensor) -> DiscriminatorOutput:
        """Judge images ``[N, C, H, W]``."""
        return DiscriminatorOutput(self.layers(images).squeeze(1), None)
