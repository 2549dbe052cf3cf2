"""Gradient penalties that keep D fair: R1 around real images, and the one of Wasserstein's critic."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor


def r1_penalty(real_logits: Tensor, real_images: Tensor) -> Tensor:
    """Mean squared gradient of D's logits at real images ``[N, C, H, W]`` (Mescheder et al., 2018, eq. 9).

    ``real_images`` must require a gradient and ``real_logits`` come from them.
    """
    (gradient,) = torch.autograd.grad(real_logits.sum(), real_images, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean()


def critic_penalty(critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, share: Tensor) -> Tensor:
    """Mean squared difference from 1 of the length of the critic's gradient between real and generated images.

    Gulrajani et al., 2017, arXiv:1704.00028, eq. 3. ``share`` ``[N, 1, 1, 1]`` in [0, 1] says where between
    ``real`` and ``fake`` ``[N, C, H, W]`` each gradient is taken; ``critic`` returns logits ``[N]``.
    """
    between = torch.lerp(real.detach(), fake.detach(), share).requires_grad_()
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (gradient.flatten(1).norm(dim=1) - 1).square().mean()
