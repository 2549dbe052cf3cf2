"""The networks whose features say what content and style are: which layers they have. Knows no torch and no weights."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from engine.errors import UserError
from engine.i18n import tr
from engine.resources import RESOURCES

_CHANNELS = {1: 64, 2: 128, 3: 256, 4: 512, 5: 512}  # of the convolutions of a block
_NAME = re.compile(r"conv(\d)_(\d)")


@dataclass(frozen=True)
class Network:
    """The ``convolutions`` of a VGG (Simonyan and Zisserman, 2015, arXiv:1409.1556), 3×3, each followed by a ReLU.

    Blocks are separated by pooling. A picture's RGB values, 0 to 1, are put into ``order``, multiplied by ``scale``,
    and ``shift`` is taken off. ``path`` is where the weights lie that come with Duelo.
    """

    name: str
    title: str
    convolutions: tuple[str, ...]
    content_layer: str
    style_layers: tuple[str, ...]
    order: tuple[int, int, int]
    scale: tuple[float, float, float]
    shift: tuple[float, float, float]
    path: Path | None = None

    def shape(self, name: str) -> tuple[int, int]:
        """Return how many channels the convolution ``name`` takes and gives."""
        before = self.convolutions.index(name) - 1
        return _CHANNELS[block_of(self.convolutions[before])] if before >= 0 else 3, _CHANNELS[block_of(name)]

    def pooled_before(self, name: str) -> bool:
        """Whether ``name`` begins a block that a pooling leads to."""
        place = self.convolutions.index(name)
        return place > 0 and block_of(self.convolutions[place - 1]) != block_of(name)

    def torchvision_name(self, name: str) -> str:
        """Return what torchvision calls the convolution ``name``: each ReLU and pooling counts there, too."""
        place = self.convolutions.index(name)
        return f"features.{2 * place + block_of(name) - 1}"

    def chosen(self, text: str) -> tuple[str, ...]:
        """Return the style layers that ``text`` names, "conv1_1, conv3_1"; empty means all. Raises ``UserError``."""
        names = [name for name in re.split(r"[,;\s]+", text) if name]
        if wrong := next((name for name in names if name not in self.style_layers), None):
            raise UserError(
                tr("{network} has no style layer “{name}”.", network=self.title, name=wrong),
                tr("Choose among: {choices}.", choices=", ".join(self.style_layers)),
            )
        return tuple(name for name in self.style_layers if name in names) if names else self.style_layers

    def until(self, layers: frozenset[str]) -> tuple[str, ...]:
        """Return the convolutions that are needed to know ``layers``."""
        last = max(map(self.convolutions.index, layers), default=-1)
        return self.convolutions[: last + 1]


def block_of(name: str) -> int:
    """Return the block of the convolution ``name``, such as 3 of "conv3_1"."""
    found = _NAME.fullmatch(name)
    assert found is not None, name
    return int(found[1])


def _blocks(*lengths: int) -> tuple[str, ...]:
    return tuple(f"conv{block}_{place}" for block, length in enumerate(lengths, 1) for place in range(1, length + 1))


SHIPPED = Network(
    name="vgg16",
    title="VGG-16",
    convolutions=_blocks(2, 2, 3, 1),
    content_layer="conv4_1",
    style_layers=("conv1_1", "conv2_1", "conv3_1", "conv4_1"),
    order=(2, 1, 0),
    scale=(255.0, 255.0, 255.0),
    shift=(103.939, 116.779, 123.68),  # Caffe's means, blue first
    path=RESOURCES / "style" / "vgg16.safetensors",
)
"""Comes with Duelo, as deep as the weights are small."""

VGG19 = Network(
    name="vgg19",
    title="VGG-19",
    convolutions=_blocks(2, 2, 4, 4, 1),
    content_layer="conv4_2",
    style_layers=("conv1_1", "conv2_1", "conv3_1", "conv4_1", "conv5_1"),
    order=(0, 1, 2),
    scale=(1 / 0.229, 1 / 0.224, 1 / 0.225),
    shift=(0.485 / 0.229, 0.456 / 0.224, 0.406 / 0.225),  # torchvision's
)
"""The layers of Gatys, Ecker and Bethge (2016); its weights are torchvision's file."""
