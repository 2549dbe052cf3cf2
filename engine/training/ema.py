"""The averaged generator: the one that is shown, sampled and explored."""

from __future__ import annotations

import copy

import torch
from torch import nn

GROWTH = 0.07
"""Of the images seen so far: the half-life grows up to its limit, so that early rubbish is forgotten."""


class EMA:
    """An exponential moving average of a network's parameters and floating-point buffers, on the images_seen clock.

    ``network`` is an eval copy; its batch-norm statistics are averaged as the weights are. The half-life grows with
    images_seen up to its limit (the growing window of Karras et al., 2024, arXiv:2312.02696).
    """

    def __init__(self, source: nn.Module) -> None:
        self._network = copy.deepcopy(source).eval().requires_grad_(False)
        self._targets, self._sources = _pairs(self._network, source)
        self.follows = False
        """Whether it stands where the source stands: part of the state, for the first step that does not follow."""

    @property
    def network(self) -> nn.Module:
        """The averaged network, in eval mode."""
        if self.follows:  # copied only when somebody looks: small networks would spend a tenth of their time on it
            torch._foreach_copy_(self._targets, self._sources)
        return self._network

    @torch.no_grad()
    def update(self, images_seen: int, batch: int, halflife_images: float) -> None:
        """Move toward the source after a step of ``batch`` images; half-life 0 follows it without a delay."""
        halflife = min(halflife_images, GROWTH * images_seen)
        if halflife > 0:
            weight = 1.0 if self.follows else 1.0 - 0.5 ** (batch / halflife)
            torch._foreach_lerp_(self._targets, self._sources, weight)
        self.follows = halflife <= 0


def _pairs(target: nn.Module, source: nn.Module) -> tuple[list[torch.Tensor], list[torch.Tensor]]:
    pairs = zip((*target.parameters(), *target.buffers()), (*source.parameters(), *source.buffers()), strict=True)
    floating = [(a, b.detach()) for a, b in pairs if a.is_floating_point()]
    return [a for a, _ in floating], [b for _, b in floating]
