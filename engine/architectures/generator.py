"""What every generator tells of itself beside its pictures: what it does to z first, and its features on the way.

Directions in latent space are found in the first affine layer (Shen and Zhou, 2021, arXiv:2007.06600) or among the
features (Härkönen et al., 2020, arXiv:2004.02546), maps are drawn of features. Knows no architecture.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterable
from typing import NamedTuple

import torch
from torch import Tensor, nn


class Affine(NamedTuple):
    """``z @ weight.T + bias``: ``weight`` float32 ``[M, z_dim]``, ``bias`` float32 ``[M]``, both detached."""

    weight: Tensor
    bias: Tensor


class Generator(nn.Module, ABC):
    """The base of generators: one says where z ``enters``, with what of the label, and which ``features`` follow."""

    @property
    @abstractmethod
    def entrance(self) -> nn.Linear:
        """The dense layer through which alone z comes in."""

    def enter(self, z: Tensor, _labels: Tensor) -> Tensor:
        """Return what ``entrance`` is given ``[N, inputs]``: z ``[N, z_dim]``, or an affine map of it."""
        return z

    @abstractmethod
    def features(self, z: Tensor, labels: Tensor) -> list[Tensor]:
        """Return what the picture goes through, in order: ``[N, channels, height, width]``, or ``[N, M]`` where dense.

        The picture is drawn from the last one; the first one comes right after ``entrance``.
        """

    @torch.no_grad()
    def first_affine(self, label: int = -1) -> Affine:
        """Return what the first layer makes of z for pictures of ``label``, which may bend the weight or the bias."""
        layer = self.entrance
        z_dim = self.z_dim
        labels = torch.full((z_dim + 1,), label, device=layer.weight.device)
        points = torch.cat([layer.weight.new_zeros(1, z_dim), torch.eye(z_dim, device=layer.weight.device)])
        origin, *units = self.enter(points, labels)
        return Affine(layer.weight.detach() @ (torch.stack(units) - origin).T, layer(origin).detach())

    @property
    def z_dim(self) -> int:
        """The length of z."""
        return self.entrance.in_features


class LabelEmbedding(nn.Embedding):
    """What a generator makes of the label, or of several at once: float weights blend their embeddings."""

    def forward(self, input: Tensor) -> Tensor:
        """Return embeddings ``[N, width]`` of labels int64 ``[N]``, or of mixtures float ``[N, classes]`` of them."""
        return input @ self.weight if input.is_floating_point() else super().forward(input)


class LabeledGenerator(Generator):
    """A generator that an embedding of the label enters beside z; without classes z alone.

    Where that is a ``LabelEmbedding``, labels are int64 ``[N]`` or mixtures of classes float ``[N, classes]``.
    """

    label: nn.Embedding | None

    def enter(self, z: Tensor, labels: Tensor) -> Tensor:
        """Return z ``[N, z_dim]`` beside the label's embedding."""
        return z if self.label is None else torch.cat([z, self.label(labels)], 1)

    @property
    def z_dim(self) -> int:
        """The length of z."""
        return self.entrance.in_features - (0 if self.label is None else self.label.embedding_dim)


def between(layers: Iterable[nn.Module], x: Tensor) -> list[Tensor]:
    """Return what each layer with weights but the first is given when ``x`` ``[N, …]`` goes through: all ``[N, …]``."""
    found, is_first = [], True
    for layer in layers:
        if isinstance(layer, nn.Linear | nn.Conv2d | nn.ConvTranspose2d):
            if not is_first:
                found.append(x)
            is_first = False
        x = layer(x)
    return found
