"""The losses of the duel. Each takes logits ``[N]`` and returns a scalar mean; the registry is ``LOSSES``."""

from __future__ import annotations

from collections.abc import Callable
from typing import NamedTuple

import torch
from torch import Tensor
from torch.nn import functional as F


class Loss(NamedTuple):
    """What each player minimises, and the verdicts that go with it.

    All three take (real logits, fake logits), paired by position. ``verdicts`` are the probabilities ``[N]`` of
    being real that D gives to the real and to the generated images.
    """

    discriminator: Callable[[Tensor, Tensor], Tensor]
    generator: Callable[[Tensor, Tensor], Tensor]
    verdicts: Callable[[Tensor, Tensor], tuple[Tensor, Tensor]]


def _classic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(-real).mean() + F.softplus(fake).mean()


def _nonsaturating_generator(_real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(-fake).mean()


def _classic_verdicts(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    return real.sigmoid(), fake.sigmoid()


def _relativistic_discriminator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(fake - real).mean()


def _relativistic_generator(real: Tensor, fake: Tensor) -> Tensor:
    return F.softplus(real - fake).mean()


def _relativistic_verdicts(real: Tensor, fake: Tensor) -> tuple[Tensor, Tensor]:
    return (real - fake).sigmoid(), (fake - real).sigmoid()


LOSSES: dict[str, Loss] = {
    # Binary cross-entropy; G is paid for images that D takes for real (Goodfellow et al., 2014, section 3).
    "nonsaturating": Loss(_classic_discriminator, _nonsaturating_generator, _classic_verdicts),
    # D says which of two is more real (Jolicoeur-Martineau, 2018, RpGAN; Huang et al., 2024, arXiv:2501.05441).
    "relativistic": Loss(_relativistic_discriminator, _relativistic_generator, _relativistic_verdicts),
}


def r1_penalty(real_logits: Tensor, real_images: Tensor) -> Tensor:
    """Mean squared gradient of D's logits at real images ``[N, C, H, W]`` (Mescheder et al., 2018, eq. 9).

    ``real_images`` must require a gradient and ``real_logits`` come from them.
    """
    (gradient,) = torch.autograd.grad(real_logits.sum(), real_images, create_graph=True)
    return gradient.square().sum((1, 2, 3)).mean()
