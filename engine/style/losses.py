"""How far a picture is from a content and a style: the formulas, and what is wished for, computed once.

After Gatys, Ecker and Bethge, "Image Style Transfer Using Convolutional Neural Networks" (CVPR 2016). Each distance
is divided by the squared length of what is wished for, so that it is 1 for a picture without any features, and
weights mean the same in every layer, network and size.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

_TINY = 1e-12


def gram(features: Tensor) -> Tensor:
    """Return which features ``[C, positions]`` come together, and how strongly: ``[C, C]``, a mean over positions."""
    return features @ features.T / features.shape[1]


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
