"""How far a picture is from a content and a style: the formulas, and what is wished for, computed once.

After Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks" (CVPR 2016). Each distance
is divided by the squared length of what is wished for, so that it is 1 for a picture without any features, and
weights mean the same in every layer, network and size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import torch
from torch import Tensor

_TINY = 1e-12


class _Gram(torch.autograd.Function):
    """A Gram matrix is symmetric, and so is what comes back: one product instead of autograd's two."""

    @staticmethod
    def forward(ctx: Any, features: Tensor) -> Tensor:
        ctx.save_for_backward(features)
        return features @ features.T / features.shape[1]

    @staticmethod
    def backward(ctx: Any, *gradients: Tensor) -> Tensor:
        (features,) = ctx.saved_tensors
        (gradient,) = gradients
        return ((gradient + gradient.T) / features.shape[1]) @ features


def gram(features: Tensor) -> Tensor:
    """Return which features ``[C, positions]`` come together, and how strongly: ``[C, C]``, a mean over positions."""
    made: Tensor = _Gram.apply(features)
    return made


def distance(found: Tensor, wished: Tensor) -> Tensor:
    """Return the squared distance of two tensors of one shape by the squared length of ``wished``, a scalar."""
    return (found - wished).square().sum() / (wished.square().sum() + _TINY)


def total_variation(picture: Tensor) -> Tensor:
    """Return the mean squared difference of neighboring pixels of ``[1, C, H, W]``, across and down, a scalar.

    Squared, as by Mahendran and Vedaldi (2015, arXiv:1412.0035) with β = 2: it has a gradient everywhere.
    """
    across = picture[..., :, 1:] - picture[..., :, :-1]
    down = picture[..., 1:, :] - picture[..., :-1, :]
    return across.square().mean() + down.square().mean()


class Targets:
    """What is wished for: the features of a content and the Gram matrices of one style or two, by layer."""

    def __init__(self, content: Tensor, styles: Sequence[Mapping[str, Tensor]]) -> None:
        self.content = content
        self._styles = styles
        self.blend = 0.0

    def style(self, layer: str) -> Tensor:
        """Return the Gram matrix ``[C, C]`` of the style in ``layer``, of two styles the mean as ``blend`` says."""
        first, last = self._styles[0][layer], self._styles[-1][layer]
        return torch.lerp(first, last, self.blend) if len(self._styles) > 1 else first
