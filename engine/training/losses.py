"""The losses of the duel. Each takes logits ``[N]`` and returns a scalar mean."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F


def discriminator_loss(real_logits: Tensor, fake_logits: Tensor) -> Tensor:
    """Binary cross-entropy of telling real from generated (Goodfellow et al., 2014, eq. 1, negated)."""
    return F.softplus(-real_logits).mean() + F.softplus(fake_logits).mean()


def generator_loss(fake_logits: Tensor) -> Tensor:
    """The non-saturating loss: G is paid for images that D takes for real (Goodfellow et al., 2014, section 3)."""
    return F.softplus(-fake_logits).mean()


def r1_penalty(real_logits: Tensor, real_images: Tensor) -> Tensor:
    """Mean squared gradient of D's logits at real images ``[N, C, H, W]`` (Mescheder et al., 2018, eq. 9).

    ``real_images`` must require a gradient and ``real_logits`` come from them.
    """
    (gradient,) = torch.autograd.grad(real_logits.sum(), real_images, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean()
